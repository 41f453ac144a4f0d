"""All steps in their order: from what is named to what only fits; values in, values out.

Each step takes what it is sure of and leaves the rest: domain.md §6, the order of matching.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.reconciliation.by_party import match_accounts, match_names, match_near_names
from app.reconciliation.by_reference import match_references
from app.reconciliation.by_return import match_returns, match_transfers, pair_returns
from app.reconciliation.by_sum import match_batches, match_sums
from app.reconciliation.items import BankItem, Match, OurItem
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
    """Which lines are which items. own: our account numbers, for transfers between them."""
    pool = Pool(lines, ours)
    # What the bank took back stands aside, so that it spends no payment that was made again.
    returned = pair_returns(pool)
    pool.set_aside([line for pair in returned for line in pair])
    match_references(pool)
    if own:
        match_transfers(pool, own)
    match_accounts(pool)
    match_names(pool)
    match_batches(pool)
    match_sums(pool)
    match_near_names(pool)
    pool.bring_back()
    match_returns(pool, returned)
    return Matched(tuple(pool.matches), tuple(pool.lines()), tuple(pool.ours()))
