"""What a reader of tables hands out: rows of text with the numbers the user sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.core.errors import Problem

NOTHING: Final[frozenset[int]] = frozenset()


class Kind(StrEnum):
    DELIMITED = "CSV"
    XLSX = "XLSX"
    XLS = "XLS"
    HTML = "HTML"
    SPREADSHEETML = "SPREADSHEETML"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused. Sizes in bytes, lengths in characters."""

    max_bytes: int = 200_000_000
    max_uncompressed: int = 200_000_000
    max_ratio: int = 200
    ratio_from: int = 10_000_000
    max_columns: int = 512
    max_grid: int = 10_000_000
    max_cell: int = 32_767


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file.

    number: 1-based, as a spreadsheet program shows it.
    lossy: columns whose number had more digits than a spreadsheet keeps.
    """

    number: int
    cells: tuple[str, ...]
    lossy: frozenset[int] = NOTHING

    def cell(self, column: int) -> str:
        """The text in that 0-based column; empty beyond the row's end."""
        return self.cells[column] if 0 <= column < len(self.cells) else ""

    def blank(self) -> bool:
        return not any(cell and not cell.isspace() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Source:
    """An opened table whose rows are read as they are asked for, once."""

    kind: Kind
    encoding: str
    sheet: str
    sheets: tuple[str, ...]
    rows: Iterator[Row]
    damaged_tail: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table in memory; problems concern the file, not one field."""

    kind: Kind
    encoding: str
    sheet: str
    rows: Sequence[Row]
    sheets: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
