"""All steps in their order: from what is named to what only fits; values in, values out.

Each step takes what it is sure of and leaves the rest: domain.md §6, the order of matching.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.reconciliation.by_party import Solver
from app.reconciliation.by_reference import Numbers, match_references
from app.reconciliation.by_return import (
    match_named_returns,
    match_returns,
    match_transfers,
    tie_returns,
)
from app.reconciliation.by_sum import Sums
from app.reconciliation.items import BankItem, Match, OurItem
from app.reconciliation.parties import Parties
from app.reconciliation.pool import Pool


@dataclass(frozen=True, slots=True)
class Matched:
    """The matches, and what is left on either side."""

    matches: tuple[Match, ...]
    lines: tuple[BankItem, ...]
    ours: tuple[OurItem, ...]


def match(
    lines: Iterable[BankItem], ours: Iterable[OurItem], own: Mapping[str, int] | None = None
) -> Matched:
    """Which lines are which items. own: our account numbers, for transfers between them.

    A line and an item of different accounts of ours never meet, so that currencies don't mix.
    """
    pool = Pool(lines, ours)
    numbers, parties = Numbers(pool.ours()), Parties(pool.ours())
    parties.learn(pool.lines())
    solver, sums = Solver(pool, parties, numbers), Sums(pool, parties, numbers)
    # What the bank took back goes with its line, so that it spends no payment that was made again.
    tie_returns(pool, numbers, parties, own or {})
    if own:
        match_transfers(pool, own, numbers)
    match_references(pool, numbers)
    match_named_returns(pool, numbers)
    solver.match_parties()
    sums.match_batches()
    sums.match_sums()
    solver.match_near()
    sums.match_fees()
    sums.match_crossed()
    match_returns(pool, numbers)
    return Matched(tuple(pool.matches), tuple(pool.lines()), tuple(pool.ours()))
