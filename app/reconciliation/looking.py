"""What one look at one side of an account's days found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from app.reconciliation.held import Pairing
from app.reconciliation.items import BankItem, OurItem
from app.reconciliation.keys import line_key

# A line of the books may be so far from the bank's day; older open ones take part.
BOOK_DAYS: Final = timedelta(days=62)


@dataclass(slots=True)
class SideFound:
    """pairings: kept and proposed. lines, ours: what is left. seen, items: all that took part."""

    pairings: list[Pairing]
    lines: list[BankItem]
    ours: list[OurItem]
    seen: dict[int, BankItem] = field(default_factory=dict)
    items: dict[str, OurItem] = field(default_factory=dict)


def members_of(pairings: Iterable[Pairing]) -> frozenset[str]:
    return frozenset[str]().union(*(one.keys for one in pairings))


def concerned(
    pairings: Iterable[Pairing], lines: Iterable[BankItem], ours: Iterable[OurItem]
) -> list[Pairing]:
    """Those with one of these lines or items in them."""
    keys = {line_key(line.key) for line in lines} | {item.key for item in ours}
    return [one for one in pairings if not keys.isdisjoint(one.keys)]


def within(ours: Iterable[OurItem], days: tuple[date, date]) -> list[OurItem]:
    return [item for item in ours if days[0] <= item.on <= days[1]]


def lines_left(lines: Iterable[BankItem], gone: frozenset[str]) -> list[BankItem]:
    return [line for line in lines if line_key(line.key) not in gone]


def ours_left(ours: Iterable[OurItem], gone: frozenset[str]) -> list[OurItem]:
    return [item for item in ours if item.key not in gone]
