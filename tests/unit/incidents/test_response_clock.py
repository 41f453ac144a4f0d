"""The clock of a response, in working minutes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.rights import Role
from app.core.clock import SHANGHAI
from app.core.workdays import Workdays
from app.incidents.response_clock import (
    Moments,
    Target,
    WorkingHours,
    clocks,
    escalation,
    hours_of,
    span_text,
)
from app.incidents.states import Severity
from app.payments.thresholds import defaults

DAY = Workdays()
HOURS = hours_of(defaults(), DAY, SHANGHAI)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20), timezones=st.just(UTC))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-02 10:00", "2026-03-02 10:30", 30),
        ("2026-03-02 08:00", "2026-03-02 09:10", 10),
        ("2026-03-02 17:50", "2026-03-03 09:10", 20),
        # Friday evening to Monday morning: a weekend counts for nothing.
        ("2026-03-06 17:00", "2026-03-09 10:00", 120),
        # 国庆 2026-10-01 … 10-07; 10-10 is worked on (domain.md §2.3).
        ("2026-09-30 17:00", "2026-10-08 10:00", 120),
        ("2026-10-09 17:00", "2026-10-10 10:00", 120),
        ("2026-03-02 10:00", "2026-03-02 09:00", 0),
        ("2026-03-02 20:00", "2026-03-02 22:00", 0),
    ],
)
def test_that_only_working_time_counts(start, end, minutes):  # F4.1
    assert HOURS.minutes(at(start), at(end)) == minutes


@given(instants, st.integers(1, 3000))
def test_that_the_limit_is_reached_when_its_minutes_have_passed(start, limit):  # F4.1
    due = HOURS.after(start, limit)
    assert HOURS.minutes(start, due) == limit
    assert HOURS.minutes(start, due - timedelta(minutes=1)) == limit - 1


@given(instants, instants, instants)
def test_that_time_adds_up(a, b, c):  # F4.1
    first, middle, last = sorted((a, b, c))
    whole = HOURS.minutes(first, last)
    parts = HOURS.minutes(first, middle) + HOURS.minutes(middle, last)
    # Each span is rounded down to whole minutes.
    assert whole - 1 <= parts <= whole


def moments(severity=Severity.P1, **known):
    given_ = {"owned": None, "caused": None, "resolved": None}
    return Moments(severity, at("2026-03-02 10:00"), **{**given_, **known})


def test_that_each_severity_has_its_limits():  # F4.1
    found = clocks(moments(), at("2026-03-02 10:20"), HOURS, defaults())
    assert [(one.target, one.limit, one.left) for one in found] == [
        (Target.RESPOND, 30, 10),
        (Target.CAUSE, 120, 100),
        (Target.RESOLVE, 540, 520),
    ]
    assert found[0].text == "距接手时限 10 分钟"
    small = clocks(moments(Severity.P3), at("2026-03-02 10:20"), HOURS, defaults())
    assert [one.limit for one in small] == [540, 1620, 5400]


def test_that_a_clock_stands_once_it_is_done():  # F4.1
    owned = at("2026-03-02 10:50")
    found = clocks(moments(owned=owned), at("2026-03-05 10:00"), HOURS, defaults())
    assert (found[0].used, found[0].done, found[0].late) == (50, True, True)
    assert found[0].text == "接手用时 50 分钟，超时 20 分钟"


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-03-02 10:30", ()),
        ("2026-03-02 10:31", (Role.SUPERVISOR,)),
        ("2026-03-02 10:45", (Role.SUPERVISOR,)),
        ("2026-03-02 10:46", (Role.SUPERVISOR, Role.CFO)),
        ("2026-03-02 11:01", (Role.SUPERVISOR, Role.CFO, Role.GM)),
    ],
)
def test_that_the_chain_rises_with_the_delay(now, told):  # F4.2
    found = clocks(moments(), at(now), HOURS, defaults())
    assert escalation(found, defaults()) == told


def test_that_nobody_is_told_of_what_is_over():  # F4.2
    done = moments(
        owned=at("2026-03-02 12:00"), caused=at("2026-03-03 12:00"), resolved=at("2026-03-04 12:00")
    )
    assert escalation(clocks(done, at("2026-03-09 12:00"), HOURS, defaults()), defaults()) == ()


def test_that_a_day_without_end_is_a_whole_day():
    odd = hours_of({**defaults(), "S00.opens": "18:00", "S00.closes": "09:00"}, DAY, SHANGHAI)
    assert (odd.opens, odd.closes) == (time(), time(23, 59))


def test_that_own_days_of_the_company_count():
    own = WorkingHours(time(9), time(18), Workdays({date(2026, 3, 2): False}))
    assert own.minutes(at("2026-03-02 10:00"), at("2026-03-02 12:00")) == 0


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 分钟"), (59, "59 分钟"), (60, "1 小时"), (185, "3 小时 5 分钟")]
)
def test_that_spans_read_as_people_say_them(minutes, text):
    assert span_text(minutes) == text
