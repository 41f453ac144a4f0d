"""What is held against each other: bank lines and our own items; values only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.agreements.watch.likeness import Name, parts


class OurKind(StrEnum):
    """What one of our items is."""

    PAYMENT = "PAYMENT"
    DEBIT = "DEBIT"
    JOURNAL = "JOURNAL"


@dataclass(frozen=True, slots=True)
class BankItem:
    """A line of a statement. minor: negative is money out. text: all that the bank wrote."""

    key: int
    account: int
    on: date
    minor: int
    name: str
    payee_account: str
    text: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class OurItem:
    """What our books say. minor: negative is money out. numbers: whatever a bank may name it by.

    batch: of payments that leave together; the bank may book them as one.
    """

    key: str
    kind: OurKind
    account: int
    on: date
    minor: int
    name: str
    payee_account: str
    numbers: tuple[str, ...] = ()
    batch: str = ""


class Kind(StrEnum):
    """How a match came about."""

    REFERENCE = "REFERENCE"
    ACCOUNT = "ACCOUNT"
    NAME = "NAME"
    NEAR_NAME = "NEAR_NAME"
    AMOUNT = "AMOUNT"
    SUM = "SUM"
    SPLIT = "SPLIT"
    RETURN = "RETURN"
    REVERSAL = "REVERSAL"
    TRANSFER = "TRANSFER"
    AGREEMENT = "AGREEMENT"
    RULE = "RULE"
    HAND = "HAND"


class Sureness(StrEnum):
    """SURE is matched by itself; LIKELY and WEAK are proposed to a person."""

    SURE = "sure"
    LIKELY = "likely"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Match:
    """Lines and items that are the same money. why: in words, for a person."""

    lines: tuple[int, ...]
    ours: tuple[str, ...]
    kind: Kind
    sureness: Sureness
    why: tuple[str, ...]


# A bank books so many days before (a day of ours in the future) and after our own day.
EARLY: Final = 3
LATE: Final = 10


def gap(line: BankItem, ours: OurItem) -> int:
    """Days from our day to the bank's."""
    return line.on.toordinal() - ours.on.toordinal()


def within(line: BankItem, ours: OurItem) -> bool:
    """Whether a line may be that item by its day."""
    return -EARLY <= gap(line, ours) <= LATE


@lru_cache(maxsize=262144)
def digits(account: str) -> str:
    """An account's number without blanks; "" for a masked or cut one."""
    bare = "".join(account.split()).replace("-", "")
    return bare if bare.isalnum() and len(bare) >= 8 else ""  # noqa: PLR2004 - domain.md §2.1


@lru_cache(maxsize=262144)
def named(name: str) -> Name:
    return parts(name)
