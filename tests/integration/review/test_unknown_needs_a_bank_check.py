"""The unknown is left by a bank check with evidence only, also by a detour."""

import pytest

from app.payments.attempts import BankResult
from app.payments.errors import NoEvidence
from app.payments.states import Stage, Status


def test_that_no_detour_leads_from_the_unknown_to_a_failure_without_evidence(
    desk, people, make_payment
):  # A4.1
    payment = make_payment(made_by=people.clerk)
    desk.send(payment)
    assert desk.answer(payment, text="通讯超时") is Stage.UNKNOWN

    def by_detour():
        desk.answer(payment, text="银行处理中", result=BankResult.PROCESSING)
        desk.answer(payment, text="失败", result=BankResult.FAILED)

    with pytest.raises(NoEvidence):
        by_detour()
    assert desk.detail(payment).checks == ()
    assert desk.status(payment) is not Status.FAILED
