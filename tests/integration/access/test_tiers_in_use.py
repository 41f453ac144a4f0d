"""A confirmed matrix counts for what is submitted from then on, and not for what runs already."""

from datetime import date

import pytest

from app.access.matrix import confirm, propose
from app.access.model import ApprovalRequest
from app.access.rights import Role
from app.access.rules import Tier
from app.core.money import Money
from app.payments import editing
from app.payments.detail import payment_detail
from app.payments.editing import PaymentFields

STRICT = (
    Tier(Money.parse("10000"), (Role.CHECKER, Role.SUPERVISOR)),
    Tier(None, (Role.CHECKER, Role.CFO, Role.GM)),
)


@pytest.fixture
def submit(founded, people, make_account):
    """Makes and submits a payment of that amount: `submit("10000")` -> the levels it passes."""
    account = make_account().number

    def act(amount):
        fields = PaymentFields(
            account_number=account,
            payee_name="上海华峰精密机械有限公司",
            payee_account="31050161393600000123",
            amount=Money.parse(amount),
            due_on=date(2026, 3, 5),
            channel="EBANK",
            payee_bank="建设银行上海张江支行",
        )
        number = editing.create(founded, people.clerk, fields)
        version = payment_detail(founded, people.clerk, number).line.version
        return editing.submit(founded, people.clerk, number, version)

    return act


def levels(db, request):
    with db.read() as work:
        return list(work.session.get(ApprovalRequest, request).levels)


def test_the_next_submission_passes_the_levels_of_the_new_matrix(
    founded, people, submit
):  # C4.2 E4.4
    running = submit("10000.00")
    number = propose(founded, people.admin, STRICT, "收紧")
    assert levels(founded, submit("10000.00")) == ["CHECKER"]
    confirm(founded, people.cfo, number, True)
    assert levels(founded, submit("10000.00")) == ["CHECKER", "SUPERVISOR"]
    assert levels(founded, submit("10000.01")) == ["CHECKER", "CFO", "GM"]
    assert levels(founded, running) == ["CHECKER"]


def test_a_refused_matrix_leaves_the_next_submission_as_it_was(
    founded, people, submit
):  # C4.2 E4.4
    confirm(founded, people.cfo, propose(founded, people.admin, STRICT, "收紧"), False)
    assert levels(founded, submit("50000.00")) == ["CHECKER"]
