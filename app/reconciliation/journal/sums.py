"""The sums and balances that a journal states between its lines, held against the lines."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.core.errors import Problem
from app.core.money import Money
from app.reconciliation.journal.entries import Entry, Sum
from app.reconciliation.journal.rows import Mark
from app.statements.proof import BALANCE_FIELD, TOTAL_FIELD

_YEAR_BEGINS = re.compile(r"年初|上年|初始|建账|以前年度|结转上年")
_SUMMED: Final = frozenset([Mark.DAY, Mark.MONTH, Mark.PERIOD, Mark.ALL])


@dataclass(slots=True)
class Pair:
    """Σ 借方 and Σ 贷方."""

    income: int = 0
    expense: int = 0

    def add(self, entry: Entry) -> None:
        self.income += entry.income
        self.expense += entry.expense

    def less(self, other: "Pair") -> "Pair":
        return Pair(self.income - other.income, self.expense - other.expense)

    def copy(self) -> "Pair":
        return Pair(self.income, self.expense)


@dataclass(slots=True)
class _Tally:
    """What the entries so far add up to, by day, month and year, and since each kind of sum."""

    total: Pair = field(default_factory=Pair)
    by_day: defaultdict[date, Pair] = field(default_factory=lambda: defaultdict(Pair))
    by_month: defaultdict[tuple[int, int], Pair] = field(default_factory=lambda: defaultdict(Pair))
    by_year: defaultdict[int, Pair] = field(default_factory=lambda: defaultdict(Pair))
    since: dict[Mark, Pair] = field(default_factory=dict)
    # What a year had before the file begins, as its first 本年累计 tells.
    before: dict[int, Pair] = field(default_factory=dict)
    last: date | None = None

    def add(self, entry: Entry) -> None:
        self.last = entry.on
        self.total.add(entry)
        self.by_day[entry.on].add(entry)
        self.by_month[entry.on.year, entry.on.month].add(entry)
        self.by_year[entry.on.year].add(entry)

    def since_last(self, mark: Mark) -> Pair:
        return self.total.less(self.since.get(mark, Pair()))


def wrong_sums(
    entries: Sequence[Entry], sums: Sequence[Sum], since: date | None, currency: str
) -> Iterator[Problem]:
    """Sums that are not those of their lines. since: the first day of the declared period.

    A sum of what may have begun before the file is held only against what it grew by.
    """
    tally, place = _Tally(), 0
    whole_year = _begins_with_year(sums, since)
    for one in sums:
        while place < one.at:
            tally.add(entries[place])
            place += 1
        if one.mark is Mark.YEAR:
            yield from _year(one, tally, currency, whole_year=whole_year)
        elif _is_held(one) and not _cut(one, tally, since):
            yield from _compared(one, _spans(one, tally), currency)
        tally.since[one.mark] = tally.total.copy()


def _is_held(one: Sum) -> bool:
    """Whether it is known what a sum speaks of; what a page carries over may be of any stretch."""
    return one.mark in _SUMMED or (one.mark is Mark.PAGE and one.word.startswith("本页"))


def _spans(one: Sum, tally: _Tally) -> list[Pair]:
    """What a sum may speak of, the likeliest first."""
    month = one.month or ((tally.last.year, tally.last.month) if tally.last else None)
    day = one.on or tally.last
    by_month = [] if month is None else [tally.by_month.get(month, Pair())]
    by_day = [] if day is None else [tally.by_day.get(day, Pair())]
    since = tally.since_last(one.mark)
    return {
        Mark.DAY: [*by_day, since],
        Mark.MONTH: [*by_month, since],
        Mark.PERIOD: [since, *by_month, tally.total],
        Mark.PAGE: [since],
        Mark.ALL: [tally.total, since, *by_month],
    }[one.mark] or [since]


def _cut(one: Sum, tally: _Tally, since: date | None) -> bool:
    """Whether the file begins amid the month that is summed up."""
    if one.mark not in {Mark.MONTH, Mark.PERIOD} or since is None or since.day == 1:
        return False
    month = one.month or ((tally.last.year, tally.last.month) if tally.last else None)
    return month == (since.year, since.month)


def _begins_with_year(sums: Sequence[Sum], since: date | None) -> bool:
    first = next((one for one in sums if one.mark is Mark.OPENING and not one.at), None)
    if first is not None and _YEAR_BEGINS.search(first.word):
        return True
    return since is not None and (since.month, since.day) == (1, 1)


def _year(one: Sum, tally: _Tally, currency: str, *, whole_year: bool) -> Iterator[Problem]:
    year = one.month[0] if one.month else (tally.last.year if tally.last else None)
    if year is None or (one.income is None and one.expense is None):
        return
    later = any(known < year for known in tally.by_year)
    found = tally.by_year.get(year, Pair())
    before = tally.before.get(year)
    if before is None and (whole_year or later):
        before = Pair()
    if before is not None:
        summed = Pair(found.income + before.income, found.expense + before.expense)
        yield from _compared(one, [summed], currency)
    # A wrong one is told once: what follows is held against it.
    tally.before[year] = Pair(
        (one.income if one.income is not None else found.income) - found.income,
        (one.expense if one.expense is not None else found.expense) - found.expense,
    )


def _compared(one: Sum, spans: Sequence[Pair], currency: str) -> Iterator[Problem]:
    if any(_fits(one, span) for span in spans):
        return
    likely = spans[0]
    for side, said, summed in (
        ("借方", one.income, likely.income),
        ("贷方", one.expense, likely.expense),
    ):
        if said is not None and said != summed:
            yield Problem(
                one.row,
                TOTAL_FIELD,
                f"“{one.word}”所列{side} {_said(said, currency)}，逐笔相加为 "
                f"{_said(summed, currency)}，相差 {_said(summed - said, currency)}；请与账簿核对。",
            )


def _fits(one: Sum, span: Pair) -> bool:
    return one.income in {None, span.income} and one.expense in {None, span.expense}


@dataclass(frozen=True, slots=True)
class Carried:
    """What the balances stated between the lines tell. checked: how many of them were held."""

    opening: int | None
    closing: int | None
    checked: int
    problems: tuple[Problem, ...]


def carried(
    entries: Sequence[Entry], sums: Sequence[Sum], opening: int | None, currency: str
) -> Carried:
    """The balances of sums and of carried pages, held against the running one.

    Where nothing before tells the balance, the first that is stated does.
    """
    running, place, checked = opening, 0, 0
    broken: list[tuple[Sum, int]] = []
    ascending = not entries or entries[0].on <= entries[-1].on
    closing: int | None = None
    for one in sums:
        while place < one.at:
            entry = entries[place]
            if running is not None:
                running += entry.income - entry.expense
            if entry.balance is not None:
                running = entry.balance
            place += 1
        if one.balance is None or one.mark is Mark.NEXT_YEAR:
            continue
        if running is None:
            running = one.balance
            opening = running - sum(x.income - x.expense for x in entries[: one.at])
        elif ascending and (one.at or one.mark is not Mark.OPENING):
            checked += 1
            if running != one.balance:
                broken.append((one, running))
        if one.at == len(entries):
            closing = one.balance
    return Carried(opening, closing, checked, tuple(_broken(broken, currency)))


def _broken(broken: Sequence[tuple[Sum, int]], currency: str) -> Iterator[Problem]:
    if not broken:
        return
    (one, expected), more = broken[0], len(broken) - 1
    assert one.balance is not None
    yield Problem(
        one.row,
        BALANCE_FIELD,
        f"“{one.word}”的余额 {_said(one.balance, currency)} 与逐笔算得的 "
        f"{_said(expected, currency)} 不符，相差 {_said(one.balance - expected, currency)}"
        + (f"；另有 {more} 行不符。" if more else "；请与账簿核对。"),
    )


def _said(minor: int, currency: str) -> str:
    return Money(minor, currency).display()
