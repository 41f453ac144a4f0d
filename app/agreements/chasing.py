"""When somebody has to be asked again: values in, values out (requirement D5.5)."""

from datetime import date
from typing import Protocol

from app.core.workdays import UnknownCalendar


class Calendar(Protocol):
    """What is asked of a calendar."""

    def add(self, day: date, count: int) -> date: ...


def reply_due(sent_on: date | None, days: int, calendar: Calendar) -> date | None:
    """The day by which an answer is asked for; None before it is sent or beyond the calendar."""
    if sent_on is None:
        return None
    try:
        return calendar.add(sent_on, days)
    except UnknownCalendar:
        return None


def chases_due(due_on: date | None, today: date, days: int, calendar: Calendar) -> int:
    """How many reminders should have gone out: one after the due day, one more every `days`.

    It looks at the due day alone: no note and no reminder moves it (anchors: the reminder clock).
    """
    count = 0
    day = due_on
    while day is not None and day < today:
        count += 1
        day = reply_due(day, days, calendar)
    return count
