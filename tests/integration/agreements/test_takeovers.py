"""人工付款任务: paid by hand once at most, moved and left out with a reason, told of in time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.access.approvals import Decision
from app.access.errors import Denied
from app.agreements import invariants, overview, service, takeovers
from app.agreements.errors import TaskChanged, TaskClosed
from app.agreements.model import TakeoverPayment
from app.agreements.queries import agreement_detail
from app.agreements.service import RecordDebit
from app.agreements.states import Answer, Method
from app.agreements.takeover_rules import TaskState
from app.agreements.takeover_view import begin_payment, candidates, owners, task_lines
from app.agreements.takeovers import ChangeTask, LinkTask, PayTask, TellTask
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.errors import BadInput
from app.core.money import Money
from app.incidents.daily import daily_check
from app.payees.registry import find_payee
from app.payments import editing
from app.payments.diagnosis.facts import SystemFacts
from app.payments.errors import BadPayment
from app.payments.model import Payment
from tests.support.rows import save

FIRST = date(2026, 4, 20)


@pytest.fixture
def agreed(registered):
    """An agreement of 500.00 a month."""
    return registered(amount=Money.parse("500"), payee_account="31050161393600000123")


@pytest.fixture
def approved(agreed, ask, decide):
    decide(ask(agreed))
    return agreed


@pytest.fixture
def lines(founded, people):
    return lambda: task_lines(founded, people.clerk)


@pytest.fixture
def pay(founded, people):
    """Makes the payment of a task as it was seen."""

    def make(line, who=None, **changes):
        begun = begin_payment(founded, people.clerk, line.id)
        fields = replace(begun.fields, **changes)
        command = PayTask(line.id, fields, line.version)
        return takeovers.pay_task(founded, who or people.clerk, command)

    return make


def void(db, actor, number):
    with db.read() as work:
        version = editing.find_payment(work, number).version
    editing.void_payment(db, actor, number, "录错", version)


def set_stage(db, number, stage):
    """As the bank's answer leaves it."""
    with db.write() as uow:
        kept = editing.find_payment(uow, number)
        kept.stage = kept.status = stage
        record(uow, SYSTEM_ACTOR, Event("test.made", f"payment:{number}"))
        uow.commit()


def count(db, kind):
    with db.read() as work:
        return work.session.scalar(select(func.count()).select_from(kind))


def told(db):
    return {one.kind: one.text for one in daily_check(db, SystemFacts())}


def test_that_each_debit_day_is_a_task(approved, lines):  # E2.1 E2.3
    found = lines()
    assert len(found) == 12
    first = found[0]
    assert (first.due_on, first.state, first.owner) == (FIRST, TaskState.TODO, "clerk")
    assert (first.amount, first.sure, first.amount_text) == (Money.parse("500"), True, "500.00")
    assert first.method is Method.TRANSFER
    assert "银行尚未确认终止" in first.warning


def test_that_a_guess_is_called_one_and_the_unknown_stays_unknown(
    founded, people, registered, ask, decide, lines
):  # E2.1
    guessed, unknown = registered(payee_name="上海临江供电有限公司"), registered()
    command = RecordDebit(guessed, date(2026, 2, 20), Money.parse("321"))
    service.record_debit(founded, people.clerk, command)
    decide(ask(guessed))
    decide(ask(unknown))
    texts = {one.agreement: one.amount_text for one in lines()}
    assert texts == {guessed: "约 321.00", unknown: "待定"}
    for line in {one.agreement: one for one in lines()}.values():
        begun = begin_payment(founded, people.clerk, line.id)
        assert begun.fields.amount == Money.zero()
        assert "请按账单填写" in begun.said


def test_that_a_payment_begins_with_what_is_known(founded, people, approved, lines):  # E2.3
    fields = begin_payment(founded, people.clerk, lines()[0].id).fields
    assert (fields.payee_name, fields.payee_account) == (
        "国网上海市电力公司",
        "31050161393600000123",
    )
    assert (fields.amount, fields.due_on, fields.purpose) == (
        Money.parse("500"),
        FIRST,
        "电费2026年04月",
    )


def test_that_a_task_leads_to_one_payment(founded, people, approved, lines, pay):  # E2.3
    first = lines()[0]
    number = pay(first)
    again = next(one for one in lines() if one.id == first.id)
    assert (again.state, again.payment.number, again.payment.made) == (
        TaskState.PAYING,
        number,
        True,
    )
    with pytest.raises(TaskChanged, match="clerk 陈经办"):
        pay(first)
    with pytest.raises(TaskClosed, match=number):
        pay(again)
    assert count(founded, Payment) == 1


def test_that_a_voided_payment_opens_the_task_again(founded, people, approved, lines, pay):  # E2.3
    first = lines()[0]
    number = pay(first)
    void(founded, people.clerk, number)
    again = next(one for one in lines() if one.id == first.id)
    assert again.state is TaskState.TODO
    assert again.payment is None
    second = pay(again)
    now = next(one for one in lines() if one.id == first.id)
    assert (now.state, now.payment.number) == (TaskState.PAYING, second)
    assert broken(founded) == []


def test_that_a_late_success_beside_a_second_payment_is_told(
    founded, people, approved, lines, pay
):  # E3.2
    first = lines()[0]
    number = pay(first)
    void(founded, people.clerk, number)
    second = pay(next(one for one in lines() if one.id == first.id))
    set_stage(founded, number, "EXECUTED")
    now = next(one for one in lines() if one.id == first.id)
    assert now.state is TaskState.PAID
    assert number in now.warning
    assert second in now.warning
    assert broken(founded) == []


def test_that_an_executed_payment_ends_the_task(founded, approved, lines, pay):  # E2.3
    first = lines()[0]
    set_stage(founded, pay(first), "EXECUTED")
    now = next(one for one in lines() if one.id == first.id)
    assert now.state is TaskState.PAID
    with pytest.raises(TaskClosed, match="已付款"):
        pay(now)


def test_that_a_refused_payment_leaves_nothing(founded, approved, lines, pay):  # E2.3
    first = lines()[0]
    with pytest.raises(BadPayment):
        pay(first, amount=Money.zero())
    with pytest.raises(BadInput, match="不符"):
        pay(first, payee_name="某某包装厂")
    assert count(founded, Payment) == 0
    assert count(founded, TakeoverPayment) == 0
    assert lines()[0].version == first.version


def test_that_the_database_keeps_a_task_from_two_live_payments(
    founded, people, approved, lines, pay, make_payment
):  # E2.3
    first = lines()[0]
    pay(first)
    other = make_payment(number="FK-20260301-0001")
    link = TakeoverPayment(
        takeover_id=first.id,
        payment_id=other.id,
        live=True,
        made=False,
        linked_by="x",
        linked_at=founded.clock.now(),
    )
    with pytest.raises(IntegrityError):
        save(founded, "takeover:1", link)


def test_that_of_two_desks_at_once_one_pays(founded, approved, lines, people):  # E2.3
    first = lines()[0]
    fields = begin_payment(founded, people.clerk, first.id).fields
    start = Barrier(2)

    def go(_):
        start.wait()
        try:
            return takeovers.pay_task(
                founded, people.clerk, PayTask(first.id, fields, first.version)
            )
        except TaskChanged as refusal:
            return refusal

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(go, range(2)))
    assert sorted(type(one).__name__ for one in found) == ["TaskChanged", "str"]
    assert count(founded, Payment) == 1


def test_that_nothing_is_paid_by_hand_before_the_request_is_approved(
    agreed, ask, decide, lines, pay
):  # D4.2 E2.3
    asked = ask(agreed)
    first = lines()[0]
    assert "尚未批准" in first.unpayable
    with pytest.raises(TaskClosed, match="QK-2026-0001 尚未批准"):
        pay(first)
    decide(asked, Decision.RETURN)
    gone = lines()[0]
    assert gone.state is TaskState.WITHDRAWN
    with pytest.raises(TaskClosed, match="已撤回"):
        pay(gone)


def test_that_a_refusal_of_the_bank_warns_of_payments_that_stand(
    founded, approved, lines, pay, answer
):  # E3.2
    number = pay(lines()[0])
    answer(approved, said=Answer.REFUSED, effective_on=None)
    warned = [one for one in lines() if one.warning]
    assert [one.state for one in warned] == [TaskState.WITHDRAWN]
    assert number in warned[0].warning
    assert number in told(founded)["takeover_stray"]


def test_that_a_payment_that_exists_is_linked_once(
    founded, people, approved, lines, make_payment
):  # E2.3
    with founded.read() as work:
        payee = find_payee(work, "国网上海市电力公司")
    mine, stranger = make_payment(payee=payee, stage="EXECUTED"), make_payment()
    make_payment(payee=payee, stage="VOIDED")
    first, second, *_ = lines()
    assert [one.number for one in candidates(founded, people.clerk, first.id)] == [mine.number]

    def link(line, number):
        takeovers.link_task(founded, people.clerk, LinkTask(line.id, number, line.version))

    with pytest.raises(BadInput, match="不符"):
        link(first, stranger.number)
    link(first, mine.number)
    assert next(one for one in lines() if one.id == first.id).state is TaskState.PAID
    with pytest.raises(BadInput, match=f"{mine.number} 已是"):
        link(second, mine.number)
    assert candidates(founded, people.clerk, second.id) == []


def test_that_a_wrong_link_is_taken_back_and_a_made_payment_is_not(
    founded, people, approved, lines, pay, make_payment
):  # E2.3
    with founded.read() as work:
        payee = find_payee(work, "国网上海市电力公司")
    other = make_payment(payee=payee, number="FK-20260301-0001")
    first, second, *_ = lines()
    takeovers.link_task(founded, people.clerk, LinkTask(first.id, other.number, first.version))

    def unlink(line):
        now = next(one for one in lines() if one.id == line.id)
        takeovers.unlink_task(founded, people.clerk, TellTask(now.id, "关联错了", now.version))

    unlink(first)
    assert next(one for one in lines() if one.id == first.id).state is TaskState.TODO
    with pytest.raises(TaskClosed, match="没有关联"):
        unlink(first)
    pay(second)
    with pytest.raises(TaskClosed, match="由本任务生成"):
        unlink(second)


def test_that_a_task_is_moved_with_a_reason(founded, people, approved, lines):  # E2.3
    first = lines()[0]
    day = FIRST + timedelta(days=5)
    command = ChangeTask(first.id, day, Method.CHEQUE, "cfo", "对方同意延期", first.version)
    with pytest.raises(BadInput, match="原因"):
        takeovers.change_task(founded, people.clerk, replace(command, reason=" "))
    takeovers.change_task(founded, people.clerk, command)
    now = next(one for one in lines() if one.id == first.id)
    assert (now.due_on, now.method, now.owner, now.why) == (
        day,
        Method.CHEQUE,
        "cfo",
        "对方同意延期",
    )
    with pytest.raises(TaskChanged, match="已被 clerk 陈经办"):
        takeovers.change_task(founded, people.clerk, command)
    entry = agreement_detail(founded, people.clerk, approved).trace[0]
    assert (entry.act, entry.before["due_on"], entry.after["due_on"]) == (
        "takeover.changed",
        "2026-04-20",
        "2026-04-25",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"owner": "nobody"}, "人员"),
        ({"method": Method.NONE}, "付款方式"),
        ({"due_on": date(2026, 3, 1)}, "早于今天"),
        ({}, "没有任何修改"),
    ],
)
def test_that_a_senseless_change_is_refused(
    founded, people, approved, lines, changes, said
):  # E2.3
    first = lines()[0]
    command = ChangeTask(first.id, FIRST, Method.TRANSFER, "clerk", "改", first.version)
    with pytest.raises(BadInput, match=said):
        takeovers.change_task(founded, people.clerk, replace(command, **changes))


def test_that_a_task_is_left_out_with_a_reason_and_taken_up_again(
    founded, people, approved, lines, pay
):  # E2.3
    first = lines()[0]
    command = TellTask(first.id, "已并入上期账单", first.version)
    with pytest.raises(BadInput, match="原因"):
        takeovers.waive_task(founded, people.clerk, replace(command, reason=""))
    takeovers.waive_task(founded, people.clerk, command)
    now = next(one for one in lines() if one.id == first.id)
    assert (now.state, now.why) == (TaskState.WAIVED, "已并入上期账单")
    with pytest.raises(TaskClosed, match="不需支付"):
        pay(now)
    back = TellTask(now.id, "仍须支付", now.version)
    takeovers.reopen_task(founded, people.clerk, back)
    assert next(one for one in lines() if one.id == first.id).state is TaskState.TODO
    with pytest.raises(TaskChanged):
        takeovers.reopen_task(founded, people.clerk, back)


def test_that_only_who_manages_agreements_and_makes_payments_pays(
    founded, people, approved, lines, pay
):  # C4.3
    first = lines()[0]
    tell = TellTask(first.id, "说明", first.version)
    change = ChangeTask(first.id, FIRST, Method.CHEQUE, "clerk", "改", first.version)
    for act, command in (
        (takeovers.change_task, change),
        (takeovers.waive_task, tell),
        (takeovers.reopen_task, tell),
        (takeovers.unlink_task, tell),
        (takeovers.link_task, LinkTask(first.id, "FK-1", first.version)),
    ):
        with pytest.raises(Denied):
            act(founded, people.supervisor, command)
    with pytest.raises(Denied):
        pay(first, who=people.supervisor)
    with pytest.raises(Denied):
        task_lines(founded, people.admin)
    assert "cfo" in {one.username for one in owners(founded, people.auditor)}


def test_that_tasks_are_told_of_seven_three_one_and_no_working_days_before(
    founded, people, approved, clock
):  # E2.4
    """20 April 2026 is a Monday."""
    days = {}
    for back in range(14, -3, -1):
        day = FIRST - timedelta(days=back)
        clock.move_to(clock.now().replace(year=day.year, month=day.month, day=day.day))
        found = told(founded)
        if day.weekday() < 5:
            days[day.day] = [kind for kind in found if kind.startswith("takeover")]
    assert [day for day, kinds in days.items() if kinds == ["takeover_due"]] == [9, 15, 17, 20]
    assert [day for day, kinds in days.items() if kinds == ["takeover_late"]] == [21, 22]


def test_that_the_home_page_counts_what_is_near(founded, people, approved, clock):  # E2.4
    counts = overview.debit_counts(founded, people.clerk)
    assert (counts.tasks, counts.overdue) == (0, 0)
    clock.move_to(clock.now() + timedelta(days=42))
    counts = overview.debit_counts(founded, people.clerk)
    assert (counts.tasks, counts.overdue) == (1, 0)
    clock.move_to(clock.now() + timedelta(days=14))
    counts = overview.debit_counts(founded, people.clerk)
    assert (counts.tasks, counts.overdue) == (1, 1)


def test_that_what_is_late_says_its_cost(founded, people, approved, lines, clock):  # E2.2
    clock.move_to(clock.now() + timedelta(days=59))
    first = next(one for one in lines() if one.due_on == FIRST)
    assert (first.state, first.days_late) == (TaskState.OVERDUE, 10)
    assert (first.late.amount, first.late.usual) == (Money.parse("2.50"), True)


def test_that_a_task_is_never_taken_away(founded, approved):  # F1.3
    with pytest.raises(DBAPIError), founded.write() as uow:
        uow.session.execute(text("DELETE FROM takeover"))


def broken(db):
    with db.read() as work:
        return [one.broken for one in invariants.examine(work) if not one.ok]
