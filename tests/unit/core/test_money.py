"""Money: no minor unit is ever lost, and what is no plain figure is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.core.money import MINOR_DIGITS, BadAmount, CurrencyMismatch, Money

minors = st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1)
currencies = st.sampled_from(sorted(MINOR_DIGITS))


@given(minors, currencies)
def test_an_amount_reads_back_from_what_is_displayed(minor, currency):  # C2.3
    money = Money(minor, currency)
    assert Money.parse(money.display(), currency) == money


@given(minors, currencies)
def test_an_amount_reads_back_from_its_plain_decimals(minor, currency):  # C2.3
    money = Money(minor, currency)
    assert Money.parse(money.decimal(), currency) == money


@given(minors)
def test_the_plain_decimals_say_the_same_number(minor):  # C2.3
    assert Decimal(Money(minor).decimal()) * 100 == minor


@given(st.lists(minors, max_size=20))
def test_a_sum_loses_no_minor_unit(parts):  # A2.1
    total = Money.zero()
    for part in parts:
        total += Money(part)
    assert total.minor == sum(parts)


@given(minors, minors)
def test_what_is_added_can_be_taken_away_again(one, other):  # A2.1
    assert Money(one) + Money(other) - Money(other) == Money(one)
    assert Money(one) + -Money(one) == Money.zero()


@given(minors, minors)
def test_amounts_are_ordered_as_their_minor_units(one, other):  # A2.1
    assert (Money(one) < Money(other)) is (one < other)
    assert (Money(one) <= Money(other)) is (one <= other)
    assert (Money(one) > Money(other)) is (one > other)
    assert (Money(one) >= Money(other)) is (one >= other)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        *(("1,234.50", 123450), ("1234.5", 123450), ("0.01", 1), ("-0.07", -7), ("+5", 500)),
        *(("¥ 100", 10000), ("￥100", 10000), ("-¥5", -500), ("¥-5", -500)),
        *(("(5.00)", -500), ("（5.00）", -500), ("(¥5.00)", -500), ("¥(5)", -500)),
        *(("１，２３４．５０", 123450), ("  7 ", 700), ("1.2300", 123), ("007", 700)),
        ("9999999999999999.99", 10**18 - 1),
    ],
)
def test_usual_ways_to_write_an_amount_are_read(text, minor):  # C2.3
    assert Money.parse(text) == Money(minor)


@pytest.mark.parametrize(
    "text",
    [
        *("1.234", "NaN", "", "1,23", "inf", "Infinity", "-inf", "sNaN", "1e5", "0x10"),
        *("1,2345", "1234,567", ",123", "1,234,5", ".5", "5.", ".", "-", "1.2.3", "¥", "()"),
        *("1 2", "12 34.50", "1¥2", "¥¥5", "5¥", "--5", "(-5)", "(5", "5)", "100元", "٣"),
        *("1.00000000000000000000000000000001", "99999999999999999999999999999.99"),
        *("10000000000000000", "9" * 5000),
    ],
)
def test_what_is_no_plain_figure_is_refused(text):  # C2.3
    with pytest.raises(BadAmount) as refused:
        Money.parse(text)
    assert refused.value.hint


@given(st.text(max_size=8))
def test_any_text_is_an_amount_or_a_refusal(text):  # C2.3
    try:
        money = Money.parse(text)
    except BadAmount:
        return
    assert Money.parse(money.display()) == money


def test_yen_have_no_decimals():  # B4.5
    assert Money.parse("1,000", "JPY") == Money(1000, "JPY")
    assert Money(-1000, "JPY").display() == "-1,000"
    with pytest.raises(BadAmount, match="0 位"):
        Money.parse("1000.5", "JPY")


def test_amounts_below_one_keep_their_zeros_and_their_sign():  # C2.3
    assert Money(-7).decimal() == "-0.07"
    assert Money(-7).display() == "-0.07"
    assert Money(123456789).display() == "1,234,567.89"


def test_currencies_are_never_mixed():  # B4.5
    with pytest.raises(CurrencyMismatch):
        Money(1) + Money(1, "USD")
    with pytest.raises(CurrencyMismatch):
        Money(1) - Money(1, "USD")
    with pytest.raises(CurrencyMismatch):
        assert Money(1) < Money(1, "USD")
    assert Money(1) != Money(1, "USD")


def test_an_unknown_currency_is_refused():  # C2.3
    with pytest.raises(BadInput, match="XXX"):
        Money.parse("1", "XXX")


@pytest.mark.parametrize(
    ("minor", "rate", "expected"),
    [(10000, "0.0005", 5), (1, "0.5", 1), (1, "0.49", 0), (-1, "0.5", -1), (3, "1", 3)],
)
def test_a_rate_is_rounded_half_up_to_the_minor_unit(minor, rate, expected):  # A2.1
    assert Money(minor).times(Decimal(rate)) == Money(expected)
