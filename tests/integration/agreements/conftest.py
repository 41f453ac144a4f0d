"""Agreements to work on."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.agreements import cancelling, confirming, prospects, service
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.confirming import RecordConfirmation
from app.agreements.fields import AgreementFields
from app.agreements.states import Answer, Method
from app.core.money import Money
from app.letters.states import Carrier, Party

WISHED = date(2026, 3, 31)


@pytest.fixture
def filled(make_account):
    """What a clerk fills in, for an account that exists: `filled(number="XY-1")`."""
    account = make_account()

    def fill(**changes):
        fields = AgreementFields(
            account_number=account.number,
            payee_name="国网上海市电力公司",
            starts_on=date(2026, 1, 1),
            business="00100",
            customer_no="3100882211",
            single_limit=Money.parse("50000"),
            first_debit_on=date(2026, 1, 20),
        )
        return replace(fields, **changes)

    return fill


@pytest.fixture
def registered(founded, people, filled):
    """The number of a new agreement: `registered(bank_no="ICBC-1")`."""

    def make(**changes):
        return service.register(founded, people.clerk, filled(**changes))

    return make


def row(db, number, method=Method.TRANSFER):
    """The row as somebody fills it in who looked at everything."""
    with db.read() as work:
        agreement = service.find_agreement(work, number)
        ticks = {one.code: one.value for one in prospects.checklist_of(work, agreement)}
        return CancelRow(number, agreement.version, ticks, method)


@pytest.fixture
def ask(founded, people):
    def send(*numbers, **changes):
        rows = tuple(row(founded, number) for number in numbers)
        typed = numbers[0] if len(numbers) == 1 else ""
        command = RequestCancel(rows, "改为人工付款", WISHED, "clerk", typed=typed)
        return cancelling.request(founded, people.clerk, replace(command, **changes))

    return send


@pytest.fixture
def decide(founded, people):
    def send(asked, decision=Decision.APPROVE, who=None, remark="同意"):
        verdict = Verdict(asked.approval_id, decision, remark, 1)
        return cancelling.decide(founded, who or people.supervisor, verdict)

    return send


@pytest.fixture
def answer(founded, people):
    def send(number, party=Party.BANK, said=Answer.TERMINATED, **changes):
        command = RecordConfirmation(
            number,
            party,
            said,
            date(2026, 3, 2),
            Carrier.COUNTER,
            "张江支行 李柜员",
            "回执原件 1 份，存档 H-12",
            effective_on=date(2026, 3, 16),
        )
        return confirming.record_confirmation(founded, people.clerk, replace(command, **changes))

    return send
