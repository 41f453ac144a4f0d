"""对账规则: written with its effect in sight, listed, ended."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from tests.integration.reconciliation.conftest import bring  # noqa: F401
from ui.reconciliation.page import ReconcilePage


@pytest.fixture
def account(channels, make_account):
    return make_account()


def test_that_a_rule_is_written_with_its_effect_in_sight(
    show_page,
    people,
    bring,  # noqa: F811
    qtbot,
    settle,
):
    bring("2026-03-06,,36.00,,,,网银服务费,L3", "2026-03-07,,50.00,,某公司,,货款,L4")
    page = show_page(ReconcilePage, people.clerk)
    page.bank.selectRow(0)
    dialog = page.rules()
    form = dialog.findChild(object, "rule")
    settle()
    assert form.words.text() == "网银服务费"
    assert "会套用到 1 笔未勾对的流水" in form.told.text()
    form.words.setText("")
    settle()
    assert "没有任何条件" in form.told.text()
    form.words.setText("服务费")
    form.debit.setText("管理费用—网银")
    form.credit.setText("银行存款")
    settle()
    assert [line.on for line in form.preview.all_rows()] == [date(2026, 3, 6)]
    qtbot.mouseClick(form.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.table.all_rows()) == 1)
    settle()
    assert page.bank.all_rows()[0].booking.debit == "管理费用—网银"
