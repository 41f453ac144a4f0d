"""Sheets of a workbook with live formulas: lists with filters, totals that follow them, print set-up.

Every formula is written with what it comes to, so that a viewer that can't compute shows figures.
Text is always written as text: none of it runs as a formula.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from app.core.clock import SHANGHAI
from app.core.money import Money, minor_digits
from app.documents.errors import CellTooLong
from app.documents.workbook import CELL_CHARACTERS, EXACT_MINOR, SHEET_ROWS

Told = Callable[[int], object]
FIRST_ROW: Final = 3  # a title, the totals, the headings
_PAPER_A4: Final = 9
_STEP: Final = 1000


class Field(StrEnum):
    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Formula:
    """What a cell computes, and what that is now. {row} stands for the cell's own row number."""

    text: str
    value: Money | str | int


Cell = str | int | Money | date | datetime | Formula | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column. summed: its total stands above and follows the filter."""

    title: str
    field: Field = Field.TEXT
    width: int = 16
    summed: bool = False


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A list with its columns; note stands beside the title."""

    title: str
    note: str
    headings: tuple[Heading, ...]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Written:
    """Where a list went: each sheet's name and the number of its last row."""

    places: tuple[tuple[str, int], ...]

    def ranges(self, letter: str) -> list[str]:
        """The column's cells, for formulas of other sheets."""
        return [
            f"'{name}'!${letter}${FIRST_ROW + 1}:${letter}${max(last, FIRST_ROW + 1)}"
            for name, last in self.places
        ]


class SheetWriter:
    """Writes sheets into a workbook of XlsxWriter, which streams rows to the disk."""

    def __init__(
        self,
        book: Any,
        currency: str,
        told: Told | None = None,
        rows_per_sheet: int = SHEET_ROWS,
    ) -> None:
        self._room = rows_per_sheet - FIRST_ROW
        self._book = book
        self._currency = currency
        self._told = told or (lambda _: None)
        self._done = 0
        figures = "#,##0" + ("." + "0" * minor_digits(currency) if minor_digits(currency) else "")
        self.figures = f"{figures};[Red]-{figures}"
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.small = book.add_format({**base, "font_color": "#505A6B"})
        self.head = book.add_format(
            {**base, "bold": True, "bg_color": "#EAEEF3", "border": 1, "text_wrap": True}
        )
        self.text = book.add_format({**base, "num_format": "@", "indent": 1})
        self.day = book.add_format(
            {**base, "num_format": "yyyy-mm-dd", "align": "left", "indent": 1}
        )
        self.time = book.add_format(
            {**base, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "indent": 1}
        )
        self.count = book.add_format({**base, "num_format": "#,##0"})
        self.money = book.add_format({**base, "num_format": self.figures})
        self.total = book.add_format({**base, "num_format": self.figures, "bold": True})
        self.framed = book.add_format({**base, "border": 1, "indent": 1})
        self.framed_money = book.add_format({**base, "border": 1, "num_format": self.figures})
        self.framed_total = book.add_format(
            {**base, "border": 1, "num_format": self.figures, "bold": True, "bg_color": "#F7F9FB"}
        )
        self._formats = {
            Field.TEXT: self.text,
            Field.MONEY: self.money,
            Field.DATE: self.day,
            Field.TIME: self.time,
            Field.COUNT: self.count,
        }

    def add(self, title: str) -> Any:
        """A further sheet, set up for A4 across."""
        sheet = self._book.add_worksheet(title)
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{title.replace('&', '&&')}&R第 &P 页 / 共 &N 页")
        return sheet

    def write_list(self, spec: ListSheet) -> Written:
        """The list, on as many sheets as it needs. Raises CellTooLong."""
        room = self._room
        starts = range(0, max(1, len(spec.rows)), room)
        places = []
        for number, start in enumerate(starts, 1):
            part = spec.rows[start : start + room]
            name = spec.title if number == 1 else f"{spec.title}（{number}）"
            places.append((name, self._part(name, spec, part)))
        return Written(tuple(places))

    def put(self, sheet: Any, row: int, column: int, value: Cell, style: Any) -> None:
        """One cell. Raises CellTooLong."""
        match value:
            case None | "":
                sheet.write_blank(row, column, None, style)
            case Formula(text, result):
                shown = self._number(result) if isinstance(result, Money) else result
                sheet.write_formula(row, column, text.replace("{row}", str(row + 1)), style, shown)
            case Money():
                if abs(value.minor) >= EXACT_MINOR:
                    # A spreadsheet keeps 15 figures; a longer amount would be changed silently.
                    sheet.write_string(row, column, value.display(), style)
                else:
                    sheet.write_number(row, column, self._number(value), style)
            case datetime():
                local = value.astimezone(SHANGHAI).replace(tzinfo=None)
                sheet.write_datetime(row, column, local, style)
            case date():
                sheet.write_datetime(row, column, value, style)
            case int():
                sheet.write_number(row, column, value, style)
            case _:
                if len(value) > CELL_CHARACTERS:
                    raise CellTooLong(value)
                sheet.write_string(row, column, value, style)

    def _part(self, name: str, spec: ListSheet, rows: Sequence[Sequence[Cell]]) -> int:
        sheet = self.add(name)
        last = FIRST_ROW + len(rows)
        for at, heading in enumerate(spec.headings):
            sheet.set_column(at, at, heading.width)
        sheet.freeze_panes(FIRST_ROW, 0)
        sheet.repeat_rows(FIRST_ROW - 1)
        sheet.autofilter(FIRST_ROW - 1, 0, max(last - 1, FIRST_ROW), len(spec.headings) - 1)
        sheet.write_string(0, 0, f"{spec.title}　{spec.note}", self.title)
        sheet.write_string(1, 0, "合计（随筛选变化）", self.small)
        for at, heading in enumerate(spec.headings):
            if heading.summed:
                self._write_total(sheet, at, rows)
        for at, heading in enumerate(spec.headings):
            sheet.write_string(FIRST_ROW - 1, at, heading.title, self.head)
        styles = [self._formats[heading.field] for heading in spec.headings]
        for place, row in enumerate(rows, FIRST_ROW):
            for at, value in enumerate(row):
                self.put(sheet, place, at, value, styles[at])
            self._done += 1
            if self._done % _STEP == 0:
                self._told(self._done)
        return last

    def _write_total(self, sheet: Any, at: int, rows: Sequence[Sequence[Cell]]) -> None:
        letter = letter_of(at)
        last = max(FIRST_ROW + len(rows), FIRST_ROW + 1)
        values = (_money(row[at]) for row in rows)
        whole = sum((one for one in values if one is not None), Money.zero(self._currency))
        cells = f"{letter}{FIRST_ROW + 1}:{letter}{last}"
        self.put(sheet, 1, at, Formula(f"=SUBTOTAL(109,{cells})", whole), self.total)

    @staticmethod
    def _number(value: Money) -> Decimal:
        return Decimal(value.decimal())


def letter_of(at: int) -> str:
    """The letters of a column, counted from 0."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(at))


def summed(parts: Iterable[str]) -> str:
    """A formula that adds up parts; 0 where there are none."""
    return "=" + ("+".join(parts) or "0")


def _money(cell: Cell) -> Money | None:
    if isinstance(cell, Formula):
        return cell.value if isinstance(cell.value, Money) else None
    return cell if isinstance(cell, Money) else None
