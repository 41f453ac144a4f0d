"""对账: what the page shows, and that the keyboard alone does the work."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel

from app.incidents.case_view import incident_lines
from app.reconciliation.items import Sureness
from tests.integration.reconciliation.conftest import (  # noqa: F401 - the rows
    HEAD,
    book,
    bring,
    row,
    sent,
)
from ui.incidents.dialogs import OpenDialog
from ui.reconciliation.page import ReconcilePage

WEAK = "2026-03-03,,300.00,,上海华峰机械有限公司,,货款,L1"


@pytest.fixture
def account(channels, make_account):
    return make_account()


@pytest.fixture
def page(show_page, people):
    return lambda who=None: show_page(ReconcilePage, who or people.clerk)


def in_books(shown, settle):
    """Turn to the journal."""
    shown.side_choice.setCurrentIndex(1)
    settle()


def press(qtbot, table, key):
    table.setFocus()
    table.activateWindow()
    qtbot.waitUntil(table.hasFocus)
    qtbot.keyClick(table, key)


def test_that_an_empty_account_says_what_to_do(page, account):
    shown = page()
    assert shown.empty.isVisible()
    assert not shown.buttons["run"].isEnabled()


def test_that_lines_and_payments_stand_on_their_sides(page, sent, bring):  # noqa: F811  # E1.2
    payment = sent()
    bring(row(payment, text=payment.number), "2026-03-05,88.50,,,某客户,,货款,L2")
    shown = page()
    assert [one.item.minor for one in shown.bank.all_rows()] == [-payment.amount_minor, 8850]
    [proposal] = shown.proposals.all_rows()
    assert proposal.pairing.sureness is Sureness.SURE
    assert [one.item.key for one in shown.ours.all_rows()] == [f"{payment.number}/1"]
    assert "流水 2 笔，已勾对 0 笔（0.0%）" in shown.said.text()


def test_that_a_run_keeps_what_is_sure_and_says_so(page, sent, bring, qtbot, settle):  # noqa: F811
    payment = sent()
    bring(row(payment, text=payment.number))
    shown = page()
    press(qtbot, shown.bank, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: "新勾对 1 组" in shown.banner.text())
    settle()
    assert len(shown.kept.all_rows()) == 1
    assert shown.bank.all_rows() == []
    assert "（100%）" in shown.said.text()


def test_that_the_keyboard_accepts_and_goes_on(page, bring, book, qtbot, settle):  # noqa: F811
    bring(WEAK, "2026-03-09,,777.00,,杭州明远材料有限公司,,运费,L2")
    book(
        (date(2026, 3, 4), "记-1", "-300.00", "", "付电费"),
        (date(2026, 3, 10), "记-2", "-777.00", "", "付水费"),
    )
    shown = page()
    in_books(shown, settle)
    shown.proposals.selectRow(0)
    press(qtbot, shown.proposals, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(shown.kept.all_rows()) == 1)
    settle()
    press(qtbot, shown.proposals, Qt.Key.Key_Down)
    press(qtbot, shown.proposals, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(shown.kept.all_rows()) == 2)
    settle()
    assert shown.proposals.all_rows() == []


def test_that_a_refused_proposal_does_not_come_back(page, bring, book, qtbot, settle):  # noqa: F811
    bring(WEAK)
    book((date(2026, 3, 4), "记-1", "-300.00", "", "付电费"))
    shown = page()
    in_books(shown, settle)
    shown.proposals.selectRow(0)
    press(qtbot, shown.proposals, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "不再建议" in shown.banner.text())
    settle()
    assert shown.proposals.all_rows() == []
    assert len(shown.bank.all_rows()) == 1


def test_that_chosen_rows_are_summed_and_paired(page, sent, bring, qtbot, settle):  # noqa: F811
    one, other = sent(amount_minor=30000), sent(amount_minor=20000)
    bring("2026-03-03,,500.00,,某代理,,合并付款,L1")
    shown = page()
    shown.bank.selectRow(0)
    shown.ours.select_positions([0, 1])
    settle()
    assert "银行 1 笔 -500.00，企业 2 笔 -500.00，相差 0.00" in shown.sums.text()
    qtbot.mouseClick(shown.buttons["pair"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(shown.kept.all_rows()) == 1)
    [kept] = shown.kept.all_rows()
    assert set(kept.pairing.ours) == {f"{one.number}/1", f"{other.number}/1"}


def test_that_a_difference_is_asked_for(page, sent, bring, qtbot, settle):  # noqa: F811
    sent(amount_minor=30000)
    bring("2026-03-03,,305.00,,某公司,,付款及手续费,L1")
    shown = page()
    shown.bank.selectRow(0)
    shown.ours.selectRow(0)
    settle()
    qtbot.mouseClick(shown.buttons["pair"], Qt.MouseButton.LeftButton)
    asked = shown.findChild(object, "payments_reason")
    asked._reason.setPlainText("含手续费 5 元")
    yes = asked.findChild(QDialogButtonBox).buttons()[0]
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(shown.kept.all_rows()) == 1)


def test_that_a_match_is_undone_with_its_reason(page, sent, bring, qtbot, settle):  # noqa: F811
    payment = sent()
    bring(row(payment, text=payment.number))
    shown = page()
    shown.run()
    qtbot.waitUntil(lambda: len(shown.kept.all_rows()) == 1)
    settle()
    shown.middle.setCurrentWidget(shown.kept)
    shown.kept.selectRow(0)
    press(qtbot, shown.kept, Qt.Key.Key_Delete)
    asked = shown.findChild(object, "payments_reason")
    asked._reason.setPlainText("不是这一笔")
    yes = asked.findChild(QDialogButtonBox).buttons()[0]
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.kept.all_rows() == [])
    settle()
    assert len(shown.bank.all_rows()) == 1


def test_that_an_auditor_only_looks(page, people, sent, bring, settle):  # noqa: F811
    payment = sent()
    bring(row(payment, text=payment.number))
    shown = page(people.auditor)
    shown.proposals.selectRow(0)
    settle()
    for name in ("run", "accept", "refuse", "pair", "undo", "import"):
        assert not shown.buttons[name].isEnabled()
    assert shown.buttons["workbook"].isEnabled()


def test_that_a_day_of_the_picture_shows_its_lines_only(page, bring, qtbot):  # noqa: F811
    bring(WEAK, "2026-03-09,,777.00,,杭州明远材料有限公司,,运费,L2")
    shown = page()
    chart = shown.chart
    at = chart.rect().center()
    at.setX(chart.width() - 30)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert chart.chosen == date(2026, 3, 9)
    assert [one.item.minor for one in shown.bank.all_rows()] == [-77700]
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert len(shown.bank.all_rows()) == 2


def test_that_an_alarm_leads_to_its_payment(page, sent, bring, qtbot):  # noqa: F811  # E1.5
    payment = sent()
    bring(
        row(payment, text=payment.number),
        row(payment, "2026-03-04", payment.number, serial="L2"),
    )
    shown = page()
    [alarm] = shown.alarms.all_rows()
    asked = []
    shown._context.navigate.connect(lambda *to: asked.append(to))
    shown.alarms.opened.emit(alarm)
    assert asked == [("payments", payment.number)]


def test_that_a_bank_line_becomes_an_incident(  # E1.5
    page,
    bring,  # noqa: F811
    founded,
    people,
    settle,
):
    bring("2026-03-05,300.00,,,不认识的单位,,扣款,L1")
    shown = page()
    assert not shown.buttons["incident"].isEnabled()
    shown.bank.selectRow(0)
    shown.buttons["incident"].click()
    settle()
    dialog = shown.findChild(OpenDialog)
    assert "300.00" in dialog.findChild(QLabel, "incident_open.lines").text()
    dialog.text.setPlainText("不认识的扣款")
    dialog.yes.click()
    settle()
    [line] = incident_lines(founded, people.clerk)
    assert len(line.lines) == 1
    assert line.number in shown.banner.text()


def test_that_an_alarm_becomes_an_incident_with_its_payment_and_lines(  # E1.5
    page,
    sent,  # noqa: F811
    bring,  # noqa: F811
    founded,
    people,
    settle,
):
    payment = sent()
    bring(
        row(payment, text=payment.number),
        row(payment, "2026-03-04", payment.number, serial="L2"),
    )
    shown = page()
    shown.middle.setCurrentWidget(shown.alarms)
    shown.alarms.selectRow(0)
    shown.buttons["incident"].click()
    settle()
    dialog = shown.findChild(OpenDialog)
    dialog.text.setPlainText("疑似重复执行")
    dialog.yes.click()
    settle()
    [line] = incident_lines(founded, people.clerk)
    assert line.payments == (payment.number,)
    assert line.lines
