"""When an agreement debits next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.rhythm import Rhythm, debits_between, next_debit

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
regular = st.sampled_from([one for one in Rhythm if one is not Rhythm.IRREGULAR])


@pytest.mark.parametrize(
    ("rhythm", "first", "after", "expected"),
    [
        ("MONTHLY", date(2026, 1, 15), date(2026, 3, 2), date(2026, 3, 15)),
        ("MONTHLY", date(2026, 1, 15), date(2026, 3, 15), date(2026, 3, 15)),
        ("MONTHLY", date(2026, 1, 15), date(2026, 3, 16), date(2026, 4, 15)),
        ("MONTHLY", date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28)),
        ("MONTHLY", date(2026, 1, 31), date(2026, 3, 1), date(2026, 3, 31)),
        ("MONTHLY", date(2023, 12, 30), date(2024, 2, 1), date(2024, 2, 29)),
        ("QUARTERLY", date(2025, 11, 10), date(2026, 3, 2), date(2026, 5, 10)),
        ("YEARLY", date(2024, 2, 29), date(2026, 1, 1), date(2026, 2, 28)),
        ("WEEKLY", date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 6)),
        ("MONTHLY", date(2026, 6, 1), date(2026, 3, 2), date(2026, 6, 1)),
    ],
)
def test_the_next_day_follows_from_the_first(rhythm, first, after, expected):  # D2.3
    assert next_debit(Rhythm(rhythm), first, after, None) == expected


def test_nobody_knows_the_day_of_an_irregular_one():  # D2.3
    today = date(2026, 3, 2)
    assert next_debit(Rhythm.IRREGULAR, today, today, None) is None
    assert next_debit(Rhythm.MONTHLY, None, today, None) is None


def test_nothing_is_due_after_the_last_day():  # D2.3
    first = date(2026, 1, 15)
    assert next_debit(Rhythm.MONTHLY, first, date(2026, 3, 2), date(2026, 3, 14)) is None
    assert next_debit(Rhythm.MONTHLY, first, date(2026, 3, 2), date(2026, 3, 15)) is not None


@given(regular, days, days)
def test_the_next_day_is_not_before_and_never_skips_one(rhythm, first, after):  # D2.3
    found = next_debit(rhythm, first, after, None)
    assert found >= max(first, after)
    if found > after:
        assert next_debit(rhythm, first, found - timedelta(days=1), None) == found


@given(regular, days, days, st.integers(0, 400))
def test_all_days_between_are_each_the_next_of_the_one_before(rhythm, first, start, length):  # E2.3
    end = start + timedelta(days=length)
    found = debits_between(rhythm, first, start, end)
    assert found == sorted(set(found))
    assert all(start <= day <= end for day in found)
    one_by_one = [day for day in _days(start, end) if next_debit(rhythm, first, day, None) == day]
    assert found == one_by_one


def _days(start, end):
    return [start + timedelta(days=step) for step in range((end - start).days + 1)]
