"""What the rules of the diagnosis look at: plain values, gathered before any rule runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.access.rights import Right, Role
from app.accounts.rules import AccountStatus, Calendar, ChannelFacts, Funds, Restriction
from app.core.clock import SHANGHAI
from app.core.codes import StopReason
from app.core.money import Money
from app.payments.states import HoldScope, Stage


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """The health of software and machine at the moment of the diagnosis.

    Each `*_trouble` is None when all is well, else one Chinese sentence that says what is wrong.
    errors: (time, text) of the newest errors in the program's log.
    """

    database_trouble: str | None = None
    upgrade_trouble: str | None = None
    disk_trouble: str | None = None
    clock_trouble: str | None = None
    errors: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """The account that pays. due_before: what else must leave it up to the payment's date."""

    number: str
    name: str
    status: AccountStatus
    status_since: datetime
    restrictions: tuple[Restriction, ...]
    funds: Funds
    reserve: Money
    single_limit: Money | None
    daily_limit: Money | None
    sent_today: Money
    due_before: Money


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A post that was ended or ran out after the instruction was made."""

    role: Role
    at: datetime
    by: str
    cause: str
    expired: bool


@dataclass(frozen=True, slots=True)
class MakerFacts:
    """Who made the instruction: rights then and now, and what changed between."""

    username: str
    name: str
    active: bool
    locked_until: datetime | None
    rights_then: frozenset[Right]
    rights_now: frozenset[Right]
    changes: tuple[RoleChange, ...]


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """The newest approval of the payment. available: names of those who could decide now."""

    state: str
    level: Role | None
    opened_at: datetime
    closed_at: datetime | None
    last_decider: str
    remark: str
    available: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldFacts:
    number: str
    scope: HoldScope
    scope_label: str
    reason: StopReason
    cause: str
    text: str
    placed_by: str
    placed_at: datetime
    until: date | None
    system: bool


@dataclass(frozen=True, slots=True)
class PayeeFacts:
    """What is known of the payee; amounts: the last executed ones, newest first (at most 12).

    proven_accounts: those ever confirmed, the doubted ones among them. account_since,
    account_doubted_at: of the account that this payment goes to.
    """

    registered_name: str
    known_accounts: frozenset[str]
    proven_accounts: frozenset[str]
    account_since: datetime | None
    account_doubted_at: datetime | None
    amounts: tuple[Money, ...]
    company: bool


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    kind: str
    number: str
    payee_name: str
    payee_account: str
    amount: Money
    due_on: date | None


@dataclass(frozen=True, slots=True)
class TwinFacts:
    """Another payment that may be for the same debt; `same` says what they share."""

    number: str
    stage: Stage
    amount: Money
    due_on: date
    same: str


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    ordinal: int
    state: str
    channel: str
    written_at: datetime
    bank_code: str
    bank_text: str


@dataclass(frozen=True, slots=True)
class BankCheckFacts:
    result: str
    asked_at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything about one payment that a rule may ask.

    thresholds: code → value of the limits and risk rules in force; amounts in yuan as decimal
    strings, counts and days as digits (app/payments/thresholds.py).
    """

    now: datetime
    today: date
    calendar: Calendar
    number: str
    stage: Stage
    amount: Money
    due_on: date
    made_at: datetime
    payee_name: str
    payee_account: str
    payee_bank: str
    payee_cnaps: str
    payee_kind: str
    purpose: str
    invoice_no: str
    order_no: str
    contract_no: str
    bank: str
    bank_code: str
    bank_text: str
    payer: PayerFacts
    channel: ChannelFacts | None
    other_channels: tuple[ChannelFacts, ...]
    maker: MakerFacts
    approval: ApprovalFacts | None
    payee: PayeeFacts
    document: DocumentFacts | None
    system: SystemFacts
    thresholds: Mapping[str, str]
    holds: tuple[HoldFacts, ...] = ()
    twins: tuple[TwinFacts, ...] = ()
    attempts: tuple[AttemptFacts, ...] = ()
    bank_checks: tuple[BankCheckFacts, ...] = ()
    tz: ZoneInfo = SHANGHAI
