"""How lines and items are called in matches: short, stable, and told apart by their first letter.

L12 a bank line, J12 a line of our journal, C12 an item carried from before the first line,
FK-…/1 a try of a payment, FK-… a payment that nobody sent, XY-…@2026-03-20 a debit by agreement.
"""

import re
from collections.abc import Iterable
from datetime import date

_LINE, _JOURNAL, _CARRIED = "L", "J", "C"


def line_key(key: int) -> str:
    """Of a bank line, or, where the key is negative, of a carried item of the bank's."""
    return f"{_LINE}{key}" if key > 0 else f"{_CARRIED}{-key}"


def member_keys(lines: Iterable[int], ours: Iterable[str]) -> frozenset[str]:
    """The keys under which the members of a match are stored."""
    return frozenset((*map(line_key, lines), *ours))


def is_carried(key: int | str) -> bool:
    """Whether a bank item's key, or one of ours, is of a carried item."""
    return key < 0 if isinstance(key, int) else carried_id(key) is not None


def journal_key(row_id: int) -> str:
    return f"{_JOURNAL}{row_id}"


def carried_key(row_id: int) -> str:
    return f"{_CARRIED}{row_id}"


def attempt_key(number: str, ordinal: int) -> str:
    return f"{number}/{ordinal}"


def debit_key(agreement: str, on: date, line: int) -> str:
    """A debit that the agreement allows; the line tells two of one day apart."""
    return f"{agreement}@{on.isoformat()}#{line}"


def debit_parts(key: str) -> tuple[str, date, int] | None:
    """Agreement, day and line of a debit's key; None for another item."""
    found = re.fullmatch(r"(.+)@(\d{4}-\d{2}-\d{2})#(\d+)", key)
    return found and (found[1], date.fromisoformat(found[2]), int(found[3]))


def is_line(key: str) -> bool:
    return _row(key, _LINE) is not None


def journal_id(key: str) -> int | None:
    """The row behind a journal line's key; None for another item."""
    return _row(key, _JOURNAL)


def carried_id(key: str) -> int | None:
    return _row(key, _CARRIED)


def bank_key(key: str) -> int:
    """The key among bank items that a stored member stands for."""
    row = _row(key, _LINE)
    if row is not None:
        return row
    carried = _row(key, _CARRIED)
    if carried is None:
        raise ValueError(f"no key of a bank line: {key}")
    return -carried


def _row(key: str, letter: str) -> int | None:
    return int(key[1:]) if key.startswith(letter) and key[1:].isdigit() else None
