"""What the end of an agreement brings."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.agreements.impact import Subject, impact_of
from app.agreements.rhythm import Rhythm
from app.core.money import Money

TODAY, DONE = date(2026, 3, 2), date(2026, 3, 16)
RENT = Subject(
    "XY-1",
    Rhythm.MONTHLY,
    date(2025, 1, 10),
    None,
    Money.parse("5000"),
    (),
    None,
    30,
    "0.0005",
    "违约金一个月租金",
)


def test_debits_before_the_bank_is_done_cannot_be_recalled():  # D4.2
    found = impact_of(RENT, TODAY, TODAY, DONE, ())
    assert found.expected_on == DONE
    assert found.in_flight == (date(2026, 3, 10),)
    assert found.prevented[0] == date(2026, 4, 10)


def test_a_later_wish_is_waited_for():  # D4.2
    found = impact_of(RENT, TODAY, date(2026, 5, 1), DONE, ())
    assert found.expected_on == date(2026, 5, 1)
    assert found.in_flight == (date(2026, 3, 10), date(2026, 4, 10))


def test_the_end_is_not_known_where_the_calendar_is_not():  # D4.2
    assert impact_of(RENT, TODAY, TODAY, None, ()).expected_on is None


def test_a_year_is_foreseen_or_what_is_left_of_the_agreement():  # E2.1
    found = impact_of(RENT, TODAY, TODAY, DONE, ())
    assert len(found.prevented) == 12
    assert found.total == Money.parse("60000")
    short = impact_of(replace(RENT, ends_on=date(2026, 5, 10)), TODAY, TODAY, DONE, ())
    assert short.prevented == (date(2026, 4, 10), date(2026, 5, 10))


def test_what_is_not_agreed_is_guessed_from_the_last_debits():  # D4.2
    power = replace(RENT, amount=None, recent=(Money.parse("100"), Money.parse("101")))
    found = impact_of(power, TODAY, TODAY, DONE, ())
    assert (found.each, found.guessed) == (Money.parse("100.50"), True)
    nothing = impact_of(replace(power, recent=()), TODAY, TODAY, DONE, ())
    assert (nothing.each, nothing.total, nothing.late_fee) == (None, None, None)


def test_being_late_costs_thirty_days_of_the_rate():  # E2.2
    assert impact_of(RENT, TODAY, TODAY, DONE, ()).late_fee == Money.parse("75.00")
    assert impact_of(replace(RENT, late_rate=""), TODAY, TODAY, DONE, ()).late_fee is None


def test_the_period_of_notice_is_told():  # D4.2
    found = impact_of(RENT, TODAY, TODAY, DONE, ())
    assert found.notice_until == date(2026, 4, 1)
    assert found.early_for(date(2026, 3, 31))
    assert not found.early_for(date(2026, 4, 1))
    assert not impact_of(replace(RENT, notice_days=None), TODAY, TODAY, DONE, ()).early_for(TODAY)


@given(
    st.sampled_from(list(Rhythm)),
    st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    st.none() | st.integers(-30, 600),
    st.integers(0, 200),
    st.integers(0, 40),
)
def test_no_debit_is_forgotten_and_none_counted_twice(rhythm, first, ends, wish, bank):  # D4.2
    last = None if ends is None else TODAY + timedelta(days=ends)
    subject = replace(RENT, rhythm=rhythm, first_debit_on=first, ends_on=last)
    wished, done = TODAY + timedelta(days=wish), TODAY + timedelta(days=bank)
    found = impact_of(subject, TODAY, wished, done, ())
    every = [*found.in_flight, *found.prevented]
    assert every == sorted(set(every))
    assert all(TODAY <= day < found.expected_on for day in found.in_flight)
    assert all(day >= found.expected_on for day in found.prevented)
    assert all(last is None or day <= last for day in every)
