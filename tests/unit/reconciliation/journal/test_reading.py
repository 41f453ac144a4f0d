"""The rules by which the rows of a journal are lines, sums, titles or problems."""

from datetime import date

import pytest

from app.reconciliation.journal.parsed import IsAStatement, NotAJournal, NoYear
from app.reconciliation.journal.reading import read_books
from app.statements.parsed import Proof
from app.tabular.header import WrongUnit
from app.tabular.model import Kind, Row, Table

HEAD = "日期|凭证号|摘要|往来单位|借方|贷方|方向|余额"


def table(*rows, sheet=""):
    cells = [tuple(row.split("|")) for row in rows]
    listed = [Row(at, one) for at, one in enumerate(cells, 1)]
    return Table(Kind.DELIMITED, "utf-8", sheet, listed)


def read(*rows, currency="CNY", sheet=""):
    """The one book of a table, and all that the table was found to hold."""
    found = read_books(table(*rows, sheet=sheet), currency)
    [book] = found.books
    return book, found


def minors(book):
    return [line.minor for line in book.lines]


def told(found):
    return [(one.row, one.field) for one in found.problems]


def skipped(found):
    return [(one.row, one.reason) for one in found.skipped]


def test_that_debit_is_money_in_as_we_see_it():  # E1.2
    book, found = read(
        HEAD, "2026-03-02|记-1|收|甲|5.00||借|5.00", "2026-03-03|记-2|付|乙||7.00|贷|2.00"
    )
    assert minors(book) == [500, -700]
    assert [line.balance for line in book.lines] == [500, -200]
    assert book.proof is Proof.BALANCED
    assert found.problems == ()


@pytest.mark.parametrize("red", ["-5.00", "(5.00)", "（5.00）", "−5.00", "5.00-"])
def test_that_a_red_figure_turns_its_side_round(red):  # E1.2
    book, _ = read(HEAD, "2026-03-02|记-1|付|甲||9.00||", f"2026-03-02|记-2|冲销|甲||{red}||")
    assert minors(book) == [-900, 500]
    assert [line.debit for line in book.lines] == [False, False]
    assert (book.total_in.minor, book.total_out.minor) == (0, 400)


def test_that_a_bank_statement_is_refused():
    rows = ("2026-03-02||代扣|甲|5.00|||95.00", "2026-03-03||收|乙||7.00||102.00")
    with pytest.raises(IsAStatement, match="银行的流水"):
        read(HEAD, "||期初余额|||||100.00", *rows)


def test_that_headings_of_a_bank_are_pointed_out():
    row = "2026-03-02|收|5.00||6222"
    assert told(read("日期|摘要|收入|支出|对方账号", row)[1]) == [(None, "文件")]
    assert told(read("日期|摘要|收入|支出|往来单位", row)[1]) == []


@pytest.mark.parametrize(
    ("head", "row", "minor"),
    [
        ("日期|摘要|方向|金额", "2026-03-02|收|借|5.00", 500),
        ("日期|摘要|方向|金额", "2026-03-02|付|贷|5.00", -500),
        ("日期|摘要|方向|金额", "2026-03-02|红字|贷|-5.00", 500),
        ("日期|摘要|发生额|余额", "2026-03-02|付|-5.00|", -500),
        ("日期|摘要|收入|支出|结余", "2026-03-02|付||5.00|", -500),
        ("记账日期|摘要|借方金额(元)|贷方金额(元)", "2026-03-02|收|5.00|", 500),
        ("日期|内容|收方|付方", "2026-03-02|付||5.00", -500),
    ],
)
def test_that_the_side_is_told_by_columns_direction_or_sign(head, row, minor):
    assert minors(read(head, row)[0]) == [minor]


def test_that_balances_tell_the_sides_of_a_bare_column():
    rows = ("2026-03-02|收|5.00|105.00", "2026-03-03|付|7.00|98.00")
    book, found = read("日期|摘要|金额|余额", "|期初余额||100.00", *rows)
    assert minors(book) == [500, -700]
    assert found.notes == ("只有一列金额，借贷方向由余额推出。",)
    book, found = read("日期|摘要|金额|余额", "2026-03-02|收|5.00|", "2026-03-03|付|7.00|")
    assert told(found) == [(2, "方向"), (3, "方向")]


def test_that_negative_outgoings_are_outgoings_where_they_are_so_called():
    rows = ("2026-03-02|付||-5.00", "2026-03-03|付||-7.00")
    assert minors(read("日期|摘要|收入|支出", *rows)[0]) == [-500, -700]
    book, found = read("日期|摘要|借方|贷方", *rows)
    assert minors(book) == [500, 700]
    assert told(found) == [(None, "贷方")]


def test_that_a_wrong_month_is_a_named_problem():  # E1.2
    book, found = read(
        HEAD,
        "2026-03-02|记-1|收|甲|5.00|||",
        "2026-03-20|记-2|付|乙||2.00||",
        "||本日合计|||2.00||",
        "||本月合计||5.00|2.01||",
        "2026-04-01|记-1|收|甲|1.00|||",
        "||本月合计||1.00|||",
        "||本年累计||6.00|2.00||",
    )
    assert minors(book) == [500, -200, 100]
    [problem] = book.problems
    assert (problem.row, problem.field) == (5, "合计")
    assert "贷方 2.01" in problem.message
    assert "相差 -0.01" in problem.message
    assert (5, "不是分录（本月合计）") in skipped(found)


def test_that_a_month_of_which_the_file_has_a_part_is_not_judged():
    title = "期间：2026-03-15 至 2026-04-30"
    rows = (HEAD, "2026-03-20|记-2|付|乙||2.00||", "||本月合计||50.00|2.00||")
    assert read(title, *rows)[0].problems == ()
    assert len(read("期间：2026年3月", *rows)[0].problems) == 1


def test_that_the_year_is_held_against_what_it_grew_by():
    rows = ["2026-03-02|记-1|收|甲|5.00|||", "||本年累计||105.00|40.00||"]
    rows += ["2026-04-02|记-1|收|甲|1.00|||", "||本年累计||106.00|40.00||"]
    assert read(HEAD, *rows)[0].problems == ()
    rows[3] = "||本年累计||107.00|40.00||"
    assert [one.row for one in read(HEAD, *rows)[0].problems] == [5]
    from_january = read(HEAD, "||上年结转|||||10.00", *rows[:2])[0]
    assert [one.row for one in from_january.problems] == [4, 4]


def test_that_a_carried_balance_that_does_not_fit_is_a_problem():
    book, _ = read(
        HEAD,
        "||期初余额||||借|100.00",
        "2026-03-02|记-1|收|甲|5.00|||",
        "||过次页||||借|105.00",
        "||承前页||||借|104.00",
        "2026-03-03|记-2|收|甲|5.00|||",
        "||期末余额||||借|110.00",
    )
    assert [one.row for one in book.problems] == [5]
    assert (book.opening, book.closing, book.proof) == (10000, 11000, Proof.UNBALANCED)


def test_that_balances_of_sums_alone_prove_too():
    book, _ = read(
        HEAD,
        "||期初余额||||借|100.00",
        "2026-03-02|记-1|收|甲|5.00|||",
        "||本月合计||5.00||借|105.00",
    )
    assert (book.proof, book.closing) == (Proof.BALANCED, 10500)


def test_that_a_missing_line_breaks_the_proof():
    book, _ = read(
        HEAD,
        "||期初余额||||借|100.00",
        "2026-03-02|记-1|收|甲|5.00||借|105.00",
        "2026-03-03|记-3|收|甲|5.00||借|115.00",
    )
    assert book.proof is Proof.UNBALANCED
    assert [(one.row, one.field) for one in book.problems] == [(4, "余额")]


def test_that_even_is_no_balance_and_nothing_else():
    book, found = read(
        HEAD, "2026-03-02|记-1|收|甲|5.00||平|", "2026-03-03|记-2|付|甲||5.00|平|3.00"
    )
    assert [line.balance for line in book.lines] == [0, None]
    assert told(found) == [(3, "余额")]


@pytest.mark.parametrize(
    "word",
    [
        "期初余额",
        "上年结转",
        "上月结转",
        "年初余额",
        "承前页",
        "期初",
        "上年余额",
        "2026年期初余额",
        "初始余额",
    ],
)
def test_what_opens_a_book(word):
    book, found = read(HEAD, f"||{word}||||借|100.00", "2026-03-02|记-1|收|甲|5.00||借|105.00")
    assert (book.opening, book.proof) == (10000, Proof.BALANCED)
    assert skipped(found)[1] == (2, f"不是分录（{word}）")


@pytest.mark.parametrize(
    "word",
    [
        "本日合计",
        "本月合计",
        "3月合计",
        "2026年3月合计",
        "本 月 合 计",
        "本期合计",
        "当前合计",
        "月计",
        "本月发生额",
        "本年累计",
        "当前累计",
        "累计",
        "合计",
        "总计",
        "小计",
        "本日合计：",
        "本页合计",
    ],
)
def test_what_sums_up_is_no_line(word):
    book, _ = read(HEAD, "2026-03-02|记-1|收|甲|5.00|||", f"||{word}||5.00|||")
    assert minors(book) == [500]
    assert book.problems == ()
    in_another_column = read(HEAD, "2026-03-02|记-1|收|甲|5.00|||", f"{word}||||5.00|||")[0]
    assert minors(in_another_column) == [500]


def test_that_an_entry_with_such_words_is_a_line():
    rows = ("2026-03-31|记-9|合计|甲|5.00|||", "2026-03-31|记-10|结转下年利润|甲|6.00|||")
    assert minors(read(HEAD, *rows)[0]) == [500, 600]


def test_that_a_line_of_the_next_year_is_known_by_its_month():
    rows = ("12|30|记-1|收|5.00|", "1|4|记-2|收|6.00|", "|5|记-3|收|7.00|")
    book, _ = read("2025年||凭证号|摘要|借方|贷方", "月|日||||", *rows)
    assert [line.on for line in book.lines] == [
        date(2025, 12, 30),
        date(2026, 1, 4),
        date(2026, 1, 5),
    ]


@pytest.mark.parametrize(
    ("above", "sheet"),
    [("2025年银行存款日记账", ""), ("会计期间：2025.01-2025.12", ""), ("日记账", "2025年")],
)
def test_where_the_year_is_found(above, sheet):
    book, _ = read(
        above, HEAD, "3月5日|记-1|收|甲|5.00|||", "03-06|记-2|收|甲|5.00|||", sheet=sheet
    )
    assert [line.on for line in book.lines] == [date(2025, 3, 5), date(2025, 3, 6)]


def test_that_days_without_a_year_anywhere_are_refused():
    with pytest.raises(NoYear, match="没有年份"):
        read("银行存款日记账", HEAD, "3月5日|记-1|收|甲|5.00|||")


def test_that_the_year_may_stand_in_a_column():
    head = "年|月|日|凭证号|摘要|借方|贷方"
    book, _ = read(head, "2025|12|31|1|收|5.00|", "26|1|1|2|收|5.00|", "||2|3|收|5.00|")
    assert [line.on.isoformat() for line in book.lines] == [
        "2025-12-31",
        "2026-01-01",
        "2026-01-02",
    ]


def test_that_a_blank_day_is_the_one_above_where_the_file_does_so():
    rows = ("2026-03-02|记-1|收|甲|5.00|||", "|记-2|收|甲|6.00|||", "2026-03-03|记-3|收|甲|7.00|||")
    book, found = read(HEAD, *rows)
    assert [line.on.day for line in book.lines] == [2, 2, 3]
    assert found.notes == ("1 行没有日期，按上一行的日期读取。",)


def test_that_a_blank_day_is_a_problem_where_the_file_says_each():
    rows = ("2026-03-02|记-1|收|甲|5.00|||", "2026-03-02|记-2|收|甲|6.00|||", "|记-3|收|甲|7.00|||")
    book, found = read(HEAD, *rows)
    assert len(book.lines) == 2
    assert told(found) == [(4, "日期")]
    goes_on = (*rows[:2], "|记-2|手续费|甲|7.00|||")
    assert len(read(HEAD, *goes_on)[0].lines) == 3


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("昨天|记-1|x|甲|1.00|||", "日期"),
        ("2026-02-30|记-1|x|甲|1.00|||", "日期"),
        ("2026-03-05|记-1|x|甲|一元|||", "借方、贷方"),
        ("2026-03-05|记-1|x|甲|1.234|||", "借方、贷方"),
        ("2026-03-05|记-1|x|甲|1.00|2.00||", "借方、贷方"),
        ("|记-1|x|甲|壹佰|||", "日期"),
    ],
)
def test_that_a_bad_row_is_named_and_the_others_are_kept(row, field):
    good = ("2026-03-06|记-2|y|甲|5.00|||", "2026-03-06|记-3|y|甲|5.00|||")
    book, found = read(HEAD, row, *good)
    assert told(found) == [(2, field)]
    assert minors(book) == [500, 500]


def test_that_a_doubtful_balance_costs_no_line():
    book, found = read(
        HEAD, "2026-03-06|记-2|y|甲|5.00||借|五元", "2026-03-06|记-2|y|甲|5.00||左|9"
    )
    assert minors(book) == [500, 500]
    assert told(found) == [(2, "余额"), (3, "余额")]


def test_that_rows_without_money_are_told():
    rows = (
        "2026-03-06|记-2|作废|甲||||",
        "2026-03-06|记-3|零|甲|0.00|0.00||",
        "制单：张|||||审核：李",
    )
    _, found = read(HEAD, "2026-03-05|记-1|收|甲|5.00|||", *rows)
    assert skipped(found) == [(1, "表头"), (3, "没有金额"), (4, "没有金额"), (5, "说明文字")]


def test_that_headings_of_another_order_are_followed():
    book, _ = read(
        HEAD,
        "2026-03-05|记-1|收|甲|5.00|||",
        "日期|摘要|凭证号|贷方|借方",
        "2026-03-06|付|记-2|4.00|",
    )
    assert [(line.minor, line.voucher, line.summary) for line in book.lines] == [
        (500, "记-1", "收"),
        (-400, "记-2", "付"),
    ]


def test_that_pages_with_their_titles_are_one_book():
    page = ("科目：1002 银行存款-工行  第 {} 页", HEAD)
    book, found = read(
        page[0].format(1),
        HEAD,
        "2026-03-05|记-1|收|甲|5.00|||5.00",
        page[0].format(2),
        HEAD,
        "2026-03-05|记-2|收|甲|5.00|||10.00",
    )
    assert minors(book) == [500, 500]
    assert skipped(found)[-1] == (5, "重复的表头")


def test_that_a_subject_in_each_row_parts_the_books():  # E1.2
    head = "日期|凭证号|科目编码|科目名称|摘要|借方|贷方"
    found = read_books(
        table(
            head,
            "2026-03-05|记-1|100201|银行存款-工行|收|5.00|",
            "2026-03-05|记-1|1122|应收账款|收||5.00",
            "2026-03-06|记-2|100202|银行存款-建行|付||2.00",
            "2026-03-07|记-3|100201|银行存款-工行|收|1.00|",
        )
    )
    assert [(one.subject, minors(one)) for one in found.books] == [
        ("100201 银行存款-工行", [500, 100]),
        ("100202 银行存款-建行", [-200]),
    ]
    assert skipped(found)[1] == (3, "不是银行存款科目的分录（1122 应收账款）")


def test_that_a_subject_that_is_no_bank_names_the_other_side():
    book, _ = read("日期|摘要|科目|收入|支出", "2026-03-05|付房租|管理费用||5.00")
    assert [(line.minor, line.opposite) for line in book.lines] == [(-500, "管理费用")]


def test_that_a_foreign_account_counts_in_its_currency():
    head = ("日期|摘要|借方||贷方||余额|", "||外币|本位币|外币|本位币|外币|本位币")
    row = "2026-03-05|收汇|100.00|712.00|||100.00|712.00"
    book, _ = read("科目：1002 银行存款-美元户 币别：美元", *head, row)
    assert (book.currency, minors(book)) == ("USD", [10000])
    book, _ = read("科目：1002 银行存款 币别：人民币", *head, row)
    assert (book.currency, minors(book)) == ("CNY", [71200])
    assert (
        read("币别：火星币", HEAD, "2026-03-05|记-1|收|甲|5.00|||")[1].problems[0].field == "币种"
    )


def test_what_is_no_journal_is_refused():
    with pytest.raises(NotAJournal, match="没有日期和借方、贷方金额"):
        read("姓名|部门|工号", "张三|财务|1")
    with pytest.raises(NotAJournal, match="没有日期"):
        read("凭证号|摘要|借方|贷方", "1|收|5.00|")
    with pytest.raises(WrongUnit):
        read("单位：万元", HEAD, "2026-03-05|记-1|收|甲|5.00|||")


def test_that_equal_lines_are_two_and_known_again():
    row = "2026-03-05|记-1|收|甲|5.00|||"
    book, _ = read(HEAD, row, row)
    first, second = book.identities("1")
    assert first != second
    with_balance = read(HEAD, "2026-03-05|记-1|收|甲|5.00|||77.00")[0]
    assert with_balance.identities("1") == [first]
    assert book.identities("2")[0] != first


def test_that_newest_first_proves_too():
    rows = ("2026-03-07|记-2|付|甲||2.00||8.00", "2026-03-06|记-1|收|甲|5.00|||10.00")
    book, _ = read(HEAD, *rows, "2026-03-05|记-0|收|甲|5.00|||5.00")
    assert (book.proof, book.opening, book.closing) == (Proof.BALANCED, 0, 800)
