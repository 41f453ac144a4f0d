"""A waiver passes over a finding that approvers saw, not over whatever the check finds later."""

import pytest

from app.access.approvals import Decision, Verdict
from app.core.codes import HoldCause
from app.core.errors import Refused
from app.core.money import Money
from app.payments import editing, holds
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


def test_that_a_waiver_does_not_come_back_with_an_edit_that_is_taken_back(
    desk, people, founded, make_payment
):  # C3.3
    letter = "6222009999888877776"
    payment = make_payment(made_by=people.clerk, payee_account=letter)
    stop = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "待核")
    holds.place(founded, people.checker, stop)
    desk.resume(payment, waivers={"payee.changed": "已电话确认"})
    for amount in ("1000.01", "1000.00"):
        desk.edit(payment, amount=Money.parse(amount))
    version = desk.detail(payment).line.version
    asked = editing.submit(founded, people.clerk, payment.number, version)
    verdict = Verdict(asked, Decision.APPROVE, "同意", 1)  # knows nothing of the waiver
    editing.decide(founded, people.checker, verdict)
    assert desk.status(payment) is Status.READY
    with pytest.raises(Refused, match="R10"):
        desk.send(payment)


def test_that_a_check_which_found_nothing_can_not_be_waived_in_advance(
    desk, people, founded, make_payment
):  # C3.3
    payment = make_payment(made_by=people.clerk)
    stop = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "待核")
    holds.place(founded, people.checker, stop)
    with pytest.raises(Refused):
        desk.ask(payment, waivers={"duplicate.same": "备用"})
