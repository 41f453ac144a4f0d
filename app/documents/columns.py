"""What an exported table looks like, and the values its fields may hold."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from app.core.money import Money

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | int | Money | date | datetime | None


class Kind(StrEnum):
    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    INT = "int"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the export; `width` in characters, chosen by kind when None."""

    title: str
    kind: Kind = Kind.TEXT
    width: int | None = None


@dataclass(frozen=True, slots=True)
class TableSheet:
    """What the exported table is called and which columns it has."""

    title: str
    columns: tuple[Column, ...]
    landscape: bool = True


def runs_as_formula(text: str) -> bool:
    """Whether a spreadsheet might take this text for a formula."""
    return text.lstrip(" \u3000").startswith(FORMULA_STARTS)
