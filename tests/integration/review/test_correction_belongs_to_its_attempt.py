"""A correction says that one attempt failed; it says nothing of a later attempt."""

import pytest

from app.access.approvals import Decision, Verdict
from app.core.errors import Refused
from app.payments import corrections
from app.payments.attempts import BankResult
from app.payments.states import Status


@pytest.fixture
def corrected(desk, people, founded, make_payment):
    """Paid, asked to be corrected (first level passed), then returned by the bank and resumed."""
    payment = make_payment(made_by=people.clerk)
    desk.send(payment)
    desk.answer(payment, "7", "处理成功")
    asked = corrections.request_correction(founded, people.clerk, payment.number, "供应商未收到")
    corrections.decide_correction(
        founded, people.supervisor, Verdict(asked, Decision.APPROVE, "", 1)
    )
    desk.answer(payment, "", "退汇", BankResult.RETURNED)
    desk.resume(payment, waivers={"payee.changed": "已与收款方重新核实"})
    desk.send(payment)
    return payment, asked


def test_that_an_old_correction_does_not_fail_an_attempt_that_is_on_its_way(
    desk, people, founded, corrected
):  # E4.4
    payment, asked = corrected
    with pytest.raises(Refused):
        corrections.decide_correction(founded, people.cfo, Verdict(asked, Decision.APPROVE, "", 2))
    assert desk.status(payment) is Status.SUBMITTED


def test_that_an_old_correction_does_not_fail_a_later_success(
    desk, people, founded, corrected
):  # E4.4
    payment, asked = corrected
    desk.answer(payment, "7", "处理成功")
    with pytest.raises(Refused):
        corrections.decide_correction(founded, people.cfo, Verdict(asked, Decision.APPROVE, "", 2))
    assert desk.status(payment) is Status.EXECUTED
