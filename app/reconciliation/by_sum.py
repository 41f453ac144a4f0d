"""One line that is several items, several lines that are one: sums of one party in its days."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Generic, TypeVar

from app.reconciliation.items import BankItem, Kind, OurItem, Sureness, digits, named, within
from app.reconciliation.pool import Pool, grouped

# More parts or more candidates than this are left to a person.
_MOST_PARTS: Final = 6
_MOST_OFFERED: Final = 14
T = TypeVar("T", BankItem, OurItem)
W = TypeVar("W", BankItem, OurItem)
Key = tuple[int, bool, str]
Party = Callable[[BankItem | OurItem], Key | None]


def match_batches(pool: Pool) -> None:
    """A whole batch that the bank booked as one line."""
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
            pool.take([line], offered[0], Kind.SUM, Sureness.SURE, why)


def match_sums(pool: Pool) -> None:
    """Several items of one party as one line, then one item as several lines."""
    for party in (_account, _name):
        _combine(pool, party)
        _divide(pool, party)


def _account(one: BankItem | OurItem) -> tuple[int, bool, str] | None:
    number = digits(one.payee_account)
    return (one.account, one.minor < 0, number) if number else None


def _name(one: BankItem | OurItem) -> tuple[int, bool, str] | None:
    core = named(one.name).core
    return (one.account, one.minor < 0, core) if core else None


def _combine(pool: Pool, party: Party) -> None:
    """Items of one party that together are a line."""
    ours = grouped(pool.ours(), party)
    asked = []
    for line in pool.lines():
        key = party(line)
        offered = [
            item
            for item in (ours.get(key, ()) if key else ())
            if within(line, item) and abs(item.minor) < abs(line.minor)
        ]
        asked.append((line, offered, _adding_up(offered, line.minor)))
    for line, parts, sure in _uncontested(asked):
        if pool.free([line], parts):
            why = (f"同一收款方 {len(parts)} 笔的合计", "金额相同")
            pool.take([line], parts, Kind.SUM, sure, why)


def _divide(pool: Pool, party: Party) -> None:
    """Lines of one party that together are an item."""
    lines = grouped(pool.lines(), party)
    asked = []
    for item in pool.ours():
        key = party(item)
        offered = [
            line
            for line in (lines.get(key, ()) if key else ())
            if within(line, item) and abs(line.minor) < abs(item.minor)
        ]
        asked.append((item, offered, _adding_up(offered, item.minor)))
    for item, parts, sure in _uncontested(asked):
        if pool.free(parts, [item]):
            why = (f"分 {len(parts)} 笔支付的合计", "金额相同")
            pool.take(parts, [item], Kind.SPLIT, sure, why)


@dataclass(frozen=True, slots=True)
class _Sums(Generic[T]):
    """Parts that make a total; only: no others do; any_of: all that stand in any such sum."""

    first: list[T]
    only: bool
    any_of: frozenset[object]


def _uncontested(
    asked: Sequence[tuple[W, Sequence[T], _Sums[T] | None]],
) -> Iterator[tuple[W, list[T], Sureness]]:
    """The sums, those first that nothing else could want: whatever the order they came in."""
    uses = Counter(key for _, _, found in asked if found for key in found.any_of)
    likely = []
    for whole, offered, found in sorted(asked, key=lambda one: (one[0].on, str(one[0].key))):
        if found is None:
            continue
        alone = found.only and all(uses[part.key] == 1 for part in found.first)
        if alone and len(offered) <= len(found.first) + 4:
            yield whole, found.first, Sureness.SURE
        else:
            likely.append((whole, found.first))
    for whole, parts in likely:
        yield whole, parts, Sureness.LIKELY


def _adding_up(offered: Sequence[T], total: int) -> _Sums[T] | None:
    """Parts that make the total; None where none do, or too many would have to be tried."""
    if len(offered) < 2 or len(offered) > _MOST_OFFERED:  # noqa: PLR2004 - a sum has two parts
        return None
    rows = sorted(offered, key=lambda one: (one.on, str(one.key)))
    sums = [
        list(some)
        for count in range(2, min(_MOST_PARTS, len(rows)) + 1)
        for some in combinations(rows, count)
        if sum(one.minor for one in some) == total
    ]
    if not sums:
        return None
    return _Sums(sums[0], len(sums) == 1, frozenset(one.key for some in sums for one in some))
