"""A resumption releases the stops that its approvers saw, and no later one."""

import pytest

from app.accounts.rules import AccountStatus
from app.accounts.service import set_status
from app.core.codes import HoldCause
from app.core.errors import Refused
from app.payments import diagnosing, holds
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope, Status
from tests.integration.review.conftest import SOUND


def test_that_a_stop_of_the_payment_placed_after_the_request_refuses_the_resumption(
    desk, people, founded, make_payment
):  # A5.4
    payment = make_payment(made_by=people.clerk)
    first = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "户名待核")
    holds.place(founded, people.checker, first)
    asked = desk.ask(payment)
    desk.decide(people.checker, asked, 1)
    fraud = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.RISK_CONTROL, "疑似诈骗，勿付")
    holds.place(founded, people.cfo, fraud)
    with pytest.raises(Refused):
        desk.decide(people.supervisor, asked, 2)
    assert desk.status(payment) is not Status.READY
    assert desk.detail(payment).line.holds == 2


def test_that_what_the_program_finds_meanwhile_does_not_stop_it_twice(
    desk, people, founded, make_account, make_payment
):  # A2.2
    account = make_account()
    payment = make_payment(account=account, made_by=people.clerk)
    first = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "户名待核")
    holds.place(founded, people.checker, first)
    desk.ask(payment)
    set_status(founded, people.admin, account.number, AccountStatus.FROZEN, "法院冻结")
    assert diagnosing.run(founded, people.clerk, SOUND, [payment.number]).newly_stopped == ()
    assert desk.detail(payment).line.holds == 1
