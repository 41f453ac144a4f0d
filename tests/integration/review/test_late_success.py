"""The bank may report a success after the attempt was taken for failed: it is kept, with proof."""

from datetime import timedelta

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import AlreadyDecided
from app.core.errors import Refused
from app.core.money import Money
from app.payees.model import Payee
from app.payments import answers, diagnosing, editing, invariants
from app.payments.answers import CheckResult, RecordCheck
from app.payments.attempts import BankResult
from app.payments.errors import NotResumable
from app.payments.states import Stage, Status
from tests.integration.review.conftest import SOUND


@pytest.fixture
def failed(desk, people, make_payment, clock):
    payment = make_payment(made_by=people.clerk, invoice_no="FP-1")
    desk.send(payment)
    desk.answer(payment, "6", "账号户名不符")
    clock.move_to(clock.now() + timedelta(minutes=1))
    return payment


def check(founded, people, payment, result=CheckResult.DEBITED, asked_at=None, attempt=None):
    at = asked_at or founded.clock.now()
    said = RecordCheck(payment.number, result, "李经理", at, "对账单第 3 页", attempt)
    return answers.record_check(founded, people.clerk, said)


def states(desk, payment):
    """The attempts' states, oldest first."""
    return [one.state for one in reversed(desk.detail(payment).attempts)]


def test_that_a_late_success_ends_the_payment_and_its_stop(desk, people, founded, failed):  # A4.1
    assert check(founded, people, failed) is Stage.EXECUTED
    assert desk.detail(failed).line.holds == 0
    assert desk.detail(failed).attempts[-1].state == "SUCCEEDED"


def test_that_a_late_success_keeps_a_resumed_payment_from_leaving_again(
    desk, people, founded, failed
):  # A4.1
    desk.resume(failed)
    assert desk.status(failed) is Status.READY
    assert check(founded, people, failed) is Stage.EXECUTED
    with pytest.raises(Exception, match="已执行"):
        desk.send(failed)


@pytest.mark.parametrize("change", [{"amount": Money.parse("999.00")}, {"purpose": "货款尾款"}])
def test_that_a_payment_which_was_changed_since_has_again_what_the_bank_paid(
    desk, people, founded, failed, change
):  # A4.1
    sent = desk.detail(failed).fields
    desk.edit(failed, **change)
    assert check(founded, people, failed) is Stage.EXECUTED
    assert desk.detail(failed).fields == sent
    assert "payment.put_back" in [entry.act for entry in desk.detail(failed).trace]
    with pytest.raises(Refused):
        desk.resume(failed)
    with pytest.raises(Refused):
        desk.send(failed)


def test_that_what_is_being_approved_anew_is_executed_all_the_same(
    desk, people, founded, failed
):  # A4.1
    desk.resume(failed)
    desk.edit(failed, amount=Money.parse("999.00"))
    version = desk.detail(failed).line.version
    asked = editing.submit(founded, people.clerk, failed.number, version)
    assert check(founded, people, failed) is Stage.EXECUTED
    with pytest.raises(AlreadyDecided, match="银行已执行"):
        editing.decide(founded, people.checker, Verdict(asked, Decision.APPROVE, "同意", 1))


def test_that_a_voided_payment_is_executed_and_its_debt_not_paid_again(
    desk, people, founded, failed, make_payment
):  # A4.1
    with founded.read() as work:
        payee = work.session.get_one(Payee, failed.payee_id)
    version = desk.detail(failed).line.version
    editing.void_payment(founded, people.clerk, failed.number, "重新录入", version)
    again = make_payment(payee=payee, made_by=people.clerk, invoice_no="FP-1")
    assert check(founded, people, failed) is Stage.EXECUTED
    with pytest.raises(Refused, match="疑似重复付款"):
        desk.send(again)


@pytest.fixture
def sent_again(desk, failed, clock):
    """Failed, resumed and on its way for the second time."""
    desk.resume(failed)
    clock.move_to(clock.now() + timedelta(minutes=30))
    desk.send(failed)
    return failed


def test_that_a_check_belongs_to_the_try_that_was_asked_about(
    desk, people, founded, sent_again, clock
):  # A4.1
    earlier = clock.now() - timedelta(minutes=10)
    with pytest.raises(NotResumable, match="早于"):
        check(founded, people, sent_again, asked_at=earlier)
    check(founded, people, sent_again, asked_at=earlier, attempt=1)
    assert states(desk, sent_again) == ["SUCCEEDED", "WRITTEN"]
    assert desk.status(sent_again) is Status.SUBMITTED


def test_that_a_failed_second_try_leaves_the_first_success_standing(
    desk, people, founded, sent_again
):  # A4.1
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "6", "账号户名不符")
    assert states(desk, sent_again) == ["SUCCEEDED", "FAILED"]
    assert desk.status(sent_again) is Status.EXECUTED
    with pytest.raises(Refused):
        desk.resume(sent_again)


def test_that_a_second_try_without_answer_stays_unknown_beside_the_first_success(
    desk, people, founded, sent_again
):  # A4.1
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "", "通讯超时")
    assert states(desk, sent_again) == ["SUCCEEDED", "UNKNOWN"]
    assert desk.status(sent_again) is Status.UNKNOWN
    assert check(founded, people, sent_again, CheckResult.NOT_DEBITED) is Stage.EXECUTED


def test_that_two_debits_are_both_kept_and_told(desk, people, founded, sent_again):  # A4.1 E3.2
    desk.answer(sent_again, "7", "处理成功")
    assert check(founded, people, sent_again, attempt=1) is Stage.EXECUTED
    assert states(desk, sent_again) == ["SUCCEEDED", "SUCCEEDED"]
    diagnosing.run(founded, people.clerk, SOUND, [sent_again.number])
    [told] = [
        cause
        for cause in desk.detail(sent_again).diagnoses[0].causes
        if cause.rule == "duplicate.attempts"
    ]
    assert told.summary == "第 1 次和第 2 次提交均已扣款：同一笔付款扣了 2 次，须立即追回。"
    with founded.read() as work:
        broken = {one.code: one.broken for one in invariants.examine(work) if not one.ok}
    assert broken["once"] == (sent_again.number,)


def test_that_of_two_debits_one_comes_back_and_the_other_stands(
    desk, people, founded, sent_again
):  # A4.1
    desk.answer(sent_again, "7", "处理成功")
    check(founded, people, sent_again, attempt=1)
    said = answers.BankAnswer(
        sent_again.number, "", "重复付款，退汇", result=BankResult.RETURNED, attempt=1
    )
    assert answers.record_answer(founded, people.clerk, said) is Stage.EXECUTED
    assert states(desk, sent_again) == ["RETURNED", "SUCCEEDED"]
    with founded.read() as work:
        assert all(one.ok for one in invariants.examine(work) if one.code == "once")


def test_that_a_try_which_was_never_made_is_not_asked_about(people, founded, failed):  # A4.1
    with pytest.raises(NotResumable, match="没有第 2 次提交"):
        check(founded, people, failed, attempt=2)


@pytest.mark.parametrize("result", [CheckResult.NOT_DEBITED, CheckResult.UNCLEAR])
def test_that_nothing_else_is_asked_of_a_failure(desk, people, founded, failed, result):  # A4.1
    with pytest.raises(NotResumable):
        check(founded, people, failed, result)


@pytest.mark.parametrize("resumed", [False, True])
def test_that_no_answer_without_proof_turns_a_failure_into_a_success(desk, failed, resumed):  # A4.1
    if resumed:
        desk.resume(failed)
    before = desk.status(failed)
    with pytest.raises(NotResumable):
        desk.answer(failed, "7", "处理成功")
    assert desk.status(failed) is before
