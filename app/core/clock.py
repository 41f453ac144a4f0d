"""Time comes in from outside, so that rules never read a clock."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC with its zone."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until it is moved: for tests, the demo company and drills."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def business_date(at: datetime, tz: ZoneInfo = SHANGHAI) -> date:
    """The company's calendar date at that instant."""
    return at.astimezone(tz).date()


def local_text(at: datetime | None, tz: ZoneInfo = SHANGHAI) -> str:
    """The instant as the user reads it: "2026-11-23 14:05"; empty for None."""
    return "" if at is None else at.astimezone(tz).strftime("%Y-%m-%d %H:%M")


def local_seconds(at: datetime | None, tz: ZoneInfo = SHANGHAI) -> str:
    """The instant with seconds, for trails: "2026-11-23 14:05:09"; empty for None."""
    return "" if at is None else at.astimezone(tz).strftime("%Y-%m-%d %H:%M:%S")


def iso(at: datetime) -> str:
    """ISO 8601 with zone and microseconds: one width, so that text order is time order."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
