"""What was approved for a day does not leave before it."""

from datetime import date, timedelta

import pytest

from app.payments.errors import NotDue
from app.payments.states import Status


def test_that_a_payment_is_not_sent_before_its_planned_day(
    desk, people, make_payment, clock
):  # A1.2
    payment = make_payment(made_by=people.clerk, due_on=date(2026, 3, 3))
    with pytest.raises(NotDue, match="2026-03-03"):
        desk.send(payment)
    assert desk.status(payment) is Status.READY
    clock.move_to(clock.now() + timedelta(days=1))
    desk.send(payment)
    assert desk.status(payment) is Status.SUBMITTED
