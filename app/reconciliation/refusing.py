"""Matching that respects what somebody refused: it looks for the next best, never the same again."""

from collections.abc import Iterable, Mapping

from app.reconciliation.items import BankItem, Match, OurItem
from app.reconciliation.keys import line_key
from app.reconciliation.matching import Matched, match

Refused = frozenset[frozenset[str]]


def match_again(
    lines: Iterable[BankItem],
    ours: Iterable[OurItem],
    refused: Refused,
    own: Mapping[str, int] | None = None,
) -> Matched:
    """As match(), without the groups whose members were refused together.

    Their lines are offered to the other items, then their items to the other lines.
    """
    by_line = {line.key: line for line in lines}
    by_item = {item.key: item for item in ours}
    first = match(by_line.values(), by_item.values(), own)
    good, bad = _split(first.matches, refused)
    if not bad:
        return first
    lines_back = [by_line[key] for one in bad for key in one.lines]
    items_back = [by_item[key] for one in bad for key in one.ours]
    second = match(lines_back, first.ours)
    third = match(first.lines, [*items_back, *second.ours])
    some, worse = _split((*second.matches, *third.matches), refused)
    return Matched(
        (*good, *some),
        (*second.lines, *third.lines, *(by_line[key] for one in worse for key in one.lines)),
        (*third.ours, *(by_item[key] for one in worse for key in one.ours)),
    )


def members(one: Match) -> frozenset[str]:
    """The keys under which a match's members are stored."""
    return frozenset((*map(line_key, one.lines), *one.ours))


def _split(matches: Iterable[Match], refused: Refused) -> tuple[list[Match], list[Match]]:
    good: list[Match] = []
    bad: list[Match] = []
    for one in matches:
        (bad if members(one) in refused else good).append(one)
    return good, bad
