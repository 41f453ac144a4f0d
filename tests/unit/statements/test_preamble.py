"""What stands around the lines: whose account, which days, which totals, in any layout."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.statements.parsed import Totals
from app.statements.preamble import read_head
from app.tabular.model import Row


def head(*rows):
    return read_head(Row(at, tuple(row.split("|"))) for at, row in enumerate(rows, 1))


@pytest.mark.parametrize(
    "row",
    [
        "账号|1001234509200678901",
        "账号：|1001234509200678901",
        "账号：1001234509200678901",
        "账 号: 1001 2345 0920 0678 901",
        "帐号:1001234509200678901",
        "查询账号：[1001234509200678901]",
        "户名：某公司|账号：1001234509200678901|币种：人民币",
        "户名：某公司 账号：1001234509200678901 币种：人民币",
        "户名：某公司，账号：1001234509200678901；币种：人民币",
        "#账号：[1001234509200678901]",
        "查询账号[ Inquirer account number ]|1001234509200678901",
        "查询账号[ Inquirer account number ]：1001234509200678901",
        "卡号/账号||1001234509200678901",
        "'账号|'1001234509200678901",
    ],
)
def test_that_the_account_is_found_however_it_is_labelled(row):
    assert head("某某银行交易明细", row).number == "1001234509200678901"


def test_that_several_labels_in_a_cell_are_told_apart():
    found = head("户  名：上海停付科技有限公司 账号：6222*******0123 币种：美元 开户行：张江支行")
    assert (found.holder, found.number, found.currency) == (
        "上海停付科技有限公司",
        "6222*******0123",
        "USD",
    )


@pytest.mark.parametrize(
    "rows",
    [
        ("起始日期：2026-01-01|截止日期：2026-01-31",),
        ("起始日期|20260101|终止日期|20260131",),
        ("查询期间：2026年1月1日至2026年1月31日",),
        ("日期范围|20260101-20260131",),
        ("查询周期：2026/01/01 - 2026/01/31",),
        ("起始时间：[2026-01-01 00:00:00] 终止时间：[2026-01-31 23:59:59]",),
        ("起始时间：[2026-01-01 00:00:00]", "终止时间：[2026-01-31 23:59:59]"),
    ],
)
def test_that_the_period_is_read(rows):
    found = head(*rows)
    assert (found.since, found.until) == (date(2026, 1, 1), date(2026, 1, 31))


@pytest.mark.parametrize("what", ["2026-02-30至2026-13-01", "全部", "近三个月", ""])
def test_that_a_period_that_is_none_is_left_out(what):
    found = head(f"查询期间：{what}")
    assert (found.since, found.until) == (None, None)


def test_that_opening_and_closing_are_kept():
    found = head("期初余额：1,000.00|期末余额：850.00")
    assert (found.opening, found.closing) == ("1,000.00", "850.00")
    found = head("上期余额|￥1,000.00", "本期余额|850.00")
    assert (found.opening, found.closing) == ("¥1,000.00", "850.00")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ("总笔数|3|借方发生总额|1,200.00|贷方发生总额|700.00",),
            Totals(total_in=70000, total_out=120000, count=3),
        ),
        (
            ("总笔数[ Total Numbers ]|3", "借方发生总额[ Total Debit ]|1200.00"),
            Totals(total_out=120000, count=3),
        ),
        (
            ("收入：1笔 28.50元", "支出：63笔 16.54元", "共66笔记录"),
            Totals(1, 63, 2850, 1654, 66),
        ),
        (("支出合计：2笔，共-50.60元",), Totals(count_out=2, total_out=5060)),
        (
            ("借方笔数|借方合计|贷方笔数|贷方合计", "2|12.00|1|5.00"),
            Totals(1, 2, 500, 1200),
        ),
        (("合计收入笔数：1|合计收入金额：5.00",), Totals(count_in=1, total_in=500)),
        (("祝您生活愉快",), None),
        (("总笔数|" + "9" * 5000,), Totals(count=int("9" * 12))),
    ],
)
def test_that_declared_totals_are_understood(rows, expected):
    assert head(*rows).totals("CNY") == expected


def test_that_a_notice_to_the_reader_is_no_label():
    found = head("特别提示：本明细中的账号：请以柜面为准，收入：以实际到账为准" + "；请注意" * 200)
    assert (found.number, found.totals("CNY")) == ("", None)


def test_that_a_wide_gap_costs_no_time():
    found = head("户名：" + " " * 30_000 + "x" + ":" * 1000 + " " * 30_000 + "账号：1")
    assert found.number == ""


@given(
    st.lists(st.text(alphabet="账号户名：: 12,笔元收入支出共合计[]#\t0-", max_size=60), max_size=6)
)
def test_that_any_head_is_read_without_a_crash(rows):
    found = read_head(Row(at, tuple(row.split(","))) for at, row in enumerate(rows, 1))
    found.totals("CNY")
