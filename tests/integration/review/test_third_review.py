"""What the third review proved: each of these failed before it was mended (rules 20-30 of the plan)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.approvals import Decision, Verdict
from app.access.errors import AlreadyDecided
from app.audit.model import AuditEntry
from app.core.codes import HoldCause, StopReason
from app.core.errors import BadInput, Refused
from app.core.money import Money
from app.payees.changes import AskChange, ConfirmChange
from app.payees.model import Payee
from app.payments import (
    answers,
    corrections,
    diagnosing,
    editing,
    holds,
    invariants,
    payee_cure,
)
from app.payments.answers import CheckResult, RecordCheck
from app.payments.attempts import BankResult
from app.payments.errors import RuleChangeNeeded
from app.payments.holds import PlaceHold
from app.payments.rule_changes import change_threshold
from app.payments.states import HoldScope, ResumeState, Status
from tests.integration.review.conftest import SOUND
from tests.integration.review.test_changed_account_is_called_back_after_a_return import (
    data_of,
    returned,
)

LETTER = "6222009999888877776"


def later(clock, minutes=1):
    clock.move_to(clock.now() + timedelta(minutes=minutes))


def check(founded, people, payment, result=CheckResult.DEBITED, attempt=None):
    said = RecordCheck(payment.number, result, "李经理", founded.clock.now(), "对账单", attempt)
    return answers.record_check(founded, people.clerk, said)


@pytest.fixture
def failed(desk, people, make_payment, clock):
    payment = make_payment(made_by=people.clerk)
    desk.send(payment)
    desk.answer(payment, "6", "账号户名不符")
    later(clock)
    return payment


@pytest.fixture
def sent_again(desk, failed, clock):
    desk.resume(failed)
    later(clock)
    desk.send(failed)
    return failed


@pytest.fixture
def sent_for_another_invoice(desk, people, founded, make_payment, clock):
    """A payment of FP-1 that failed and was sent again for FP-2, and its payee."""
    payment = make_payment(made_by=people.clerk, invoice_no="FP-1")
    with founded.read() as work:
        payee = work.session.get_one(Payee, payment.payee_id)
    desk.send(payment)
    desk.answer(payment, "6", "系统故障")
    later(clock)
    desk.edit(payment, invoice_no="FP-2", amount=Money.parse("2222.00"))
    desk.resume(payment)
    later(clock)
    desk.send(payment)
    return payment, payee


def called_back(desk, payee, payment, after):
    """A change of the payment's data to `after`, confirmed by a call to that payee."""
    before = data_of(desk, payment)
    said = AskChange(payee.id, before, after, "债权转让", payment.number)
    asked = payee_cure.ask_change(desk.db, desk.people.clerk, said)
    call = ConfirmChange(asked, payee.phone, "王会计", True)
    payee_cure.confirm_change(desk.db, desk.people.checker, call)


def broken(founded):
    with founded.read() as work:
        return {one.code: one.broken for one in invariants.examine(work) if not one.ok}


def test_a1_unknown_second_try_is_shown_as_unknown(desk, people, founded, sent_again):  # A4.1
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "", "通讯超时")
    assert desk.status(sent_again) is Status.UNKNOWN


def test_a2_processing_second_try(desk, people, founded, sent_again):  # A4.1
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "", "", result=BankResult.PROCESSING)
    assert broken(founded) == {}


def test_a3_while_unknown_no_other_is_sent(
    desk, people, founded, make_payment, sent_again, clock
):  # A4.1
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "", "通讯超时")
    with founded.read() as work:
        payee = work.session.get_one(Payee, sent_again.payee_id)
    again = make_payment(payee=payee, made_by=people.clerk)
    diagnosing.run(founded, people.clerk, SOUND, [again.number])
    with pytest.raises(Refused):
        desk.resume(again, waivers={"duplicate.same": "不同批次"})


def test_a4_success_taken_back_beside_unknown(desk, people, founded, sent_again):  # A4.1
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "", "通讯超时")
    said = answers.BankAnswer(sent_again.number, "", "退汇", result=BankResult.RETURNED, attempt=1)
    answers.record_answer(founded, people.clerk, said)
    assert desk.status(sent_again) is not Status.EXECUTED


def test_b1_earlier_sent_later_recorded_does_not_speak(
    desk, people, make_payee, make_payment, clock
):  # C3.4
    payee = make_payee()
    to = {"payee": payee, "made_by": people.clerk}
    first = make_payment(**to)
    second = make_payment(**to, amount_minor=6_000_00)
    desk.send(first)
    later(clock)
    desk.send(second)
    later(clock)
    desk.answer(first, "7", "处理成功")
    desk.answer(second, "7", "处理成功")
    later(clock)
    desk.answer(second, "", "账户已销户，退汇", BankResult.RETURNED)
    with pytest.raises(Refused, match="R10"):
        desk.send(make_payment(**to, amount_minor=5_000_00))


def test_b2_late_success_of_an_old_try_ends_no_doubt(
    desk, people, founded, make_payee, make_payment, clock
):  # C3.4
    payee = make_payee()
    to = {"payee": payee, "made_by": people.clerk}
    first = make_payment(**to)
    desk.send(first)
    desk.answer(first, "6", "系统故障")
    later(clock)
    second = make_payment(**to, amount_minor=6_000_00)
    returned(desk, second)
    later(clock)
    third = make_payment(**to, amount_minor=5_000_00)
    with pytest.raises(Refused, match="R10"):
        desk.send(third)
    check(founded, people, first)
    with pytest.raises(Refused, match="R10"):
        desk.send(third)


def test_b3_of_two_debits_the_second_comes_back(
    desk, people, founded, sent_again, make_payment, clock
):  # C3.4
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "7", "处理成功")
    later(clock)
    said = answers.BankAnswer(
        sent_again.number, "", "账户已销户", result=BankResult.RETURNED, attempt=2
    )
    answers.record_answer(founded, people.clerk, said)
    with founded.read() as work:
        payee = work.session.get_one(Payee, sent_again.payee_id)
    with pytest.raises(Refused, match="R10"):
        desk.send(make_payment(payee=payee, made_by=people.clerk, amount_minor=5_000_00))


def test_b4_return_while_other_try_is_live_doubts(
    desk, people, founded, make_payee, make_payment, clock
):  # C3.4
    payee = make_payee(account_number=None)
    payment = make_payment(payee=payee, made_by=people.clerk, payee_bank="招商银行")
    desk.send(payment)
    desk.answer(payment, "6", "系统故障")
    later(clock)
    desk.resume(payment)
    desk.send(payment)
    check(founded, people, payment, attempt=1)
    said = answers.BankAnswer(
        payment.number, "", "账户已销户", result=BankResult.RETURNED, attempt=1
    )
    answers.record_answer(founded, people.clerk, said)
    desk.answer(payment, "6", "系统故障")
    assert desk.status(payment) is Status.FAILED
    with pytest.raises(Refused, match="R10"):
        desk.resume(payment)


def test_d1_same_value_rule_change(desk, people, founded, make_payment, clock):  # C3.3
    with pytest.raises(BadInput):
        change_threshold(founded, people.cfo, "R04.first", "100000", "没变")


def test_d2_a_raise_taken_back_to_the_default_answers_not(
    desk, people, founded, make_payment, clock
):  # C3.3
    payment = make_payment(made_by=people.clerk)
    stop = PlaceHold(
        HoldScope.PAYMENT,
        payment.number,
        HoldCause.RISK_CONTROL,
        "首次付款达到上限（R04）",
        reason=StopReason.RISK_RULE,
    )
    holds.place(founded, people.checker, stop)
    later(clock)
    change_threshold(founded, people.cfo, "R04.first", "200000", "放宽")
    later(clock)
    no = change_threshold(founded, people.cfo, "R04.first", "100000", "改回默认")
    with pytest.raises(RuleChangeNeeded):
        desk.ask(payment, rule_change_no=no)


def test_d3_stop_of_two_rules(desk, people, founded, make_payment, clock):  # C3.3
    payment = make_payment(made_by=people.clerk)
    stop = PlaceHold(
        HoldScope.PAYMENT,
        payment.number,
        HoldCause.RISK_CONTROL,
        "首次付款达到上限（R04），公转私（R12）",
        reason=StopReason.RISK_RULE,
    )
    holds.place(founded, people.checker, stop)
    later(clock)
    no = change_threshold(founded, people.cfo, "R04.first", "200000", "放宽")
    with pytest.raises(RuleChangeNeeded):
        desk.ask(payment, rule_change_no=no)


def test_e1_voided_after_a_decision_is_told_as_edited(desk, people, founded, make_payment):  # C1.2
    payment = make_payment(made_by=people.clerk, stage="DRAFT", amount_minor=50_000_000)
    asked = editing.submit(founded, people.clerk, payment.number, desk.detail(payment).line.version)
    editing.decide(founded, people.checker, Verdict(asked, Decision.APPROVE, "同意", 1))
    desk.edit(payment, amount=Money.parse("400000.00"))
    with pytest.raises(AlreadyDecided) as info:
        editing.decide(founded, people.supervisor, Verdict(asked, Decision.APPROVE, "同意", 2))
    assert "修改" in str(info.value)


def test_f1_waiver_of_a_doubt_does_not_hold_for_a_later_return(
    desk, people, founded, make_payee, make_payment, clock
):  # C3.3
    payee = make_payee()
    to = {"payee": payee, "made_by": people.clerk}
    first = make_payment(**to, amount_minor=7_000_00)
    second = make_payment(**to, amount_minor=6_000_00)
    mine = make_payment(**to, amount_minor=5_000_00)
    desk.send(second)
    returned(desk, first)
    diagnosing.run(founded, people.clerk, SOUND, [mine.number])
    later(clock)
    desk.resume(mine, waivers={"payee.changed": "已当面核实"})
    later(clock)
    # since then: called back, paid, and returned again
    later(clock)
    desk.answer(second, "7", "处理成功")
    later(clock)
    desk.answer(second, "", "账户已冻结，退汇", BankResult.RETURNED)
    with pytest.raises(Refused, match="R10"):
        desk.send(mine)


def test_g1_debt_paid_by_first_try_is_not_paid_again(
    desk, people, founded, make_payment, sent_for_another_invoice
):  # E3.2
    payment, payee = sent_for_another_invoice
    desk.answer(payment, "7", "处理成功")
    check(founded, people, payment, attempt=1)
    again = make_payment(payee=payee, made_by=people.clerk, invoice_no="FP-1")
    with pytest.raises(Refused, match="疑似重复付款"):
        desk.send(again)


def test_g2_same_while_second_is_live(
    desk, people, founded, make_payment, sent_for_another_invoice
):  # E3.2
    payment, payee = sent_for_another_invoice
    check(founded, people, payment, attempt=1)
    again = make_payment(payee=payee, made_by=people.clerk, invoice_no="FP-1")
    with pytest.raises(Refused):
        desk.send(again)


def test_f2_waiver_plain(desk, people, founded, make_payee, make_payment, clock):  # C3.3
    payee = make_payee()
    to = {"payee": payee, "made_by": people.clerk}
    first = make_payment(**to, amount_minor=7_000_00)
    second = make_payment(**to, amount_minor=6_000_00)
    mine = make_payment(**to, amount_minor=5_000_00)
    returned(desk, first)
    diagnosing.run(founded, people.clerk, SOUND, [mine.number])
    desk.resume(mine, waivers={"payee.changed": "银行误退，已当面核实"})
    called_back(desk, payee, second, data_of(desk, second))
    later(clock)
    returned(desk, second, "账户已冻结，退汇")
    with pytest.raises(Refused, match="R10"):
        desk.send(mine)


def test_h2_bank_words_of_a_late_success(desk, people, founded, failed):  # A4.1
    check(founded, people, failed)
    with founded.read() as work:
        row = editing.find_payment(work, failed.number)
        assert row.bank_text != "账号户名不符", (row.stage, row.bank_code, row.bank_text)


def test_b3b_of_two_debits_the_second_comes_back(
    desk, people, founded, sent_again, make_payment, clock
):  # C3.4
    later(clock)
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "7", "处理成功")
    later(clock)
    said = answers.BankAnswer(
        sent_again.number, "", "账户已销户", result=BankResult.RETURNED, attempt=2
    )
    answers.record_answer(founded, people.clerk, said)
    with founded.read() as work:
        payee = work.session.get_one(Payee, sent_again.payee_id)
    with pytest.raises(Refused, match="R10"):
        desk.send(make_payment(payee=payee, made_by=people.clerk, amount_minor=5_000_00))


def test_i1_call_to_one_payee_confirms_no_account_of_another(
    desk, people, make_payee, make_payment
):  # C3.5
    thief, victim = make_payee(phone="021-50009999"), make_payee()
    target = make_payment(
        payee=victim, made_by=people.clerk, payee_account=LETTER, amount_minor=777_00
    )
    with pytest.raises(Refused, match="R10"):
        desk.send(target)
    bait = make_payment(payee=thief, made_by=people.clerk, stage="DRAFT")
    after = {**data_of(desk, bait), "name": victim.name, "account": LETTER}
    called_back(desk, thief, bait, after)
    with pytest.raises(Refused, match="R10"):
        desk.send(target)


def test_k1_correction_beside_earlier_success_doubts(
    desk, people, founded, make_payee, make_payment, clock
):  # C3.4
    """A doubt from a 退票 is not lifted by settling an older payment's other try."""
    payee = make_payee()
    to = {"payee": payee, "made_by": people.clerk}
    first = make_payment(**to)
    desk.send(first)
    later(clock)
    second = make_payment(**to, amount_minor=6_000_00)
    returned(desk, second)
    desk.answer(first, "7", "处理成功")
    with pytest.raises(Refused, match="R10"):
        desk.send(make_payment(**to, amount_minor=5_000_00))


def test_l1_put_back_client(desk, people, founded, failed):  # A4.1
    sent = desk.detail(failed).fields
    desk.edit(failed, payee_name="收款测试99号有限公司", purpose="  x ", channel="EBANK")
    check(founded, people, failed)
    assert desk.detail(failed).fields == sent
    assert broken(founded) == {}


def test_p1_doubting_an_account_leaves_a_trace(
    desk, people, founded, make_payee, make_payment
):  # C4.5
    payee = make_payee()
    payment = make_payment(payee=payee, made_by=people.clerk)
    returned(desk, payment)
    with founded.read() as work:
        rows = work.session.scalars(select(AuditEntry)).all()
    assert ("payee.account_doubted", f"payee:{payee.id}") in {(r.act, r.subject) for r in rows}


def test_q1_two_debits_of_other_content_are_counted(
    desk, people, founded, make_payment, clock
):  # E3.2
    """After: first try's payee differs (name corrected)."""
    payment = make_payment(made_by=people.clerk, invoice_no="FP-1")
    desk.send(payment)
    desk.answer(payment, "6", "账号户名不符")
    later(clock)
    with founded.read() as work:
        payee = work.session.get_one(Payee, payment.payee_id)
    desk.edit(payment, amount=Money.parse("999.00"))
    desk.resume(payment)
    later(clock)
    desk.send(payment)
    check(founded, people, payment, attempt=1)
    desk.answer(payment, "7", "处理成功")
    again = make_payment(payee=payee, made_by=people.clerk)
    with pytest.raises(Refused, match="重复"):
        desk.send(again)


def test_r1_no_change_call_back_of_somebody_elses_doubt(
    desk, people, make_payee, make_payment
):  # C3.5
    thief, victim = make_payee(phone="021-50009999"), make_payee()
    bad = make_payment(payee=victim, made_by=people.clerk)
    returned(desk, bad)
    fresh = make_payment(payee=victim, made_by=people.clerk, amount_minor=777_00)
    with pytest.raises(Refused, match="R10"):
        desk.send(fresh)
    bait = make_payment(payee=thief, made_by=people.clerk, stage="DRAFT")
    called_back(desk, thief, bait, data_of(desk, bad))
    with pytest.raises(Refused, match="R10"):
        desk.send(fresh)


def test_s1_a_returned_account_stays_doubted_under_another_name(
    desk, people, founded, make_payee, make_payment, clock
):  # C3.4
    payee = make_payee()
    payment = make_payment(payee=payee, made_by=people.clerk)
    returned(desk, payment, "户名不符，退汇")
    later(clock)
    with pytest.raises(Refused, match="R10"):
        desk.resume(payment)
    desk.edit(payment, payee_name=payee.name + "上海分公司")
    with pytest.raises(Refused, match="R10"):
        desk.resume(payment)


def test_e2_resumption_voided_after_a_decision(desk, people, founded, failed):  # C1.2
    asked = desk.ask(failed)
    desk.decide(people.checker, asked, 1)
    desk.edit(failed, purpose="货款尾款")
    with pytest.raises(AlreadyDecided, match="修改"):
        desk.decide(people.supervisor, asked, 2)


def test_t1_check_of_tomorrow(desk, people, founded, failed):  # A4.1
    said = RecordCheck(
        failed.number,
        CheckResult.DEBITED,
        "李经理",
        founded.clock.now() + timedelta(days=3),
        "对账单",
    )
    with pytest.raises(Refused):
        answers.record_check(founded, people.clerk, said)


def test_c1_correction_of_the_first_of_two(desk, people, founded, sent_again):  # E4.4
    check(founded, people, sent_again, attempt=1)
    desk.answer(sent_again, "7", "处理成功")
    said = "第 1 次提交银行实未扣款"
    with pytest.raises(Refused, match="2 次提交"):
        corrections.request_correction(founded, people.clerk, sent_again.number, said)
    asked = corrections.request_correction(founded, people.clerk, sent_again.number, said, 1)
    for level, who in enumerate((people.supervisor, people.cfo), start=1):
        verdict = Verdict(asked, Decision.APPROVE, "同意", level)
        corrections.decide_correction(founded, who, verdict)
    assert [one.state for one in desk.detail(sent_again).attempts] == ["SUCCEEDED", "FAILED"]
    assert desk.status(sent_again) is Status.EXECUTED


def test_a_correction_is_of_a_try_that_counts_as_a_success(
    desk, people, founded, sent_again
):  # E4.4
    desk.answer(sent_again, "7", "处理成功")
    with pytest.raises(Refused, match="第 1 次提交"):
        corrections.request_correction(founded, people.clerk, sent_again.number, "银行证明", 1)


@pytest.fixture
def stopped_by_r10(desk, people, founded, make_payee, make_payment):
    """A payment that R10 stopped since another one to the same account came back; its payee."""
    payee = make_payee()
    to = {"payee": payee, "made_by": people.clerk}
    mine = make_payment(**to, amount_minor=5_000_00)
    returned(desk, make_payment(**to))
    diagnosing.run(founded, people.clerk, SOUND, [mine.number])
    return mine, payee


def test_u1_cured_by_call_back_needs_no_rule_change(desk, stopped_by_r10, clock):  # C3.3, C3.5
    mine, payee = stopped_by_r10
    later(clock)
    called_back(desk, payee, mine, data_of(desk, mine))
    assert desk.resume(mine).state is ResumeState.DONE


def test_u1_a_call_back_before_the_stop_answers_nothing(
    desk, people, founded, make_payee, make_payment, clock
):  # C3.3
    payee = make_payee()
    to = {"payee": payee, "made_by": people.clerk}
    mine = make_payment(**to, amount_minor=5_000_00)
    first = make_payment(**to)
    returned(desk, first)
    called_back(desk, payee, mine, data_of(desk, mine))
    later(clock)
    stop = PlaceHold(
        HoldScope.PAYMENT,
        mine.number,
        HoldCause.RISK_CONTROL,
        "收款账户有变（R10）",
        reason=StopReason.RISK_RULE,
    )
    holds.place(founded, people.supervisor, stop)
    with pytest.raises(RuleChangeNeeded):
        desk.ask(mine)
