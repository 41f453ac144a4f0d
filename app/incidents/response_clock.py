"""How long a response took and may take, in working minutes (requirements F4.1, F4.2).

The clock runs from the moment in which the incident was found; waiting for others stops nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from app.access.rights import Role
from app.core.clock import SHANGHAI
from app.incidents.states import Severity


class Calendar(Protocol):
    def is_workday(self, day: date) -> bool: ...


class Target(StrEnum):
    """What has a time limit."""

    RESPOND = "respond"
    CAUSE = "cause"
    RESOLVE = "resolve"


TARGET_LABELS: Final[dict[Target, str]] = {
    Target.RESPOND: "接手",
    Target.CAUSE: "定因",
    Target.RESOLVE: "解决",
}
_CODES: Final[dict[tuple[Severity, Target], str]] = {
    (severity, target): f"S{place}{step}.{target}"
    for place, severity in enumerate(Severity, start=1)
    for step, target in enumerate(Target, start=1)
}
# Who is told at which share of the limit, the lowest first.
_CHAIN: Final[tuple[tuple[str, Role], ...]] = (
    ("S41.first", Role.SUPERVISOR),
    ("S42.second", Role.CFO),
    ("S43.third", Role.GM),
)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The hours of a working day, in the company's zone."""

    opens: time
    closes: time
    calendar: Calendar
    tz: ZoneInfo = SHANGHAI

    def minutes(self, start: datetime, end: datetime) -> int:
        """Working minutes from start to end, whole ones; 0 where end is not after start.

        Raises UnknownCalendar where nobody knows the holidays of a year between.
        """
        start, end = start.astimezone(self.tz), end.astimezone(self.tz)
        spent, day = timedelta(), start.date()
        while day <= end.date():
            if self.calendar.is_workday(day):
                opens = datetime.combine(day, self.opens, self.tz)
                closes = datetime.combine(day, self.closes, self.tz)
                spent += max(timedelta(), min(end, closes) - max(start, opens))
            day += timedelta(days=1)
        return spent // timedelta(minutes=1)

    def after(self, start: datetime, minutes: int) -> datetime:
        """The instant at which so many working minutes have passed since start."""
        at, left = start.astimezone(self.tz), timedelta(minutes=minutes)
        while True:
            if self.calendar.is_workday(at.date()):
                opens = datetime.combine(at.date(), self.opens, self.tz)
                closes = datetime.combine(at.date(), self.closes, self.tz)
                begins = max(at, opens)
                if closes - begins >= left and begins <= closes:
                    return begins + left
                left -= max(timedelta(), closes - begins)
            at = datetime.combine(at.date() + timedelta(days=1), time(), self.tz)


@dataclass(frozen=True, slots=True)
class Moments:
    """When an incident was found, taken over, explained and resolved; None for not yet."""

    severity: Severity
    found: datetime
    owned: datetime | None
    caused: datetime | None
    resolved: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit. used, limit: working minutes; due_at: when the limit is reached."""

    target: Target
    used: int
    limit: int
    due_at: datetime
    done: bool

    @property
    def late(self) -> bool:
        return self.used > self.limit

    @property
    def left(self) -> int:
        """Minutes that are left; negative once it is late."""
        return self.limit - self.used

    @property
    def text(self) -> str:
        """What a clerk reads of it."""
        label = TARGET_LABELS[self.target]
        if self.done:
            late = f"，超时 {span_text(-self.left)}" if self.late else ""
            return f"{label}用时 {span_text(self.used)}{late}"
        if self.late:
            return f"{label}已超时 {span_text(-self.left)}"
        return f"距{label}时限 {span_text(self.left)}"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a response is measured by. settings: the thresholds in force."""

    hours: WorkingHours
    settings: Mapping[str, str]

    def clocks(self, moments: Moments, now: datetime) -> tuple[Clock, ...]:
        return clocks(moments, now, self.hours, self.settings)

    def chain(self, found: Iterable[Clock]) -> tuple[Role, ...]:
        """Who has to be told by now, the lowest first."""
        return escalation(found, self.settings)


def clocks(
    moments: Moments, now: datetime, hours: WorkingHours, settings: Mapping[str, str]
) -> tuple[Clock, ...]:
    """The three limits of an incident. settings: the thresholds in force."""
    ends = {
        # Who finds the cause or resolves it has taken it over before.
        Target.RESPOND: _first(moments.owned, moments.caused, moments.resolved),
        Target.CAUSE: _first(moments.caused, moments.resolved),
        Target.RESOLVE: moments.resolved,
    }
    found = []
    for target, end in ends.items():
        limit = int(settings[_CODES[moments.severity, target]])
        used = hours.minutes(moments.found, end or now)
        due_at = hours.after(moments.found, limit)
        found.append(Clock(target, used, limit, due_at, end is not None))
    return tuple(found)


def escalation(found: Iterable[Clock], settings: Mapping[str, str]) -> tuple[Role, ...]:
    """Who has to be told by now, the lowest first: by the limit that was overrun the most."""
    running = [one.used * 100 / one.limit for one in found if not one.done]
    worst = max(running, default=0.0)
    return tuple(role for code, role in _CHAIN if worst > int(settings[code]))


def hours_of(settings: Mapping[str, str], calendar: Calendar, tz: ZoneInfo) -> WorkingHours:
    """The working hours in force; a day that would end before it begins is a whole day."""
    opens, closes = (time.fromisoformat(settings[code]) for code in ("S00.opens", "S00.closes"))
    if closes <= opens:
        opens, closes = time(), time(23, 59)
    return WorkingHours(opens, closes, calendar, tz)


def span_text(minutes: int) -> str:
    """Working minutes as people say them: "45 分钟", "3 小时 5 分钟"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} 分钟"
    return f"{hours} 小时 {rest} 分钟" if rest else f"{hours} 小时"


def _first(*instants: datetime | None) -> datetime | None:
    known = [one for one in instants if one is not None]
    return min(known, default=None)
