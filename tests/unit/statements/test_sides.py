"""Which way money went: columns, flags, signs, and the balances where those leave a choice."""

import pytest

from app.statements.proof import prove
from app.statements.table import read_statements
from app.tabular.model import Kind, Row, Table


def read(*rows):
    cells = [tuple(row.split("|")) for row in rows]
    return read_statements(
        Table(Kind.DELIMITED, "utf-8", "", [Row(at, one) for at, one in enumerate(cells, 1)])
    )


def minors(found):
    return [line.minor for one in found.statements for line in one.lines]


def test_that_debit_is_money_out_unless_the_balances_prove_otherwise():
    usual = read(
        "日期|借方|贷方|余额",
        "2026-01-05|100.00||900.00",
        "2026-01-06||50.00|950.00",
        "2026-01-07|10.00||940.00",
    )
    assert minors(usual) == [-10000, 5000, -1000]
    turned = read(
        "日期|借方|贷方|余额",
        "2026-01-05|100.00||1100.00",
        "2026-01-06||50.00|1050.00",
        "2026-01-07|10.00||1060.00",
    )
    assert minors(turned) == [10000, -5000, 1000]
    assert turned.notes == ("余额证明本文件以“借”为收入、“贷”为支出。",)


def test_that_one_balance_is_no_proof_against_the_usual_side():
    found = read("日期|借方|贷方|余额", "2026-01-05|1.00||9.00", "2026-01-06||5.00|4.00")
    assert minors(found) == [-100, 500]


def test_that_income_and_expense_are_never_turned():
    found = read(
        "日期|支出|收入|余额",
        "2026-01-05|100.00||1100.00",
        "2026-01-06||50.00|1050.00",
        "2026-01-07|10.00||1060.00",
    )
    assert minors(found) == [-10000, 5000, -1000]
    assert prove(found.statements[0]).proof == "unbalanced"


def test_that_one_column_without_signs_is_solved_by_the_balances():
    found = read(
        "期初余额|1,000.00",
        "日期|金额|余额",
        "2026-01-05|100.00|900.00",
        "2026-01-06|50.00|950.00",
        "2026-01-07|950.00|0.00",
    )
    assert minors(found) == [-10000, 5000, -95000]
    assert found.problems == ()
    assert found.notes == ("文件只有一列金额，收支方向由余额推出。",)


def test_that_newest_first_is_solved_too_and_the_first_line_is_named():
    found = read(
        "日期|金额|余额",
        "2026-01-07|950.00|0.00",
        "2026-01-06|50.00|950.00",
        "2026-01-05|100.00|900.00",
    )
    assert minors(found) == [-95000, 5000, 10000]
    assert [(one.row, one.field) for one in found.problems] == [(4, "金额")]


def test_that_one_column_without_signs_or_balances_is_told():
    found = read("日期|金额", "2026-01-05|100.00", "2026-01-06|50.00")
    assert minors(found) == [10000, 5000]
    assert "没有借贷标志" in found.problems[0].message


@pytest.mark.parametrize("amount", ["-100.00", "100.00"])
def test_that_a_sign_beside_its_flag_says_the_same(amount):
    found = read("日期|金额|借贷标志", f"2026-01-05|{amount}|借", "2026-01-06|5.00|贷")
    assert minors(found) == [-10000, 500]


def test_that_a_negative_figure_among_positive_ones_is_a_reversal():
    found = read(
        "日期|借方发生额|贷方发生额|余额",
        "2026-01-05|100.00||900.00",
        "2026-01-06|-100.00||1000.00",
        "2026-01-07||-5.00|995.00",
    )
    assert minors(found) == [-10000, 10000, -500]
    assert prove(found.statements[0]).proof == "balanced"


def test_that_the_balances_tell_a_lone_reversal_from_a_signed_payment():
    rows = ("日期|金额|借贷标志|余额", "2026-01-05|5.00|贷|1005.00")
    reversal = read(*rows, "2026-01-06|-100.00|借|1105.00", "2026-01-07|1.00|贷|1106.00")
    assert minors(reversal) == [500, 10000, 100]
    payment = read(*rows, "2026-01-06|-100.00|借|905.00", "2026-01-07|1.00|贷|906.00")
    assert minors(payment) == [500, -10000, 100]


def test_that_expenses_with_a_minus_of_their_own_are_money_out():
    found = read(
        "日期|收入金额（+元）|支出金额（-元）", "2026-01-05||-0.60", "2026-01-06|0.00|-5.00"
    )
    assert minors(found) == [-60, -500]


def test_that_neither_income_nor_expense_is_counted_apart():
    found = read(
        "交易时间|金额(元)|收/支",
        "2026-01-05|9.00|/",
        "2026-01-06|1.00|不计收支",
        "2026-01-07|2.00|支出",
    )
    assert [(one.minor, one.uncounted) for one in found.statements[0].lines] == [
        (0, 900),
        (0, 100),
        (-200, 0),
    ]


def test_that_a_missing_flag_among_flags_is_named():
    found = read("日期|金额|借贷标志", "2026-01-05|100.00|借", "2026-01-06|5.00|")
    assert minors(found) == [-10000, 500]
    assert [(one.row, one.field) for one in found.problems] == [(3, "借贷标志")]


def test_that_the_bank_of_china_tells_the_side_by_its_kind_of_transfer():
    found = read(
        "交易类型[ Transaction Type ]|付款人名称|收款人名称|交易日期|交易金额",
        "往账[ Debit ]|我公司|供应商|20260105|1,200.00",
        "来账[ Credit ]|客户|我公司|20260106|600.00",
    )
    assert [(one.minor, one.name) for one in found.statements[0].lines] == [
        (-120000, "供应商"),
        (60000, "客户"),
    ]
    assert found.problems == ()
