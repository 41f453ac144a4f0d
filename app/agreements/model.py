"""Rows of debit agreements: what was agreed, what was debited by it, and how it was ended."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, Code, JsonText, Numbered, Versioned


class Agreement(Base, Versioned):
    """自动扣款协议 (domain.md §2.6). number: ours; bank_no, pboc_no: the bank's and the PBOC's.

    state: what people made of it; dates begin and end it by themselves (states.shown_state).
    late_rate: of what is overdue, per day, as a decimal text.
    """

    __tablename__ = "agreement"

    number: Mapped[str] = mapped_column(Code(30), unique=True)
    bank_no: Mapped[str] = mapped_column(Code(60), default="")
    pboc_no: Mapped[str] = mapped_column(Code(60), default="")
    kind: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"), index=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee.id"), index=True)
    payee_name: Mapped[str] = mapped_column(String(120))
    payee_account: Mapped[str] = mapped_column(String(40), default="")
    payee_bank: Mapped[str] = mapped_column(String(120), default="")
    payee_cnaps: Mapped[str] = mapped_column(String(12), default="")
    customer_no: Mapped[str] = mapped_column(Code(60), default="")
    business: Mapped[str] = mapped_column(String(5))
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    amount_minor: Mapped[int | None]
    single_limit_minor: Mapped[int | None]
    daily_limit_minor: Mapped[int | None]
    monthly_limit_minor: Mapped[int | None]
    daily_count: Mapped[int | None] = mapped_column(Integer)
    monthly_count: Mapped[int | None] = mapped_column(Integer)
    rhythm: Mapped[str] = mapped_column(String(12))
    first_debit_on: Mapped[date | None] = mapped_column(Date)
    signed_on: Mapped[date | None] = mapped_column(Date)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    contract_no: Mapped[str] = mapped_column(Code(60), default="")
    notice_days: Mapped[int | None] = mapped_column(Integer)
    late_rate: Mapped[str] = mapped_column(String(20), default="")
    breach: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    keeper: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(12))
    state_why: Mapped[str] = mapped_column(Text, default="")
    state_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_agreement_state", "state", "ends_on"),
        Index(
            "uq_agreement_pboc",
            "pboc_no",
            unique=True,
            sqlite_where=text("pboc_no <> ''"),
            postgresql_where=text("pboc_no <> ''"),
        ),
        Index(
            "uq_agreement_bank",
            "account_id",
            "bank_no",
            unique=True,
            sqlite_where=text("bank_no <> ''"),
            postgresql_where=text("bank_no <> ''"),
        ),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class AgreementDebit(Base, Numbered):
    """Money that the bank took by an agreement, as somebody registered it."""

    __tablename__ = "agreement_debit"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    debited_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int]
    reference: Mapped[str] = mapped_column(String(60), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]

    __table_args__ = (Index("ix_agreement_debit_day", "agreement_id", "debited_on"),)


class Suspension(Base, Versioned):
    """The days on which nothing was to be debited: from from_on, and before until once it is over."""

    __tablename__ = "suspension"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    from_on: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    suspended_by: Mapped[str] = mapped_column(String(80))
    suspended_at: Mapped[datetime]
    ended_by: Mapped[str] = mapped_column(String(80), default="")
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_suspension_open",
            "agreement_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class AgreementPaper(Base, Numbered):
    """附件: a file that belongs to an agreement, as somebody added it; never changed."""

    __tablename__ = "agreement_paper"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    category: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(ForeignKey("stored_file.hash"))
    note: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime]


class PaperWithdrawal(Base, Numbered):
    """That a paper of an agreement does not count, and why; it stays where it is."""

    __tablename__ = "paper_withdrawal"

    paper_id: Mapped[int] = mapped_column(ForeignKey("agreement_paper.id"), unique=True)
    why: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[str] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime]


class Cancellation(Base, Versioned):
    """取消自动扣款申请单: one request for one or many agreements. notices: whom to tell, and how."""

    __tablename__ = "cancellation"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    wished_on: Mapped[date] = mapped_column(Date)
    notices: Mapped[Any] = mapped_column(JsonText)
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))
    requested_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    requested_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    closed_why: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class CancellationItem(Base, Versioned):
    """One agreement of a request, with its own outcome.

    was: the agreement's state before. verified, impact: as they read at the request. expected_on:
    when the bank should have ended it; effective_on: when it says it did. bank_days: by how many
    working days expected_on was reckoned; own_days: they are the bank's own.
    """

    __tablename__ = "cancellation_item"

    cancellation_id: Mapped[int] = mapped_column(ForeignKey("cancellation.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    was: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    open: Mapped[bool] = mapped_column(Boolean, default=True)
    verified: Mapped[Any] = mapped_column(JsonText)
    impact: Mapped[Any] = mapped_column(JsonText)
    expected_on: Mapped[date | None] = mapped_column(Date)
    effective_on: Mapped[date | None] = mapped_column(Date)
    bank_days: Mapped[int | None] = mapped_column(Integer)
    own_days: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        Index(
            "uq_cancellation_item_open",
            "agreement_id",
            unique=True,
            sqlite_where=text("open = 1"),
            postgresql_where=text("open"),
        ),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class Confirmation(Base, Numbered):
    """What the bank or the supplier answered about a cancellation, and what proves it.

    file_name, file_hash: the 回执 as it was scanned, where there is one.
    """

    __tablename__ = "confirmation"

    item_id: Mapped[int] = mapped_column(ForeignKey("cancellation_item.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    party: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(12))
    answered_on: Mapped[date] = mapped_column(Date)
    effective_on: Mapped[date | None] = mapped_column(Date)
    carrier: Mapped[str] = mapped_column(String(10))
    receipt_no: Mapped[str] = mapped_column(String(60), default="")
    person: Mapped[str] = mapped_column(String(60))
    evidence: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    file_hash: Mapped[str | None] = mapped_column(ForeignKey("stored_file.hash"))
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]


class Takeover(Base, Versioned):
    """A payment that has to be made by hand since nothing debits it any more.

    state: what people made of it; the day and the payments say the rest (takeover_rules).
    changed_by, why: who touched it last, and for what reason.
    """

    __tablename__ = "takeover"

    item_id: Mapped[int] = mapped_column(ForeignKey("cancellation_item.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    method: Mapped[str] = mapped_column(String(12))
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str] = mapped_column(String(80), default="")
    changed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_takeover_due", "state", "due_on"),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class TakeoverPayment(Base, Numbered):
    """The payment that a task led to. live: it is the task's one payment; a voided one is not.

    made: it was made from the task; else somebody linked it.
    """

    __tablename__ = "takeover_payment"

    takeover_id: Mapped[int] = mapped_column(ForeignKey("takeover.id"), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    live: Mapped[bool] = mapped_column(Boolean)
    made: Mapped[bool] = mapped_column(Boolean)
    linked_by: Mapped[str] = mapped_column(String(80))
    linked_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_takeover_payment_live",
            "takeover_id",
            unique=True,
            sqlite_where=text("live = 1"),
            postgresql_where=text("live"),
        ),
    )


class BankTerm(Base, Versioned):
    """How many working days a bank takes to end an agreement; days None: the usual ten again."""

    __tablename__ = "bank_term"

    bank: Mapped[str] = mapped_column(String(60), unique=True)
    days: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str] = mapped_column(String(80), default="")
    changed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class WatchHit(Base, Versioned):
    """A debit by what had ended or was suspended, as the bank wrote it.

    line_key: the statement's line; None once its import was undone.
    marks, confidence: why it is taken for that, and how sure. ban: what forbade it; ended_on: since
    when.
    """

    __tablename__ = "watch_hit"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    line_key: Mapped[int | None] = mapped_column(unique=True)
    debited_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    name: Mapped[str] = mapped_column(String(200), default="")
    payee_account: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    marks: Mapped[Any] = mapped_column(JsonText)
    confidence: Mapped[str] = mapped_column(String(8))
    ban: Mapped[str] = mapped_column(String(10))
    ended_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    remark: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    found_at: Mapped[datetime]

    __table_args__ = (Index("ix_watch_hit_state", "state", "confidence"),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class DisputedHit(Base, Numbered):
    """That a 追回函 asks for the money of this debit."""

    __tablename__ = "disputed_hit"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    hit_id: Mapped[int] = mapped_column(ForeignKey("watch_hit.id"), index=True)

    __table_args__ = (Index("uq_disputed_hit", "letter_id", "hit_id", unique=True),)


class Refund(Base, Numbered):
    """What bank or payee answered to a 追回函, and what proves it.

    promised_on: when the money is to be back, where that was agreed. It does not say that the
    money is back: that is for somebody to see on the account.
    """

    __tablename__ = "refund"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(12))
    answered_on: Mapped[date] = mapped_column(Date)
    promised_on: Mapped[date | None] = mapped_column(Date)
    carrier: Mapped[str] = mapped_column(String(10))
    receipt_no: Mapped[str] = mapped_column(String(60), default="")
    person: Mapped[str] = mapped_column(String(60))
    evidence: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    file_hash: Mapped[str | None] = mapped_column(ForeignKey("stored_file.hash"))
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]
