"""A resumption asked for one stop does not let go a payment that the bank refused since."""

from datetime import date, timedelta

import pytest

from app.core.codes import HoldCause
from app.core.errors import Refused
from app.payments import holds
from app.payments.holds import PlaceHold, expire_due
from app.payments.states import HoldScope, Status


def test_that_an_old_request_does_not_resume_what_the_bank_refused_since(
    desk, people, founded, clock, sign_in_as, make_payment
):  # C4.1
    payment = make_payment(made_by=people.clerk)
    stop = PlaceHold(
        HoldScope.PAYMENT,
        payment.number,
        HoldCause.SUSPECTED_ERROR,
        "待核",
        until=date(2026, 3, 2),
    )
    holds.place(founded, people.checker, stop)
    asked = desk.ask(payment)
    desk.decide(people.checker, asked, 1)
    clock.move_to(clock.now() + timedelta(days=1))
    expire_due(founded)

    def go_on():
        desk.send(payment)
        desk.answer(payment, "6", "账号户名不符")
        desk.decide(sign_in_as("supervisor"), asked, 2)

    with pytest.raises(Refused):
        go_on()
    assert desk.status(payment) is not Status.READY
