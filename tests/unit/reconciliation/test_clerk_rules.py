"""The clerk's rules: what they mean, what they refuse to be."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.reconciliation.bookings import Booking
from app.reconciliation.clerk_rules import (
    ClerkRule,
    Conditions,
    Direction,
    RuleAct,
    as_values,
    booking_of,
    check,
    describe,
    from_values,
    match_by_rules,
    proposed_entry,
)
from app.reconciliation.items import BankItem, Kind, OurItem, OurKind, Sureness

LINE = BankItem(1, 1, date(2026, 3, 3), -3600, "中国工商银行", "", "网银服务费 3月", "F1")
FEE = Booking("网银费", "财务费用—手续费", "银行存款")
WORDS = ("网银", "服务费", "货款", "利息", "3月")


def rule(conditions, act=RuleAct.BOOKING, booking=FEE, account=None):
    return ClerkRule(1, "网银费", account, conditions, act, booking)


lines = st.builds(
    lambda minor, name, words: BankItem(
        1, 1, date(2026, 3, 3), minor, name, "", " ".join(words), ""
    ),
    st.integers(-10_000, 10_000).filter(bool),
    st.sampled_from(("中国工商银行", "某客户", "")),
    st.lists(st.sampled_from(WORDS), max_size=3),
)
conditions = st.builds(
    Conditions,
    direction=st.sampled_from(Direction),
    words=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
    party=st.sampled_from(("", "工商", "客户")),
    low=st.none() | st.integers(0, 10_000),
    high=st.none() | st.integers(0, 10_000),
)


@given(conditions, lines)
def test_that_a_rule_fits_exactly_when_each_condition_does(asked, line):
    each = [
        asked.direction != Direction.IN or line.minor > 0,
        asked.direction != Direction.OUT or line.minor < 0,
        asked.low is None or abs(line.minor) >= asked.low,
        asked.high is None or abs(line.minor) <= asked.high,
        asked.party in line.name,
        *(word in line.text for word in asked.words),
    ]
    assert asked.fits(line) is all(each)


@given(conditions)
def test_that_conditions_are_kept_as_they_are(asked):
    assert from_values(as_values(asked)) == asked


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Conditions(), "没有任何条件"),
        (Conditions(direction=Direction.OUT), "没有任何条件"),
        (Conditions(words=("费",)), "太短"),
        (Conditions(party="某"), "太短"),
        (Conditions(low=5, high=4), "下限大于上限"),
        (Conditions(payee_account="123"), "账号不完整"),
    ],
)
def test_that_a_rule_that_takes_too_much_is_refused(asked, said):
    with pytest.raises(BadInput, match=said):
        check("规则", asked, RuleAct.BOOKING, FEE)


def test_that_a_booking_names_both_sides():
    with pytest.raises(BadInput, match="借方和贷方"):
        check("规则", Conditions(words=("服务费",)), RuleAct.BOOKING, replace(FEE, debit=" "))


def test_that_the_first_rule_counts_before_what_the_words_say():
    other = Booking("其他", "管理费用", "银行存款")
    asked = [rule(Conditions(words=("服务费",)), booking=other), rule(Conditions(words=("网银",)))]
    assert booking_of(asked, LINE) == other
    assert proposed_entry([], LINE).subject == "银行手续费"


def test_that_a_rule_of_another_account_says_nothing():
    assert booking_of([rule(Conditions(words=("网银",)), account=2)], LINE) is None


def ours(key, on=date(2026, 3, 5), minor=-3600):
    return OurItem(key, OurKind.JOURNAL, 1, on, minor, "付网银费", "")


def test_that_a_match_is_proposed_where_one_item_fits():
    asked = rule(Conditions(words=("服务费",)), RuleAct.MATCH, None)
    [found] = match_by_rules([asked], [LINE], [ours("J1"), ours("J2", minor=-1)])
    assert (found.ours, found.kind, found.sureness) == (("J1",), Kind.RULE, Sureness.LIKELY)
    assert match_by_rules([asked], [LINE], [ours("J1"), ours("J2")]) == []
    assert match_by_rules([asked], [LINE], [ours("J1", date(2026, 4, 5))]) == []


def test_how_a_rule_reads():
    asked = Conditions(Direction.OUT, ("服务费",), "工商", low=100)
    assert describe(asked, RuleAct.BOOKING, FEE) == (
        "支出，摘要含“服务费”，户名含“工商”，金额 1.00 至 不限：借 财务费用—手续费　贷 银行存款"
    )
