"""A list as a workbook or a CSV file: rows stream through, memory stays flat."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Final

from app.core.clock import local_seconds
from app.core.money import Money
from app.documents.atomic import replacing
from app.documents.columns import TableSheet, Value, runs_as_formula
from app.documents.errors import ExportCancelled

ROWS_PER_STEP: Final = 500
Progress = Callable[[int], None]
Cancelled = Callable[[], bool]


def no_progress(_done: int) -> None:
    """For callers that show none."""


def never_cancelled() -> bool:
    return False


def export_xlsx(
    target: Path,
    sheet: TableSheet,
    rows: Iterable[Sequence[Value]],
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> int:
    """Write the rows as a workbook; gives how many.

    Raises ExportCancelled, ExportFailed or CellTooLong; the old file then stays as it was.
    """
    from app.documents.workbook import Workbook, staging

    with replacing(target) as file, staging(), closing(Workbook(sheet)) as book:
        done = _pump(rows, book.append, progress, cancelled)
        book.save(file)
    return done


def export_csv(
    target: Path,
    sheet: TableSheet,
    rows: Iterable[Sequence[Value]],
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> int:
    """Write the rows as UTF-8 CSV that Excel reads; gives how many.

    Raises ExportCancelled or ExportFailed; the old file then stays as it was.
    """
    with replacing(target) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow([harmless(column.title) for column in sheet.columns])

        def write(row: Sequence[Value]) -> None:
            writer.writerow([csv_text(value) for value in row])

        done = _pump(rows, write, progress, cancelled)
        text.flush()
        # The file itself is closed by its owner, after it has reached the disk.
        text.detach()
    return done


def _pump(
    rows: Iterable[Sequence[Value]],
    write: Callable[[Sequence[Value]], None],
    progress: Progress,
    cancelled: Cancelled,
) -> int:
    done = 0
    for row in rows:
        if done % ROWS_PER_STEP == 0:
            progress(done)
            _stop_if(cancelled, done)
        write(row)
        done += 1
    progress(done)
    _stop_if(cancelled, done)
    return done


def _stop_if(cancelled: Cancelled, done: int) -> None:
    if cancelled():
        raise ExportCancelled(f"已取消导出（已处理 {done} 行）。")


def csv_text(value: Value) -> str:
    """The value as a CSV field: amounts plain, dates ISO, texts made harmless."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.decimal()
    if isinstance(value, datetime):
        return local_seconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return harmless(value)


def harmless(text: str) -> str:
    """The text with a leading apostrophe when a spreadsheet would run it as a formula."""
    return f"'{text}" if runs_as_formula(text) else text
