"""A cancellation of the demo company on its way: letters out, the payee agreed, the bank silent."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from app.access.approvals import Decision, Verdict
from app.agreements import (
    cancelling,
    confirming,
    notices,
    prospects,
    queries,
    sending,
    service,
    takeovers,
)
from app.agreements.bank_terms import SetBankTerm, set_bank_term
from app.agreements.cancelling import CancelRow, Notice, RequestCancel
from app.agreements.confirming import RecordConfirmation
from app.agreements.letter_view import letter_slots
from app.agreements.states import Answer, Method
from app.agreements.takeover_view import begin_payment, task_lines
from app.agreements.takeovers import ChangeTask, PayTask, TellTask
from app.core.money import Money
from app.demo.days import Days
from app.demo.desk import Desk
from app.letters.dispatching import RecordDispatch
from app.letters.setup import Setup, save_setup
from app.letters.states import Carrier, Party

PAYEE: Final = "上海临江水务有限公司"
_DEPARTMENT: Final = "行政部、采购部"
# Working days after today, so that the reminder of three days before is due.
_SOON: Final = 3
_LATER: Final = 5


def set_up_letters(desk: Desk) -> None:
    """The head of the company's letters, and its mail server."""
    setup = Setup(
        word="华精财函",
        contact="王会计",
        phone="021-58001234",
        email="caiwu@huadong-jg.example",
        smtp_host="smtp.huadong-jg.example",
        smtp_user="caiwu@huadong-jg.example",
        sender="caiwu@huadong-jg.example",
    )
    save_setup(desk.db, desk.as_("cfo"), setup)


def put_cancellation(desk: Desk, days: Days) -> None:
    """Ask, approve, issue and hand out; the bank's five days ran out the day before yesterday."""
    clerk = desk.as_("clerk")
    number = next(
        one.number for one in queries.agreement_lines(desk.db, clerk) if one.payee == PAYEE
    )
    form_no = _approved(desk, days, number)
    notices.issue_letters(desk.db, clerk, form_no)
    bank, payee = letter_slots(desk.db, clerk)
    today = days.ago(7)
    for command in (
        RecordDispatch(bank.number, Carrier.COUNTER, today, "张江支行 李柜员"),
        RecordDispatch(payee.number, Carrier.COURIER, today, "营业厅 收发室", "SF1032658807"),
    ):
        sending.record_dispatch(desk.db, clerk, command)


def answer_of_payee(desk: Desk, days: Days) -> None:
    """The payee's 回执 came back after two days."""
    clerk = desk.as_("clerk")
    [_, payee] = letter_slots(desk.db, clerk)
    [number] = payee.covers
    command = RecordConfirmation(
        number,
        Party.SUPPLIER,
        Answer.TERMINATED,
        days.ago(5),
        Carrier.FAX,
        "营业厅 周主任 021-58110022",
        "回执传真件 1 页，存档号 HZ-0031",
    )
    confirming.record_confirmation(desk.db, clerk, command)


def pay_by_hand(desk: Desk, days: Days) -> None:
    """Three bills are asked for early: one was forgotten, one is near, one is drafted."""
    clerk = desk.as_("clerk")
    late, near, drafted, *_, last = task_lines(desk.db, clerk)
    ahead = [day for _, day in zip(range(_LATER + 1), days.ahead(), strict=False)]
    reason = "与营业厅核对：水表改造前的账单提前结清"
    for task, day in ((late, days.ago(1)), (near, ahead[_SOON]), (drafted, ahead[_LATER])):
        move = ChangeTask(task.id, day, Method.TRANSFER, "clerk", reason, task.version)
        takeovers.change_task(desk.db, clerk, move)
    begun = begin_payment(desk.db, clerk, drafted.id)
    fields = replace(begun.fields, amount=Money.parse("3906.20"))
    takeovers.pay_task(desk.db, clerk, PayTask(drafted.id, fields, drafted.version + 1))
    why = TellTask(last.id, "年度用水协议到期前已预存，不再另付", last.version)
    takeovers.waive_task(desk.db, clerk, why)


def set_bank_days(desk: Desk) -> None:
    """One bank is known to be quicker than the others."""
    why = "客户经理 刘晓 电话答复：对公代扣 5 个工作日内终止"
    set_bank_term(desk.db, desk.as_("supervisor"), SetBankTerm("招商银行", 5, why, 0))


def _approved(desk: Desk, days: Days, number: str) -> str:
    clerk = desk.as_("clerk")
    with desk.db.read() as work:
        row = service.find_agreement(work, number)
        ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
        version = row.version
    command = RequestCancel(
        (CancelRow(number, version, ticks),),
        "水表改造后按月对账付款",
        days.today + timedelta(days=30),
        "clerk",
        (Notice("INTERNAL", _DEPARTMENT, "SYSTEM"),),
        typed=number,
    )
    asked = cancelling.request(desk.db, clerk, command)
    verdict = Verdict(asked.approval_id, Decision.APPROVE, "同意，请跟进银行回执", 1)
    cancelling.decide(desk.db, desk.as_("supervisor"), verdict)
    return asked.form_no
