"""A workbook written row by row."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from app.core.clock import SHANGHAI
from app.core.money import Money, minor_digits
from app.documents.columns import Column, Kind, TableSheet, Value, runs_as_formula
from app.documents.errors import CellTooLong

SHEET_ROWS: Final = 1_048_576
CELL_CHARACTERS: Final = 32_767
# A spreadsheet keeps 15 figures; a longer amount would be changed silently.
EXACT_MINOR: Final = 10**15
_WIDTHS: Final = {Kind.TEXT: 22, Kind.MONEY: 18, Kind.DATE: 12, Kind.INT: 10}
_PAPER_A4: Final = 9
_DATE: Final = "yyyy-mm-dd"
_TIME: Final = "yyyy-mm-dd hh:mm:ss"
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_NAME_FORBIDDEN: Final = re.compile(r"[\\/*?:\[\]']")


@contextmanager
def staging() -> Iterator[None]:
    """Inside, a full folder for temporary files is an OSError, as it is for any other file."""
    from lxml.etree import SerialisationError

    try:
        yield
    except SerialisationError as error:
        raise OSError(f"临时文件夹无法写入（{error}）") from error


class Workbook:
    """A new workbook; a further sheet begins when one is full."""

    def __init__(self, sheet: TableSheet, rows_per_sheet: int = SHEET_ROWS) -> None:
        import openpyxl

        self._spec = sheet
        self._capacity = rows_per_sheet
        self._book: Any = openpyxl.Workbook(write_only=True)
        self._cells: dict[tuple[int, str], Any] = {}
        self._sheets = 0
        self._begin()

    def append(self, row: Sequence[Value]) -> None:
        """Write one row. Raises CellTooLong."""
        if self._row == self._capacity:
            self._end()
            self._begin()
        self._row += 1
        self._sheet.append([self._value(value, at) for at, value in enumerate(row)])

    def save(self, file: BinaryIO) -> None:
        from openpyxl.writer.excel import ExcelWriter

        self._end()
        # Opened here, so that it is also closed when the disk is full.
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(self._book, archive).save()

    def close(self) -> None:
        """Remove what a broken-off export left in the folder for temporary files."""
        for sheet in self._book.worksheets:
            writer = sheet._writer  # noqa: SLF001 - the library offers no way to give up
            if writer is None or not Path(writer.out).exists():
                continue
            if not sheet.closed:
                sheet.close()
            writer.cleanup()

    def _begin(self) -> None:
        from openpyxl.utils import get_column_letter

        self._sheets += 1
        name = _NAME_FORBIDDEN.sub("_", self._spec.title)[:25] or "Sheet"
        title = name if self._sheets == 1 else f"{name}（{self._sheets}）"
        self._sheet: Any = self._book.create_sheet(title)
        self._cells = {}
        self._row = 1
        for at, column in enumerate(self._spec.columns, 1):
            width = column.width or _WIDTHS[column.kind]
            self._sheet.column_dimensions[get_column_letter(at)].width = width
        self._sheet.freeze_panes = "A2"
        self._print_set_up()
        self._sheet.append([self._heading(column) for column in self._spec.columns])

    def _print_set_up(self) -> None:
        sheet = self._sheet
        sheet.print_title_rows = "1:1"
        sheet.page_setup.orientation = "landscape" if self._spec.landscape else "portrait"
        sheet.page_setup.paperSize = _PAPER_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddHeader.center.text = self._spec.title.replace("&", "&&")
        sheet.oddFooter.center.text = "第 &P 页 共 &N 页"

    def _end(self) -> None:
        from openpyxl.utils import get_column_letter

        last = get_column_letter(len(self._spec.columns))
        self._sheet.auto_filter.ref = f"A1:{last}{self._row}"

    def _heading(self, column: Column) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font, PatternFill

        cell: Any = WriteOnlyCell(self._sheet)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E7E6E6")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        return _as_text(cell, column.title)

    def _value(self, value: Value, at: int) -> Any:
        if value is None or isinstance(value, int):
            return value
        if isinstance(value, str):
            return self._text(value, at)
        if isinstance(value, Money):
            return self._money(value, at)
        if isinstance(value, datetime):
            local = value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
            return self._formatted(_TIME, local, at)
        assert isinstance(value, date)
        return self._formatted(_DATE, value, at)

    def _money(self, amount: Money, at: int) -> Any:
        if abs(amount.minor) >= EXACT_MINOR:
            return amount.display()
        digits = minor_digits(amount.currency)
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return self._formatted(pattern, Decimal(amount.minor).scaleb(-digits), at)

    def _text(self, text: str, at: int) -> Any:
        if len(text) > CELL_CHARACTERS:
            title = self._spec.columns[at].title
            raise CellTooLong(f"第 {self._row} 行“{title}”超过 {CELL_CHARACTERS} 个字符。")
        safe = _ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
        if not runs_as_formula(safe) and not safe.startswith("#"):
            return safe
        cell = self._cell("@")
        # Without the mark, editing the cell in a spreadsheet would make it a formula.
        cell.quotePrefix = True
        return _as_text(cell, safe)

    def _formatted(self, pattern: str, value: object, at: int) -> Any:
        # One cell serves a whole column: the library copies its value out at once.
        cell = self._cells.get((at, pattern))
        if cell is None:
            cell = self._cells[at, pattern] = self._cell(pattern)
        cell.value = value
        return cell

    def _cell(self, pattern: str) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell: Any = WriteOnlyCell(self._sheet)
        cell.number_format = pattern
        return cell


def _as_text(cell: Any, text: str) -> Any:
    cell.value = text
    cell.data_type = "s"
    return cell
