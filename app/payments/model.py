"""Rows of payments: instructions, what stops them, attempts, findings and resumptions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, Code, JsonText, Numbered, Versioned


class ImportBatch(Base, Numbered):
    """One file that was read in; the same content again adds nothing."""

    __tablename__ = "import_batch"

    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64), index=True)
    imported: Mapped[int] = mapped_column(Integer)
    skipped: Mapped[int] = mapped_column(Integer)
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]


class ColumnMapping(Base):
    """A mapping that a clerk confirmed, remembered by the header's signature."""

    __tablename__ = "column_mapping"

    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[Any] = mapped_column(JsonText)
    saved_by: Mapped[str] = mapped_column(String(80))
    saved_at: Mapped[datetime]


class SourceDocument(Base, Numbered):
    """What the payment rests on: contract, order or invoice, as its figures read."""

    __tablename__ = "source_document"

    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(60), index=True)
    payee_name: Mapped[str] = mapped_column(String(120))
    payee_account: Mapped[str] = mapped_column(String(40), default="")
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    due_on: Mapped[date | None] = mapped_column(Date)
    order_no: Mapped[str] = mapped_column(String(60), default="")


class Payment(Base, Versioned):
    """A payment instruction. `stage` is how far it came; `status` is what is shown, derived from
    stage, holds and resumption and kept in the same transaction (docs/decisions/0003).
    """

    __tablename__ = "payment"

    number: Mapped[str] = mapped_column(Code(24), unique=True)
    client_ref: Mapped[str | None] = mapped_column(String(30), unique=True)
    fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee.id"))
    payee_name: Mapped[str] = mapped_column(String(120))
    payee_account: Mapped[str] = mapped_column(String(40))
    payee_bank: Mapped[str] = mapped_column(String(120), default="")
    payee_cnaps: Mapped[str] = mapped_column(String(12), default="")
    payee_city: Mapped[str] = mapped_column(String(60), default="")
    payee_kind: Mapped[str] = mapped_column(String(10), default="COMPANY")
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    purpose: Mapped[str] = mapped_column(String(120), default="")
    summary: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(12))
    urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    due_on: Mapped[date] = mapped_column(Date)
    contract_no: Mapped[str] = mapped_column(Code(60), default="")
    invoice_no: Mapped[str] = mapped_column(Code(60), default="")
    order_no: Mapped[str] = mapped_column(Code(60), default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("source_document.id"))
    stage: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    hold_count: Mapped[int] = mapped_column(Integer, default=0)
    stopped_at: Mapped[datetime | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    edited_at: Mapped[datetime | None]
    bank_code: Mapped[str] = mapped_column(String(20), default="")
    bank_text: Mapped[str] = mapped_column(String(200), default="")
    next_execution_at: Mapped[datetime | None]
    executed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_payment_tabs", "status", "currency", "amount_minor"),
        Index("ix_payment_status_due", "status", "due_on", "id"),
        Index("ix_payment_due", "due_on", "id"),
        Index("ix_payment_amount", "amount_minor", "id"),
        Index("ix_payment_made", "made_at", "id"),
        Index("ix_payment_payee_name", "payee_name", "id"),
        Index("ix_payment_payee", "payee_id", "amount_minor", "due_on"),
        Index("ix_payment_payee_executed", "payee_id", "executed_at"),
        Index("ix_payment_account_executed", "account_id", "executed_at", "amount_minor"),
        Index("ix_payment_account", "account_id", "status", "due_on"),
        Index("ix_payment_order", "order_no"),
        Index("ix_payment_invoice", "invoice_no"),
        Index("ix_payment_contract", "contract_no"),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class PaymentEditor(Base):
    """Who changed an instruction, ever: none of them may approve it, however long ago it was."""

    __tablename__ = "payment_editor"

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)


class Hold(Base, Versioned):
    """The one thing that stops a payment (暂停令). Released holds stay with who and why."""

    __tablename__ = "hold"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    scope: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[int]
    scope_label: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(30))
    cause: Mapped[str] = mapped_column(String(30), default="")
    text: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[str] = mapped_column(String(8))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    until: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    placed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    placed_name: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime]
    lift_reason: Mapped[str] = mapped_column(Text, default="")
    released_by: Mapped[str] = mapped_column(String(80), default="")
    released_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_hold_open", "state", "scope", "scope_id"),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class HoldCover(Base):
    """Which payments an open hold stops; ended when the hold or the payment is done."""

    __tablename__ = "hold_cover"

    hold_id: Mapped[int] = mapped_column(ForeignKey("hold.id"), primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(30))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_hold_cover_payment", "payment_id", "ended_at"),
        Index("ix_hold_cover_reason", "reason", "ended_at", "payment_id"),
    )


class Attempt(Base, Numbered):
    """One try to pay, committed before anything leaves the machine. `live` attempts of one
    obligation exclude each other by a unique index. sent: the instruction as it was then.
    """

    __tablename__ = "attempt"

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    obligation: Mapped[str] = mapped_column(String(120), index=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee.id"))
    amount_minor: Mapped[int]
    channel: Mapped[str] = mapped_column(String(12))
    sent: Mapped[Any] = mapped_column(JsonText)
    state: Mapped[str] = mapped_column(String(12))
    live: Mapped[bool] = mapped_column(Boolean)
    by_name: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    bank_ref: Mapped[str] = mapped_column(String(60), default="")
    bank_code: Mapped[str] = mapped_column(String(20), default="")
    bank_text: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        Index("ix_attempt_written", "written_at"),
        Index("ix_attempt_payee", "payee_id", "amount_minor"),
        Index("uq_attempt_ordinal", "payment_id", "ordinal", unique=True),
        Index(
            "uq_attempt_live",
            "obligation",
            unique=True,
            sqlite_where=text("live = 1"),
            postgresql_where=text("live"),
        ),
    )


class BankCheck(Base, Numbered):
    """What the bank said when asked about an attempt: 已扣 / 未扣 / 不明, with evidence."""

    __tablename__ = "bank_check"

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    attempt: Mapped[int] = mapped_column(Integer)
    result: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    bank_person: Mapped[str] = mapped_column(String(60))
    evidence: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]


class DiagnosisRun(Base, Numbered):
    __tablename__ = "diagnosis_run"

    at: Mapped[datetime] = mapped_column(index=True)
    by_name: Mapped[str] = mapped_column(String(80))
    program_version: Mapped[str] = mapped_column(String(20))
    payments: Mapped[int] = mapped_column(Integer)


class DiagnosisSubject(Base):
    """A payment that a run looked at, also where it found nothing."""

    __tablename__ = "diagnosis_subject"

    run_id: Mapped[int] = mapped_column(ForeignKey("diagnosis_run.id"), primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True, index=True)


class FindingRow(Base, Numbered):
    """One cause as it was known at the time of its run."""

    __tablename__ = "finding"

    run_id: Mapped[int] = mapped_column(ForeignKey("diagnosis_run.id"), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    rank: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(30))
    severity: Mapped[str] = mapped_column(String(10))
    summary: Mapped[str] = mapped_column(Text)
    evidence: Mapped[Any] = mapped_column(JsonText)
    actions: Mapped[Any] = mapped_column(JsonText)

    __table_args__ = (Index("ix_finding_payment", "payment_id", "run_id"),)


class ResumeRequest(Base, Versioned):
    """恢复付款审批单: what was verified, found and changed, and what came of it.

    waivers: check → why. waived: check → the findings that were passed over, as they read.
    """

    __tablename__ = "resume_request"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    content: Mapped[str] = mapped_column(String(64))
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))
    state: Mapped[str] = mapped_column(String(14))
    reason: Mapped[str] = mapped_column(Text)
    measures: Mapped[str] = mapped_column(Text)
    planned_on: Mapped[date] = mapped_column(Date)
    verification: Mapped[Any] = mapped_column(JsonText)
    changes: Mapped[Any] = mapped_column(JsonText)
    waivers: Mapped[Any] = mapped_column(JsonText)
    waived: Mapped[Any] = mapped_column(JsonText)
    rule_change_id: Mapped[int | None] = mapped_column(ForeignKey("rule_change.id"))
    hold_numbers: Mapped[Any] = mapped_column(JsonText)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("diagnosis_run.id"))
    dry_run: Mapped[Any] = mapped_column(JsonText, nullable=True)
    review: Mapped[Any] = mapped_column(JsonText, nullable=True)
    requested_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    requested_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[str] = mapped_column(Text, default="")
    audit_seq: Mapped[int | None]

    __table_args__ = (Index("ix_resume_request_state", "state", "requested_at"),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class RuleSetting(Base):
    """The present threshold of a limit or risk rule, where it differs from the default."""

    __tablename__ = "rule_setting"

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[str] = mapped_column(String(40))


class RuleChange(Base, Numbered):
    """One change of a threshold; a resumption that rests on it names its number."""

    __tablename__ = "rule_change"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(40))
    after: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class PaymentTotal(Base):
    """Count and sum per shown status, kept by database triggers on every change of a payment."""

    __tablename__ = "payment_total"

    status: Mapped[str] = mapped_column(String(20), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    payments: Mapped[int] = mapped_column(Integer)
    amount_minor: Mapped[int]
