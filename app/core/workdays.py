"""Working days: the shipped calendar with the company's own days on top, never a guess."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

from app.core.errors import BadInput, Refused
from app.core.shipped import data_file

# Every year's notice holds these two; a few days of the company's own are no calendar.
_IN_EVERY_NOTICE: Final = ((1, 1), (10, 1))


class UnknownCalendar(Refused):
    code = "CAL-001"
    remedy = "请在“系统—工作日历”导入该年度的节假日安排（国务院办公厅通知）。"


class Workdays:
    """The working days of a company. overrides: day → whether it is worked on."""

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._own = dict(overrides or {})
        self._own_years = {
            year
            for year in {day.year for day in self._own}
            if all(self._own.get(date(year, *day)) is False for day in _IN_EVERY_NOTICE)
        }

    def is_workday(self, day: date) -> bool:
        """Raises UnknownCalendar for a year whose holidays nobody has announced."""
        known = self._own.get(day)
        if known is None:
            known = _shipped().get(day)
        if known is not None:
            return known
        if day.year in _shipped_years() or day.year in self._own_years:
            return day.weekday() < 5  # noqa: PLR2004 - Monday to Friday
        return _library(day)

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        day += timedelta(days=1)
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def add(self, day: date, count: int) -> date:
        """The working day `count` working days after `day`; `day` itself for 0."""
        if count < 0:
            raise BadInput("工作日天数不能为负数。")
        for _ in range(count):
            day = self.next_workday(day)
        return day

    def count_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`."""
        if end < start:
            raise BadInput("截止日不能早于起始日。")
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)


@cache
def _shipped() -> dict[date, bool]:
    with data_file("holidays.csv").open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(r["date"]): r["kind"] == "班" for r in csv.DictReader(file)}


@cache
def _shipped_years() -> frozenset[int]:
    return frozenset(day.year for day in _shipped())


def _library(day: date) -> bool:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise UnknownCalendar(f"{day.year} 年的节假日安排尚未导入，无法推算工作日。") from None
