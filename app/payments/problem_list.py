"""The rows of a payment file that can't come in, as a file that its author can work through."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.core.errors import Problem
from app.documents.columns import Column, Kind, TableSheet
from app.documents.table_export import export_csv, export_xlsx

_SHEET: Final = TableSheet(
    "导入问题清单",
    (Column("行号", Kind.INT), Column("栏目", width=16), Column("问题与处理办法", width=70)),
)


def export_problems(target: Path, problems: Sequence[Problem]) -> int:
    """Write the problems as CSV or workbook by the name's ending; gives how many.

    Raises ExportFailed.
    """
    write = export_csv if target.suffix.lower() == ".csv" else export_xlsx
    return write(target, _SHEET, ((one.row, one.field, one.message) for one in problems))
