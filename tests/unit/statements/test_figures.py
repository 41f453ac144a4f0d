"""Cells of statements: amounts in every notation, sides, instants, currencies."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import Money
from app.payments.intake.values import Unfit
from app.statements.figures import Side, clock, currency, figure, is_month_first, moment, side


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1,234.50", 123450),
        ("-1,234.50", -123450),
        ("(1,234.50)", -123450),
        ("1,234.50-", -123450),
        ("−1,234.50", -123450),
        ("1,234.50DR", -123450),
        ("DR 1,234.50", -123450),
        ("1,234.50 CR", 123450),
        ("+267.10", 26710),
        ("￥5.00", 500),
        ("-¥5.00", -500),
        ("¥-5.00", -500),
        ("5.00元", 500),
        ("人民币5.00", 500),
        ("CNY 1,000.00", 100000),
        ("１，２３４．５０", 123450),
        ("1 234,50", 123450),
        ("1.234.567,89", 123456789),
        ("1'234.50", 123450),
        ("`12.00", 1200),
        ("0", 0),
        ("0.00", 0),
    ],
)
def test_an_amount_is_read_in_every_notation(text, minor):
    assert figure(text, "CNY") == minor


@pytest.mark.parametrize("text", ["", "  ", "-", "--", "—", "/", "\u200b"])
def test_what_stands_for_nothing_is_none(text):
    assert figure(text, "CNY") is None


@pytest.mark.parametrize(
    "text", ["abc", "1.2.3", "1,23.45", "12.345", "1e5", "xx,yyyy.zz", "壹佰元"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Unfit, match="金额"):
        figure(text, "CNY")


@given(st.integers(-(10**15), 10**15))
def test_an_amount_comes_back_as_it_was_written(minor):
    money = Money(minor)
    assert figure(money.display(), "CNY") == minor
    assert figure(money.decimal(), "CNY") == minor
    assert figure(f"({Money(abs(minor)).display()})", "CNY") == -abs(minor)
    assert figure(f"{Money(abs(minor)).display()}-", "CNY") == -abs(minor)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("借", Side.OUT),
        ("贷", Side.IN),
        ("借 Dr", Side.OUT),
        ("贷 Cr", Side.IN),
        ("C", Side.IN),
        ("DBIT", Side.OUT),
        ("往账", Side.OUT),
        ("来账", Side.IN),
        ("不计收支", Side.NEITHER),
        ("/", Side.NEITHER),
        ("", None),
    ],
)
def test_a_flag_names_a_side(text, found):
    assert side(text) is found


def test_a_flag_that_says_nothing_known_is_refused():
    with pytest.raises(Unfit, match="借贷标志"):
        side("左")


@pytest.mark.parametrize(
    ("text", "on", "at"),
    [
        ("2025-12-03", date(2025, 12, 3), None),
        ("2025/12/3", date(2025, 12, 3), None),
        ("2025.12.03", date(2025, 12, 3), None),
        ("2025年12月3日", date(2025, 12, 3), None),
        ("20251203", date(2025, 12, 3), None),
        ("２０２５－１２－０３", date(2025, 12, 3), None),
        ("2025/12/03  14:06:51", date(2025, 12, 3), time(14, 6, 51)),
        ("20251203 14:06:51", date(2025, 12, 3), time(14, 6, 51)),
        ("20251203140651", date(2025, 12, 3), time(14, 6, 51)),
        ("2025-12-03T14:06:51.123", date(2025, 12, 3), time(14, 6, 51)),
        ("2025-12-03-14.06.51.000000", date(2025, 12, 3), time(14, 6, 51)),
        ("2025-12-03 14:06", date(2025, 12, 3), time(14, 6)),
        ("45994", date(2025, 12, 3), None),
        ("45994.5", date(2025, 12, 3), time(12)),
        ("31/12/2025", date(2025, 12, 31), None),
    ],
)
def test_an_instant_is_read_in_every_notation(text, on, at):
    assert moment(text) == (on, at)


@pytest.mark.parametrize(
    "text", ["昨天", "2025-02-30", "25-12-03", "1.00", "00000", "99999999", ""]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Unfit, match="日期"):
        moment(text)


def test_which_of_day_and_month_stands_first_is_told_by_a_day_over_twelve():
    assert is_month_first(["03/04/2025", "12/31/2025"])
    assert not is_month_first(["03/04/2025", "31/12/2025"])
    assert moment("03/04/2025", month_first=True)[0] == date(2025, 3, 4)


@pytest.mark.parametrize(
    ("text", "found"), [("18:53:19", time(18, 53, 19)), ("185319", time(18, 53, 19)), ("-", None)]
)
def test_a_time_of_day_may_be_missing(text, found):
    assert clock(text) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("人民币", "CNY"),
        ("人民币元", "CNY"),
        ("CNY-人民币", "CNY"),
        ("美元(USD)", "USD"),
        ("156", "CNY"),
        ("?", ""),
    ],
)
def test_a_currency_is_told_by_name_or_code(text, code):
    assert currency(text) == code
