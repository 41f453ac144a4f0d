"""The bank may report a success after the attempt was taken for failed: it is kept, with proof."""

from datetime import UTC, datetime

import pytest

from app.core.money import Money
from app.payments import answers
from app.payments.answers import CheckResult, RecordCheck
from app.payments.errors import NotResumable
from app.payments.states import Stage, Status

ASKED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def failed(desk, people, make_payment):
    payment = make_payment(made_by=people.clerk)
    desk.send(payment)
    desk.answer(payment, "6", "账号户名不符")
    return payment


def check(founded, people, payment, result=CheckResult.DEBITED):
    said = RecordCheck(payment.number, result, "李经理", ASKED, "对账单第 3 页")
    return answers.record_check(founded, people.clerk, said)


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


def test_that_a_payment_which_was_changed_since_is_not_taken_for_the_old_attempt(
    desk, people, founded, failed, clock
):  # A4.1
    desk.edit(failed, amount=Money.parse("999.00"))
    with pytest.raises(NotResumable):
        check(founded, people, failed)


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
