"""A payment that leaves today is compared with what left lately, whatever day it is planned for."""

from datetime import date

import pytest

from app.core.errors import Refused
from app.payments.states import Status


def test_that_another_planned_day_does_not_let_a_twin_of_the_unknown_leave(
    desk, people, make_payee, make_payment
):  # A4.1
    payee = make_payee()
    unknown = make_payment(payee=payee, made_by=people.clerk)
    # Alone on its way, so that the likeness does not stop it already.
    desk.send(unknown)
    desk.answer(unknown, text="通讯超时")
    twin = make_payment(payee=payee, made_by=people.clerk)
    with pytest.raises(Refused):
        desk.send(twin)
    desk.edit(twin, due_on=date(2026, 5, 20))
    with pytest.raises(Refused):
        desk.send(twin)
    assert desk.status(twin) is not Status.SUBMITTED
