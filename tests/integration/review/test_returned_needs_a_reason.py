"""A 退票 makes a paid payment payable again, so it needs the bank's word."""

import pytest

from app.payments.attempts import BankResult
from app.payments.errors import NoEvidence
from app.payments.states import Status


def test_that_a_return_without_reason_and_reference_is_refused(desk, people, make_payment):  # A4.1
    payment = make_payment(made_by=people.clerk)
    desk.send(payment)
    desk.answer(payment, "7", "处理成功")
    with pytest.raises(NoEvidence):
        desk.answer(payment, result=BankResult.RETURNED)
    assert desk.status(payment) is Status.EXECUTED
