"""人工付款任务 in the window: a task is paid, linked, moved, left out; the form begins filled in."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.access.approvals import Decision, Verdict
from app.agreements import cancelling, prospects, service
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.takeover_rules import TaskState
from app.agreements.takeover_view import task_lines
from app.core.money import Money
from app.payees.registry import find_payee
from ui.agreements.takeover_dialogs import ChangeTaskDialog, LinkTaskDialog
from ui.agreements.takeover_page import TakeoverPage
from ui.payments.form import PaymentForm
from ui.payments.reason_dialog import ReasonDialog


@pytest.fixture
def approve(founded, people):
    def run(number, *, decided=True):
        with founded.read() as work:
            row = service.find_agreement(work, number)
            ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
            version = row.version
        command = RequestCancel(
            (CancelRow(number, version, ticks),),
            "改为人工付款",
            date(2026, 3, 31),
            "clerk",
            typed=number,
        )
        asked = cancelling.request(founded, people.clerk, command)
        if decided:
            verdict = Verdict(asked.approval_id, Decision.APPROVE, "同意", 1)
            cancelling.decide(founded, people.supervisor, verdict)

    return run


@pytest.fixture
def page(qtbot, desk, settle):
    opened = []

    def show(actor):
        context = desk(actor)
        made = TakeoverPage(context)
        opened.append(made)
        qtbot.addWidget(made)
        context.changed.connect(made.reload)
        made.resize(1280, 800)
        made.show()
        qtbot.waitExposed(made)
        settle()
        return made

    yield show
    for made in opened:
        made.hide()


def only(parent, kind):
    [found] = parent.findChildren(kind)
    return found


def press(qtbot, page, name, settle):
    button = page.findChild(QPushButton, f"takeovers_{name}")
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


def reason(qtbot, page, settle, text):
    dialog = only(page, ReasonDialog)
    dialog._reason.setPlainText(text)
    qtbot.mouseClick(dialog._yes, Qt.MouseButton.LeftButton)
    settle()


def test_that_an_empty_page_says_where_tasks_come_from(qtbot, people, page):  # E2.3
    shown = page(people.clerk)
    said = [label.text() for label in shown._empty.findChildren(QLabel)]
    assert any("没有人工付款任务" in text for text in said)
    with qtbot.waitSignal(shown._context.navigate) as went:
        shown.act_on_empty()
    assert went.args == ["agreements", None]


def test_that_a_task_is_paid_with_a_form_that_is_filled_in(  # E2.3
    qtbot, founded, people, registered, approve, page, settle
):
    approve(registered(amount=Money.parse("500"), payee_account="31050161393600000123"))
    shown = page(people.clerk)
    shown.table.select_positions([0])
    assert "银行尚未确认终止" in shown.facts.value("warning")
    press(qtbot, shown, "pay", settle)
    form = only(shown, PaymentForm)
    fields = form.body.fields()
    assert (fields.payee_name, fields.amount) == ("国网上海市电力公司", Money.parse("500"))
    assert fields.due_on == date(2026, 4, 20)
    form.save()
    settle()
    [paid] = [one for one in task_lines(founded, people.clerk) if one.payments]
    assert paid.state is TaskState.PAYING
    assert paid.payment.number in shown.banner.text()
    shown.want(str(paid.id))
    shown._refill()
    assert not shown.buttons["pay"].isEnabled()
    with qtbot.waitSignal(shown._context.navigate) as went:
        shown.buttons["show"].click()
    assert went.args == ["payments", paid.payment.number]


def test_that_an_unknown_amount_has_to_be_typed(  # E2.3
    qtbot, founded, people, registered, approve, page, settle
):
    approve(registered(payee_account="31050161393600000123"))
    shown = page(people.clerk)
    shown.table.select_positions([0])
    assert shown.facts.value("amount") == "待定"
    press(qtbot, shown, "pay", settle)
    form = only(shown, PaymentForm)
    assert form.body.amount.line.text() == ""
    assert "金额未知" in form._banner.text()
    form.save()
    settle()
    assert not any(one.payments for one in task_lines(founded, people.clerk))
    form.body.amount.line.setText("321.50")
    form.save()
    settle()
    [paid] = [one for one in task_lines(founded, people.clerk) if one.payments]
    assert paid.state is TaskState.PAYING


def test_that_the_loser_of_a_race_keeps_the_form_and_is_told(  # E2.3
    qtbot, founded, people, registered, approve, page, settle
):
    approve(registered(amount=Money.parse("500"), payee_account="31050161393600000123"))
    shown = page(people.clerk)
    shown.table.select_positions([0])
    press(qtbot, shown, "pay", settle)
    other = page(people.clerk)
    other.table.select_positions([0])
    press(qtbot, other, "waive", settle)
    reason(qtbot, other, settle, "已预付")
    form = only(shown, PaymentForm)
    form.save()
    settle()
    assert "已被 clerk 陈经办" in form._banner.text()
    assert form.isVisible()


def test_that_an_unapproved_request_is_not_paid_for(  # D4.2
    people, registered, approve, page
):
    approve(registered(), decided=False)
    shown = page(people.clerk)
    shown.table.select_positions([0])
    assert not shown.buttons["pay"].isEnabled()
    assert "尚未批准" in shown.buttons["pay"].toolTip()


def test_that_a_payment_is_linked_and_the_link_taken_back(  # E2.3
    qtbot, founded, people, registered, approve, page, settle, make_payment
):
    approve(registered())
    with founded.read() as work:
        payee = find_payee(work, "国网上海市电力公司")
    payment = make_payment(payee=payee)
    shown = page(people.clerk)
    shown.table.select_positions([0])
    press(qtbot, shown, "link", settle)
    dialog = only(shown, LinkTaskDialog)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert "请选择一笔付款" in dialog.banner.text()
    dialog.table.select_positions([0])
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert payment.number in shown.banner.text()
    shown.want(str(next(o.id for o in task_lines(founded, people.clerk) if o.payments)))
    shown._refill()
    press(qtbot, shown, "unlink", settle)
    reason(qtbot, shown, settle, "关联错了")
    assert not any(one.payments for one in task_lines(founded, people.clerk))


def test_that_a_payee_without_payments_says_so(  # E2.3
    qtbot, people, registered, approve, page, settle
):
    approve(registered())
    shown = page(people.clerk)
    shown.table.select_positions([0])
    press(qtbot, shown, "link", settle)
    dialog = only(shown, LinkTaskDialog)
    assert dialog.empty.isVisible()
    assert not dialog.yes.isVisible()


def test_that_a_task_is_moved_left_out_and_taken_up_again(  # E2.3
    qtbot, founded, people, registered, approve, page, settle
):
    approve(registered())
    shown = page(people.clerk)
    shown.table.select_positions([0])
    press(qtbot, shown, "change", settle)
    dialog = only(shown, ChangeTaskDialog)
    dialog.day.set_date(date(2026, 4, 13))
    dialog.owner.setCurrentIndex(dialog.owner.findData("cfo"))
    dialog.reason.setPlainText("对方要求提前")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    first = task_lines(founded, people.clerk)[0]
    assert (first.due_on, first.owner) == (date(2026, 4, 13), "cfo")
    shown.table.select_positions([0])
    assert not shown.buttons["reopen"].isVisible()
    press(qtbot, shown, "waive", settle)
    reason(qtbot, shown, settle, "已预付")
    shown.want(str(first.id))
    shown._refill()
    assert shown.facts.value("state") == "不需支付"
    press(qtbot, shown, "reopen", settle)
    reason(qtbot, shown, settle, "仍须支付")
    assert {one.state for one in task_lines(founded, people.clerk)} == {TaskState.TODO}


def test_that_somebody_without_the_right_only_looks(  # C4.3
    people, registered, approve, page
):
    approve(registered())
    shown = page(people.auditor)
    shown.table.select_positions([0])
    for name in ("pay", "link", "change", "waive"):
        assert not shown.buttons[name].isEnabled()
        assert "权限" in shown.buttons[name].toolTip()
    assert shown.buttons["refresh"].isEnabled()
