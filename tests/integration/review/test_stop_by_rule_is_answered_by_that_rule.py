"""C3.3: the rule change belongs to the rule that stopped the payment, and came after the stop."""

from datetime import timedelta

import pytest

from app.core.codes import HoldCause, StopReason
from app.payments import holds
from app.payments.errors import RuleChangeNeeded
from app.payments.flow import RULE_STOP
from app.payments.holds import PlaceHold
from app.payments.resume_view import situation
from app.payments.rule_changes import change_threshold
from app.payments.states import HoldScope, Status
from tests.integration.review.conftest import SOUND


@pytest.fixture
def stopped(desk, people, founded, make_payment, clock):
    payment = make_payment(made_by=people.clerk)
    change_threshold(founded, people.cfo, "R04.first", "150000", "早先的调整")
    clock.move_to(clock.now() + timedelta(minutes=1))
    stop = PlaceHold(
        HoldScope.PAYMENT,
        payment.number,
        HoldCause.RISK_CONTROL,
        "首次付款达到上限（R04）",
        reason=StopReason.RISK_RULE,
    )
    holds.place(founded, people.checker, stop)
    return payment


def test_that_an_older_change_of_the_rule_does_not_answer(desk, stopped):  # C3.3
    with pytest.raises(RuleChangeNeeded, match="无关、早于停付"):
        desk.ask(stopped, rule_change_no="GZ-2026-0001")


def test_that_a_change_of_another_rule_does_not_answer(desk, people, founded, stopped):  # C3.3
    other = change_threshold(founded, people.cfo, "R06.window", "20", "另一规则")
    with pytest.raises(RuleChangeNeeded, match="无关、早于停付"):
        desk.ask(stopped, rule_change_no=other)


def test_that_a_change_which_was_taken_back_does_not_answer(
    desk, people, founded, stopped, clock
):  # C3.3
    up = change_threshold(founded, people.cfo, "R04.first", "200000", "业务扩大")
    clock.move_to(clock.now() + timedelta(minutes=1))
    back = change_threshold(founded, people.cfo, "R04.first", "150000", "改回")
    assert situation(founded, people.clerk, stopped.number, SOUND).seen.answering == frozenset()
    for number in (up, back):
        with pytest.raises(RuleChangeNeeded, match="已被改回"):
            desk.ask(stopped, rule_change_no=number)


def test_that_of_several_changes_the_one_in_force_answers(
    desk, people, founded, stopped, clock
):  # C3.3
    change_threshold(founded, people.cfo, "R04.first", "200000", "业务扩大")
    clock.move_to(clock.now() + timedelta(minutes=1))
    last = change_threshold(founded, people.cfo, "R04.first", "180000", "再调整")
    assert situation(founded, people.clerk, stopped.number, SOUND).seen.answering == {last}
    assert desk.ask(stopped, rule_change_no=last).form_no == "HF-2026-0001"


def test_that_a_change_taken_back_while_it_was_being_approved_lets_nothing_go(
    desk, people, founded, stopped, clock
):  # C3.3
    up = change_threshold(founded, people.cfo, "R04.first", "200000", "业务扩大")
    asked = desk.ask(stopped, rule_change_no=up)
    desk.decide(people.checker, asked, 1)
    clock.move_to(clock.now() + timedelta(minutes=1))
    change_threshold(founded, people.cfo, "R04.first", "150000", "改回")
    with pytest.raises(RuleChangeNeeded, match="已被改回"):
        desk.decide(people.supervisor, asked, 2)
    assert desk.status(stopped) is Status.RESUME_PENDING


def test_that_the_waiver_of_another_rule_does_not_answer(
    desk, people, founded, make_payment
):  # C3.3
    letter = "6222009999888877776"
    payment = make_payment(made_by=people.clerk, payee_account=letter)  # R10 finds
    stop = PlaceHold(
        HoldScope.PAYMENT,
        payment.number,
        HoldCause.RISK_CONTROL,
        "与往来不符（R02）",
        reason=StopReason.RISK_RULE,
    )
    holds.place(founded, people.checker, stop)
    with pytest.raises(RuleChangeNeeded):
        desk.ask(payment, waivers={"payee.changed": "已电话确认"})
    both = {"payee.changed": "已电话确认", RULE_STOP: "总经理已知悉"}
    assert desk.ask(payment, waivers=both).form_no == "HF-2026-0001"


def test_that_the_waiver_of_the_very_rule_answers(desk, people, founded, make_payment):  # C3.3
    letter = "6222009999888877776"
    payment = make_payment(made_by=people.clerk, payee_account=letter)
    stop = PlaceHold(
        HoldScope.PAYMENT,
        payment.number,
        HoldCause.RISK_CONTROL,
        "收款账户变更（R10）",
        reason=StopReason.RISK_RULE,
    )
    holds.place(founded, people.checker, stop)
    waivers = {"payee.changed": "已电话确认"}
    assert desk.ask(payment, waivers=waivers).form_no == "HF-2026-0001"


def test_that_a_change_of_the_rule_since_the_stop_answers(desk, people, founded, stopped):  # C3.3
    fresh = change_threshold(founded, people.cfo, "R04.first", "200000", "业务扩大")
    seen = situation(founded, people.clerk, stopped.number, SOUND).seen
    assert seen.answering == {fresh}
    assert desk.ask(stopped, rule_change_no=fresh).form_no == "HF-2026-0001"


def test_that_the_stop_itself_may_be_waived_with_a_reason(desk, stopped):  # C3.3
    with pytest.raises(RuleChangeNeeded):
        desk.ask(stopped, waivers={RULE_STOP: "  "})
    assert desk.ask(stopped, waivers={RULE_STOP: "总经理已知悉"}).form_no == "HF-2026-0001"


def test_that_no_stop_by_a_rule_is_waived_where_none_is(desk, people, founded, make_payment):
    payment = make_payment(made_by=people.clerk)  # C3.3
    stop = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "待核")
    holds.place(founded, people.checker, stop)
    with pytest.raises(RuleChangeNeeded):
        desk.ask(payment, waivers={RULE_STOP: "备用"})
