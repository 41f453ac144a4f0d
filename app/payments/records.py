"""What the pages of one payment, one hold and one resumption show: plain, frozen records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.access.approvals import ApprovalKind, RequestState
from app.core.codes import HOLD_CAUSE_LABELS, REASON_LABELS, HoldCause, StopReason
from app.core.money import Money
from app.payees.changes import CHANGE_LABELS, ChangeState
from app.payments.diagnosing import Diagnosis
from app.payments.editing import PaymentFields
from app.payments.lines import PaymentLine
from app.payments.states import (
    HOLD_STATE_LABELS,
    RESUME_STATE_LABELS,
    SCOPE_LABELS,
    AttemptState,
    HoldScope,
    HoldState,
    ResumeState,
)


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One row of the 暂停令台账."""

    number: str
    scope: HoldScope
    scope_label: str
    target: str
    reason: StopReason
    cause: str
    text: str
    evidence: str
    state: HoldState
    placed_by: str
    placed_at: datetime
    until: date | None
    released_by: str
    released_at: datetime | None
    resolution: str
    payments: int
    version: int

    @property
    def state_label(self) -> str:
        return HOLD_STATE_LABELS[self.state]

    @property
    def scope_text(self) -> str:
        return f"{SCOPE_LABELS[self.scope]} {self.scope_label}"

    @property
    def reason_label(self) -> str:
        cause = f"（{HOLD_CAUSE_LABELS[HoldCause(self.cause)]}）" if self.cause else ""
        return REASON_LABELS[self.reason] + cause


@dataclass(frozen=True, slots=True)
class AttemptLine:
    ordinal: int
    state: AttemptState
    channel: str
    by: str
    written_at: datetime
    answered_at: datetime | None
    reference: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    attempt: int
    result: str
    asked_at: datetime
    bank_person: str
    evidence: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One decision of an approval; decided False for a level that still waits."""

    level: str
    decided: bool
    name: str
    on_behalf_of: str
    decision: str
    remark: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    id: int
    kind: ApprovalKind
    state: RequestState
    opened_by: str
    opened_at: datetime
    closed_why: str
    steps: tuple[StepLine, ...]
    version: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A 收款信息变更单."""

    number: str
    payee: str
    payment_no: str
    before: dict[str, str]
    after: dict[str, str]
    reason: str
    state: ChangeState
    asked_by: str
    asked_at: datetime
    known_phone: str
    called_number: str
    spoke_with: str
    decided_by: str
    remark: str

    @property
    def state_label(self) -> str:
        return CHANGE_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class ResumeForm:
    """A 恢复付款审批单 as it stands."""

    number: str
    payment_no: str
    state: ResumeState
    reason: str
    measures: str
    planned_on: date
    verification: tuple[dict[str, Any], ...]
    changes: tuple[dict[str, Any], ...]
    waivers: dict[str, str]
    waived: dict[str, tuple[str, ...]]
    rule_change: str
    hold_numbers: tuple[str, ...]
    requested_by: str
    requested_at: datetime
    closed_at: datetime | None
    closed_why: str
    diagnosis: Diagnosis | None
    approval: ApprovalLine | None
    dry_run: dict[str, Any] | None
    review: tuple[dict[str, Any], ...]
    audit_seq: int | None

    @property
    def state_label(self) -> str:
        return RESUME_STATE_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One act of the trail, as a timeline shows it."""

    seq: int
    at: datetime
    actor: str
    act: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentLine:
    kind: str
    number: str
    payee_name: str
    payee_account: str
    amount: Money
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PaymentDetail:
    """One payment with all that belongs to it."""

    line: PaymentLine
    fields: PaymentFields
    payer_name: str
    payer_branch: str
    payee_id: int
    payee_phone: str
    edited_by: str
    edited_at: datetime | None
    stopped_at: datetime | None
    bank_code: str
    bank_text: str
    document: DocumentLine | None
    holds: tuple[HoldLine, ...]
    attempts: tuple[AttemptLine, ...]
    checks: tuple[CheckLine, ...]
    approvals: tuple[ApprovalLine, ...]
    changes: tuple[ChangeLine, ...]
    resumptions: tuple[ResumeForm, ...]
    diagnoses: tuple[Diagnosis, ...]
    trace: tuple[TraceLine, ...]
