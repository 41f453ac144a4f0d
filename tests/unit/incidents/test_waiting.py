"""When somebody is asked again, and what a contract is worth today."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.workdays import Workdays
from app.incidents.contacts.directory import SOON, ContractState, contract_state
from app.incidents.contacts.waiting import MOST_DAYS, next_question

CALENDAR = Workdays()
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 10, 31))


@given(days_of_2026, st.integers(1, MOST_DAYS))
def test_that_the_next_question_is_a_working_day_so_many_working_days_on(today, every):  # F4.3
    found = next_question(today, every, CALENDAR)
    assert CALENDAR.is_workday(found)
    between = [today + timedelta(days=n) for n in range(1, (found - today).days + 1)]
    assert sum(CALENDAR.is_workday(day) for day in between) == every


def test_that_a_holiday_is_no_day_of_the_wait():  # F4.3
    # 2026-10-01 to 10-07 are off; 10-10 is a working Saturday (domain.md §2.3).
    assert next_question(date(2026, 9, 30), 1, CALENDAR) == date(2026, 10, 8)
    assert next_question(date(2026, 10, 9), 1, CALENDAR) == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("number", "until", "state"),
    [
        ("", None, ContractState.NONE),
        ("HT-1", None, ContractState.VALID),
        ("HT-1", date(2026, 3, 1), ContractState.OVER),
        ("HT-1", date(2026, 3, 2), ContractState.ENDING),
        ("", date(2026, 3, 2) + SOON, ContractState.ENDING),
        ("HT-1", date(2026, 3, 2) + SOON + timedelta(days=1), ContractState.VALID),
    ],
)
def test_that_the_last_day_of_a_contract_counts(number, until, state):  # F4.3
    assert contract_state(number, until, date(2026, 3, 2)) is state
