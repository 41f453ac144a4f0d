"""The workbook that a clerk downloads, fills in and imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.core.errors import BadInput

NOTES_SHEET: Final = "填写说明"
MARK: Final = "示例"
REQUIRED: Final = "必填"
_PREPARED_ROWS: Final = 1000
_TEXT: Final = "@"
_FIGURE: Final = "#,##0.00"


class TemplateNotWritten(BadInput):
    code = "INT-004"
    remedy = "请关闭正在打开的同名文件，或另选一个可以写入的文件夹。"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column. figure: an amount, everything else is text; need: 必填, 选填 …"""

    title: str
    example: str = ""
    width: int = 16
    note: str = ""
    choices: Sequence[str] = ()
    figure: bool = False
    need: str = "选填"


def write_book(
    path: Path, sheet: str, columns: Sequence[TemplateColumn], notes: Sequence[str]
) -> None:
    """A workbook with headings, one example row and notes. Raises TemplateNotWritten."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = sheet
    _fill(first, columns)
    _fill_notes(book.create_sheet(NOTES_SHEET), columns, notes)
    try:
        book.save(path)
    except OSError as error:
        raise TemplateNotWritten(f"无法写入模板文件“{path.name}”：{error.strerror}。") from error


def _fill(sheet: Any, columns: Sequence[TemplateColumn]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    headings = (f"*{one.title}" if one.need == REQUIRED else one.title for one in columns)
    sheet.append(["标记", *headings])
    sheet.append([MARK, *(_example(column) for column in columns)])
    sheet.column_dimensions["A"].width = 8
    for index, column in enumerate(columns, 2):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        style = _FIGURE if column.figure else _TEXT
        sheet.column_dimensions[letter].number_format = style
        # the column's own format is ignored where a cell already exists, so each is set
        for row in range(2, _PREPARED_ROWS + 2):
            sheet.cell(row, index).number_format = style
        _offer(sheet, letter, column)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
    for cell in sheet[2]:
        cell.font = Font(italic=True, color="808080")
    sheet.freeze_panes = "B2"


def _example(column: TemplateColumn) -> str | float:
    return float(column.example) if column.figure and column.example else column.example


def _offer(sheet: Any, letter: str, column: TemplateColumn) -> None:
    if not column.choices:
        return
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
    choice.add(f"{letter}2:{letter}{_PREPARED_ROWS + 1}")
    sheet.add_data_validation(choice)


def _fill_notes(sheet: Any, columns: Sequence[TemplateColumn], notes: Sequence[str]) -> None:
    from openpyxl.styles import Font

    sheet.append(["栏目", "是否必填", "说明"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in columns:
        sheet.append([column.title, column.need, column.note])
    sheet.append([])
    for line in (f"标记为“{MARK}”的行不会导入；填写真实内容时请不要保留“{MARK}”二字。", *notes):
        sheet.append([line])
    for letter, width in (("A", 20), ("B", 12), ("C", 60)):
        sheet.column_dimensions[letter].width = width
