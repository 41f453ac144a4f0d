"""Matching that respects what somebody refused: it looks for the next best, never the same again."""

from collections.abc import Iterable, Mapping, Sequence

from app.reconciliation.clerk_rules import ClerkRule, match_by_rules
from app.reconciliation.items import BankItem, Match, OurItem, Sureness
from app.reconciliation.keys import member_keys
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
    again = Matched(
        (*good, *second.matches, *third.matches), (*second.lines, *third.lines), third.ours
    )
    return without_refused(again, refused, by_line, by_item)


def without_refused(
    found: Matched,
    refused: Refused,
    lines: Mapping[int, BankItem],
    items: Mapping[str, OurItem],
) -> Matched:
    """The same, with the members of what was refused among what is left."""
    _, bad = _split(found.matches, refused)
    return _left(found, bad, lines, items)


def ruled(
    rules: Sequence[ClerkRule],
    found: Matched,
    refused: Refused,
    lines: Mapping[int, BankItem],
    items: Mapping[str, OurItem],
) -> Matched:
    """The same with what the clerk's rules propose: a rule goes before a guess by amount alone."""
    guesses = [one for one in found.matches if one.sureness is Sureness.WEAK]
    free = _left(found, guesses, lines, items)
    proposals, _ = _split(match_by_rules(rules, free.lines, free.ours), refused)
    taken = {key for one in proposals for key in (*one.lines, *one.ours)}
    beaten = [one for one in guesses if not taken.isdisjoint((*one.lines, *one.ours))]
    left = _left(found, beaten, lines, items)
    return Matched(
        (*left.matches, *proposals),
        tuple(one for one in left.lines if one.key not in taken),
        tuple(one for one in left.ours if one.key not in taken),
    )


def _left(
    found: Matched,
    gone: Sequence[Match],
    lines: Mapping[int, BankItem],
    items: Mapping[str, OurItem],
) -> Matched:
    """The same without some of its matches; their members are left."""
    without = set(map(id, gone))
    return Matched(
        tuple(one for one in found.matches if id(one) not in without),
        (*found.lines, *(lines[key] for one in gone for key in one.lines)),
        (*found.ours, *(items[key] for one in gone for key in one.ours)),
    )


def members(one: Match) -> frozenset[str]:
    """The keys under which a match's members are stored."""
    return member_keys(one.lines, one.ours)


def _split(matches: Iterable[Match], refused: Refused) -> tuple[list[Match], list[Match]]:
    good: list[Match] = []
    bad: list[Match] = []
    for one in matches:
        (bad if members(one) in refused else good).append(one)
    return good, bad
