"""取消自动扣款 in the window: from the register to the bank's answer."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPlainTextEdit, QPushButton

from app.access.approvals import Decision
from app.access.drafts import drafts_of
from app.agreements import service
from app.agreements.flow import Step
from app.agreements.queries import agreement_detail
from app.agreements.states import AgreementState, CancelState
from app.core.money import Money
from tests.support.people import PASSWORD
from ui.admin.identity import IdentityDialog
from ui.agreements.cancel_page import CancelPage
from ui.agreements.confirmation_dialog import ConfirmationDialog
from ui.resume.inbox import InboxPage


@pytest.fixture
def open_wizard(qtbot, desk, settle):
    pages = []

    def show(actor, numbers):
        context = desk(actor)
        page = CancelPage(context)
        pages.append(page)
        qtbot.addWidget(page)
        context.changed.connect(page.reload)
        page.resize(1280, 800)
        page.show()
        qtbot.waitExposed(page)
        page.show_argument(numbers)
        settle()
        return page

    yield show
    for page in pages:
        page.hide()
        settle()


def tick_all(page):
    rows = [row for row in page.verify.table.all_rows() if not row.why_not]
    page.verify.table.rows().tick(rows)


def go_on(qtbot, page, settle):
    qtbot.mouseClick(page.forward, Qt.MouseButton.LeftButton)
    settle()


def plan(page):
    page.plan.reason.setPlainText("改为对账后付款")
    page.plan.owner.setCurrentIndex(page.plan.owner.findData("clerk"))
    page.plan.owner.activated.emit(page.plan.owner.currentIndex())


def to_the_end(qtbot, page, settle):
    """Up to the last question, which is answered with yes."""
    tick_all(page)
    go_on(qtbot, page, settle)
    go_on(qtbot, page, settle)
    plan(page)
    go_on(qtbot, page, settle)
    assert page.step() is Step.CONFIRM


def say_yes(qtbot, page, settle):
    [box] = page.findChildren(QMessageBox)
    qtbot.mouseClick(box.findChild(QPushButton, "confirm_yes"), Qt.MouseButton.LeftButton)
    settle()


def state(db, people, number):
    return agreement_detail(db, people.clerk, number).line.state


def test_that_one_agreement_is_cancelled_step_by_step(
    qtbot, founded, people, registered, open_wizard, settle
):  # D3.1 D3.2 D4.1 D4.3
    number = registered()
    page = open_wizard(people.clerk, (number,))
    assert not page.forward.isEnabled()
    to_the_end(qtbot, page, settle)
    assert not page.forward.isEnabled()
    page.confirm.line.setText(number)
    go_on(qtbot, page, settle)
    assert state(founded, people, number) is AgreementState.ACTIVE
    say_yes(qtbot, page, settle)
    assert page.step() is Step.DONE
    assert page.done.facts.value("number") == "QK-2026-0001"
    assert state(founded, people, number) is AgreementState.CANCELLING
    assert drafts_of(founded, people.clerk) == []


def test_that_a_batch_takes_the_password_and_leaves_out_what_is_over(
    qtbot, founded, people, registered, open_wizard, settle
):  # D3.3 D2.4
    one, two = registered(customer_no="1"), registered(customer_no="2")
    over = registered(customer_no="3", ends_on=date(2026, 3, 1))
    page = open_wizard(people.clerk, (one, two, over))
    assert "已失效" in page.verify.table.all_rows()[2].why_not
    to_the_end(qtbot, page, settle)
    assert not page.confirm.line.isVisible()
    go_on(qtbot, page, settle)
    say_yes(qtbot, page, settle)
    [identity] = page.findChildren(IdentityDialog)
    identity.password.setText(PASSWORD)
    identity.confirm()
    settle()
    assert [row[0] for row in page.done.table.all_rows()] == [one, two]
    assert state(founded, people, over) is AgreementState.EXPIRED


def test_that_the_impact_follows_the_wished_day(
    qtbot, people, registered, open_wizard, settle
):  # D4.2
    number = registered(first_debit_on=date(2026, 1, 10), notice_days=30)
    page = open_wizard(people.clerk, (number,))
    tick_all(page)
    go_on(qtbot, page, settle)
    [row] = page.impact.table.all_rows()
    assert (row.impact.expected_on, row.impact.in_flight) == (
        date(2026, 3, 16),
        (date(2026, 3, 10),),
    )
    assert "最早可于 2026-04-01 终止" in page.impact.warnings.text()
    page.impact.day.setText("2026-05-01")
    settle()
    [row] = page.impact.table.all_rows()
    assert row.impact.in_flight == (date(2026, 3, 10), date(2026, 4, 10))
    assert "最早" not in page.impact.warnings.text()
    page.impact.day.setText("2026-13-01")
    assert not page.forward.isEnabled()
    page.impact.day.setText("2026-03-01")
    assert not page.forward.isEnabled()


def test_that_it_goes_on_where_it_was_left(
    qtbot, founded, people, registered, open_wizard, settle
):  # D3.4
    number = registered()
    page = open_wizard(people.clerk, (number,))
    tick_all(page)
    go_on(qtbot, page, settle)
    go_on(qtbot, page, settle)
    page.plan.reason.setPlainText("更换供应商")
    page.hide()
    settle()
    [draft] = drafts_of(founded, people.clerk)
    assert (draft.kind, draft.subject_no) == ("cancel", number)
    again = open_wizard(people.clerk, draft.subject_no)
    assert again.step() is Step.PLAN
    assert again.plan.reason.toPlainText() == "更换供应商"
    assert "继续" in again.banner.text()


def test_that_what_another_desk_changed_must_be_looked_at_again(
    qtbot, founded, people, registered, open_wizard, settle
):  # D2.3
    number = registered()
    page = open_wizard(people.clerk, (number,))
    to_the_end(qtbot, page, settle)
    fields = agreement_detail(founded, people.clerk, number).fields
    changed = replace(fields, single_limit=Money.parse("99999"))
    service.change(founded, people.clerk, number, changed, "补充协议", 1)
    page.reload()
    settle()
    page.confirm.line.setText(number)
    assert not page.forward.isEnabled()
    assert "尚未核对" in page._why.text()


def test_that_the_supervisor_reads_what_it_brings_and_the_bank_has_the_last_word(
    qtbot, founded, people, registered, open_wizard, open_page, desk, settle
):  # D4.4 D5.1
    number = registered(first_debit_on=date(2026, 1, 10), breach="付一个月租金")
    page = open_wizard(people.clerk, (number,))
    to_the_end(qtbot, page, settle)
    page.confirm.line.setText(number)
    go_on(qtbot, page, settle)
    say_yes(qtbot, page, settle)
    inbox = InboxPage(desk(people.supervisor))
    qtbot.addWidget(inbox)
    inbox.show()
    settle()
    said = " ".join(label.text() for label in inbox.detail.findChildren(QLabel))
    for text in ("QK-2026-0001", "终止前还会扣款 1 次（2026-03-10）", "付一个月租金"):
        assert text in said
    inbox._ask(Decision.APPROVE)
    [identity] = inbox.findChildren(IdentityDialog)
    identity.password.setText(PASSWORD)
    identity.confirm()
    settle()
    detail = agreement_detail(founded, people.clerk, number)
    assert detail.cancellations[0].state is CancelState.APPROVED
    register = open_page(people.clerk)
    register.show_argument(number)
    settle()
    register.side._read()
    settle()
    assert [one.what for one in register.side.progress.entries()] == [
        "我方：已批准，申请单 QK-2026-0001",
        "银行：尚未答复",
        "收款单位：尚未答复",
    ]
    qtbot.mouseClick(register.buttons["answer"], Qt.MouseButton.LeftButton)
    [dialog] = register.findChildren(ConfirmationDialog)
    dialog.person.setText("李柜员")
    dialog.findChild(QPlainTextEdit, "agreements_answer.evidence").setPlainText("回执 H-12")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert "终止生效日" in dialog.banner.text()
    dialog.effective.setText("2026-03-16")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert state(founded, people, number) is AgreementState.CANCELLED
    inbox.hide()


def test_that_the_register_leads_to_the_wizard(
    qtbot, people, registered, open_page, settle
):  # D3.1
    one = registered(customer_no="1")
    over = registered(customer_no="2", ends_on=date(2026, 3, 1))
    page = open_page(people.clerk)
    numbers = [row.number for row in page.table.all_rows()]
    page.table.select_positions([numbers.index(over)])
    assert not page.buttons["cancel"].isEnabled()
    assert "不需要再申请" in page.buttons["cancel"].toolTip()
    page.table.select_positions([0, 1])
    with qtbot.waitSignal(page._context.navigate) as went:
        qtbot.mouseClick(page.buttons["cancel"], Qt.MouseButton.LeftButton)
    assert went.args == ["cancel", tuple(numbers)]
    assert set(numbers) == {one, over}
