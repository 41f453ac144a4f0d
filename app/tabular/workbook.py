"""Binary and zipped workbooks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from app.core.errors import NotFound
from app.tabular.cells import lossy, text
from app.tabular.compound import check_compound
from app.tabular.errors import EmptyTable, EncryptedWorkbook, TooLarge, UnreadableTable
from app.tabular.guard import check_workbook
from app.tabular.model import NOTHING, Kind, Limits, Row, Source

_TEXT_ONLY: Final = frozenset({str})


def read_workbook(path: Path, kind: Kind, limits: Limits, wanted: str | None) -> Source:
    """The asked sheet, or the first visible one that holds anything.

    Raises NotFound for an unknown sheet, EmptyTable, EncryptedWorkbook, TooLarge, UnreadableTable.
    """
    if kind is Kind.XLSX:
        check_workbook(path, limits)
    elif kind is Kind.XLS:
        check_compound(path)
    with _translated(path):
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(path)
        names = _visible(book)
        if wanted is not None and wanted not in names:
            raise NotFound(f"文件“{path.name}”中没有工作表“{wanted}”，现有：{'、'.join(names)}。")
        for name in names if wanted is None else (wanted,):
            sheet = book.get_sheet_by_name(name)
            end = sheet.end
            if end is not None:
                if end[1] >= limits.max_columns:
                    raise TooLarge(path, f"表格宽达 {end[1] + 1} 列。")
                return Source(kind, "", name, names, _rows(path, sheet, limits))
    raise EmptyTable(path, "工作簿里没有任何数据。")


def _visible(book: Any) -> tuple[str, ...]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return tuple(
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    )


def _rows(path: Path, sheet: Any, limits: Limits) -> Iterator[Row]:
    # the reader drops blank columns at the left, though not blank rows above
    margin, width = [""] * sheet.start[1], sheet.end[1] + 1
    for number, held in enumerate(sheet.iter_rows(), 1):
        values = margin + held if margin and len(held) < width else held
        types = set(map(type, values))
        plain = types <= _TEXT_ONLY
        cells = (
            tuple(values) if plain else tuple([v if type(v) is str else text(v) for v in values])
        )
        if len(max(cells, key=len, default="")) > limits.max_cell:
            raise TooLarge(path, f"第 {number} 行有单元格超过 {limits.max_cell} 个字符。")
        yield Row(number, cells, lossy(values) if float in types else NOTHING)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise EncryptedWorkbook(path, "工作簿设有打开密码。") from error
    except CalamineError as error:
        raise UnreadableTable(path, "工作簿已损坏或结构不完整。") from error
    except BaseException as error:
        # the reader's own crash is not an Exception, so it is told by its name
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableTable(path, "工作簿结构异常，无法解析。") from error
