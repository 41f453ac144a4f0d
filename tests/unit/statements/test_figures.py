"""One cell of a statement: amounts, sides, days, times, currencies as banks write them."""

from contextlib import suppress
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import Money
from app.payments.intake.values import Unfit
from app.statements.figures import Side, clock, currency, figure, is_month_first, moment, side


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        # money out, in the notations of five kinds of programs
        ("-1,234.50", -123450),
        ("(1,234.50)", -123450),
        ("1,234.50-", -123450),
        ("−1,234.50", -123450),
        ("1,234.50DR", -123450),
        ("1234.50 D", -123450),
        ("DR 1234.50", -123450),
        ("（1,234.50）", -123450),
        ("-¥1,234.50", -123450),
        ("¥-1,234.50", -123450),
        # money in
        ("1,234.50", 123450),
        ("+1234.50", 123450),
        ("1234.5", 123450),
        ("1,234.50CR", 123450),
        ("CR1234.50", 123450),
        ("１，２３４．５０", 123450),
        ("￥1,234.50", 123450),
        ("1,234.50元", 123450),
        ("人民币1,234.50", 123450),
        ("CNY 1,234.50", 123450),
        ("RMB1234.50", 123450),
        ("1 234,50", 123450),
        ("1.234,50", 123450),
        ("1234,50", 123450),
        ("1\u00a0234.50", 123450),
        ("`1234.50", 123450),
        ("1,234", 123400),
        ("0.00", 0),
    ],
)
def test_that_an_amount_is_read_in_every_notation(text, minor):  # E1.3
    assert figure(text, "CNY") == minor


@pytest.mark.parametrize("text", ["", " ", "-", "--", "—", "/", "\t"])
def test_that_a_dash_is_no_amount(text):
    assert figure(text, "CNY") is None


@pytest.mark.parametrize(
    "text",
    [
        "一元",
        "1.2.3",
        "1,2,3",
        "12,34,567.00",
        "1e5",
        "NaN",
        "inf",
        "1.005",
        "9" * 25,
        "9" * 5000,
        "--5",
        "5-5",
        "=1+1",
        "٣",
    ],
)
def test_that_nonsense_is_no_amount(text):
    with pytest.raises(Unfit, match="金额"):
        figure(text, "CNY")


@given(st.integers(-(10**15), 10**15))
def test_that_what_we_write_is_what_we_read(minor):
    money = Money(minor)
    assert figure(money.display(), "CNY") == minor
    assert figure(money.decimal(), "CNY") == minor
    assert figure(f"({abs(minor) // 100}.{abs(minor) % 100:02})", "CNY") == -abs(minor)


@given(st.text(max_size=20))
def test_that_any_text_is_an_amount_or_unfit(text):
    with suppress(Unfit):
        found = figure(text, "CNY")
        assert found is None or abs(found) < 10**18


def test_that_currencies_keep_their_own_decimals():
    assert figure("1234", "JPY") == 1234
    assert figure("1.234", "KWD") == 1234
    with pytest.raises(Unfit):
        figure("1.5", "JPY")


DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05", (DAY, None)),
        ("2026/1/5", (DAY, None)),
        ("2026.01.05", (DAY, None)),
        ("2026年1月5日", (DAY, None)),
        ("20260105", (DAY, None)),
        ("２０２６－０１－０５", (DAY, None)),
        ("`20260105", (DAY, None)),
        ("05/01/2026", (DAY, None)),
        ("2026-01-05 14:06:51", (DAY, time(14, 6, 51))),
        ("2026-01-05T14:06:51", (DAY, time(14, 6, 51))),
        ("2026-01-05T14:06:51+08:00", (DAY, time(14, 6, 51))),
        ("2026/01/05  14:06:51", (DAY, time(14, 6, 51))),
        ("2026-01-05 14:06", (DAY, time(14, 6))),
        ("20260105 14:06:51", (DAY, time(14, 6, 51))),
        ("20260105140651", (DAY, time(14, 6, 51))),
        ("2026-01-05-14.06.51.123456", (DAY, time(14, 6, 51))),
        ("2026年1月5日 14时06分51秒", (DAY, time(14, 6, 51))),
        ("46027", (DAY, None)),
        ("46027.5", (DAY, time(12))),
        ("46027.588090277776", (DAY, time(14, 6, 51))),
        ("46027.99999999", (date(2026, 1, 6), time(0))),
    ],
)
def test_that_a_day_is_read_in_every_notation(text, expected):
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "12",
        "5",
        "1/5",
        "26-01-05",
        "01-05",
        "2026-02-30",
        "2026-13-01",
        "1900-01-01",
        "2126-01-05",
        "2026-01-05 25:00:00",
        "1234567",
        "00001",
        "²⁰²⁶",
        "9" * 5000,
    ],
)
def test_that_nonsense_is_no_day(text):
    with pytest.raises(Unfit, match=r"日期|时间"):
        moment(text)


def test_that_a_day_over_twelve_tells_the_order_of_a_column():
    assert is_month_first(["01/05/2026", "12/31/2026"])
    assert not is_month_first(["01/05/2026", "31/12/2026"])
    assert not is_month_first(["01/05/2026"])
    assert moment("01/05/2026", month_first=True)[0] == DAY


@given(st.text(max_size=24))
def test_that_any_text_is_a_day_a_time_or_unfit(text):
    for read in (moment, clock, side):
        with suppress(Unfit):
            read(text)


@given(
    st.dates(date(1970, 1, 1), date(2099, 12, 31)),
    st.times().map(lambda t: t.replace(microsecond=0)),
)
def test_that_every_day_is_read_back(on, at):
    assert moment(f"{on.isoformat()} {at.isoformat()}") == (on, at)
    assert moment(on.strftime("%Y%m%d") + at.strftime("%H%M%S")) == (on, at)
    serial = (on - date(1899, 12, 30)).days
    if serial > 25569:
        seconds = at.hour * 3600 + at.minute * 60 + at.second
        exact = Decimal(serial) + Decimal(seconds) / 86400
        assert moment(f"{exact:.10f}") == (on, at)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("借", Side.OUT),
        ("借方", Side.OUT),
        ("借 Dr", Side.OUT),
        ("D", Side.OUT),
        ("dr", Side.OUT),
        ("支出", Side.OUT),
        ("往账[ Debit ]", Side.OUT),
        ("往账", Side.OUT),
        ("借（支出）", Side.OUT),
        ("贷", Side.IN),
        ("贷 Cr", Side.IN),
        ("C", Side.IN),
        ("来账[ Credit ]", Side.IN),
        ("收入", Side.IN),
        ("不计收支", Side.NEITHER),
        ("中性交易", Side.NEITHER),
        ("/", Side.NEITHER),
        ("", None),
        ("  ", None),
    ],
)
def test_that_a_flag_names_its_side(text, expected):
    assert side(text) is expected


def test_that_a_flag_that_names_no_side_is_not_guessed():
    with pytest.raises(Unfit, match="借贷标志"):
        side("待定")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("人民币", "CNY"),
        ("人民币元", "CNY"),
        ("RMB", "CNY"),
        ("156", "CNY"),
        ("01-人民币", "CNY"),
        ("CNY 人民币", "CNY"),
        ("usd", "USD"),
        ("美元(USD)", "USD"),
        ("港币", "HKD"),
        ("", ""),
        ("贝壳", ""),
    ],
)
def test_that_a_currency_is_known_by_its_names(text, code):
    assert currency(text) == code
