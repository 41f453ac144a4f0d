"""A waiver passes over a finding that approvers saw, not over whatever the check finds later."""

import pytest

from app.core.codes import HoldCause
from app.core.errors import Refused
from app.payments import holds
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope, Status


@pytest.fixture
def stopped_pair(desk, people, founded, make_payee, make_payment):
    payee = make_payee()
    pair = []
    for amount in (100_000, 100_100):
        payment = make_payment(
            payee=payee, invoice_no="FP-88", amount_minor=amount, made_by=people.clerk
        )
        stop = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "待核")
        holds.place(founded, people.checker, stop)
        pair.append(payment)
    return pair


def test_that_a_waived_likeness_does_not_hold_once_the_other_one_was_paid(
    desk, stopped_pair
):  # E3.2
    one, other = stopped_pair
    for payment in (one, other):
        desk.resume(payment, waivers={"duplicate.same": "另一笔将作废"})
    desk.send(one)
    desk.answer(one, "7", "处理成功")
    with pytest.raises(Refused):
        desk.send(other)
    assert desk.status(other) is not Status.SUBMITTED


def test_that_a_check_which_found_nothing_can_not_be_waived_in_advance(
    desk, people, founded, make_payment
):  # C3.3
    payment = make_payment(made_by=people.clerk)
    stop = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "待核")
    holds.place(founded, people.checker, stop)
    with pytest.raises(Refused):
        desk.ask(payment, waivers={"duplicate.same": "备用"})
