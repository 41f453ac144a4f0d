"""Lines that name our items by a number: the surest of all, wherever the amounts agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.agreements.watch.finding import plain, tokens
from app.reconciliation.items import BankItem, Kind, OurItem, Sureness, gap
from app.reconciliation.pool import Pool


def match_references(pool: Pool) -> None:
    """One line for one item first; then one line that names several, and several that name one."""
    known = _by_number(pool.ours())
    naming: dict[str, list[BankItem]] = defaultdict(list)
    several: list[tuple[BankItem, list[OurItem]]] = []
    for line in pool.lines():
        found = _named(line, known)
        if len(found) > 1:
            several.append((line, found))
        for item in found:
            naming[item.key].append(line)
    items = {item.key: item for item in pool.ours()}
    for key, lines in naming.items():
        _one_to_one(pool, items[key], lines)
    for line, found in several:
        _one_for_many(pool, line, found)
    for key, lines in naming.items():
        _many_for_one(pool, items[key], lines)


def _by_number(ours: Iterable[OurItem]) -> dict[str, list[OurItem]]:
    found: dict[str, list[OurItem]] = defaultdict(list)
    for item in ours:
        for number in item.numbers:
            word = plain(number)
            if len(word) > 5:  # noqa: PLR2004 - as short as words of a bank's own are
                found[word].append(item)
    return found


def _named(line: BankItem, known: dict[str, list[OurItem]]) -> list[OurItem]:
    found: dict[str, OurItem] = {}
    for word in tokens(f"{line.reference} {line.text}"):
        for item in known.get(word, ()):
            if item.account == line.account and (item.minor < 0) == (line.minor < 0):
                found[item.key] = item
    return list(found.values())


def _one_to_one(pool: Pool, item: OurItem, lines: Sequence[BankItem]) -> None:
    fitting = [line for line in lines if line.minor == item.minor and pool.free([line], [item])]
    if fitting:
        nearest = min(fitting, key=lambda line: (abs(gap(line, item)), line.key))
        why = ("流水中有我方编号", "金额相同")
        pool.take([nearest], [item], Kind.REFERENCE, Sureness.SURE, why)


def _one_for_many(pool: Pool, line: BankItem, found: Sequence[OurItem]) -> None:
    left = [item for item in found if pool.free([line], [item])]
    if len(left) > 1 and sum(item.minor for item in left) == line.minor:
        why = (f"流水中有 {len(left)} 笔的编号", "合计金额相同")
        pool.take([line], left, Kind.SUM, Sureness.SURE, why)


def _many_for_one(pool: Pool, item: OurItem, lines: Sequence[BankItem]) -> None:
    left = [line for line in lines if pool.free([line], [item])]
    if len(left) > 1 and sum(line.minor for line in left) == item.minor:
        why = (f"{len(left)} 笔流水都有该编号", "合计金额相同")
        pool.take(left, [item], Kind.SPLIT, Sureness.SURE, why)
