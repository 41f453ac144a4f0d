"""余额调节表 in the window: what it comes to before it is kept, and what was open before."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from app.reconciliation.reconciling import keep_sure
from tests.integration.reconciliation.conftest import book, bring  # noqa: F401
from ui.reconciliation.sheet_page import SheetPage


@pytest.fixture
def account(channels, make_account):
    return make_account()


@pytest.fixture
def dialog(founded, people, account, show_page, bring, book, settle):  # noqa: F811
    """The dialog of a supervisor: the books began with 800.00, the bank with 1,000.00."""
    bring("2026-02-03,100.00,,,苏州明远电子有限公司,,货款,L1")
    book((date(2026, 2, 3), "记-1", "100.00", "苏州明远电子有限公司", "收货款"), opening="800.00")
    keep_sure(founded, people.clerk, account.number, date(2026, 2, 1), date(2026, 3, 2))
    page = show_page(SheetPage, people.supervisor)
    made = page.prepare(account.number, date(2026, 3, 2))
    settle()
    return made


def test_that_a_missing_balance_is_asked_for_and_a_difference_stops_it(dialog, settle):  # E1.2
    assert "没有可以证明的余额" in dialog.banner.text()
    assert not dialog.yes.isEnabled()
    dialog.bank.setText("1,100.00")
    dialog.draw()
    settle()
    assert "差额 -200.00" in dialog.drawn.text()
    assert not dialog.yes.isEnabled()


def test_that_what_was_open_before_is_entered_there(dialog, qtbot, settle):  # E1.2
    dialog.bank.setText("1,100.00")
    listed = dialog.carried()
    form = listed.enter()
    form.side.setCurrentIndex(1)
    form.on.set_date(date(2026, 1, 20))
    form.amount.setText("-200")
    form.name.setText("宁波永安物流有限公司")
    qtbot.mouseClick(form.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(listed.table.all_rows()) == 1)
    settle()
    assert "两边相符" in dialog.drawn.text()
    assert dialog.yes.isEnabled()


def test_that_it_is_kept_and_listed(dialog, qtbot, settle):
    dialog.bank.setText("900.00")
    dialog.draw()
    settle()
    page = dialog.parent()
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.table.all_rows()) == 1)
    settle()
    page.table.selectRow(0)
    settle()
    assert not page.buttons["void"].isEnabled()
