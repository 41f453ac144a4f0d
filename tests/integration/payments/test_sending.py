"""At most one live attempt per obligation, and what the bank's answers lead to."""

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import SelfApproval
from app.payments import answers, corrections, sending
from app.payments.answers import BankAnswer, CheckResult, RecordCheck
from app.payments.attempts import BankResult
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.errors import LiveAttempt, NoEvidence, NotResumable, PaymentHeld
from app.payments.states import Stage, Status

SOUND = SystemFacts()


@pytest.fixture
def payee(make_payee):
    return make_payee()


@pytest.fixture
def ready(founded, people, payee, make_payment):
    from app.accounts.service import add_default_channels
    from app.audit.trail import SYSTEM_ACTOR, Event, record

    with founded.write() as uow:
        add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()
    return make_payment(invoice_no="FP-1001", payee=payee, made_by=people.clerk)


def send(db, people, payment):
    version = payment_detail(db, people.clerk, payment.number).line.version
    return sending.write_attempt(db, people.clerk, payment.number, version, SOUND)


def status(db, people, payment):
    return payment_detail(db, people.clerk, payment.number).line.status


def check(db, people, payment, result, evidence="回单 20260302-7"):
    return answers.record_check(
        db,
        people.clerk,
        RecordCheck(payment.number, result, "工行 李经理", db.clock.now(), evidence),
    )


def test_that_an_attempt_is_kept_before_anything_leaves(founded, people, ready):  # A4.1
    assert send(founded, people, ready) == 1
    [attempt] = payment_detail(founded, people.clerk, ready.number).attempts
    assert (attempt.state, status(founded, people, ready)) == ("WRITTEN", Status.SUBMITTED)


def test_that_a_second_payment_of_the_same_invoice_waits_for_the_first(
    founded, people, ready, payee, make_payment
):  # A4.1
    send(founded, people, ready)
    twin = make_payment(invoice_no="FP-1001", payee=payee, made_by=people.clerk, amount_minor=777)
    with pytest.raises(LiveAttempt) as refused:
        send(founded, people, twin)
    assert ready.number in refused.value.message
    assert status(founded, people, twin) is Status.READY


def test_that_an_answer_nobody_knows_is_unknown_and_not_a_failure(founded, people, ready):  # A4.1
    send(founded, people, ready)
    stage = answers.record_answer(
        founded, people.clerk, BankAnswer(ready.number, "ZZ99", "请稍后再试")
    )
    assert stage is Stage.UNKNOWN


def test_that_a_time_out_is_unknown(founded, people, ready):  # A4.1
    send(founded, people, ready)
    answer = BankAnswer(ready.number, "", "通讯超时")
    assert answers.record_answer(founded, people.clerk, answer) is Stage.UNKNOWN


def test_that_the_unknown_can_not_be_sent_again(founded, people, ready):  # A4.1
    send(founded, people, ready)
    answers.record_answer(founded, people.clerk, BankAnswer(ready.number, "", "通讯超时"))
    with pytest.raises(PaymentHeld):
        send(founded, people, ready)


def test_that_a_bank_check_needs_evidence(founded, people, ready):  # B4.2
    send(founded, people, ready)
    answers.record_answer(founded, people.clerk, BankAnswer(ready.number, "", "通讯超时"))
    with pytest.raises(NoEvidence):
        check(founded, people, ready, CheckResult.NOT_DEBITED, evidence=" ")
    assert status(founded, people, ready) is Status.UNKNOWN


@pytest.mark.parametrize(
    ("result", "stage"),
    [
        (CheckResult.DEBITED, Stage.EXECUTED),
        (CheckResult.NOT_DEBITED, Stage.FAILED),
        (CheckResult.UNCLEAR, Stage.UNKNOWN),
    ],
)
def test_where_a_bank_check_leads_from_the_unknown(founded, people, ready, result, stage):  # B4.2
    send(founded, people, ready)
    answers.record_answer(founded, people.clerk, BankAnswer(ready.number, "", "通讯超时"))
    assert check(founded, people, ready, result) is stage


def test_that_only_a_check_leads_out_of_the_unknown(founded, people, ready):  # A4.1
    send(founded, people, ready)
    answers.record_answer(founded, people.clerk, BankAnswer(ready.number, "", "通讯超时"))
    with pytest.raises(NoEvidence):
        answers.record_answer(
            founded,
            people.clerk,
            BankAnswer(ready.number, "", "", result=BankResult.SUCCEEDED),
        )


def test_that_a_refusal_by_the_bank_keeps_its_reason(founded, people, ready):  # B4.2
    send(founded, people, ready)
    answer = BankAnswer(ready.number, "6", "账号户名不符")
    assert answers.record_answer(founded, people.clerk, answer) is Stage.FAILED
    line = payment_detail(founded, people.clerk, ready.number).line
    assert list(line.reasons) == ["NAME_MISMATCH"]


def test_that_success_confirms_the_payees_account(founded, people, ready):  # C3.4
    send(founded, people, ready)
    answers.record_answer(founded, people.clerk, BankAnswer(ready.number, "7", "处理成功"))
    assert status(founded, people, ready) is Status.EXECUTED
    with pytest.raises(NotResumable):
        check(founded, people, ready, CheckResult.DEBITED)


def test_that_a_return_after_success_keeps_the_history(founded, people, ready):  # B4.2
    send(founded, people, ready)
    answers.record_answer(founded, people.clerk, BankAnswer(ready.number, "7", "处理成功"))
    answer = BankAnswer(ready.number, "", "退汇", result=BankResult.RETURNED)
    assert answers.record_answer(founded, people.clerk, answer) is Stage.RETURNED
    detail = payment_detail(founded, people.clerk, ready.number)
    assert [a.state for a in detail.attempts] == ["RETURNED"]
    assert list(detail.line.reasons) == ["RETURNED"]


def test_that_success_becomes_failure_by_two_other_persons_only(founded, people, ready):  # E4.4
    send(founded, people, ready)
    answers.record_answer(founded, people.clerk, BankAnswer(ready.number, "7", "处理成功"))
    asked = corrections.request_correction(founded, people.clerk, ready.number, "银行证明未入账")
    first = Verdict(asked, Decision.APPROVE, "", 1)
    assert corrections.decide_correction(founded, people.supervisor, first) is Stage.EXECUTED
    with pytest.raises(SelfApproval):
        corrections.decide_correction(
            founded, people.supervisor, Verdict(asked, Decision.APPROVE, "", 2)
        )
    second = Verdict(asked, Decision.APPROVE, "", 2)
    assert corrections.decide_correction(founded, people.cfo, second) is Stage.FAILED


@pytest.mark.parametrize("result", [BankResult.FAILED, BankResult.UNKNOWN, BankResult.SUCCEEDED])
def test_that_one_person_can_not_turn_a_success_into_anything_but_a_return(
    founded, people, ready, result
):  # E4.4
    send(founded, people, ready)
    answers.record_answer(founded, people.clerk, BankAnswer(ready.number, "7", "处理成功"))
    with pytest.raises(NotResumable):
        answers.record_answer(
            founded, people.clerk, BankAnswer(ready.number, "", "失败", result=result)
        )
    assert status(founded, people, ready) is Status.EXECUTED
