"""When an agreement debits next: values in, values out."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class Rhythm(StrEnum):
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"
    IRREGULAR = "IRREGULAR"


RHYTHM_LABELS: Final[dict[Rhythm, str]] = {
    Rhythm.WEEKLY: "每周",
    Rhythm.MONTHLY: "每月",
    Rhythm.QUARTERLY: "每季",
    Rhythm.YEARLY: "每年",
    Rhythm.IRREGULAR: "不定期",
}
_MONTHS: Final = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}
_WEEK: Final = 7


def next_debit(rhythm: Rhythm, first: date | None, after: date, last: date | None) -> date | None:
    """The first debit day on or after a day; None when there is none or nobody knows it.

    first: the day of the first debit, by which all others go; a day that a month does not have
    falls on its last one. last: the agreement's last day.
    """
    if first is None or rhythm is Rhythm.IRREGULAR:
        return None
    day = first
    if after > first:
        step = _step_to(rhythm, first, after)
        day = _nth(rhythm, first, step)
        if day < after:
            day = _nth(rhythm, first, step + 1)
    return None if last is not None and day > last else day


def debits_between(rhythm: Rhythm, first: date | None, start: date, end: date) -> list[date]:
    """Every debit day from start to end, both included."""
    found = []
    day = next_debit(rhythm, first, start, end)
    while day is not None:
        found.append(day)
        day = next_debit(rhythm, first, day + timedelta(days=1), end)
    return found


def _step_to(rhythm: Rhythm, first: date, after: date) -> int:
    """The number of the period in which that day lies."""
    if rhythm is Rhythm.WEEKLY:
        return (after - first).days // _WEEK
    months = (after.year - first.year) * 12 + after.month - first.month
    return months // _MONTHS[rhythm]


def _nth(rhythm: Rhythm, first: date, step: int) -> date:
    if rhythm is Rhythm.WEEKLY:
        return first + timedelta(days=_WEEK * step)
    month = first.month - 1 + _MONTHS[rhythm] * step
    year, month = first.year + month // 12, month % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))
