"""收款信息变更: called back on the known number, by another person."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.payees import changes
from app.payees.changes import AskChange, ChangeState
from app.payments.detail import payee_changes, payment_detail
from tests.support.people import PASSWORD
from ui.admin.identity import IdentityDialog
from ui.resume.call_back import CallBackDialog
from ui.resume.inbox import InboxPage
from ui.resume.payee_changes import PayeeChangesPage

PHONE = "021-50001234"


@pytest.fixture
def asked(founded, people, stopped):
    """The clerk asks for another bank of the payee."""
    fields = payment_detail(founded, people.clerk, stopped.number).fields
    before = {
        "name": fields.payee_name,
        "account": fields.payee_account,
        "bank": fields.payee_bank,
        "cnaps": fields.payee_cnaps,
    }
    command = AskChange(
        stopped.payee_id,
        before,
        {**before, "bank": "中国银行上海市分行"},
        "供应商来函",
        stopped.number,
    )
    return changes.ask(founded, people.clerk, command)


@pytest.fixture
def page(desk, people, show, asked):
    context = desk(people.checker)
    return show(PayeeChangesPage(context), context)


def call(qtbot, page, show, *, number=PHONE, accept=True, remark=""):
    page.call_back()
    [dialog] = page.findChildren(CallBackDialog)
    dialog.called.setText(number)
    dialog.spoke.setText("刘会计")
    (dialog.accepted_one if accept else dialog.refused_one).setChecked(True)
    dialog.remark.setPlainText(remark)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    [identity] = dialog.findChildren(IdentityDialog)
    identity.password.setText(PASSWORD)
    identity.confirm()
    show.settle()
    return dialog


def test_a_call_back_puts_the_change_into_the_payment(  # C3.5
    qtbot, founded, people, page, show, stopped
):
    call(qtbot, page, show)
    detail = payment_detail(founded, people.clerk, stopped.number)
    assert detail.fields.payee_bank == "中国银行上海市分行"
    assert detail.edited_by == "陈经办"
    [change] = page.table.all_rows()
    assert (change.state, change.decided_by) == (ChangeState.CONFIRMED, "周复核")
    assert not page.call.isEnabled()


def test_another_number_than_the_known_one_is_refused(  # C3.5
    qtbot, founded, people, page, show
):
    dialog = call(qtbot, page, show, number="13900001111")
    assert PHONE in dialog.banner.text()
    assert dialog.isVisible()
    [change] = payee_changes(founded, people.clerk)
    assert change.state is ChangeState.ASKED
    dialog.close()


def test_a_failed_call_back_changes_nothing(qtbot, founded, people, page, show, stopped):  # C3.5
    call(qtbot, page, show, accept=False, remark="对方否认发过函")
    [change] = page.table.all_rows()
    assert (change.state, change.remark) == (ChangeState.REFUSED, "对方否认发过函")
    detail = payment_detail(founded, people.clerk, stopped.number)
    assert detail.fields.payee_bank == "中国建设银行上海市分行"


def test_nothing_is_recorded_without_a_result(qtbot, page, founded, people):  # C3.5
    page.call_back()
    [dialog] = page.findChildren(CallBackDialog)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert "请选择核实结果" in dialog.banner.text()
    assert dialog.findChildren(IdentityDialog) == []
    dialog.close()


def test_a_person_without_the_right_sees_but_cannot_call_back(  # C3.5
    desk, people, show, asked
):
    context = desk(people.clerk)
    page = show(PayeeChangesPage(context), context)
    assert [row.number for row in page.table.all_rows()] == [asked]
    assert not page.call.isEnabled()
    assert "回拨核实收款信息" in page.call.toolTip()


def test_the_inbox_offers_the_call_back_to_another_person(  # C3.5
    desk, people, show, asked
):
    context = desk(people.checker)
    page = show(InboxPage(context), context, asked)
    [row] = page.table.all_rows()
    assert row.subject == asked
    assert page.findChild(QPushButton, "inbox.call_back").isVisible()
    assert not page.findChild(QPushButton, "inbox.approve").isVisible()
