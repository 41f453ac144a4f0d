"""Agreements to work on."""

from dataclasses import replace
from datetime import date

import pytest

from app.agreements import service
from app.agreements.fields import AgreementFields
from app.core.money import Money


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
