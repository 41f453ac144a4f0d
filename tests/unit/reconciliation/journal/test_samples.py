"""Journals as accounting programs lay them out are read to the last row."""

from datetime import date
from pathlib import Path

import pytest

from app.reconciliation.journal.opening import read_journal
from app.statements.parsed import Proof

SAMPLES = Path(__file__).parents[3] / "data" / "journal"
NUMBER = "6222020200112233445"


@pytest.mark.parametrize(
    ("name", "count", "ins", "outs", "opening", "closing", "days"),
    [
        ("yonyou_u8.xlsx", 4, 12000000, 22600050, 50000000, 39399950, ("2026-01-01", "2026-02-28")),
        ("kingdee_kis.csv", 3, 500000, 650000, 100000, -50000, ("2026-03-01", "2026-04-30")),
        ("kingdee_cloud.xls", 2, 100000000, 3000000, 0, 97000000, ("2026-01-08", "2026-01-09")),
        ("suda.txt", 2, 550, 2550, 2000, 0, ("2026-03-02", "2026-03-02")),
        ("by_hand.xlsx", 4, 20000, 120000, 80000, -20000, ("2025-12-30", "2026-01-04")),
    ],
)
def test_what_programs_export_is_read_and_proved(name, count, ins, outs, opening, closing, days):
    found = read_journal(SAMPLES / name)  # E1.2
    [book] = found.books
    assert found.all_problems == ()
    assert len(book.lines) == count
    assert (book.total_in.minor, book.total_out.minor) == (ins, outs)
    assert (book.opening, book.closing, book.proof) == (opening, closing, Proof.BALANCED)
    assert (book.since, book.until) == tuple(map(date.fromisoformat, days))


def test_that_several_subjects_are_several_books():  # E1.2
    first, second = read_journal(SAMPLES / "several_subjects.csv").books
    assert (first.number, first.opening, first.closing) == (NUMBER, 1000, 11000)
    assert (second.number, second.opening, second.closing) == (NUMBER[:-1] + "6", 0, 777)
    assert {first.holder, second.holder} == {"某某贸易有限公司"}
    assert first.since == second.since == date(2026, 3, 1)


def test_what_each_row_became():
    found = read_journal(SAMPLES / "by_hand.xlsx")
    [book] = found.books
    assert [(x.row, x.voucher, x.on.isoformat(), x.minor, x.red) for x in book.lines] == [
        (6, "记-40", "2025-12-30", 20000, False),
        (7, "记-41", "2025-12-30", -500, False),
        (8, "记-42", "2025-12-31", 500, True),
        (13, "记-1", "2026-01-04", -120000, False),
    ]
    told = [(one.row, one.reason) for one in found.skipped]
    assert told == [
        (1, "工作表“2025年”：表头之前的说明"),
        (2, "工作表“2025年”：表头之前的说明"),
        (3, "工作表“2025年”：表头"),
        (4, "工作表“2025年”：表头"),
        (5, "工作表“2025年”：不是分录（承前页）"),
        (9, "工作表“2025年”：不是分录（过次页）"),
        (10, "工作表“2025年”：重复的表头"),
        (11, "工作表“2025年”：重复的表头"),
        (12, "工作表“2025年”：不是分录（承前页）"),
        (14, "工作表“2025年”：不是分录（1月合计）"),
        (15, "工作表“2025年”：说明文字"),
        (None, "工作表“通讯录”不是日记账：文件的表头中没有日期和借方、贷方金额。"),
    ]
    assert book.number == "103001040012345"


def test_what_the_fields_of_a_line_are():
    [book] = read_journal(SAMPLES / "kingdee_kis.csv").books
    line = book.lines[1]
    assert (line.voucher, line.method, line.settlement) == ("记-2", "现金支票", "XJ8801")
    assert (line.summary, line.opposite) == ("提现备用", "1001 - 库存现金")
    assert line.text == "提现备用 1001 - 库存现金"
