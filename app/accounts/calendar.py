"""The working calendar by year: what is known of it, and the import of a year's notice (A4.4)."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final, Self

from sqlalchemy import select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts.model import WorkdayOverride
from app.accounts.notice import FIXED_DAYS, NoticeDay, read_notice
from app.accounts.reading import workdays
from app.audit.queries import AuditFilter, entries
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, Problem
from app.core.shipped import data_file
from app.core.workdays import UnknownCalendar, Workdays
from app.storage.work import Database, ReadWork, UnitOfWork
from app.tabular.reader import read_table

_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_SATURDAY: Final = 5
# The notice for the next year comes out in October or November.
_REMINDING_FROM: Final = 11


class YearSource(StrEnum):
    """Where a year's holidays are known from."""

    BUILT_IN = "BUILT_IN"
    IMPORTED = "IMPORTED"
    UNKNOWN = "UNKNOWN"


YEAR_LABELS: Final[dict[YearSource, str]] = {
    YearSource.BUILT_IN: "程序内置",
    YearSource.IMPORTED: "本公司导入",
    YearSource.UNKNOWN: "尚未导入",
}


@dataclass(frozen=True, slots=True)
class YearLine:
    """own: how many days of the year the company itself has set."""

    year: int
    source: YearSource
    own: int


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day that is not as its day of the week; own: set by the company."""

    day: date
    working: bool
    note: str
    own: bool


@dataclass(frozen=True, slots=True)
class MonthLine:
    month: int
    workdays: int
    days: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """A year by months; none of an unknown one. The last import, if there was any."""

    line: YearLine
    months: tuple[MonthLine, ...]
    imported_by: str
    imported_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayChange:
    """What an import would do to one of the company's own days; None where there is none."""

    day: date
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """What a file would bring: nothing is stored yet, and nothing will be while there are problems.

    before: the company's own days that the file was compared with.
    """

    year: int
    file: str
    days: tuple[NoticeDay, ...]
    problems: tuple[Problem, ...]
    changes: tuple[DayChange, ...]
    before: Mapping[date, NoticeDay]


@dataclass(frozen=True, slots=True)
class _Book:
    """The company's own days and the calendar that they make, read once for a whole question."""

    own: Mapping[date, NoticeDay]
    calendar: Workdays

    @classmethod
    def of(cls, work: ReadWork) -> Self:
        return cls(_own(work), workdays(work))

    def line(self, year: int) -> YearLine:
        return YearLine(year, self.source(year), sum(day.year == year for day in self.own))

    def source(self, year: int) -> YearSource:
        if _built_in(year):
            return YearSource.BUILT_IN
        try:
            for day in _days_of(year):
                self.calendar.is_workday(day)
        except UnknownCalendar:
            return YearSource.UNKNOWN
        return YearSource.IMPORTED

    def months(self, year: int) -> tuple[MonthLine, ...]:
        worked = [day for day in _days_of(year) if self.calendar.is_workday(day)]
        special = self.special_days(year)
        return tuple(
            MonthLine(
                month,
                sum(day.month == month for day in worked),
                tuple(one for one in special if one.day.month == month),
            )
            for month in range(1, 13)
        )

    def special_days(self, year: int) -> list[DayLine]:
        """The days of a known year that a notice names; of an unknown one the company's own."""
        known = self.source(year) is not YearSource.UNKNOWN
        shipped = _shipped_notes()
        found = []
        for day in _days_of(year):
            own = self.own.get(day)
            if own is not None:
                found.append(DayLine(day, own.working, own.note, own=True))
            elif known and (day in shipped or self._unusual(day)):
                works = self.calendar.is_workday(day)
                found.append(DayLine(day, works, shipped.get(day, ""), own=False))
        return found

    def _unusual(self, day: date) -> bool:
        return self.calendar.is_workday(day) != (day.weekday() < _SATURDAY)


def years(db: Database, actor: Actor) -> list[YearLine]:
    """Last year, this year, the next, and every other one that is in a table. Raises Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        book = _Book.of(work)
        listed = {work.today.year + step for step in (-1, 0, 1)}
        listed |= {day.year for day in book.own} | {day.year for day in _shipped_notes()}
        return [book.line(year) for year in sorted(listed)]


def missing_year(db: Database, actor: Actor) -> int | None:
    """The year whose notice should be imported now; None while all is known. Raises Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        return unknown_year(work)


def year_calendar(db: Database, actor: Actor, year: int) -> YearCalendar:
    """Raises Denied, BadInput for a year out of reach."""
    _check_year(year)
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        book = _Book.of(work)
        line = book.line(year)
        last = entries(work, AuditFilter(act="calendar.changed", subject=_subject(year)), limit=1)
        return YearCalendar(
            line,
            () if line.source is YearSource.UNKNOWN else book.months(year),
            last[0].actor if last else "",
            last[0].at if last else None,
        )


def look(db: Database, actor: Actor, path: Path, year: int) -> NoticePreview:
    """Read a file and say what it would change. Raises UnreadableTable, NotFound, Denied."""
    _check_year(year)
    table = read_table(path)
    with reading(db, actor, Right.ACCOUNT_MANAGE) as work:
        built_in = _built_in(year)
        days, problems = read_notice(table, year, whole=not built_in)
        wanted = tuple(one for one in days if not (built_in and _is_shipped(one)))
        before = _own_of(work, year, wanted)
    return NoticePreview(year, path.name, wanted, problems, _changes(before, wanted), before)


def take_in(db: Database, actor: Actor, seen: NoticePreview) -> int:
    """Put the year's own days in place of the ones before, all or nothing; how many changed.

    Raises BadInput while there are problems or nothing is new, Conflict, Denied.
    """
    with acting(db, actor, Right.ACCOUNT_MANAGE) as act:
        if seen.problems:
            raise BadInput(
                f"文件有 {len(seen.problems)} 处问题，没有导入任何日期。", "请改正后重新导入。"
            )
        if not seen.changes:
            raise BadInput("与现有的安排相同，没有变化。", "")
        if _own_of(act.uow, seen.year, seen.days) != seen.before:
            raise Conflict(f"{seen.year} 年的工作日历刚刚被其他人修改。", "请重新选择文件导入。")
        _replace(act.uow, seen)
        changes = {one.day.isoformat(): one for one in seen.changes}
        act.done(
            Event(
                "calendar.changed",
                _subject(seen.year),
                before={day: one.before for day, one in changes.items()},
                after={
                    **{day: one.after for day, one in changes.items()},
                    "days": len(seen.days),
                    "file": seen.file,
                },
                reason=f"导入 {seen.year} 年节假日安排",
            )
        )
        return len(seen.changes)


def write_template(db: Database, actor: Actor, path: Path, year: int) -> int:
    """A table to fill in and import, with what is known of the year; how many days it holds.

    A workbook, or CSV by the file's name. Raises ExportFailed, Denied.
    """
    from app.documents.columns import Column, Kind, TableSheet
    from app.documents.table_export import export_csv, export_xlsx

    _check_year(year)
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        known = _Book.of(work).special_days(year)
    if not known:
        known = [DayLine(date(year, *day), False, name, False) for day, name in FIXED_DAYS.items()]
    columns = (Column("日期", Kind.DATE, 14), Column("休/班", width=8), Column("说明", width=30))
    write = export_csv if path.suffix.lower() == ".csv" else export_xlsx
    return write(
        path,
        TableSheet(f"{year}年节假日安排", columns, landscape=False),
        ((one.day, "班" if one.working else "休", one.note) for one in known),
    )


def unknown_year(work: ReadWork) -> int | None:
    """The year whose holidays should be known by now and are not: this one, in autumn the next."""
    today = work.today
    wanted = [today.year]
    if today.month >= _REMINDING_FROM:
        wanted.append(today.year + 1)
    book = _Book.of(work)
    return next((year for year in wanted if book.source(year) is YearSource.UNKNOWN), None)


def _check_year(year: int) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise BadInput(f"年度 {year} 不在 {_FIRST_YEAR} 至 {_LAST_YEAR} 年之间。")


def _subject(year: int) -> str:
    return f"calendar:{year}"


def _built_in(year: int) -> bool:
    """Whether the program itself knows the year."""
    try:
        Workdays().is_workday(date(year, 1, 1))
    except UnknownCalendar:
        return False
    return True


def _is_shipped(one: NoticeDay) -> bool:
    """Whether the program says the same of that day, so that nothing need be kept."""
    return _built_in(one.day.year) and Workdays().is_workday(one.day) is one.working


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


@cache
def _shipped_notes() -> dict[date, str]:
    with data_file("holidays.csv").open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]): row["name"] for row in csv.DictReader(file)}


def _own(work: ReadWork) -> dict[date, NoticeDay]:
    rows = work.session.scalars(select(WorkdayOverride).order_by(WorkdayOverride.day))
    return {row.day: NoticeDay(row.day, row.working, row.note) for row in rows}


def _own_of(work: ReadWork, year: int, days: Iterable[NoticeDay]) -> dict[date, NoticeDay]:
    """The company's own days that a notice of these days may change: the year's and the named."""
    named = {one.day for one in days}
    return {day: one for day, one in _own(work).items() if day.year == year or day in named}


def _changes(
    before: Mapping[date, NoticeDay], wanted: Iterable[NoticeDay]
) -> tuple[DayChange, ...]:
    after = {one.day: one for one in wanted}
    return tuple(
        DayChange(
            day,
            before[day].text if day in before else None,
            after[day].text if day in after else None,
        )
        for day in sorted({*before, *after})
        if before.get(day) != after.get(day)
    )


def _replace(uow: UnitOfWork, seen: NoticePreview) -> None:
    wanted = {one.day: one for one in seen.days}
    for day in seen.before.keys() - wanted.keys():
        uow.session.delete(uow.session.get_one(WorkdayOverride, day))
    for day, one in wanted.items():
        uow.session.merge(WorkdayOverride(day=day, working=one.working, note=one.note))
    uow.session.flush()
