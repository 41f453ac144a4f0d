"""Invoice and order name the obligation; changing them after approval asks for approval again."""

import pytest

from app.core.errors import Refused
from app.payments.states import Status


def test_that_another_invoice_number_does_not_let_an_approved_twin_leave(
    desk, people, make_payee, make_payment
):  # E3.2
    payee = make_payee()
    paid = make_payment(payee=payee, invoice_no="FP-1", made_by=people.clerk)
    desk.send(paid)
    desk.answer(paid, "7", "处理成功")
    twin = make_payment(payee=payee, invoice_no="FP-1", amount_minor=99, made_by=people.clerk)
    with pytest.raises(Refused):
        desk.send(twin)
    desk.edit(twin, invoice_no="FP-2")
    with pytest.raises(Refused):
        desk.send(twin)
    assert desk.status(twin) is Status.DRAFT
