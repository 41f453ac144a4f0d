"""Each promise names what breaks it: rows are changed behind the program's back."""

import pytest

from app.core.codes import HoldCause
from app.payments import editing, holds
from app.payments.holds import PlaceHold
from app.payments.invariants import examine
from app.payments.states import HoldScope


@pytest.fixture
def draft(make_payment, people):
    return make_payment(stage="DRAFT", made_by=people.clerk)


def broken(db):
    with db.read() as work:
        return {promise.code for promise in examine(work) if not promise.ok}


def tamper(db, sql):
    with db.engine.begin() as connection:
        connection.exec_driver_sql(sql)


def test_that_ordinary_acts_break_no_promise(founded, people, draft):  # B2.4
    editing.submit(founded, people.clerk, draft.number, draft.version)
    holds.place(
        founded, people.checker, PlaceHold(HoldScope.PAYMENT, draft.number, HoldCause.OTHER, "查")
    )
    assert broken(founded) == set()


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE payment SET status = 'STOPPED'", "stopped"),
        ("UPDATE payment SET stage = 'READY', status = 'READY'", "ready"),
        ("UPDATE payment SET stage = 'EXECUTED'", "resting"),
        ("UPDATE payment SET stage = 'UNKNOWN', status = 'UNKNOWN'", "at_bank"),
        ("UPDATE payment_total SET payments = payments + 1", "totals"),
    ],
)
def test_that_a_changed_payment_is_named(founded, draft, sql, code):  # B2.4
    tamper(founded, sql)
    assert code in broken(founded)


def test_that_a_hold_released_behind_the_back_is_named(founded, people, draft):  # B2.4
    holds.place(
        founded, people.checker, PlaceHold(HoldScope.PAYMENT, draft.number, HoldCause.OTHER, "查")
    )
    tamper(founded, "UPDATE hold SET state = 'RELEASED'")
    assert {"stopped", "covers"} <= broken(founded)


def test_that_a_maker_slipped_in_as_approver_is_named(founded, people, draft):  # E4.4
    from app.access.approvals import Decision, Verdict

    asked = editing.submit(founded, people.clerk, draft.number, draft.version)
    editing.decide(founded, people.checker, Verdict(asked, Decision.APPROVE, "", 1))
    tamper(founded, f"UPDATE approval_request SET makers = '[{people.checker.user_id}]'")
    assert broken(founded) == {"own"}
