"""The page of 自动扣款 for each of the company's people, and an agreement on it."""

from datetime import date
from functools import partial

import pytest

from app.agreements import service
from app.agreements.fields import AgreementFields
from app.core.money import Money
from ui.agreements.page import AgreementsPage


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def registered(founded, people, account):
    """The number of a new agreement: `registered(payee_name="…")`."""

    def make(**changes):
        given = {
            "account_number": account.number,
            "payee_name": "国网上海市电力公司",
            "starts_on": date(2026, 1, 1),
            "business": "00100",
            "single_limit": Money.parse("50000"),
            "first_debit_on": date(2026, 1, 20),
        }
        return service.register(founded, people.clerk, AgreementFields(**{**given, **changes}))

    return make


@pytest.fixture
def open_page(show_page):
    return partial(show_page, AgreementsPage)
