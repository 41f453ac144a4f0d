"""The reconciliation's workbook against openpyxl's write-only values of the same cells.

Run: .venv/bin/python -m benchmarks.bench_workbook [--payments 100000]
"""

import resource
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from app.core.money import Money
from app.documents.reconciliation_book import write_reconciliation_book
from app.documents.reconciliation_values import MatchedPart, MatchRecord, ReconciliationBook
from benchmarks.company import options
from benchmarks.table import Table, seconds

REACH: Final = 1.2
_ON: Final = date(2026, 3, 3)


def book(rows: int) -> ReconciliationBook:
    """So many matches of one line and one payment."""
    matches = [
        MatchRecord(
            str(at),
            "编号",
            "确定",
            "流水中有付款编号；金额相同",
            (MatchedPart(f"S{at:08d}", _ON, "上海华峰机械有限公司", Money(-at - 1)),),
            (MatchedPart(f"FK-20260303-{at:06d}/1", _ON, "上海华峰机械有限公司", Money(-at - 1)),),
        )
        for at in range(rows)
    ]
    return ReconciliationBook(
        "公司", "银行", "1", "CNY", None, _ON, _ON, [], [], [], [], matches, [], []
    )


def floor(made: ReconciliationBook, target: Path) -> None:
    """The same cells as bare values."""
    import openpyxl

    out = openpyxl.Workbook(write_only=True)
    sheet = out.create_sheet("匹配明细")
    for one in made.matches:
        line, item = one.lines[0], one.ours[0]
        sheet.append(
            (
                one.match_id,
                one.kind,
                one.sureness,
                one.why,
                line.reference,
                line.on,
                line.party,
                line.amount.minor / 100,
                item.reference,
                item.on,
                item.party,
                item.amount.minor / 100,
            )
        )
    out.save(target)


def main() -> int:
    """Print the row; 1 when the reach was missed."""
    chosen = options(__doc__, 100_000, 10_000)
    made = book(chosen.payments)
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        target = Path(name, "book.xlsx")
        runs = min(chosen.runs, 3)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ours = seconds(lambda: write_reconciliation_book(target, made), runs)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        barest = seconds(lambda: floor(made, target), runs)
    table.ratio(f"workbook of {chosen.payments:,} rows x 12", ours, barest, REACH)
    print(f"memory grew by {grown / 1024:.0f} MB while writing")
    return 0 if table.reached else 1


if __name__ == "__main__":
    sys.exit(main())
