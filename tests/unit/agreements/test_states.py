"""What dates make of an agreement, and which moves people may make."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.states import (
    AGREEMENT_MOVES,
    CHANGEABLE,
    DEBITABLE,
    AgreementState,
    shown_state,
)

TODAY = date(2026, 3, 2)
KEPT = (
    AgreementState.ACTIVE,
    AgreementState.SUSPENDED,
    AgreementState.CANCELLING,
    AgreementState.CANCELLED,
)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        (0, None, "ACTIVE"),
        (1, None, "PENDING"),
        (-1, 0, "ACTIVE"),
        (-2, -1, "EXPIRED"),
        (0, 0, "ACTIVE"),
    ],
)
def test_an_agreement_begins_and_ends_by_its_dates(starts, ends, state):  # D2.4
    last = None if ends is None else TODAY + timedelta(days=ends)
    first = TODAY + timedelta(days=starts)
    assert shown_state(AgreementState.ACTIVE, first, last, TODAY) == state


def test_a_suspended_one_expires_and_does_not_wake_up():  # D2.4
    yesterday = TODAY - timedelta(days=1)
    kept = AgreementState.SUSPENDED
    assert shown_state(kept, TODAY - timedelta(days=9), yesterday, TODAY) == "EXPIRED"
    assert shown_state(kept, TODAY + timedelta(days=9), None, TODAY) == "SUSPENDED"


@given(st.sampled_from(("CANCELLING", "CANCELLED")), days, st.none() | days, days)
def test_what_is_being_cancelled_waits_for_the_bank_beyond_its_last_day(
    kept, starts, ends, today
):  # D5.1
    assert shown_state(AgreementState(kept), starts, ends, today) == kept


@given(st.sampled_from(KEPT), days, st.none() | days, days)
def test_every_agreement_has_one_of_the_states(kept, starts, ends, today):  # D2.1
    assert shown_state(kept, starts, ends, today) in AGREEMENT_MOVES


def test_what_is_over_can_neither_be_changed_nor_moved():  # D2.4
    for state in (AgreementState.CANCELLED, AgreementState.EXPIRED):
        assert AGREEMENT_MOVES[state] == frozenset()
        assert state not in CHANGEABLE | DEBITABLE


def test_cancelled_is_reached_from_being_cancelled_only():  # D5.1
    ways = {state for state, targets in AGREEMENT_MOVES.items() if "CANCELLED" in targets}
    assert ways == {AgreementState.CANCELLING}
