"""银行存款余额调节表 as plain values: what stands on it and what follows from that."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from app.core.money import Money

TITLE: Final = "银行存款余额调节表"
NOT_A_VOUCHER: Final = (
    "本表只用于核对账目，不是记账凭证，不得据以调整账面记录；未达账项待有关单据到达后入账。"
)


class OpenKind(StrEnum):
    """The four kinds of 未达账项, by the names of app.reconciliation."""

    BANK_CREDIT_NOT_BOOKED = "bank_credit_not_booked"
    BANK_DEBIT_NOT_BOOKED = "bank_debit_not_booked"
    BOOK_DEBIT_NOT_AT_BANK = "book_debit_not_at_bank"
    BOOK_CREDIT_NOT_AT_BANK = "book_credit_not_at_bank"


# As they stand on paper; the workbook adds up by these words.
KIND_LABELS: Final[dict[OpenKind, str]] = {
    OpenKind.BANK_CREDIT_NOT_BOOKED: "银行已收、企业未收",
    OpenKind.BANK_DEBIT_NOT_BOOKED: "银行已付、企业未付",
    OpenKind.BOOK_DEBIT_NOT_AT_BANK: "企业已收、银行未收",
    OpenKind.BOOK_CREDIT_NOT_AT_BANK: "企业已付、银行未付",
}


class SheetState(StrEnum):
    """How far a sheet has come; REVIEWED is frozen."""

    DRAFT = "草稿"
    PENDING = "待复核"
    REVIEWED = "已复核"
    SENT_BACK = "已退回"
    VOIDED = "已作废"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did it and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BalanceHead:
    """All of the sheet but its open items.

    book, bank_balance: by the journal (a) and by the statement (e) at the end of `on`.
    hints: where to look when it does not balance. number: the sheet's own; edition counts from 1.
    """

    company: str
    bank: str
    account: str
    currency: str
    on: date
    book: Money
    bank_balance: Money
    number: str
    edition: int
    state: SheetState
    prepared: Signed | None
    reviewed: Signed | None
    supervisor: str
    hints: tuple[str, ...]
    drill: bool
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """One 未达账项. amount: positive, whatever its kind; its sign on the sheet comes from the kind.

    reference: number of the voucher, or of the bank's line. entry: what to book, as a proposal.
    """

    kind: OpenKind
    on: date
    summary: str
    reference: str
    party: str
    amount: Money
    next_action: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What the sheet comes to: the sum of each kind (b, c, f, g), both sides, their difference."""

    totals: dict[OpenKind, Money]
    counts: dict[OpenKind, int]
    book: Money
    bank: Money

    @property
    def difference(self) -> Money:
        """D - h; nothing else than zero is balanced."""
        return self.book - self.bank

    @property
    def balanced(self) -> bool:
        return self.difference.minor == 0


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """The sheet with its open items, in the order in which they are to be read."""

    head: BalanceHead
    items: tuple[OpenEntry, ...]

    @property
    def adjusted(self) -> Adjusted:
        """Raises CurrencyMismatch."""
        return adjusted(self.head, self.items)

    def of_kind(self, kind: OpenKind) -> Sequence[OpenEntry]:
        return [item for item in self.items if item.kind is kind]


def adjusted(head: BalanceHead, items: Iterable[OpenEntry]) -> Adjusted:
    """What the items make of the two balances. Raises CurrencyMismatch."""
    items = tuple(items)
    totals = totals_of(items, head.currency)
    counts = Counter(item.kind for item in items)
    book = head.book + totals[OpenKind.BANK_CREDIT_NOT_BOOKED]
    bank = head.bank_balance + totals[OpenKind.BOOK_DEBIT_NOT_AT_BANK]
    return Adjusted(
        totals,
        {kind: counts[kind] for kind in OpenKind},
        book - totals[OpenKind.BANK_DEBIT_NOT_BOOKED],
        bank - totals[OpenKind.BOOK_CREDIT_NOT_AT_BANK],
    )


def totals_of(items: Iterable[OpenEntry], currency: str) -> dict[OpenKind, Money]:
    """The sum of each kind; every kind stands there. Raises CurrencyMismatch."""
    totals = dict.fromkeys(OpenKind, Money.zero(currency))
    for item in items:
        totals[item.kind] += item.amount
    return totals


def unit(currency: str) -> str:
    """What its amounts are counted in: 元 for the yuan, else the currency's code."""
    return "元" if currency == "CNY" else currency


def edition_text(head: BalanceHead) -> str:
    return f"{head.number or '未编号'}（第 {head.edition} 版）"
