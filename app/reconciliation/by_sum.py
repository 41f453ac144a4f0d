"""One line that is several items, several lines that are one: sums of one party in its days."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Generic, TypeVar

from app.reconciliation.by_reference import Numbers, is_with_fee
from app.reconciliation.items import BankItem, Kind, OurItem, Sureness, digits, lag, within
from app.reconciliation.parties import Parties, Told
from app.reconciliation.pool import Pool, grouped

# More parts or more candidates than this are left to a person.
_MOST_PARTS: Final = 6
_MOST_OFFERED: Final = 14
_MOST_CROSSED: Final = 4
_SOON: Final = 3
# A batch of so many is still the batch without one or two of them.
_BATCH: Final = 4
_FEW: Final = 4
_BATCHED: Final = re.compile(r"代发|代付|批量|工资|报销|共\d+笔")
T = TypeVar("T", BankItem, OurItem)
W = TypeVar("W", BankItem, OurItem)
Key = tuple[int, bool, int]


@dataclass(frozen=True, slots=True)
class _Ways(Generic[T]):
    """Parts that make a total; only, single: no others do, near in time or at all.

    any_of: all that stand in any such sum.
    """

    first: list[T]
    only: bool
    single: bool
    any_of: frozenset[object]


class Sums:
    """Matches lines and items that agree only when some of them are added up."""

    def __init__(self, pool: Pool, parties: Parties, numbers: Numbers) -> None:
        self._pool = pool
        self._parties = parties
        self._numbers = numbers

    def match_batches(self) -> None:
        """A whole batch that the bank booked as one line, or all but one or two of it."""
        pool = self._pool
        ours = grouped(pool.ours(), lambda one: (one.account, one.batch) if one.batch else None)
        sums: dict[tuple[int, int], list[list[OurItem]]] = {}
        for (account, _), items in ours.items():
            if len(items) > 1:
                sums.setdefault((account, sum(one.minor for one in items)), []).append(items)
        for line in pool.lines():
            offered = [
                items
                for items in sums.get((line.account, line.minor), ())
                if pool.free([line], items) and all(within(line, one) for one in items)
            ]
            if len(offered) == 1:
                why = (f"整批 {len(offered[0])} 笔的合计", "金额相同")
                # A few round amounts add up to anything; many, or the bank's own word, do not.
                sure = len(offered[0]) > _FEW or _BATCHED.search(f"{line.name} {line.text}")
                how = Sureness.SURE if sure else Sureness.LIKELY
                pool.take([line], offered[0], Kind.SUM, how, why)
        self._short_batches(sums)

    def _short_batches(self, sums: dict[tuple[int, int], list[list[OurItem]]]) -> None:
        """The bank left out what it could not pay: told by the only ones that make up for it."""
        by_account: dict[int, list[tuple[int, list[OurItem]]]] = {}
        for (account, total), batches in sums.items():
            for items in batches:
                if len(items) >= _BATCH and self._pool.free([], items):
                    by_account.setdefault(account, []).append((-total, items))
        for rows in by_account.values():
            rows.sort(key=lambda row: row[0])
        for line in self._pool.lines():
            if line.minor >= 0 or digits(line.payee_account) or line.account not in by_account:
                continue
            rows = by_account[line.account]
            first = bisect_right(rows, -line.minor, key=lambda row: row[0])
            last = bisect_left(rows, -line.minor * 3 // 2, key=lambda row: row[0])
            found = [
                part
                for _, items in rows[first:last]
                if within(line, items[0])
                for part in _without(items, line.minor)
            ]
            if len(found) == 1 and self._pool.free([line], found[0]):
                why = (f"整批中 {len(found[0])} 笔的合计", "金额相同", "其余未付出，请核对")
                self._pool.take([line], found[0], Kind.SUM, Sureness.LIKELY, why)

    def match_sums(self) -> None:
        """Several items of one party as one line, then one item as several lines."""
        self._combine()
        self._divide()

    def _of_line(self, line: BankItem) -> Key | None:
        """The only party that a line may be."""
        told = self._parties.of_line(line)
        if len(told) != 1 or self._pool.is_returned(line):
            return None
        ((party, how),) = told.items()
        return (line.account, line.minor < 0, party) if how >= Told.CLOSE else None

    def _of_item(self, item: OurItem) -> Key:
        return item.account, item.minor < 0, self._parties.of_item(item)

    def _combine(self) -> None:
        """Items of one party that together are a line."""
        ours = grouped(self._pool.ours(), self._of_item)
        asked = []
        for line in self._pool.lines():
            key = self._of_line(line)
            offered = [
                item
                for item in (ours.get(key, ()) if key else ())
                if within(line, item) and abs(item.minor) < abs(line.minor)
            ]
            asked.append((line, *_adding_up(offered, line.minor, _lag_to(line))))
        for line, parts, sure in _uncontested(asked):
            told = self._numbers.named(line)
            meant = not told or any(item in parts for item in told)
            if meant and self._pool.free([line], parts):
                why = (f"同一收款方 {len(parts)} 笔的合计", "金额相同")
                self._pool.take([line], parts, Kind.SUM, sure, why)

    def _divide(self) -> None:
        """Lines of one party that together are an item."""
        lines = grouped(self._pool.lines(), self._of_line)
        asked = []
        for item in self._pool.ours():
            offered = [
                line
                for line in lines.get(self._of_item(item), ())
                if within(line, item)
                and abs(line.minor) < abs(item.minor)
                and not self._numbers.names_another(line, item)
            ]
            asked.append((item, *_adding_up(offered, item.minor, _lag_from(item))))
        for item, parts, sure in _uncontested(asked, self._numbers.named):
            if self._pool.free(parts, [item]):
                why = (f"分 {len(parts)} 笔支付的合计", "金额相同")
                self._pool.take(parts, [item], Kind.SPLIT, sure, why)

    def match_fees(self) -> None:
        """A line that is a payment and what the bank took for it: proposed, never sure."""
        ours = grouped(self._pool.ours(), self._of_item)
        for line in self._pool.lines():
            key = self._of_line(line)
            offered = [
                item
                for item in (ours.get(key, ()) if key else ())
                if within(line, item)
                and is_with_fee(line, item)
                and self._pool.free([], [item])
                and not self._numbers.names_another(line, item)
            ]
            if len(offered) == 1:
                why = ("同一收款方", "多出的零头可能是银行手续费，请核对")
                self._pool.take([line], offered, Kind.FEE, Sureness.LIKELY, why)

    def match_crossed(self) -> None:
        """Several items of one party and day that the bank cut into other amounts."""
        lines = grouped(self._pool.lines(), self._of_line)
        ours = grouped(self._pool.ours(), lambda one: (*self._of_item(one), one.on))
        for key, items in ours.items():
            near = [
                line
                for line in lines.get(key[:3], ())
                if within(line, items[0]) and self._pool.free([line])
            ]
            if not 1 < len(items) <= _MOST_CROSSED or not 1 < len(near) <= _MOST_CROSSED:
                continue
            if sum(one.minor for one in items) != sum(line.minor for line in near):
                continue
            soon = all(lag(line, items[0]) <= _SOON for line in near)
            why = (f"同一收款方 {len(items)} 笔与流水 {len(near)} 笔的合计", "金额相同")
            how = Sureness.SURE if soon else Sureness.LIKELY
            self._pool.take(near, items, Kind.SUM, how, why)


def _lag_to(line: BankItem) -> Callable[[OurItem], int]:
    return lambda item: lag(line, item)


def _lag_from(item: OurItem) -> Callable[[BankItem], int]:
    return lambda line: lag(line, item)


def _without(items: Sequence[OurItem], total: int) -> Iterator[list[OurItem]]:
    """The batch without one or two of it, wherever that makes the total."""
    more = sum(one.minor for one in items) - total
    seen = Counter(one.minor for one in items)
    gone = [[one] for one in items if one.minor == more]
    if not gone:
        gone = [
            [one, other]
            for one, other in combinations(items, 2)
            if one.minor + other.minor == more and seen[more - one.minor]
        ]
    for some in gone:
        yield [one for one in items if one not in some]


def _uncontested(
    asked: Sequence[tuple[W, Sequence[T], _Ways[T] | None]],
    naming: Callable[[T], Sequence[OurItem]] | None = None,
) -> Iterator[tuple[W, list[T], Sureness]]:
    """The sums, those first that nothing else could want: whatever the order they came in."""
    uses = Counter(key for _, _, found in asked if found for key in found.any_of)
    likely = []
    for whole, offered, found in sorted(asked, key=lambda one: (one[0].on, str(one[0].key))):
        if found is None:
            continue
        # However late a part comes: that it names the whole puts it beyond doubt.
        told = naming is not None and found.single and any(naming(one) for one in found.first)
        alone = (found.only or told) and all(uses[part.key] == 1 for part in found.first)
        if alone and len(offered) <= len(found.first) + 4:
            yield whole, found.first, Sureness.SURE
        else:
            likely.append((whole, found.first))
    for whole, parts in likely:
        yield whole, parts, Sureness.LIKELY


def _adding_up(
    offered: Sequence[T], total: int, far: Callable[[T], int]
) -> tuple[Sequence[T], _Ways[T] | None]:
    """What was tried, and the parts that make the total: of too many only those near in time."""
    if len(offered) > _MOST_OFFERED:
        offered = [one for one in offered if far(one) <= _SOON]
    if len(offered) > _MOST_OFFERED:
        offered = [one for one in offered if not far(one)]
    if len(offered) < 2 or len(offered) > _MOST_OFFERED:  # noqa: PLR2004 - a sum has two parts
        return offered, None
    rows = sorted(offered, key=lambda one: (one.on, str(one.key)))
    sums = [
        list(some)
        for count in range(2, min(_MOST_PARTS, len(rows)) + 1)
        for some in combinations(rows, count)
        if sum(one.minor for one in some) == total
    ]
    if not sums:
        return offered, None
    # What was ordered together leaves together: parts of those days are meant before any other.
    soon = [some for some in sums if all(far(one) <= _SOON for one in some)]
    sums = soon or sums
    every = frozenset(one.key for some in sums for one in some)
    return offered, _Ways(sums[0], len(soon) == 1, len(sums) == 1, every)
