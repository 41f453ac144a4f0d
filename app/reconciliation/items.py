"""What is held against each other: bank lines and our own items; values only."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
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

    batch: of payments that leave together; the bank may book them as one. label: what people call it,
    "" for its key.
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
    label: str = ""


class Kind(StrEnum):
    """How a match came about."""

    REFERENCE = "REFERENCE"
    ACCOUNT = "ACCOUNT"
    NAME = "NAME"
    NEAR_NAME = "NEAR_NAME"
    AMOUNT = "AMOUNT"
    SUM = "SUM"
    SPLIT = "SPLIT"
    FEE = "FEE"
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
    """Whether a line may be that item by its day. A journal is written after the bank's slip."""
    days = line.on.toordinal() - ours.on.toordinal()
    if ours.kind is OurKind.JOURNAL:
        return -LATE <= days <= LATE
    return -EARLY <= days <= LATE


def lag(line: BankItem, ours: OurItem) -> int:
    """How far the days are apart; a bank is late easily, and early only against our own day."""
    days = line.on.toordinal() - ours.on.toordinal()
    return days if days >= 0 else -days if ours.kind is OurKind.JOURNAL else -3 * days


@lru_cache(maxsize=262144)
def digits(account: str) -> str:
    """An account's number without blanks; "" for a masked or cut one."""
    bare = "".join(account.split()).replace("-", "")
    return bare if bare.isalnum() and len(bare) >= 8 else ""  # noqa: PLR2004 - domain.md §2.1


class Fit(IntEnum):
    """How a bank's account of the other party fits ours."""

    OTHER = -1
    UNKNOWN = 0
    PART = 1
    SAME = 2


# So many digits of an account must be seen to tell it.
_SEEN: Final = 6
# A spreadsheet keeps so many digits of a long number.
_EXACT: Final = 15
_MASKED: Final = re.compile(r"([0-9A-Za-z]*)[*＊•…]+([0-9A-Za-z]*)")
_FLOAT: Final = re.compile(r"(\d)\.(\d+)[Ee]\+?(\d+)")


@lru_cache(maxsize=262144)
def shown(account: str) -> tuple[str, str, int]:
    """What is seen of an account that is masked or was kept as a figure: head, tail, length.

    All empty for a whole one and for none; length 0: not told.
    """
    bare = "".join(account.split()).replace("-", "")
    found = _MASKED.fullmatch(bare)
    if found is not None:
        return found[1], found[2], 0
    found = _FLOAT.fullmatch(bare)
    if found is not None:
        # The last of its digits is rounded.
        return (found[1] + found[2])[:-1], "", int(found[3]) + 1
    if len(bare) > _EXACT and bare.isdecimal() and not bare[_EXACT:].strip("0"):
        return bare[:_EXACT], "", len(bare)
    return "", "", 0


def fit(written: str, known: str) -> Fit:
    """Whether the bank's account is ours. known: as our books have it."""
    ours = digits(known)
    if not ours or not written:
        return Fit.UNKNOWN
    whole = digits(written)
    if whole == ours:
        return Fit.SAME
    head, tail, length = shown(written)
    if not head and not tail:
        return Fit.OTHER if whole else Fit.UNKNOWN
    agrees = ours.startswith(head) and ours.endswith(tail) and length in {0, len(ours)}
    if not agrees:
        return Fit.OTHER
    return Fit.PART if len(head) + len(tail) + bool(length) >= _SEEN else Fit.UNKNOWN


# Names under which a bank books what is still on its way: they say nothing of the other party.
_PASSING: Final = re.compile(
    r"待处理|待清算|待划转|汇划|应解汇款|过渡|清算款|网银在线|银联|代发|支付宝|财付通|备付金"
)


@lru_cache(maxsize=262144)
def speaking(name: str) -> str:
    """The other party's name; "" for one that is masked or only a bank's own account on the way."""
    name = name.strip()
    return "" if "*" in name or "＊" in name or _PASSING.search(name) else name


@lru_cache(maxsize=262144)
def named(name: str) -> Name:
    return parts(name)
