"""The workbook of a reconciliation, against openpyxl writing the bare values of the same rows.

The floor has no looks, no formulas and no totals, and its values are ready in memory.

Run: .venv/bin/python -m benchmarks.bench_workbook [--rows 100000] [--quick]
"""

import argparse
import sys
import tempfile
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path

import openpyxl
from app.documents.reconciliation_workbook import write_reconciliation_workbook
from app.documents.spreadsheet_columns import Item

from app.core.money import Money
from app.documents import reconciliation_lists as lists
from app.documents.balance_values import BalanceHead, OpenEntry, OpenKind, SheetState
from app.documents.reconciliation_values import (
    DebitAlarm,
    ExecutedPayment,
    ImportRecord,
    MatchedPart,
    MatchRecord,
    ReconciliationBook,
    TrailRecord,
    UnexecutedPayment,
)
from benchmarks.table import Table, seconds

REACH = 1.2
# How much more memory many times the rows may take.
GROWTH = 1.2
ON = date(2026, 2, 28)
AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
PARTIES = (
    "上海恒达轴承制造有限公司",
    "国网江苏省电力有限公司苏州供电分公司",
    "苏州新景机电有限公司",
    "无锡宏业标准件厂",
)
KINDS = tuple(OpenKind)
HASH = "9f2c7b64e1a05d38c4f0b9a6d2e7835146cb0f9d8a3e57214bd60c9e8f173a52"


def head() -> BalanceHead:
    balance = Money(325_648_015)
    return BalanceHead(
        "华东精密仪器（苏州）有限公司", "中国工商银行苏州工业园区支行", "1102020409000123456", "CNY", ON,
        balance, balance, "YE-2026-0002", 1, SheetState.DRAFT, None, None, "", (), False, AT, "王晓敏",
    )  # fmt: skip


def money(at: int) -> Money:
    return Money(10_000 + at * 7919 % 90_000_000)


def day(at: int) -> date:
    return ON - timedelta(days=at % 28)


def party(at: int) -> str:
    return PARTIES[at % len(PARTIES)]


def executed(count: int) -> Iterator[ExecutedPayment]:
    for at in range(count):
        yield ExecutedPayment(
            f"FK-202602-{at:06d}", party(at), money(at), money(at), day(at), f"L{at:012d}", "相符"
        )


def open_items(count: int) -> Iterator[OpenEntry]:
    for at in range(count):
        kind = KINDS[at % len(KINDS)]
        yield OpenEntry(
            kind, day(at), "货款", f"记-{at:06d}", party(at), money(at), "取回单", "借 银行存款"
        )


def unexecuted(count: int) -> Iterator[UnexecutedPayment]:
    for at in range(count):
        yield UnexecutedPayment(
            f"FK-202602-9{at:05d}", party(at), money(at), day(at), "已停止", "账户余额不足"
        )


def alarms(count: int) -> Iterator[DebitAlarm]:
    for at in range(count):
        yield DebitAlarm(
            "疑似重复执行",
            day(at),
            party(at),
            f"L{at:012d}",
            f"FK-{at:06d}",
            money(at),
            "向银行核实",
        )


def matches(count: int) -> Iterator[MatchRecord]:
    for at in range(count):
        line = MatchedPart(f"L{at:012d}", day(at), party(at), -money(at))
        ours = MatchedPart(f"FK-202602-{at:06d}", day(at), party(at), -money(at))
        yield MatchRecord(f"P-{at:06d}", "流水号", "确定", "附言中有付款编号", (line,), (ours,))


def imports() -> Iterator[ImportRecord]:
    zero = Money(0)
    yield ImportRecord(
        "2月.csv", HASH, ON, ON, zero, zero, zero, zero, 0, "相符", "", 0, AT, "王晓敏"
    )


def trail(count: int) -> Iterator[TrailRecord]:
    for at in range(count):
        yield TrailRecord(f"RZ-{at:08d}", AT, "王晓敏", "确认匹配", f"P-{at:06d}", "", HASH)


def book(rows: int) -> ReconciliationBook:
    """So many rows over all sheets: mostly payments that were executed, and their matches."""
    return ReconciliationBook(
        head(),
        date(2026, 2, 1),
        ON,
        executed(rows * 35 // 100),
        open_items(rows * 15 // 100),
        alarms(rows * 2 // 100),
        unexecuted(rows * 3 // 100),
        matches(rows * 35 // 100),
        imports(),
        trail(rows * 10 // 100),
    )


def held(made: ReconciliationBook) -> ReconciliationBook:
    """The same, ready in memory."""
    return ReconciliationBook(
        made.head,
        made.since,
        made.until,
        tuple(made.executed),
        tuple(made.open_items),
        tuple(made.alarms),
        tuple(made.unexecuted),
        tuple(made.matches),
        tuple(made.imports),
        tuple(made.trail),
    )


def bare(made: ReconciliationBook) -> list[list[tuple[object, ...]]]:
    """The same values as openpyxl takes them, a list for each sheet."""
    sheets: Iterable[Iterable[Sequence[Item]]] = (
        map(lists.executed_row, made.executed),
        (lists.open_row(one, ON) for one in made.open_items),
        map(lists.alarm_row, made.alarms),
        map(lists.unexecuted_row, made.unexecuted),
        chain.from_iterable(lists.match_rows(one, "CNY") for one in made.matches),
        map(lists.import_row, made.imports),
        map(lists.trail_row, made.trail),
    )
    return [[(at, *map(_value, row)) for at, row in enumerate(sheet, start=1)] for sheet in sheets]


def _value(item: Item) -> object:
    if isinstance(item, Money):
        return item.minor / 100
    return item.replace(tzinfo=None) if isinstance(item, datetime) else item


def floor(sheets: list[list[tuple[object, ...]]], target: Path) -> None:
    made = openpyxl.Workbook(write_only=True)
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(row)
    made.save(target)


def speed(table: Table, rows: int, target: Path) -> None:
    ready = held(book(rows))
    values = bare(ready)
    ours = seconds(lambda: write_reconciliation_workbook(ready, target))
    barest = seconds(lambda: floor(values, target))
    table.ratio(f"workbook of {rows:,} rows", ours, barest, REACH)


def peak(rows: int, target: Path) -> int:
    """Bytes that writing so many rows takes at most; the rows are made as they are asked for."""
    tracemalloc.start()
    write_reconciliation_workbook(book(rows), target)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def main() -> int:
    """Print the table; 1 when it is too slow, or takes more memory for more rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    rows = 10_000 if chosen.quick else chosen.rows
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "book.xlsx"
        speed(table, rows, target)
        # Smaller ones do not fill the buffers yet.
        few, more = 10_000, max(rows, 30_000)
        least, most = peak(few, target), peak(more, target)
    flat = most <= least * GROWTH
    print(
        f"memory: {least / 1e6:.1f} MB for {few:,} rows, {most / 1e6:.1f} MB for {more:,}"
        f" (<= {GROWTH:g}x: {'ok' if flat else 'MISSED'})"
    )
    return 0 if table.reached and flat else 1


if __name__ == "__main__":
    sys.exit(main())
