"""Figures of past incidents, what piles up, and how alike two of them are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.incidents.planning.likeness import LEAST, Traits, bigrams, likeness
from app.incidents.planning.statistics import BUCKETS, By, Case, backlog, bucket_of, figure, figures
from app.incidents.states import Cause, Severity

DAY = date(2026, 3, 2)
spans = st.none() | st.integers(0, 10_000)
cases = st.builds(
    Case,
    number=st.uuids().map(str),
    title=st.just("x"),
    severity=st.sampled_from(Severity),
    cause=st.sampled_from(Cause),
    found_on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    banks=st.lists(st.sampled_from(["工行", "招行"]), max_size=2, unique=True).map(tuple),
    own=spans,
    caused=spans,
    resolved=spans,
    days=st.none() | st.integers(0, 60),
)


def case(**changes):
    given_ = {"number": "1", "title": "x", "severity": Severity.P1, "cause": Cause.OTHER}
    return Case(**{**given_, "found_on": DAY, **changes})


def test_that_the_figures_are_medians_and_what_nine_of_ten_keep():  # F4.1 B5.3
    rows = [case(resolved=minutes) for minutes in (10, 20, 30, 40, 50, 60, 70, 80, 90, 1000)]
    found = figure("x", [*rows, case(resolved=None)])
    assert (found.count, found.unresolved) == (11, 1)
    assert (found.resolved, found.resolved_90) == (55, 90)
    assert found.own is None


@given(st.lists(cases, max_size=30))
def test_that_nothing_is_lost_in_counting(rows):  # B5.3
    for by in (By.CAUSE, By.SEVERITY, By.MONTH):
        assert sum(one.count for one in figures(rows, by)) == len(rows)
    banks = sum(max(1, len(one.banks)) for one in rows)
    assert sum(one.count for one in figures(rows, By.BANK)) == banks
    for one in figures(rows, By.CAUSE):
        if one.resolved is not None:
            assert one.resolved <= one.resolved_90 or one.resolved_90 is None


@given(st.lists(cases, max_size=30))
def test_that_each_open_incident_stands_in_one_bucket(rows):  # F4.6
    found = [one for bucket in backlog(rows) for one in bucket.cases]
    assert sorted(one.number for one in found) == sorted(
        one.number for one in rows if one.days is not None
    )


@pytest.mark.parametrize(
    ("days", "place"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (7, 2), (8, 3), (14, 3), (15, 4)]
)
def test_that_the_last_day_of_a_bucket_belongs_to_it(days, place):  # F4.6
    assert bucket_of(days) == BUCKETS[place][1]


def test_that_months_stand_in_their_order():
    rows = [case(found_on=date(2026, 3, 1)), case(found_on=date(2025, 12, 1))]
    assert [one.label for one in figures(rows, By.MONTH)] == ["2025-12", "2026-03"]


TIMEOUT = Traits(
    Cause.BANK_INTERFACE,
    frozenset({"channel.down"}),
    frozenset({"工行"}),
    frozenset({"DIRECT"}),
    "银企直连通讯超时，付款没有回执",
)


def test_that_the_same_case_again_is_wholly_alike():  # B5.3
    assert likeness(TIMEOUT, TIMEOUT).score == 100


def test_that_an_unknown_cause_is_nothing_in_common():  # B5.3
    pending = Traits(Cause.PENDING)
    assert not likeness(pending, pending).counts


def test_that_what_two_have_in_common_is_named():  # B5.3
    other = Traits(Cause.BANK_INTERFACE, banks=frozenset({"工行"}), text="网银无法登录")
    found = likeness(TIMEOUT, other)
    assert found.score >= LEAST
    assert found.reasons == ("原因相同", "同一银行")


texts = st.text("银企直连通讯超时付款没有回执 0123", max_size=20)
traits = st.builds(
    Traits,
    st.sampled_from(Cause),
    st.frozensets(st.sampled_from("abc")),
    st.frozensets(st.sampled_from("de")),
    st.frozensets(st.sampled_from("fg")),
    texts,
)


@given(traits, traits)
def test_that_likeness_has_no_direction_and_stays_in_its_range(one, other):
    found = likeness(one, other)
    assert found == likeness(other, one)
    assert 0 <= found.score <= 100


def test_that_numbers_are_no_words():
    assert bigrams("FK-20260302-0001 超时") == {"fk", "超时"}
