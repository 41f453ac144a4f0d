"""Typed cells as text, exactly as the user sees them."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from app.tabular.model import NOTHING

# A spreadsheet keeps 15 significant digits; the 16th is already gone when the file is saved.
KEPT: Final = 1e15
_AS_TEXT = re.compile(r'\s*="((?:[^"]|"")*)"\s*')
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")

Typed = str | float | int | bool | date | datetime | time | timedelta


def number_text(value: float) -> str:
    """The number without exponent, rounded to the 15 digits a spreadsheet shows."""
    if -KEPT < value < KEPT and value == int(value):
        return str(int(value))
    short = format(value, ".15g")
    return format(Decimal(short), "f") if "e" in short else short


def text(value: Typed) -> str:
    """Any cell as text: dates in ISO form, whole numbers without ".0"."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def lossy(values: list[Typed]) -> frozenset[int]:
    """The columns that hold a number of more than 15 digits."""
    lost = [
        column
        for column, value in enumerate(values)
        if isinstance(value, float) and not -KEPT < value < KEPT
    ]
    return frozenset(lost) if lost else NOTHING


def unwrapped(cell: str) -> str:
    """The content of an ="…" cell, the way exports protect long numbers; else the cell itself."""
    if "=" not in cell:
        return cell
    found = _AS_TEXT.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell


def plain_number(figure: str) -> tuple[str, bool]:
    """A number written in a file as text without exponent, and whether digits were lost."""
    stripped = figure.strip()
    if not _NUMBER.fullmatch(stripped):
        return figure, False
    value = float(stripped)
    if abs(value) >= KEPT:
        return (str(int(Decimal(stripped))), True) if abs(value) < float("1e30") else (figure, True)
    return number_text(value), False
