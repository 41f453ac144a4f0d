"""解除止付操作日志: when, who, what was changed, who approved; as PDF and as workbook."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from app.core.money import Money
from app.documents.blocks import Document, Row, Table
from app.documents.columns import Column, Kind, TableSheet, Value
from app.documents.fonts import FontBook
from app.documents.forms import (
    AMOUNT,
    CENTERED,
    date_text,
    head,
    headings,
    time_text,
    value,
)
from app.documents.table_export import export_xlsx, never_cancelled, no_progress
from app.documents.writing import PdfResult, write_pdf

TITLE: Final = "解除止付操作日志"
_NAMES: Final = (
    "序号",
    "时间",
    "人员",
    "指令号",
    "收款方",
    "金额",
    "停付原因",
    "修改内容",
    "审批",
    "审批单号、日志号",
)
_WEIGHTS: Final = (10, 20, 20, 31, 33, 25, 30, 42, 33, 33)
_COLUMNS: Final = (
    Column("时间", Kind.DATE, 20),
    Column("人员", width=18),
    Column("机器", width=16),
    Column("指令号", width=20),
    Column("收款方", width=30),
    Column("币种", width=6),
    Column("金额", Kind.MONEY),
    Column("停付原因", width=26),
    Column("修改内容", width=44),
    Column("审批", width=36),
    Column("审批单号", width=16),
    Column("系统日志号", width=22),
)


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """One release: `changes` and `approvals` as the reader is to see them."""

    at: datetime
    person: str
    machine: str
    payment_no: str
    payee: str
    amount: Money
    hold_reason: str
    changes: str
    approvals: str
    sheet_no: str
    log_no: str


@dataclass(frozen=True, slots=True)
class ReleaseLog:
    """The releases of a period, in the order in which they are to be read."""

    company: str
    drill: bool
    since: date
    until: date
    entries: tuple[ReleaseEntry, ...]
    printed_at: datetime
    printed_by: str


def release_log_pdf(log: ReleaseLog, book: FontBook | None = None) -> PdfResult:
    """The log as A4 landscape. Raises MissingGlyph."""
    return write_pdf(release_log_document(log), book)


def release_log_document(log: ReleaseLog) -> Document:
    """The log before it is set."""
    period = f"期间：{date_text(log.since)}至{date_text(log.until)}"
    rows = tuple(_row(number, entry) for number, entry in enumerate(log.entries, 1))
    table = Table(
        _WEIGHTS,
        (headings(_NAMES), *(rows or (Row((value("本期没有解除止付", len(_NAMES)),)),))),
        heading=1,
        padding=3,
    )
    return Document(
        title=f"{TITLE} {log.since.isoformat()}—{log.until.isoformat()}",
        company=log.company,
        blocks=(*head(log.company, TITLE, period, f"共 {len(rows)} 笔", drill=log.drill), table),
        footer=f"{TITLE}  打印：{log.printed_by} {time_text(log.printed_at)}",
        watermark="演练" if log.drill else "",
        landscape=True,
        margins=(18, 10, 16, 10),
    )


def release_log_xlsx(
    target: Path,
    entries: Iterable[ReleaseEntry],
    progress: Callable[[int], None] = no_progress,
    cancelled: Callable[[], bool] = never_cancelled,
) -> int:
    """Write the log as a workbook; gives how many rows. Raises what export_xlsx raises."""
    sheet = TableSheet(TITLE, _COLUMNS)
    return export_xlsx(target, sheet, map(_values, entries), progress, cancelled)


def _values(entry: ReleaseEntry) -> tuple[Value, ...]:
    return (
        entry.at,
        entry.person,
        entry.machine,
        entry.payment_no,
        entry.payee,
        entry.amount.currency,
        entry.amount,
        entry.hold_reason,
        entry.changes,
        entry.approvals,
        entry.sheet_no,
        entry.log_no,
    )


_SMALL: Final = {"size": 8.5, "leading": 11.5}


def _row(number: int, entry: ReleaseEntry) -> Row:
    plain = value("").style.but(**_SMALL)
    return Row(
        (
            value(str(number), 1, CENTERED.but(**_SMALL)),
            value(time_text(entry.at), 1, plain),
            value(f"{entry.person}\n{entry.machine}", 1, plain),
            value(entry.payment_no, 1, plain),
            value(entry.payee, 1, plain),
            value(entry.amount.figure(), 1, AMOUNT.but(**_SMALL)),
            value(entry.hold_reason, 1, plain),
            value(entry.changes, 1, plain),
            value(entry.approvals, 1, plain),
            value(f"{entry.sheet_no}\n{entry.log_no}", 1, plain),
        )
    )
