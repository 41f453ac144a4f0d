"""A resumption whose payment was changed can be ended; it does not lock the payment for good."""

from contextlib import suppress

from app.access.approvals import Decision
from app.core.codes import HoldCause
from app.core.errors import Refused
from app.payments import holds
from app.payments.detail import resume_form
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope, ResumeState, Status


def test_that_a_small_edit_does_not_lock_the_payment_in_a_resumption(
    desk, people, founded, make_payment
):  # C4.4
    payment = make_payment(made_by=people.clerk)
    stop = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "待核")
    holds.place(founded, people.checker, stop)
    asked = desk.ask(payment)
    desk.edit(payment, purpose="货款尾款")
    with suppress(Refused):
        desk.decide(people.checker, asked, 1, Decision.REJECT)
    form = resume_form(founded, people.clerk, asked.form_no)
    assert form.state is not ResumeState.IN_APPROVAL
    assert desk.status(payment) is Status.STOPPED
