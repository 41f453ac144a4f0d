"""Two windows at once on one database: who is first, who is told, and what no longer counts."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from app.access.approvals import RequestState
from app.payments.detail import payment_detail
from app.payments.states import Status
from tests.e2e.deeds import (
    ask_resume,
    import_payments,
    pause,
    status,
    stop,
    submit,
    wait_for,
    write_list,
)

CHIEFS = {"supervisor": "王主管", "supervisor2": "李主管"}


@pytest.fixture
def clerk(seat, company, today, tmp_path):
    """The clerk, whose list holds three new payments."""
    seated = seat("clerk")
    seated.numbers = import_payments(
        seated, write_list(tmp_path / "fukuan.csv", company.number, today)
    )
    return seated


@pytest.fixture
def asked(clerk, seat, today):
    """Asks for a stopped payment to be resumed and has the first level approved: its number."""
    number = clerk.numbers[0]
    stop(clerk, number, "发票户名待核")
    ask_resume(clerk, number, today + timedelta(days=1))
    seat("checker").approve(number)
    return number


def edit_amount(clerk, number, amount):
    """Change the amount through the form, which says beforehand what that costs."""
    clerk.mark(number)
    clerk.choose_act("payments_acts_edit_action")
    form = clerk.dialog("payments_form")
    field = clerk.part("payments_form_amount", form)
    field.line.selectAll()
    clerk.qtbot.keyClicks(field.line, amount)
    clerk.wait(clerk.part("payments_form_voids", form, QLabel).isVisible)
    clerk.write(clerk.part("payments_form_reason", form), "金额有误")
    clerk.press("payments_form_save", form)


def deciders(seat, number):
    detail = payment_detail(seat.context.db, seat.context.actor, number)
    return [one.name for request in detail.approvals for one in request.steps if one.decided]


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_by_whom(  # C4.4
    seat, clerk, add_person, promises
):
    number = clerk.numbers[0]
    submit(clerk, number)
    add_person("supervisor2", "李主管", "SUPERVISOR")
    chiefs = {name: seat(username) for username, name in CHIEFS.items()}
    inboxes = {name: chief.face(number, 1) for name, chief in chiefs.items()}
    asked = [chief.ask_decision(inboxes[name], "approve") for name, chief in chiefs.items()]
    for chief, dialog in zip(chiefs.values(), asked, strict=True):
        chief.prove(dialog)
    for name, chief in chiefs.items():
        chief.wait(inboxes[name].banner.isVisible)
        chief.settle()
    said = {name: inbox.banner.text() for name, inbox in inboxes.items()}
    [winner] = [name for name, text in said.items() if "现为“待执行”" in text]
    [loser] = [name for name in said if name != winner]
    assert winner in said[loser], said
    assert deciders(clerk, number) == [winner]
    wait_for(clerk, number, Status.READY)
    promises()


def test_an_edit_after_the_approval_sends_the_payment_back_to_be_approved(  # C4.1
    seat, clerk, promises
):
    number = clerk.numbers[0]
    submit(clerk, number)
    seat("supervisor").approve(number)
    wait_for(clerk, number, Status.READY)
    edit_amount(clerk, number, "12000.00")
    wait_for(clerk, number, Status.DRAFT)
    promises()


def test_an_edit_while_the_last_decision_waits_voids_the_resumption(  # C4.1
    seat, clerk, asked, promises
):
    boss = seat("supervisor")
    inbox = boss.face(asked, 2)
    edit_amount(clerk, asked, "12000.00")
    # The approver's window loses it by itself; the clerk reads why.
    boss.wait(lambda: asked not in [row.subject for row in inbox.table.all_rows()])
    assert status(clerk, asked) is Status.STOPPED
    mine = clerk.go("inbox").mine.table
    line = mine.rows().row_at(clerk.row(mine, lambda line: line.subject_no == asked))
    assert (line.state, line.remark) == (RequestState.VOIDED, "付款内容已修改，原审批失效")
    promises()


def test_a_pause_between_approval_and_last_decision_refuses_in_the_inbox(  # A5.4 C5.3
    seat, clerk, asked, promises
):
    boss = seat("supervisor")
    boss.face(asked, 2)
    pause(seat("cfo"), "全公司", "全公司盘点")
    inbox = boss.approve(asked, level=2)
    assert "全公司盘点" in inbox.banner.text()
    assert asked in [row.subject for row in inbox.table.all_rows()]
    assert status(clerk, asked) is Status.RESUME_PENDING
    promises()
