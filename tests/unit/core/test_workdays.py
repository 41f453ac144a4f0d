"""Working days (domain.md §2.3): announced holidays only, never a guess."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.core.workdays import UnknownCalendar, Workdays

# (first, last) day off, from the notices
OFF = {
    2025: [(101, 101), (128, 204), (404, 406), (501, 505), (531, 602), (1001, 1008)],
    2026: [(101, 103), (215, 223), (404, 406), (501, 505), (619, 621), (925, 927), (1001, 1007)],
}
WORKING_WEEKENDS = {
    2025: [126, 208, 427, 928, 1011],
    2026: [104, 214, 228, 509, 920, 1010],
}
UNKNOWN = 2099
FULL_NOTICE = {
    date(UNKNOWN, 1, 1): False,
    date(UNKNOWN, 10, 1): False,
    date(UNKNOWN, 10, 2): False,
    date(UNKNOWN, 10, 10): True,
}
in_two_years = st.dates(date(2025, 1, 1), date(2026, 10, 1))


def day_of(year: int, month_and_day: int) -> date:
    return date(year, *divmod(month_and_day, 100))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def expected(day: date) -> bool:
    if any(day_of(day.year, a) <= day <= day_of(day.year, b) for a, b in OFF[day.year]):
        return False
    if day in {day_of(day.year, w) for w in WORKING_WEEKENDS[day.year]}:
        return True
    return day.weekday() < 5


@pytest.mark.parametrize("year", sorted(OFF))
def test_the_shipped_years_follow_the_notice(year):  # A4.4
    calendar = Workdays()
    assert [d for d in days_of(year) if calendar.is_workday(d) is not expected(d)] == []


@pytest.mark.parametrize("year", sorted(OFF))
def test_the_library_agrees_with_the_shipped_table(year):  # A4.4
    calendar = Workdays()
    differing = [
        d for d in days_of(year) if chinese_calendar.is_workday(d) is not calendar.is_workday(d)
    ]
    assert differing == []


def test_years_before_the_shipped_ones_come_from_the_library():  # A4.4
    assert Workdays().is_workday(date(2024, 10, 12))
    assert not Workdays().is_workday(date(2024, 10, 7))


@pytest.mark.parametrize(
    ("start", "following"),
    [
        (date(2026, 2, 14), date(2026, 2, 24)),
        (date(2026, 1, 2), date(2026, 1, 4)),
        (date(2026, 9, 30), date(2026, 10, 8)),
        (date(2025, 12, 31), date(2026, 1, 4)),
        (date(2026, 3, 2), date(2026, 3, 3)),
    ],
)
def test_the_next_working_day_leaps_over_holidays(start, following):  # A4.4
    assert Workdays().next_workday(start) == following


def test_ten_working_days_over_the_national_holiday():  # A4.4
    # 9/28, 29, 30, 10/8, 9, 10 (a Saturday made up for), 12, 13, 14, 15
    assert Workdays().add(date(2026, 9, 27), 10) == date(2026, 10, 15)


def test_no_working_days_later_is_the_same_day():  # A4.4
    assert Workdays().add(date(2026, 10, 1), 0) == date(2026, 10, 1)


@given(in_two_years, st.integers(0, 30))
def test_counting_takes_back_what_adding_gave(start, count):  # A4.4
    calendar = Workdays()
    assert calendar.count_between(start, calendar.add(start, count)) == count


def test_working_days_are_counted_without_the_first_and_with_the_last_day():  # A4.4
    assert Workdays().count_between(date(2026, 9, 30), date(2026, 10, 8)) == 1
    assert Workdays().count_between(date(2026, 3, 2), date(2026, 3, 2)) == 0


def test_counting_backwards_is_refused():  # A4.4
    with pytest.raises(BadInput):
        Workdays().add(date(2026, 3, 2), -1)
    with pytest.raises(BadInput):
        Workdays().count_between(date(2026, 3, 2), date(2026, 3, 1))


def test_a_year_without_a_notice_is_refused_with_its_cure():  # A4.4
    with pytest.raises(UnknownCalendar, match=str(UNKNOWN)) as refused:
        Workdays().is_workday(date(UNKNOWN, 3, 2))
    assert "导入该年度的节假日安排" in refused.value.hint


def test_adding_over_the_border_into_an_unknown_year_is_refused():  # A4.4
    calendar = Workdays({**dict.fromkeys(days_of(UNKNOWN - 1), True), **off(UNKNOWN - 1)})
    assert calendar.add(date(UNKNOWN - 1, 12, 30), 1) == date(UNKNOWN - 1, 12, 31)
    with pytest.raises(UnknownCalendar, match=str(UNKNOWN)):
        calendar.add(date(UNKNOWN - 1, 12, 30), 2)


def off(year: int) -> dict[date, bool]:
    return {date(year, 1, 1): False, date(year, 10, 1): False}


def test_an_imported_notice_makes_the_year_known():  # A4.4
    calendar = Workdays(FULL_NOTICE)
    assert not calendar.is_workday(date(UNKNOWN, 10, 2))
    assert calendar.is_workday(date(UNKNOWN, 10, 10))
    assert calendar.is_workday(date(UNKNOWN, 3, 2))  # a Monday
    assert not calendar.is_workday(date(UNKNOWN, 3, 1))


def test_single_days_of_the_companys_own_are_no_calendar():  # A4.4
    calendar = Workdays({date(UNKNOWN, 3, 2): False})
    assert not calendar.is_workday(date(UNKNOWN, 3, 2))
    with pytest.raises(UnknownCalendar):
        calendar.is_workday(date(UNKNOWN, 3, 3))


def test_the_companys_own_day_wins_over_the_shipped_one():  # A4.4
    assert not Workdays({date(2026, 3, 2): False}).is_workday(date(2026, 3, 2))
    assert Workdays({date(2026, 10, 1): True}).is_workday(date(2026, 10, 1))


def test_holidays_that_are_worked_on_are_no_notice():  # A4.4
    calendar = Workdays({date(UNKNOWN, 1, 1): True, date(UNKNOWN, 10, 1): True})
    with pytest.raises(UnknownCalendar):
        calendar.is_workday(date(UNKNOWN, 3, 2))
