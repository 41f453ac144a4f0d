"""A call-back proves something only on a number that was known before the letter came (C3.5)."""

from datetime import timedelta

import pytest

from app.core.errors import BadInput
from app.payees.changes import (
    AskChange,
    ChangeState,
    ConfirmChange,
    ask,
    confirm,
    find_change,
)
from app.payees.contacts import ContactSource, RegisterContact, contact_card, register_contact

PHONE = "0512-85130348"


def register(founded, people, payee):
    version = contact_card(founded, people.clerk, payee.id).version
    command = RegisterContact(
        payee.id, PHONE, "陆建平", ContactSource.CONTRACT, "合同第 12 条", version
    )
    register_contact(founded, people.supervisor, command)


def asked(founded, people, payee):
    mine = {"name": payee.name, "account": "31001", "bank": "建行", "cnaps": ""}
    change = AskChange(payee.id, mine, {**mine, "account": "622200009999"}, "来函换户")
    return ask(founded, people.clerk, change)


def call_back(founded, people, number, accept=True):
    call = ConfirmChange(number, PHONE, "陆建平", accept, "已拨打")
    confirm(founded, people.checker, call, lambda _act, _change: None)


def test_that_without_a_registered_number_nothing_is_confirmed(founded, people, make_payee):  # C3.5
    number = asked(founded, people, make_payee(phone=""))
    with pytest.raises(BadInput, match="没有登记联系电话"):
        call_back(founded, people, number)
    call_back(founded, people, number, accept=False)


def test_that_refusing_a_change_needs_no_invented_call(founded, people, make_payee):  # C3.5
    number = asked(founded, people, make_payee(phone=""))
    refusal = ConfirmChange(number, "", "", False, "没有登记电话，无法回拨")
    confirm(founded, people.checker, refusal, lambda _act, _change: None)
    with founded.read() as work:
        assert find_change(work, number).state == ChangeState.REFUSED


def test_that_a_number_registered_after_the_request_does_not_count(
    founded, people, make_payee, clock
):  # C3.5
    payee = make_payee(phone="")
    number = asked(founded, people, payee)
    clock.move_to(clock.now() + timedelta(minutes=1))
    register(founded, people, payee)
    with pytest.raises(BadInput, match="申请变更之后"):
        call_back(founded, people, number)


def test_that_a_number_registered_before_the_request_is_called(
    founded, people, make_payee, clock
):  # C3.5
    payee = make_payee(phone="")
    register(founded, people, payee)
    clock.move_to(clock.now() + timedelta(minutes=1))
    call_back(founded, people, asked(founded, people, payee))


def test_that_the_asker_does_not_bring_the_number(
    founded, people, add_person, sign_in_as, make_payee
):
    add_person("both", "李兼岗", "MAKER", "SUPERVISOR")  # C3.5
    both = sign_in_as("both")
    payee = make_payee(phone="")
    version = contact_card(founded, both, payee.id).version
    command = RegisterContact(payee.id, PHONE, "陆建平", ContactSource.CONTRACT, "合同", version)
    register_contact(founded, both, command)
    mine = {"name": payee.name, "account": "31001", "bank": "建行", "cnaps": ""}
    number = ask(
        founded, both, AskChange(payee.id, mine, {**mine, "account": "622200009999"}, "换户")
    )
    with pytest.raises(BadInput, match="申请人本人"):
        call_back(founded, people, number)
