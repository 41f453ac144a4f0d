"""Web pages that banks hand out under the name .xls."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.tabular.cells import unwrapped
from app.tabular.encoding import Encoding, for_parser
from app.tabular.errors import EmptyTable, TooLarge
from app.tabular.model import Limits, Row


def read_html(path: Path, encoding: Encoding, limits: Limits) -> Iterator[Row]:
    """The rows of all tables of the page, numbered as a spreadsheet shows them.

    Raises EmptyTable when the page holds no table, TooLarge.
    """
    from lxml import etree

    grid = _Grid(path, limits)
    number = 0
    with path.open("rb") as file:
        events = etree.iterparse(
            file, events=("end",), tag="tr", html=True, encoding=for_parser(encoding)
        )
        for _, element in events:
            # a row that holds a table is only there for the layout of the page
            if next(element.iter("table"), None) is None:
                number += 1
                yield Row(number, grid.place(_cells(element), number))
            element.clear(keep_tail=True)
    if not number:
        raise EmptyTable(
            path, "它是一个网页，里面没有表格；可能是登录页或错误页，请登录网银后重新导出。"
        )


def _cells(row: Any) -> list[tuple[str, int, int]]:
    """Text, columns and rows taken by each cell."""
    return [
        (_text(cell), _span(cell.get("colspan")), _span(cell.get("rowspan")))
        for cell in row
        if cell.tag in ("td", "th")
    ]


def _text(cell: Any) -> str:
    return unwrapped(" ".join("".join(cell.itertext()).split()))


def _span(value: str | None) -> int:
    # a span beyond six digits is no layout
    digits = (value or "").strip()[:6]
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() else 1


class _Grid:
    """Puts cells where they are seen, below cells that reach down from rows above."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._reaching: dict[int, int] = {}

    def place(self, cells: list[tuple[str, int, int]], number: int) -> tuple[str, ...]:
        taken = {column for column, rows in self._reaching.items() if rows}
        self._reaching = {column: rows - 1 for column, rows in self._reaching.items() if rows > 1}
        row: list[str] = []
        for text, columns, rows in cells:
            while len(row) in taken:
                row.append("")
            self._check(len(row) + columns, text, number)
            if rows > 1:
                span = range(len(row), len(row) + columns)
                self._reaching.update(dict.fromkeys(span, rows - 1))
            row += [text] + [""] * (columns - 1)
        return tuple(row)

    def _check(self, width: int, text: str, number: int) -> None:
        if width > self._limits.max_columns:
            raise TooLarge(self._path, f"第 {number} 行超过 {self._limits.max_columns} 列。")
        if len(text) > self._limits.max_cell:
            raise TooLarge(
                self._path, f"第 {number} 行有单元格超过 {self._limits.max_cell} 个字符。"
            )
