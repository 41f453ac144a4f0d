"""The tables in which a journal is looked at before it comes in."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.core.errors import Problem
from app.core.money import Money
from app.reconciliation.journal.parsed import Book, BookLine
from app.statements.parsed import PROOF_LABELS, Proof, Skipped
from ui.resume.pieces import short_table
from ui.resume.short_table import ShortTable
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleTable

LINES_SHOWN: Final = 500
PROOF_TONES: Final[dict[Proof, Tone]] = {
    Proof.BALANCED: Tone.OK,
    Proof.UNBALANCED: Tone.STOP,
    Proof.NO_BALANCE: Tone.MUTED,
}
Numbered = tuple[int, Problem]
Left = tuple[int, Skipped]
Shown = tuple[int, str, BookLine]


def tr(text: str) -> str:
    return QCoreApplication.translate("reconciliation", text)


def book_table(books: Sequence[Book], parent: QWidget) -> ShortTable[Book]:
    """One row for each 科目 of the file."""
    columns: tuple[Column[Book], ...] = (
        Column("title", tr("科目"), lambda b: b.title or tr("（文件未写明）"), chars=26),
        Column("days", tr("期间"), lambda b: f"{b.since} – {b.until}", chars=24),
        Column("lines", tr("笔数"), lambda b: f"{len(b.lines):,}", align=Align.RIGHT, chars=8),
        Column("ins", tr("借方（收入）"), lambda b: b.total_in.display(), align=Align.RIGHT),
        Column("outs", tr("贷方（支出）"), lambda b: b.total_out.display(), align=Align.RIGHT),
        Column("opening", tr("期初余额"), lambda b: _money(b.opening, b), align=Align.RIGHT),
        Column("closing", tr("期末余额"), lambda b: _money(b.closing, b), align=Align.RIGHT),
        Column(
            "proof",
            tr("余额核对"),
            lambda b: PROOF_LABELS[b.proof],
            tone=lambda b: PROOF_TONES[b.proof],
            chars=14,
        ),
    )
    return short_table("journal.books", tr("文件中的科目"), columns, books, parent, ("title",))


def shown_lines(books: Sequence[Book]) -> list[Shown]:
    """The first lines of the file, each with its currency."""
    every = ((book.currency, line) for book in books for line in book.lines)
    return [(at, currency, line) for at, (currency, line) in enumerate(islice(every, LINES_SHOWN))]


def line_table(lines: Sequence[Shown], parent: QWidget) -> SimpleTable[Shown]:
    """The lines as they were understood."""
    columns: tuple[Column[Shown], ...] = (
        Column("row", tr("行"), lambda r: str(r[2].row), align=Align.RIGHT, chars=6),
        Column("on", tr("日期"), lambda r: r[2].on.isoformat(), chars=11),
        Column("voucher", tr("凭证"), lambda r: r[2].voucher, chars=9),
        Column("text", tr("摘要"), lambda r: r[2].summary, chars=20),
        Column("name", tr("往来单位"), lambda r: r[2].name or r[2].opposite, chars=24),
        Column("debit", tr("借方（收入）"), _debit, align=Align.RIGHT, tone=_red, chars=14),
        Column("credit", tr("贷方（支出）"), _credit, align=Align.RIGHT, tone=_red, chars=14),
        Column("balance", tr("余额"), _balance, align=Align.RIGHT, chars=15),
        Column("settlement", tr("结算号"), lambda r: r[2].settlement, chars=12),
    )
    table = SimpleTable("journal.lines", tr("分录"), columns, lambda r: r[0], parent=parent)
    table.set_rows(lines)
    return table


def problem_table(problems: Sequence[Problem], parent: QWidget) -> SimpleTable[Numbered]:
    """What is wrong: row, field and cure."""
    columns: tuple[Column[Numbered], ...] = (
        Column(
            "row",
            tr("行"),
            lambda r: "" if r[1].row is None else str(r[1].row),
            align=Align.RIGHT,
            sort_value=lambda r: r[1].row or 0,
            chars=6,
        ),
        Column(
            "field", tr("栏目"), lambda r: r[1].field, sort_value=lambda r: r[1].field, chars=12
        ),
        Column(
            "cure",
            tr("问题与处理办法"),
            lambda r: r[1].message,
            tooltip=lambda r: r[1].message,
            chars=90,
        ),
    )
    table = SimpleTable(
        "journal.problems", tr("有问题的行"), columns, lambda r: r[0], parent=parent
    )
    table.set_rows(list(enumerate(problems)))
    return table


def skipped_table(skipped: Sequence[Skipped], parent: QWidget) -> SimpleTable[Left]:
    """The rows that are no lines, and why."""
    columns: tuple[Column[Left], ...] = (
        Column(
            "row",
            tr("行"),
            lambda r: "" if r[1].row is None else str(r[1].row),
            align=Align.RIGHT,
            sort_value=lambda r: r[1].row or 0,
            chars=6,
        ),
        Column(
            "reason",
            tr("原因"),
            lambda r: r[1].reason,
            sort_value=lambda r: r[1].reason,
            tooltip=lambda r: r[1].reason,
            chars=90,
        ),
    )
    table = SimpleTable("journal.skipped", tr("跳过的行"), columns, lambda r: r[0], parent=parent)
    table.set_rows(list(enumerate(skipped)))
    return table


def _debit(row: Shown) -> str:
    return Money(row[2].minor, row[1]).display() if row[2].debit else ""


def _credit(row: Shown) -> str:
    return "" if row[2].debit else Money(-row[2].minor, row[1]).display()


def _balance(row: Shown) -> str:
    return "" if row[2].balance is None else Money(row[2].balance, row[1]).display()


def _red(row: Shown) -> Tone:
    return Tone.STOP if row[2].red else Tone.NORMAL


def _money(minor: int | None, book: Book) -> str:
    return "—" if minor is None else Money(minor, book.currency).display()
