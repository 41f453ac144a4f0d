"""Lines and items of one amount and one party, near in time: solved together, never greedily."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from app.agreements.watch.likeness import Likeness, compare
from app.reconciliation.assignment import assign
from app.reconciliation.items import (
    EARLY,
    LATE,
    BankItem,
    Kind,
    OurItem,
    Sureness,
    digits,
    gap,
    named,
    within,
)
from app.reconciliation.pool import Pool, grouped, in_both

_CLOSE_BY: Final = 5
_MOST: Final = 200
_WORDS: Final = {Kind.ACCOUNT: "对方账号相同", Kind.NAME: "对方户名相同"}


def match_accounts(pool: Pool) -> None:
    """Same amount, same account of the other party."""
    _match_equal(pool, Kind.ACCOUNT, lambda one: digits(one.payee_account) or None)


def match_names(pool: Pool) -> None:
    """Same amount, same name of the other party, and no account that contradicts."""
    _match_equal(pool, Kind.NAME, lambda one: named(one.name).whole or None)


def match_near_names(pool: Pool) -> None:
    """Same amount, a name that is shorter, longer or misspelt: the best assignment as a whole."""
    lines = grouped(pool.lines(), lambda one: (one.account, one.minor))
    ours = grouped(pool.ours(), lambda one: (one.account, one.minor))
    for some, others in in_both(lines, ours):
        for cluster in _clusters(some, others):
            _assign(pool, *cluster)


def _match_equal(pool: Pool, kind: Kind, party: Callable[[BankItem | OurItem], str | None]) -> None:
    def key(one: BankItem | OurItem) -> tuple[int, int, str] | None:
        who = party(one)
        return None if who is None else (one.account, one.minor, who)

    lines, ours = grouped(pool.lines(), key), grouped(pool.ours(), key)
    for some, others in in_both(lines, ours):
        for cluster in _clusters(some, others):
            _in_order(pool, kind, *cluster)


def _clusters(
    lines: Sequence[BankItem], ours: Sequence[OurItem]
) -> list[tuple[list[BankItem], list[OurItem]]]:
    """Parts that no day connects: what stands in one can't belong to another."""
    rows: list[tuple[int, int, BankItem | OurItem]] = [
        (line.on.toordinal(), line.on.toordinal(), line) for line in lines
    ]
    rows += [(one.on.toordinal() - EARLY, one.on.toordinal() + LATE, one) for one in ours]
    rows.sort(key=lambda row: (row[0], row[1]))
    found: list[tuple[list[BankItem], list[OurItem]]] = []
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


def _in_order(pool: Pool, kind: Kind, lines: Sequence[BankItem], ours: Sequence[OurItem]) -> None:
    """Items of one party and amount, taken in the order of their days: as banks book them."""
    left = sorted(ours, key=lambda one: (one.on, one.key))
    pairs: list[tuple[BankItem, OurItem]] = []
    for line in sorted(lines, key=lambda one: (one.on, one.key)):
        fitting = next((item for item in left if within(line, item)), None)
        if fitting is not None:
            pairs.append((line, fitting))
            left.remove(fitting)
    alone = len(lines) == len(ours) == len(pairs)
    for line, item in pairs:
        if kind is Kind.NAME and _contradicts(line, item):
            continue
        sure = alone and (len(pairs) == 1 or _told_apart(pairs))
        why = [_WORDS[kind], "金额相同", _days(line, item)]
        if not sure:
            why.append(
                "同一收款方、同一金额有几笔，按日期先后对应" if alone else "笔数不等，请核对"
            )
        pool.take([line], [item], kind, Sureness.SURE if sure else Sureness.LIKELY, why)


def _told_apart(pairs: Sequence[tuple[BankItem, OurItem]]) -> bool:
    """Whether the order is told by the days: each next one began after the last was booked."""
    return all(
        one[1].on <= one[0].on < other[1].on <= other[0].on for one, other in pairwise(pairs)
    )


def _contradicts(line: BankItem, item: OurItem) -> bool:
    first, second = digits(line.payee_account), digits(item.payee_account)
    return bool(first and second and first != second)


def _assign(pool: Pool, lines: Sequence[BankItem], ours: Sequence[OurItem]) -> None:
    if len(lines) > _MOST or len(ours) > _MOST:
        return
    likes = [[compare(named(line.name), named(item.name)) for item in ours] for line in lines]
    cost = [
        [_cost(line, item, likes[x][y]) for y, item in enumerate(ours)]
        for x, line in enumerate(lines)
    ]
    for x, y in assign(cost):
        line, item = lines[x], ours[y]
        like = likes[x][y]
        alone = _best_both_ways(cost, x, y)
        close = like >= Likeness.CLOSE and not _contradicts(line, item)
        sure = close and alone and abs(gap(line, item)) <= _CLOSE_BY
        words = {
            Likeness.SAME: "对方户名相同",
            Likeness.CLOSE: "对方户名是简称或分支",
            Likeness.SIMILAR: "对方户名相近",
            Likeness.NONE: "流水没有对方户名",
        }[like]
        why = [words, "金额相同", _days(line, item)]
        if not alone:
            why.append("另有相同金额的款项，请核对")
        kind = Kind.NEAR_NAME if like else Kind.AMOUNT
        weak = like is Likeness.NONE or (like is Likeness.SIMILAR and not alone)
        sureness = Sureness.SURE if sure else Sureness.WEAK if weak else Sureness.LIKELY
        pool.take([line], [item], kind, sureness, why)


def _cost(line: BankItem, item: OurItem, like: Likeness) -> float | None:
    """How ill they fit; None where they can't be the same."""
    if not within(line, item):
        return None
    if like is Likeness.NONE and line.name.strip() and item.name.strip():
        return None
    if like is Likeness.NONE and _contradicts(line, item):
        return None
    days = abs(gap(line, item)) / (EARLY + LATE)
    return (Likeness.SAME - like) * 2 + days


def _best_both_ways(cost: Sequence[Sequence[float | None]], x: int, y: int) -> bool:
    """Whether neither has another partner that it could be at all."""
    row = [value for value in cost[x] if value is not None]
    column = [one[y] for one in cost if one[y] is not None]
    return len(row) == 1 and len(column) == 1


def _days(line: BankItem, item: OurItem) -> str:
    days = gap(line, item)
    if not days:
        return "同一天"
    return f"银行晚 {days} 天" if days > 0 else f"银行早 {-days} 天"
