"""How many incidents there were, how long they took, and what piles up. Pure.

Times are working minutes from when it was found (requirements B5.3, F4.1, F4.6).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Final

from app.incidents.states import CAUSE_LABELS, SEVERITY_LABELS, Cause, Severity

# Working days that something was open, each bucket up to and including its last day.
BUCKETS: Final[tuple[tuple[int | None, str], ...]] = (
    (1, "1 个工作日以内"),
    (3, "2–3 个工作日"),
    (7, "4–7 个工作日"),
    (14, "8–14 个工作日"),
    (None, "14 个工作日以上"),
)


class By(StrEnum):
    """What incidents are counted by."""

    CAUSE = "CAUSE"
    SEVERITY = "SEVERITY"
    BANK = "BANK"
    CHANNEL = "CHANNEL"
    MONTH = "MONTH"


BY_LABELS: Final[dict[By, str]] = {
    By.CAUSE: "按原因",
    By.SEVERITY: "按等级",
    By.BANK: "按银行",
    By.CHANNEL: "按渠道",
    By.MONTH: "按月份",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One incident as it counts. own, cause, resolve, resume: working minutes; None for not yet.

    days: working days that it has been open; None once it is resolved.
    """

    number: str
    title: str
    severity: Severity
    cause: Cause
    found_on: date
    banks: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    own: int | None = None
    caused: int | None = None
    resolved: int | None = None
    resumed: int | None = None
    days: int | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. Medians, and the time within which nine of ten were resolved; None for none."""

    label: str
    count: int
    unresolved: int
    own: int | None
    caused: int | None
    resolved: int | None
    resolved_90: int | None
    resumed: int | None


@dataclass(frozen=True, slots=True)
class Bucket:
    """What has been open so long, the oldest first."""

    label: str
    cases: tuple[Case, ...]


def figures(cases: Iterable[Case], by: By) -> list[Figure]:
    """A row for each cause, bank … that occurs; the most frequent first, months in their order.

    An incident of two banks counts for both; one without stands under 未涉及.
    """
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for label in _KEYS[by](case):
            groups[label].append(case)
    rows = [figure(label, found) for label, found in groups.items()]
    if by is By.MONTH:
        return sorted(rows, key=lambda row: row.label)
    return sorted(rows, key=lambda row: (-row.count, row.label))


def figure(label: str, cases: Sequence[Case]) -> Figure:
    """The figures of these cases together."""
    resolved = [one.resolved for one in cases if one.resolved is not None]
    return Figure(
        label,
        len(cases),
        sum(one.resolved is None for one in cases),
        _median(one.own for one in cases),
        _median(one.caused for one in cases),
        _median(resolved),
        _within(resolved),
        _median(one.resumed for one in cases),
    )


def backlog(cases: Iterable[Case]) -> list[Bucket]:
    """Every bucket, the youngest first, with what is not resolved."""
    found: dict[str, list[Case]] = {label: [] for _, label in BUCKETS}
    for case in cases:
        if case.days is not None:
            found[bucket_of(case.days)].append(case)
    return [
        Bucket(label, tuple(sorted(rows, key=lambda one: -(one.days or 0))))
        for label, rows in found.items()
    ]


def bucket_of(days: int) -> str:
    """The bucket of something that was open so many working days."""
    return next(label for last, label in BUCKETS if last is None or days <= last)


def _median(minutes: Iterable[int | None]) -> int | None:
    known = [one for one in minutes if one is not None]
    return round(median(known)) if known else None


def _within(minutes: Sequence[int]) -> int | None:
    """The smallest that nine of ten do not exceed (nearest rank)."""
    if not minutes:
        return None
    rank = -(-len(minutes) * 9 // 10)
    return sorted(minutes)[rank - 1]


_NONE: Final = ("未涉及",)
_KEYS: Final[dict[By, Callable[[Case], Sequence[str]]]] = {
    By.CAUSE: lambda case: (CAUSE_LABELS[case.cause],),
    By.SEVERITY: lambda case: (SEVERITY_LABELS[case.severity],),
    By.BANK: lambda case: case.banks or _NONE,
    By.CHANNEL: lambda case: case.channels or _NONE,
    By.MONTH: lambda case: (f"{case.found_on:%Y-%m}",),
}
