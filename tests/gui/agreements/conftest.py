"""The page of 自动扣款 for each of the company's people, and an agreement on it."""

from datetime import date

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
def open_page(qtbot, desk, settle):
    """The page for a person, as the main window shows it: it reloads after every act."""
    pages = []

    def show(actor):
        context = desk(actor)
        page = AgreementsPage(context)
        pages.append(page)
        qtbot.addWidget(page)
        context.changed.connect(page.reload)
        page.resize(1280, 800)
        page.show()
        qtbot.waitExposed(page)
        settle()
        return page

    yield show
    # A page that is left reads nothing more.
    for page in pages:
        page.hide()
