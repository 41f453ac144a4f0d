"""One line that is several items, several lines that are one: sums of one party in its days."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final, TypeVar

from app.reconciliation.items import BankItem, Kind, OurItem, Sureness, digits, named, within
from app.reconciliation.pool import Pool, grouped

# More parts or more candidates than this are left to a person.
_MOST_PARTS: Final = 6
_MOST_OFFERED: Final = 14
T = TypeVar("T", BankItem, OurItem)


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


def _combine(pool: Pool, party: object) -> None:
    assert callable(party)
    ours = grouped(pool.ours(), party)
    for line in pool.lines():
        offered = [
            item
            for item in ours.get(party(line), ())
            if pool.free([line], [item])
            and within(line, item)
            and abs(item.minor) < abs(line.minor)
        ]
        found = _adding_up(offered, line.minor)
        if found is not None:
            parts, only = found
            why = (f"同一收款方 {len(parts)} 笔的合计", "金额相同")
            pool.take([line], parts, Kind.SUM, _sure(only, len(parts), len(offered)), why)


def _divide(pool: Pool, party: object) -> None:
    assert callable(party)
    lines = grouped(pool.lines(), party)
    for item in pool.ours():
        offered = [
            line
            for line in lines.get(party(item), ())
            if pool.free([line], [item])
            and within(line, item)
            and abs(line.minor) < abs(item.minor)
        ]
        found = _adding_up(offered, item.minor)
        if found is not None:
            parts, only = found
            why = (f"分 {len(parts)} 笔支付的合计", "金额相同")
            pool.take(parts, [item], Kind.SPLIT, _sure(only, len(parts), len(offered)), why)


def _sure(only: bool, parts: int, offered: int) -> Sureness:
    """One way only to add up, and not one of very many that were tried."""
    return Sureness.SURE if only and offered <= parts + 4 else Sureness.LIKELY


def _adding_up(offered: Sequence[T], total: int) -> tuple[list[T], bool] | None:
    """Parts that make the total, and whether no others do; None where none do."""
    if len(offered) < 2 or len(offered) > _MOST_OFFERED:  # noqa: PLR2004 - a sum has two parts
        return None
    first: list[T] | None = None
    for count in range(2, min(_MOST_PARTS, len(offered)) + 1):
        for some in combinations(offered, count):
            if sum(one.minor for one in some) == total:
                if first is not None:
                    return first, False
                first = list(some)
    return None if first is None else (first, True)
