"""What the workbook of a reconciliation holds, as plain values.

Every amount is in the account's currency; the writer raises CurrencyMismatch for any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core.money import Money
from app.documents.balance_values import BalanceHead, OpenEntry


@dataclass(frozen=True, slots=True)
class ExecutedPayment:
    """已执行核对: a payment of ours held against the bank. Both amounts positive for money out.

    bank_amount, bank_on: None while no line was found. result: in words, as 相符.
    """

    number: str
    payee: str
    amount: Money
    bank_amount: Money | None
    bank_on: date | None
    line_reference: str
    result: str


@dataclass(frozen=True, slots=True)
class DebitAlarm:
    """异常扣款: what somebody has to look at. lines, ours: the numbers concerned, as one text."""

    kind: str
    on: date | None
    party: str
    lines: str
    ours: str
    amount: Money
    next_action: str


@dataclass(frozen=True, slots=True)
class UnexecutedPayment:
    """未执行: a payment without a line at the bank."""

    number: str
    payee: str
    amount: Money
    due_on: date | None
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class MatchedPart:
    """A line of the bank, or one of our items, within a match. amount: money out is negative."""

    reference: str
    on: date
    party: str
    amount: Money


@dataclass(frozen=True, slots=True)
class MatchRecord:
    """匹配明细: what was taken for the same money, and why; as many rows as its longer side."""

    match_id: str
    kind: str
    sureness: str
    why: str
    lines: tuple[MatchedPart, ...]
    ours: tuple[MatchedPart, ...]


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """导入证明: a statement's file as it was read. Both totals positive.

    opening, closing: None where the file has none. skipped: how many lines were known already.
    """

    file: str
    sha256: str
    since: date | None
    until: date | None
    opening: Money | None
    total_in: Money
    total_out: Money
    closing: Money | None
    lines: int
    proof: str
    problems: str
    skipped: int
    imported_at: datetime | None = None
    imported_by: str = ""


@dataclass(frozen=True, slots=True)
class TrailRecord:
    """操作记录: an entry of the audit trail."""

    number: str
    at: datetime
    actor: str
    act: str
    subject: str
    reason: str
    hash: str


@dataclass(frozen=True, slots=True)
class ReconciliationBook:
    """The eight sheets: the head makes 余额调节表, each list one more.

    head: None while there is no journal, or a balance is unknown.
    """

    company: str
    bank: str
    account: str
    currency: str
    head: BalanceHead | None
    since: date
    until: date
    executed: Sequence[ExecutedPayment]
    open_items: Sequence[OpenEntry]
    alarms: Sequence[DebitAlarm]
    unexecuted: Sequence[UnexecutedPayment]
    matches: Sequence[MatchRecord]
    imports: Sequence[ImportRecord]
    trail: Sequence[TrailRecord]
