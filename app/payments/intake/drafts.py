"""What comes out of a payment list: drafts, problems and what was skipped, all by row."""

from dataclasses import dataclass
from datetime import date

from app.core.errors import Problem
from app.core.money import Money


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What the list says about the document behind the payment, to be compared with it."""

    document_no: str = ""
    amount: Money | None = None
    payee_name: str = ""
    payee_account: str = ""


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """One sound row of a payment list.

    row: 1-based row of the file; payee_kind: COMPANY (also when not given), PERSON or INTERNAL;
    channel: code or ""; urgency: NORMAL or URGENT; fingerprint: 64 hex digits, the same
    whenever the same row of the same list is read again.
    """

    row: int
    client_ref: str
    payer_account: str
    payee_name: str
    payee_account: str
    payee_bank: str
    cnaps: str
    payee_city: str
    payee_kind: str
    amount: Money
    currency: str
    purpose: str
    summary: str
    due_on: date
    channel: str
    urgency: str
    contract_no: str
    invoice_no: str
    order_no: str
    source: SourceFigures | None
    fingerprint: str

    @property
    def urgent(self) -> bool:
        return self.urgency == "URGENT"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no payment, and why it was taken so."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in for blank cells; values of the file go first."""

    payer_account: str = ""
    due_on: date | None = None
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class Intake:
    """Every row after the header is in exactly one of drafts, problems and skipped."""

    drafts: tuple[PaymentDraft, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
