"""Lines and items of one amount and one party, near in time: solved together, never greedily."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.reconciliation.assignment import align, assign
from app.reconciliation.by_reference import Numbers
from app.reconciliation.items import (
    EARLY,
    LATE,
    BankItem,
    Kind,
    OurItem,
    OurKind,
    Sureness,
    gap,
    lag,
    within,
)
from app.reconciliation.parties import Parties, Told
from app.reconciliation.pool import Pool, grouped

# A partner that lies so many days nearer than every other one is it.
_CLEARLY: Final = 4
# A weekend: so late a bank may be without a word.
_SOON: Final = 3
_NEAR: Final = 5
# More of one amount and party than this at one time are left to a person.
_MOST: Final = 400
# More than this are taken in the order of their days.
_FEW: Final = 20
_MOST_ALIKE: Final = 60
_NAMED: Final = 9.0
_KINDS: Final = {
    Told.ACCOUNT: Kind.ACCOUNT,
    Told.PART: Kind.ACCOUNT,
    Told.NAME: Kind.NAME,
    Told.CLOSE: Kind.NEAR_NAME,
    Told.SIMILAR: Kind.NEAR_NAME,
    Told.NOTHING: Kind.AMOUNT,
}
_WORDS: Final = {
    Told.ACCOUNT: "对方账号相同",
    Told.PART: "对方账号可见部分相同",
    Told.NAME: "对方户名相同",
    Told.CLOSE: "对方户名是简称或分支",
    Told.SIMILAR: "对方户名相近",
    Told.NOTHING: "流水没有对方户名",
}
Cluster = tuple[list[BankItem], list[OurItem]]
Pair = tuple[BankItem, OurItem]


class Solver:
    """Pairs lines with items of one amount, by who the other party is and by their days."""

    def __init__(self, pool: Pool, parties: Parties, numbers: Numbers) -> None:
        self._pool = pool
        self._parties = parties
        self._numbers = numbers
        # The lines of the amount that is looked at.
        self._equal: Sequence[BankItem] = ()

    def match_parties(self) -> None:
        """Those whose party is told: by account, by the part of it that is seen, by name."""
        lines, ours = self._by_amount()
        for key, some in lines.items():
            others = ours.get(key)
            if others is None:
                continue
            self._equal = some
            if len(some) == len(others) == 1:
                self._only(some[0], others[0])
                continue
            for cluster in self._by_party(some, others):
                self._in_order(*cluster)

    def match_near(self) -> None:
        """What is left: a name that is shorter, longer or misspelt, or nothing but the amount."""
        lines, ours = self._by_amount()
        for key, some in lines.items():
            for cluster in clusters(some, ours.get(key, ())):
                self._assign(*cluster)

    def _by_amount(
        self,
    ) -> tuple[dict[tuple[int, int], list[BankItem]], dict[tuple[int, int], list[OurItem]]]:
        lines = grouped(self._pool.lines(), lambda one: (one.account, one.minor))
        ours = grouped(
            self._pool.ours(),
            lambda one: key if (key := (one.account, one.minor)) in lines else None,
        )
        return lines, ours

    def _only(self, line: BankItem, item: OurItem) -> None:
        """A line and an item of an amount that nothing else has."""
        if not within(line, item):
            return
        told = self._told(line, item)
        if told is None or told < Told.CLOSE:
            return
        how = Sureness.SURE if _is_timely(line, item) else Sureness.LIKELY
        why = (_WORDS[told], "金额相同", _days(line, item))
        self._pool.take([line], [item], _KINDS[told], how, why)

    def _by_party(self, lines: Sequence[BankItem], ours: Sequence[OurItem]) -> list[Cluster]:
        """The lines with the items of the parties that they may be, apart by party and time."""
        held = grouped(ours, self._parties.of_item)
        leader = {party: party for party in held}

        def find(party: int) -> int:
            while leader[party] != party:
                party = leader[party]
            return party

        wanting: dict[int, list[BankItem]] = defaultdict(list)
        for line in lines:
            may_be = self._parties.of_line(line)
            near = [party for party, how in may_be.items() if how >= Told.CLOSE and party in held]
            for party in near[1:]:
                leader[find(party)] = find(near[0])
            if near:
                wanting[near[0]].append(line)
        joined: dict[int, Cluster] = {}
        for party, some in wanting.items():
            joined.setdefault(find(party), ([], []))[0].extend(some)
        for party, items in held.items():
            if find(party) in joined:
                joined[find(party)][1].extend(items)
        return [one for some, items in joined.values() for one in clusters(some, items)]

    def _told(self, line: BankItem, item: OurItem) -> Told | None:
        if self._numbers.names_another(line, item):
            return None
        return self._parties.told(line, item)

    def _in_order(self, lines: list[BankItem], ours: list[OurItem]) -> None:
        """Items of one amount whose party is told, taken as their days fit best as a whole."""
        lines = self._without_spare(sorted(lines, key=_order), len(ours))
        ours = sorted(ours, key=_order)
        if len(lines) > _MOST or len(ours) > _MOST:
            return
        cost = [[self._cost(line, item) for item in ours] for line in lines]
        solve = assign if max(len(lines), len(ours)) <= _FEW else align
        pairs = [(lines[x], ours[y]) for x, y in solve(cost)]
        alone = len(lines) == len(ours) == len(pairs)
        apart = alone and _told_apart(pairs)
        possible = {
            (line.key, item.key)
            for line, row in zip(lines, cost, strict=True)
            for item, value in zip(ours, row, strict=True)
            if value is not None
        }
        for line, item in pairs:
            told = self._told(line, item)
            if told is None or told < Told.CLOSE:
                continue
            sure = apart or self._clear((line, item), pairs, (lines, ours), possible)
            sure = sure and _is_timely(line, item) and not self._is_redone(line, item)
            why = [_WORDS[told], "金额相同", _days(line, item)]
            if not sure:
                why.append(
                    "同一收款方、同一金额有几笔，按日期先后对应" if alone else "笔数不等，请核对"
                )
            how = Sureness.SURE if sure else Sureness.LIKELY
            self._pool.take([line], [item], _KINDS[told], how, why)

    def _without_spare(self, lines: list[BankItem], wanted: int) -> list[BankItem]:
        """What the bank took back spends no payment that another line may be."""
        spare = len(lines) - wanted
        if spare <= 0:
            return lines
        returned = [line for line in lines if self._pool.is_returned(line)][:spare]
        return [line for line in lines if line not in returned]

    def _cost(self, line: BankItem, item: OurItem) -> float | None:
        """How ill two of a told party fit; None where they can't be the same."""
        if not within(line, item):
            return None
        told = self._told(line, item)
        if told is None or told < Told.CLOSE:
            return None
        days = lag(line, item)
        value = days + days * days / 100
        if self._pool.is_returned(line) and item in self._numbers.named(line):
            value -= _NAMED
        return value

    def _clear(
        self,
        pair: Pair,
        pairs: Sequence[Pair],
        cluster: Cluster,
        possible: set[tuple[int, str]],
    ) -> bool:
        """Whether nobody else lies near enough to be the partner of either.

        Items of one party and day are alike, as are lines of one day: whichever of them is taken.
        """
        line, item = pair
        days = lag(line, item)
        if days > _SOON:
            return False
        partner = {one.key: other for one, other in pairs}
        taken = {other.key: one.on for one, other in pairs}
        for other in cluster[1]:
            if (line.key, other.key) not in possible or other.key == item.key:
                continue
            # Lines of one day stand for each other.
            if taken.get(other.key) == line.on and self._is_one_party(item, other):
                continue
            if other.on == item.on or lag(line, other) < days + _CLEARLY:
                return False
        for one in cluster[0]:
            if (one.key, item.key) not in possible or one.on == line.on:
                continue
            # A second execution comes after the first.
            again = one.key not in partner and one.on > line.on and item.kind is OurKind.PAYMENT
            if not again and lag(one, item) < days + _CLEARLY:
                return False
        return True

    def _is_redone(self, line: BankItem, item: OurItem) -> bool:
        """Whether another line may be the same payment, done again after it was taken back."""
        return self._pool.is_returned(line) and any(
            one.key != line.key
            and 0 <= (one.on - line.on).days <= _NEAR
            and not self._pool.is_returned(one)
            and self._pool.free([one])
            and self._told(one, item) is not None
            for one in self._equal
        )

    def _is_one_party(self, item: OurItem, other: OurItem) -> bool:
        return self._parties.of_item(other) == self._parties.of_item(item)

    def _assign(self, lines: list[BankItem], ours: list[OurItem]) -> None:
        """The best pairing as a whole of what no more than looks alike."""
        if len(lines) > _MOST_ALIKE or len(ours) > _MOST_ALIKE:
            return
        lines = self._without_spare(sorted(lines, key=_order), len(ours))
        ours = sorted(ours, key=_order)
        told = [
            [self._told(line, item) if within(line, item) else None for item in ours]
            for line in lines
        ]
        cost = [
            [
                None if how is None else (Told.ACCOUNT - how) * 2 + lag(line, item) / (EARLY + LATE)
                for item, how in zip(ours, row, strict=True)
            ]
            for line, row in zip(lines, told, strict=True)
        ]
        for x, y in assign(cost):
            self._propose(lines[x], ours[y], told, x, y)

    def _propose(
        self,
        line: BankItem,
        item: OurItem,
        told: Sequence[Sequence[Told | None]],
        x: int,
        y: int,
    ) -> None:
        how = told[x][y]
        assert how is not None
        others = [value for place, value in enumerate(told[x]) if place != y]
        others += [row[y] for place, row in enumerate(told) if place != x]
        alone = all(value is None for value in others)
        sure = how >= Told.CLOSE and alone and lag(line, item) <= _NEAR
        sure = sure and _is_timely(line, item)
        why = [_WORDS[how], "金额相同", _days(line, item)]
        if not alone:
            why.append("另有相同金额的款项，请核对")
        weak = how is Told.NOTHING or (how is Told.SIMILAR and not alone)
        sureness = Sureness.SURE if sure else Sureness.WEAK if weak else Sureness.LIKELY
        self._pool.take([line], [item], _KINDS[how], sureness, why)


def clusters(lines: Sequence[BankItem], ours: Sequence[OurItem]) -> list[Cluster]:
    """Parts that no day connects: what stands in one can't belong to another."""
    if len(lines) == len(ours) == 1:
        return [(list(lines), list(ours))] if within(lines[0], ours[0]) else []
    rows: list[tuple[int, int, BankItem | OurItem]] = [
        (line.on.toordinal(), line.on.toordinal(), line) for line in lines
    ]
    for item in ours:
        day = item.on.toordinal()
        early = LATE if item.kind is OurKind.JOURNAL else EARLY
        rows.append((day - early, day + LATE, item))
    rows.sort(key=lambda row: (row[0], row[1]))
    found: list[Cluster] = []
    reach = -1
    for start, end, one in rows:
        if start > reach:
            found.append(([], []))
        reach = max(reach, end)
        if isinstance(one, BankItem):
            found[-1][0].append(one)
        else:
            found[-1][1].append(one)
    return [(some, others) for some, others in found if some and others]


def _is_timely(line: BankItem, item: OurItem) -> bool:
    """Whether the days raise no question: a bank books nothing long before it was ordered."""
    if item.kind is OurKind.JOURNAL:
        return lag(line, item) <= _SOON
    return gap(line, item) > -EARLY


def _told_apart(pairs: Sequence[Pair]) -> bool:
    """Whether the order is told by the days: each pair is over before the next one begins."""
    spans = sorted((min(line.on, item.on), max(line.on, item.on)) for line, item in pairs)
    return all(one[1] < other[0] for one, other in pairwise(spans))


def _order(one: BankItem | OurItem) -> tuple[object, str]:
    return one.on, str(one.key)


def _days(line: BankItem, item: OurItem) -> str:
    days = gap(line, item)
    if not days:
        return "同一天"
    return f"银行晚 {days} 天" if days > 0 else f"银行早 {-days} 天"
