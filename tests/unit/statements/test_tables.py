"""What else stands in a table: totals, headings again, other accounts, notices; no row is lost."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.statements.columns import find_layout
from app.statements.proof import Proof, prove
from app.statements.table import read_statements
from app.tabular.model import Kind, Row, Table

HEAD = "日期|摘要|支出|收入|余额"


def table(*rows):
    cells = [tuple(row.split("|")) for row in rows]
    return Table(Kind.DELIMITED, "utf-8", "", [Row(at, one) for at, one in enumerate(cells, 1)])


def read(*rows):
    return read_statements(table(*rows))


def test_that_page_totals_are_control_sums_of_their_page():
    rows = [
        HEAD,
        "2026-01-05|甲|5.00||95.00",
        "2026-01-06|乙||10.00|105.00",
        "本页小计||5.00|10.00|",
        HEAD,
        "2026-01-07|丙|1.00||104.00",
        "本页小计||1.00|0.00|",
        "合计||6.00|10.00|",
    ]
    found = prove(read(*rows).statements[0])
    assert (found.proof, found.problems) == (Proof.BALANCED, ())
    assert [(c.row, c.since) for c in found.controls] == [(4, 1), (7, 4), (8, 0)]
    wrong = prove(read(*rows[:6], "本页小计||2.00|0.00|", rows[7]).statements[0])
    [problem] = wrong.problems
    assert (problem.row, problem.field) == (7, "合计")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("合计||5.00|10.00|", "合计行"),
        ("  总计 ||5.00|10.00|", "合计行"),
        ("Total||5.00|10.00|", "合计行"),
        ("合计：支出 5.00 元|||", "合计行"),
        (HEAD, "重复的表头"),
        ("承前页||||100.00", "期初或期末余额行"),
        ("期初余额||||100.00", "期初或期末余额行"),
        ("过次页||||95.00", "期初或期末余额行"),
        ("以上内容仅供参考", "说明文字"),
        ("打印时间：2026-02-01", "说明文字"),
        ("||||", "空行"),
        ("2026-01-09|销户|0.00|-|95.00", "没有金额"),
    ],
)
def test_that_a_row_that_is_no_line_is_skipped_by_name(row, reason):
    found = read(HEAD, "2026-01-05|甲|5.00||95.00", row)
    assert [(one.row, one.reason) for one in found.skipped] == [(3, reason)]
    assert found.problems == ()


def test_that_the_balance_brought_forward_is_the_opening():
    found = read(
        HEAD, "承前页||||100.00", "2026-01-05|甲|5.00||95.00", "期末余额||||95.00"
    ).statements[0]
    assert (found.opening, found.closing) == (10000, 9500)
    assert prove(found).proof is Proof.BALANCED


def test_that_a_word_like_total_in_a_dated_line_hides_nothing():
    found = read(HEAD, "2026-01-05|合计代扣电费|5.00||95.00", "2026-01-06|上期退款||5.00|100.00")
    assert [one.minor for one in found.statements[0].lines] == [-500, 500]


JOURNAL = "日期|摘要|借方|贷方|余额|对方户名"


def test_that_the_dated_sums_of_a_journal_are_no_lines():
    found = read(
        JOURNAL,
        "2026-01-01|上年结转|||100.00|",
        "2026-01-05|电费|5.00||95.00|甲",
        "2026-01-05|本日合计|5.00|0.00|95.00|",
        "2026-01-06|货款||10.00|105.00|乙",
        "2026-01-06|本日合计|0.00|10.00|105.00|",
        "2026-01-31|本月合计|5.00|10.00|105.00|",
        "2026-01-31|本年累计|5.00|10.00|105.00|",
    )
    [one] = found.statements
    assert [(line.row, line.minor) for line in one.lines] == [(3, -500), (5, 1000)]
    assert one.opening == 10000
    assert (prove(one).proof, prove(one).problems, found.problems) == (Proof.BALANCED, (), ())
    assert [(s.row, s.reason) for s in found.skipped] == [
        (2, "期初或期末余额行"),
        (4, "合计行"),
        (6, "合计行"),
        (7, "合计行"),
        (8, "合计行"),
    ]


def test_that_a_payment_called_total_to_somebody_is_a_line():
    found = read(JOURNAL, "2026-01-05|合计|5.00||95.00|甲公司")
    assert [line.minor for line in found.statements[0].lines] == [-500]


def test_that_a_party_called_total_with_a_bad_day_is_a_problem_and_no_total():
    found = read(
        "对方户名|日期|支出|收入", "TotalEnergies 上期能源|2026-02-30|5.00|", "合计||5.00|"
    )
    assert [(p.row, p.field) for p in found.problems] == [(2, "交易日期")]
    assert [(s.row, s.reason) for s in found.skipped] == [(3, "合计行")]


def test_that_an_unknown_currency_is_not_taken_for_ours():
    found = read("日期|支出|币种", "2026-01-05|5.00|贝壳", "2026-01-05|5.00|人民币")
    assert [(p.row, p.field) for p in found.problems] == [(2, "币种")]
    assert [line.row for line in found.statements[0].lines] == [3]
    for name in ("XAU", "津巴布韦元"):
        found = read(f"币种|{name}", "日期|支出", "2026-01-05|5.00")
        assert [p.field for p in found.problems] == ["币种"]


def test_that_a_stray_delimiter_does_not_shift_an_amount():
    rows = [
        "日期|摘要|支出|收入|余额",
        "2026-01-05|货款|5.00||95.00",
        "2026-01-06|货款1|000||5.00|100.00",
        "2026-01-07|货款|1.00||99.00",
    ]
    found = read(*rows)
    assert [(p.row, p.field) for p in found.problems] == [(3, "列数")]
    assert [line.minor for line in found.statements[0].lines] == [-500, -100]
    # Where every row has cells beyond the headings, that is how the file is.
    assert len(read("日期|支出", "2026-01-05|5.00|x", "2026-01-06|5.00|y").statements[0].lines) == 2


def test_that_a_second_account_in_one_sheet_is_a_second_statement():
    found = read(
        "账号|6222020200112233445",
        "期初余额|100.00",
        HEAD,
        "2026-01-05|甲|5.00||95.00",
        "账号|6222020200112233446",
        "期初余额|10.00",
        HEAD,
        "2026-01-05|乙||1.00|11.00",
    )
    assert [(s.number, s.opening, len(s.lines)) for s in found.statements] == [
        ("6222020200112233445", 10000, 1),
        ("6222020200112233446", 1000, 1),
    ]
    assert [prove(s).proof for s in found.statements] == [Proof.BALANCED] * 2


def test_that_lines_of_several_own_accounts_are_told_apart():
    found = read(
        "本方账号|日期|支出|收入|余额|对方户名|币种",
        "62220001|2026-01-05|5.00||95.00|甲|人民币",
        "62220002|2026-01-05||1.00|11.00|乙|美元",
        "62220001|2026-01-06||5.00|100.00|甲|人民币",
    )
    assert [(s.number, s.currency, [one.row for one in s.lines]) for s in found.statements] == [
        ("62220001", "CNY", [2, 4]),
        ("62220002", "USD", [3]),
    ]


def test_that_income_and_expense_in_one_row_is_a_problem():
    found = read(HEAD, "2026-01-05|甲|5.00|6.00|95.00")
    assert [(p.row, p.field) for p in found.problems] == [(2, "金额")]


def test_that_a_line_is_not_lost_for_its_time():
    rows = ["日期|时间|支出"] + [
        f"2026-01-05|{text}|5.00"
        for text in ("14:06:51", "93000", "140651", "25:61", "-", "2026-01-04 23:59:59")
    ]
    found = read(*rows).statements[0].lines
    assert [one.at for one in found] == [
        time(14, 6, 51),
        time(9, 30),
        time(14, 6, 51),
        None,
        None,
        None,
    ]


def test_that_a_day_over_twelve_settles_the_whole_column():
    found = read("Date|Debit|Credit", "01/05/2026|5.00|", "01/31/2026|5.00|")
    assert [one.on for one in found.statements[0].lines] == [date(2026, 1, 5), date(2026, 1, 31)]


def test_that_a_number_that_lost_its_digits_is_told():
    rows = [("日期", "支出", "对方账号"), ("2026-01-05", "5.00", "6222021234567890000")]
    found = read_statements(
        Table(
            Kind.XLSX,
            "",
            "",
            [Row(1, rows[0]), Row(2, rows[1], frozenset({2}))],
        )
    )
    assert [(p.row, p.field) for p in found.problems] == [(2, "对方账号")]
    assert len(found.statements[0].lines) == 1


def test_that_nothing_unseen_is_kept():
    found = read(
        "日期|支出|对方户名|对方账号|摘要|流水号",
        "2026-01-05|5.00|甲\x00公\u200b司|62\x0022|摘\x01要|L\ufeff1",
    )
    [line] = found.statements[0].lines
    assert (line.name, line.payee_account, line.summary, line.reference) == (
        "甲公司",
        "6222",
        "摘要",
        "L1",
    )


CELL = st.one_of(
    st.sampled_from(
        [
            "2026-01-05",
            "20260106",
            "5.00",
            "-5.00",
            "0",
            "",
            "-",
            "合计",
            "本页小计",
            "期初余额",
            "余额",
        ]
    ),
    st.sampled_from(
        ["账号：62220202001122", "日期", "摘要", "支出", "收入", "借", "昨天", "x", "1e5"]
    ),
    st.text(max_size=8),
)


@given(
    st.sampled_from(
        ["日期|摘要|支出|收入|余额", "日期|金额|借贷标志|余额|对方户名", "交易时间|交易金额|余额"]
    ),
    st.lists(st.lists(CELL, min_size=1, max_size=6), max_size=12),
)
def test_that_every_row_is_a_line_a_problem_or_skipped(heading, body):  # E1.3
    rows = [tuple(heading.split("|")), *map(tuple, body)]
    given_table = Table(
        Kind.DELIMITED, "utf-8", "", [Row(at, one) for at, one in enumerate(rows, 1)]
    )
    try:
        found = read_statements(given_table)
    except BadInput:
        return
    heading_row = find_layout(given_table).row
    lines = [line.row for one in found.statements for line in one.lines]
    skipped = [one.row for one in found.skipped]
    told = {heading_row, *lines, *skipped, *(p.row for p in found.problems)}
    assert [r.number for r in given_table.rows if not r.blank() and r.number not in told] == []
    assert len(lines) == len(set(lines))
    assert not set(lines) & set(skipped)
