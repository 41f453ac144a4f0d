"""The demo company's calendar: working days around a day, and hours on them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.core.clock import SHANGHAI
from app.core.workdays import UnknownCalendar, Workdays

_SATURDAY: Final = 5
_HISTORY: Final = 548


class Days:
    """Working days before `today`, newest last; the demo never uses a moment after its midnight."""

    def __init__(self, today: date, tz: ZoneInfo = SHANGHAI) -> None:
        self.today = today
        self.tz = tz
        self._calendar = Workdays()
        self.past = [
            day
            for day in (today - timedelta(days=n) for n in range(_HISTORY, 0, -1))
            if self.works(day)
        ]

    def works(self, day: date) -> bool:
        """Whether people worked on that day; Monday to Friday where nobody announced it yet."""
        try:
            return self._calendar.is_workday(day)
        except UnknownCalendar:
            return day.weekday() < _SATURDAY

    def ago(self, count: int) -> date:
        """The working day `count` working days before today."""
        return self.past[-count]

    def at(self, day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """The instant of a wall clock on that day."""
        return datetime.combine(day, time(hour, minute, second), self.tz)

    def ahead(self) -> Iterator[date]:
        """The working days from today on."""
        day = self.today
        while True:
            if self.works(day):
                yield day
            day += timedelta(days=1)
