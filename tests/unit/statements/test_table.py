"""Statement lines out of tables, whatever the bank calls its columns."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.core.errors import BadInput
from app.statements.ours import OurAccount, own_account
from app.statements.parsed import NotAStatement
from app.statements.table import read_statements
from app.tabular.model import Kind, Row, Table

OURS = ("1001234509200678901", "31001550400050000123")


def table(*rows):
    cells = [tuple(row.split("|")) for row in rows]
    return Table(Kind.DELIMITED, "utf-8", "", [Row(at, one) for at, one in enumerate(cells, 1)])


def lines(*rows):
    """The one statement of a table, with all that the table was found to hold."""
    found = read_statements(table(*rows))
    [one] = found.statements
    return SimpleNamespace(
        lines=one.lines,
        problems=found.problems,
        skipped=[s for s in found.skipped if s.row > 1],
        identities=one.identities,
        account=own_account(one, found.head, [OurAccount(number, "CNY") for number in OURS]),
    )


def test_that_debit_is_money_out_as_the_bank_sees_it():  # E1.3
    found = lines(
        "账号：1001 2345 0920 0678 901",
        "交易日期|借方发生额|贷方发生额|余额|对方户名|对方账号|摘要|交易流水号",
        "2026-04-20|46,300.00|-|1,000.00|上海临江供电有限公司|3105016139|代扣电费|LS1",
        "20260421 10:20:01||88.50|1,088.50|某客户|622|货款|LS2",
        "合计|46,300.00|88.50||||",
    )
    assert [(one.minor, one.balance, one.text) for one in found.lines] == [
        (-4630000, 100000, "代扣电费"),
        (8850, 108850, "货款"),
    ]
    assert found.account == OURS[0]
    assert [(one.row, one.reason) for one in found.skipped] == [(5, "合计行")]


@pytest.mark.parametrize(
    ("flag", "minor"),
    [("借", -1000), ("贷", 1000), ("借 Dr", -1000), ("C", 1000), ("支出", -1000), ("", 1000)],
)
def test_that_a_flag_tells_the_side(flag, minor):
    found = lines("交易日期|发生额|借贷标志", f"2026/4/1|10.00|{flag}")
    assert [one.minor for one in found.lines] == [minor]


def test_that_a_signed_amount_needs_no_flag():
    found = lines("交易日期|交易金额", "2026-04-01|-71.89", "2026-04-02|+267.10")
    assert [one.minor for one in found.lines] == [-7189, 26710]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("昨天|1.00||x", "交易日期"),
        ("2026-04-01|一元||x", "金额"),
        ("2026-04-01|1.234||x", "金额"),
        ("2026-04-01|1.00|2.00|x", "金额"),
    ],
)
def test_that_a_bad_row_is_named_and_the_others_are_kept(row, field):
    found = lines("交易日期|支出|收入|摘要", row, "2026-04-02|5.00||好行")
    assert [(one.row, one.field) for one in found.problems] == [(2, field)]
    assert [one.minor for one in found.lines] == [-500]


def test_that_a_list_without_amounts_is_no_statement():
    with pytest.raises((NotAStatement, BadInput)):
        lines("姓名|部门", "张三|财务")


def test_that_equal_rows_of_one_day_are_two_lines():
    row = "2026-04-01|5.00|停车费"
    found = lines("交易日期|支出|摘要", row, row, "2026-04-01|5.00|洗车费")
    first, second, third = found.identities("1")
    assert len({first, second, third}) == 3
    again = lines("交易日期|支出|摘要", "2026-03-31|9.00|油费", row, row)
    assert again.identities("1")[1:] == [first, second]
    assert found.identities("2")[0] != first


@pytest.mark.parametrize(
    ("name", "count", "income", "expense"),
    [
        ("icbc_debit.csv", 11, 284174, 424108),
        ("ccb.xls", 6, 0, 70326),
        ("boc_debit.csv", 17, 982100, 939430),
        ("cmb_debit.csv", 5, 123400, 201314),
        ("bocom_debit.csv", 6, 1125, 11400),
    ],
)
def test_that_what_banks_really_export_is_read(name, count, income, expense):  # E1.3
    from app.statements.opening import open_statement

    samples = Path(__file__).parents[3] / "tests" / "data" / "statements"
    found = open_statement(samples / name).lines
    assert len(found) == count
    assert sum(one.minor for one in found if one.minor > 0) == income
    assert -sum(one.minor for one in found if one.minor < 0) == expense
