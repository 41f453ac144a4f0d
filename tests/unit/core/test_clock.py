"""Instants and business days."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import (
    FixedClock,
    SystemClock,
    business_date,
    iso,
    local_seconds,
    local_text,
    zone,
)

instants = st.integers(0, 4 * 10**15).map(
    lambda micro: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)
)
LATE = datetime(2026, 3, 1, 16, 0, 9, tzinfo=UTC)


def test_the_business_day_begins_at_midnight_in_shanghai():  # B5.1
    assert business_date(LATE - timedelta(seconds=10)) == date(2026, 3, 1)
    assert business_date(LATE) == date(2026, 3, 2)


def test_another_place_may_have_another_day():  # B5.1
    assert business_date(LATE, zone("Europe/London")) == date(2026, 3, 1)


def test_users_read_their_own_time():  # B5.1
    assert local_text(LATE) == "2026-03-02 00:00"
    assert local_seconds(LATE) == "2026-03-02 00:00:09"
    assert local_text(None) == local_seconds(None) == ""


@given(instants)
def test_the_written_instant_reads_back(at):  # B5.4
    assert datetime.fromisoformat(iso(at)) == at


@given(instants, instants)
def test_the_order_of_written_instants_is_the_order_of_time(one, other):  # B5.4
    assert (iso(one) < iso(other)) is (one < other)


def test_one_instant_is_written_in_one_way():  # B5.4
    there = LATE.astimezone(timezone(timedelta(hours=8)))
    assert iso(there) == iso(LATE) == "2026-03-01T16:00:09.000000+00:00"


def test_a_fixed_clock_stands_until_it_is_moved():  # B5.1
    clock = FixedClock(LATE.astimezone(zone("Asia/Shanghai")))
    assert clock.now() == LATE
    assert clock.now().tzinfo is UTC
    clock.move_to(LATE + timedelta(hours=1))
    assert clock.now() == LATE + timedelta(hours=1)


def test_the_machines_clock_tells_its_zone():  # B5.1
    assert SystemClock().now().utcoffset() == timedelta(0)
