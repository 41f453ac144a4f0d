"""The call-back that changes a payment's account goes to the payee of that payment."""

import pytest

from app.core.errors import Refused
from app.payees.changes import AskChange, ConfirmChange, ask
from app.payments.errors import PaymentChanged
from app.payments.payee_cure import ask_change, confirm_change


def test_that_a_call_to_another_payee_changes_no_account(
    desk, people, founded, make_payee, make_payment
):  # C3.5
    payment = make_payment(stage="DRAFT", made_by=people.clerk)
    friend = make_payee(phone="13900001111")
    before = desk.detail(payment).fields
    mine = {
        "name": before.payee_name,
        "account": before.payee_account,
        "bank": before.payee_bank,
        "cnaps": before.payee_cnaps,
    }
    swapped = {**mine, "account": "6222000099998888777"}

    def change():
        asked = AskChange(friend.id, mine, swapped, "换户", payment.number)
        number = ask(founded, people.clerk, asked)
        call = ConfirmChange(number, "13900001111", "张三", accept=True)
        confirm_change(founded, people.checker, call)

    with pytest.raises(Refused):
        change()
    assert desk.detail(payment).fields.payee_account == before.payee_account


def values(desk, payment):
    fields = desk.detail(payment).fields
    return {
        "name": fields.payee_name,
        "account": fields.payee_account,
        "bank": fields.payee_bank,
        "cnaps": fields.payee_cnaps,
    }


def test_that_a_change_is_asked_for_the_payee_of_the_payment_only(
    desk, people, founded, make_payee, make_payment
):  # C3.5
    payment = make_payment(stage="DRAFT", made_by=people.clerk)
    before = values(desk, payment)
    asked = AskChange(
        make_payee().id, before, {**before, "account": "622200009999"}, "换户", payment.number
    )
    with pytest.raises(PaymentChanged):
        ask_change(founded, people.clerk, asked)
    assert desk.detail(payment).changes == ()


def test_that_a_change_asked_on_older_data_does_not_take_effect(
    desk, people, founded, make_payment
):  # C3.5
    payment = make_payment(stage="DRAFT", made_by=people.clerk)
    before = values(desk, payment)
    asked = AskChange(
        payment.payee_id, before, {**before, "account": "622200009999"}, "换户", payment.number
    )
    number = ask_change(founded, people.clerk, asked)
    desk.edit(payment, payee_account="622200008888")
    call = ConfirmChange(number, "021-50001234", "刘会计", accept=True)
    with pytest.raises(PaymentChanged):
        confirm_change(founded, people.checker, call)
    assert desk.detail(payment).fields.payee_account == "622200008888"
