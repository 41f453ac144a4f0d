"""Passwords, lock-out, posts over time, the matrix: the rules by themselves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.errors import MatrixInvalid, WeakPassword
from app.access.rights import APPROVAL_RANK, Role, conflicts, rights_of
from app.access.rules import (
    DEFAULT_TIERS,
    Span,
    Tier,
    check_password,
    check_tiers,
    is_fresh,
    levels_for,
    lock_time,
    one_level_above,
    roles_at,
)
from app.core.money import Money

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
CHECKER, SUPERVISOR, CFO, GM = Role.CHECKER, Role.SUPERVISOR, Role.CFO, Role.GM
APPROVERS = [CHECKER, SUPERVISOR, CFO, GM]


@pytest.mark.parametrize(
    ("tries", "minutes"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (13, 256), (14, 480), (15, 480), (999, 480)],
)
def test_the_lock_doubles_from_the_fifth_failure_up_to_eight_hours(tries, minutes):  # C1.1
    assert lock_time(tries) == timedelta(minutes=minutes)


@given(st.integers(0, 10_000))
def test_one_more_failure_never_locks_for_less(tries):  # C1.1
    assert lock_time(tries) <= lock_time(tries + 1) <= timedelta(hours=8)


@pytest.mark.parametrize("password", ["abcdefgh12", "密码口令一二三四12", "A1b2C3d4E5"])
def test_ten_characters_with_letters_and_digits_will_do(password):  # C1.1
    check_password("clerk", password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("abcdefg12", "只有 9 位"),
        ("abcdefghij", "字母和数字"),
        ("1234567890", "字母和数字"),
        ("my-CLERK-2026", "用户名"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, why):  # C1.1
    with pytest.raises(WeakPassword, match=why):
        check_password("clerk", password)


@pytest.mark.parametrize(
    ("age", "fresh"), [(0, True), (299, True), (300, True), (301, False), (-1, False)]
)
def test_a_proof_of_identity_holds_for_five_minutes(age, fresh):  # C1.1
    assert is_fresh(NOW - timedelta(seconds=age), NOW) is fresh


@pytest.mark.parametrize(("shift", "held"), [(-1, False), (0, True), (1, True), (2, False)])
def test_a_post_is_held_from_its_first_day_to_its_last(shift, held):  # C4.3
    span = Span(CHECKER, TODAY, TODAY + DAY, NOW - 9 * DAY)
    assert roles_at([span], NOW, TODAY + shift * DAY) == (frozenset({CHECKER}) if held else set())


@pytest.mark.parametrize("days", [0, 1, 10_000])
def test_a_post_without_an_end_goes_on(days):  # C4.3
    span = Span(CHECKER, TODAY, None, NOW - 9 * DAY)
    assert roles_at([span], NOW, TODAY + days * DAY) == {CHECKER}


@pytest.mark.parametrize(("shift", "held"), [(-1, False), (0, True), (59, True), (60, False)])
def test_a_post_counts_from_the_moment_it_was_given_until_it_was_taken(shift, held):  # A3.1
    span = Span(CHECKER, TODAY, None, NOW, NOW + timedelta(seconds=60))
    at = NOW + timedelta(seconds=shift)
    assert roles_at([span], at, TODAY) == (frozenset({CHECKER}) if held else set())


def test_a_post_given_afterwards_was_not_held_before():  # A3.1
    backdated = Span(CFO, TODAY - 30 * DAY, None, NOW)
    assert roles_at([backdated], NOW - DAY, TODAY - DAY) == frozenset()


def test_posts_of_several_grants_add_up():  # C4.3
    spans = [
        Span(CHECKER, TODAY, None, NOW),
        Span(CFO, TODAY, None, NOW),
        Span(GM, TODAY + DAY, None, NOW),
    ]
    assert roles_at(spans, NOW, TODAY) == {CHECKER, CFO}


# domain.md §5.3: up to 50,000 / 500,000 / 2,000,000, the number itself included.
@pytest.mark.parametrize(
    ("amount", "levels"),
    [
        ("0.01", [CHECKER]),
        ("50,000.00", [CHECKER]),
        ("50,000.01", [CHECKER, SUPERVISOR]),
        ("500,000.00", [CHECKER, SUPERVISOR]),
        ("500,000.01", [CHECKER, SUPERVISOR, CFO]),
        ("2,000,000.00", [CHECKER, SUPERVISOR, CFO]),
        ("2,000,000.01", [CHECKER, SUPERVISOR, CFO, GM]),
        ("999,999,999.99", [CHECKER, SUPERVISOR, CFO, GM]),
    ],
)
def test_the_default_matrix_at_its_boundaries(amount, levels):  # E4.4
    assert list(levels_for(DEFAULT_TIERS, Money.parse(amount))) == levels


def test_a_foreign_amount_takes_the_highest_tier():  # E4.4
    assert list(levels_for(DEFAULT_TIERS, Money.parse("1.00", "USD"))) == APPROVERS


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_more_money_never_needs_fewer_levels(minor, more):  # E4.4
    less = levels_for(DEFAULT_TIERS, Money(minor))
    assert set(less) <= set(levels_for(DEFAULT_TIERS, Money(minor + more)))


@pytest.mark.parametrize(
    ("normal", "resume"),
    [
        ([CHECKER], [CHECKER, SUPERVISOR]),
        ([CHECKER, SUPERVISOR], [CHECKER, SUPERVISOR, CFO]),
        ([SUPERVISOR], [SUPERVISOR, CFO]),
        ([CHECKER, CFO], [CHECKER, CFO, GM]),
        ([CHECKER, SUPERVISOR, CFO, GM], [CHECKER, SUPERVISOR, CFO, GM]),
    ],
)
def test_resuming_needs_one_level_more_where_there_is_one(normal, resume):  # C4.1
    assert list(one_level_above(normal)) == resume


@given(st.lists(st.sampled_from(APPROVERS), min_size=1, unique=True))
def test_resuming_never_needs_less_and_keeps_the_order(levels):  # C4.1
    ordered = sorted(levels, key=APPROVAL_RANK.__getitem__)
    above = list(one_level_above(ordered))
    assert above[: len(ordered)] == ordered
    assert len(above) == len(ordered) + (GM not in ordered)


def tier(up_to, *levels):
    return Tier(None if up_to is None else Money.parse(up_to), levels)


def test_the_default_matrix_is_acceptable():  # E4.4
    check_tiers(DEFAULT_TIERS)


@pytest.mark.parametrize(
    "tiers",
    [
        [],
        [tier("100", CHECKER)],
        [tier(None, CHECKER), tier(None, CFO)],
        [tier("0", CHECKER), tier(None, CFO)],
        [tier("200", CHECKER), tier("100", CFO), tier(None, GM)],
        [tier("100", CHECKER), tier("100", CFO), tier(None, GM)],
        [tier("100"), tier(None, GM)],
        [tier("100", CHECKER), tier(None)],
        [tier(None, SUPERVISOR, CHECKER)],
        [tier(None, CHECKER, CHECKER)],
        [tier(None, Role.MAKER)],
        [tier(None, CHECKER, Role.ADMIN)],
    ],
)
def test_a_matrix_with_a_hole_or_a_wrong_order_is_refused(tiers):  # E4.4
    with pytest.raises(MatrixInvalid):
        check_tiers(tiers)


@given(
    st.lists(st.integers(1, 10**11), unique=True, max_size=6),
    st.integers(1, 10**12),
)
def test_an_acceptable_matrix_covers_every_amount(bounds, minor):  # E4.4
    tiers = [*(Tier(Money(bound), (CHECKER,)) for bound in sorted(bounds)), Tier(None, (GM,))]
    check_tiers(tiers)
    expected = CHECKER if any(minor <= bound for bound in bounds) else GM
    assert levels_for(tiers, Money(minor)) == (expected,)


def test_the_administrator_has_no_part_in_payments():  # E4.4
    rights = {right.value for right in rights_of(frozenset({Role.ADMIN}))}
    assert {right for right in rights if right.startswith(("payment.", "resume.", "hold."))} == {
        "payment.view"
    }


@pytest.mark.parametrize("role", APPROVERS)
def test_no_approver_makes_payments(role):  # E4.4
    rights = {right.value for right in rights_of(frozenset({role}))}
    assert not rights & {"payment.create", "payment.edit", "resume.request", "payment.send"}


def test_posts_that_one_person_should_not_hold_together_are_named():  # E4.4
    assert conflicts(frozenset({Role.MAKER, CHECKER, CFO})) == [(Role.MAKER, CHECKER)]
    assert conflicts(frozenset({Role.MAKER, Role.CASHIER})) == []
