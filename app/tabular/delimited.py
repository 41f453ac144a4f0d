"""Text tables: comma, tab, semicolon or bar between the cells."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.tabular.cells import unwrapped
from app.tabular.encoding import Encoding
from app.tabular.errors import BrokenText, TooLarge
from app.tabular.model import Limits, Row

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS: Final = (",", "\t", ";", "|")
_SAMPLE_RECORDS: Final = 60
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_FEW: Final = 3


def read_delimited(path: Path, encoding: Encoding, limits: Limits) -> Iterator[Row]:
    """The rows of a text table, one at a time.

    Raises BrokenText for an open quote (naming its line), TooLarge for monstrous rows.
    """
    delimiter, declared = _delimiter(path, encoding)
    with _lines(path, encoding) as lines:
        if declared:
            next(lines)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        yield from _rows(path, reader, delimiter, limits, first_line=2 if declared else 1)


class _lines:  # noqa: N801 - reads as a verb where it is used
    """The decoded lines of a file, with their line ends kept for quoted cells."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        errors = "replace" if encoding.damaged_tail else "strict"
        name = "utf-8-sig" if encoding.name == "utf-8" else encoding.name
        self._file = path.open(encoding=name, errors=errors, newline="")

    def __enter__(self) -> Iterator[str]:
        return self._file

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _rows(
    path: Path, reader: "Reader", delimiter: str, limits: Limits, first_line: int
) -> Iterator[Row]:
    number = 0
    while True:
        line = reader.line_num + first_line
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BrokenText(
                path, f"第 {line} 行的引号没有成对，或单元格过长，其后的行无法可靠读取。"
            ) from error
        if cells is None:
            return
        number += 1
        if reader.line_num - line + first_line > 1:
            _check_swallowed(path, cells, delimiter, line)
        _check_size(path, cells, number, limits)
        yield Row(number, tuple(map(unwrapped, cells)))


def _check_swallowed(path: Path, cells: list[str], delimiter: str, line: int) -> None:
    """Refuse a cell whose inner lines look like rows: a stray quote has eaten them."""
    for cell in cells:
        if "\n" not in cell and "\r" not in cell:
            continue
        inside = max(part.count(delimiter) for part in cell.splitlines())
        if len(cells) >= _FEW and inside >= len(cells) - 1:
            raise BrokenText(path, f"第 {line} 行的引号没有成对，后面的行被并入了同一个单元格。")


def _check_size(path: Path, cells: list[str], number: int, limits: Limits) -> None:
    if len(cells) > limits.max_columns:
        raise TooLarge(
            path, f"第 {number} 行有 {len(cells)} 列，超过上限 {limits.max_columns} 列。"
        )
    if cells and len(max(cells, key=len)) > limits.max_cell:
        raise TooLarge(path, f"第 {number} 行有单元格超过 {limits.max_cell} 个字符。")


def _delimiter(path: Path, encoding: Encoding) -> tuple[str, bool]:
    """The delimiter, and whether the first line declares it (sep=;)."""
    with _lines(path, encoding) as lines:
        sample = list(islice(lines, _SAMPLE_RECORDS))
    declared = _SEPARATOR_LINE.fullmatch(sample[0]) if sample else None
    if declared:
        return declared[1], True
    return max(DELIMITERS, key=lambda delimiter: _regularity(sample, delimiter)), False


def _regularity(sample: list[str], delimiter: str) -> tuple[int, int]:
    """How many records share one width above 1, and that width: the true delimiter wins."""
    widths: Counter[int] = Counter()
    try:
        widths.update(map(len, csv.reader(sample, delimiter=delimiter)))
    except csv.Error:
        return (0, 0)
    wide = [(count, width) for width, count in widths.items() if width > 1]
    return max(wide, default=(0, 0))
