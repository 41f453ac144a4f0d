"""Rows of people, posts, sign-ins, approvals and drafts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered, Versioned


class Company(Base):
    """The company that the data set belongs to; one row."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    dataset: Mapped[str] = mapped_column(String(60))
    drill: Mapped[bool] = mapped_column(Boolean)
    idle_minutes: Mapped[int] = mapped_column(Integer, default=10)
    created_at: Mapped[datetime]


class User(Base, Versioned):
    __tablename__ = "app_user"

    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(200))
    old_hashes: Mapped[Any] = mapped_column(JsonText, default=list)
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    failed_count: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012

    @property
    def label(self) -> str:
        return f"{self.username} {self.name}"


class RoleGrant(Base, Numbered):
    """A post held by a person over a span; rows are ended, never changed or deleted."""

    __tablename__ = "role_grant"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    granted_at: Mapped[datetime]
    granted_by: Mapped[str] = mapped_column(String(80))
    cause: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(80))
    end_cause: Mapped[str | None] = mapped_column(Text)


class SignIn(Base, Numbered):
    """A person at a machine; `fresh_at` is when the password was last proved."""

    __tablename__ = "sign_in"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    machine: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    fresh_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApprovalMatrix(Base, Numbered):
    """One version of the matrix: PROPOSED until a second person confirms it."""

    __tablename__ = "approval_matrix"

    state: Mapped[str] = mapped_column(String(12))
    tiers: Mapped[Any] = mapped_column(JsonText)
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None]


class Delegation(Base, Numbered):
    """`to_id` may decide at the level of `role` for `from_id` over a span of days."""

    __tablename__ = "delegation"

    from_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApprovalRequest(Base, Versioned):
    """Something that waits for other people's decisions, level by level."""

    __tablename__ = "approval_request"

    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    subject_no: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    levels: Mapped[Any] = mapped_column(JsonText)
    position: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(String(12))
    makers: Mapped[Any] = mapped_column(JsonText)
    opened_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_approval_request_open", "state", "kind", "opened_at"),
        Index("ix_approval_request_subject", "kind", "subject_id"),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class ApprovalDecision(Base, Numbered):
    """What one person said at one level. version: that of the request which they had before them."""

    __tablename__ = "approval_decision"

    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    on_behalf_of: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decision: Mapped[str] = mapped_column(String(12))
    remark: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]

    __table_args__ = (
        Index("uq_approval_decision_person", "request_id", "user_id", unique=True),
        Index("uq_approval_decision_level", "request_id", "position", unique=True),
    )


class WizardDraft(Base, Numbered):
    """What a person had typed into a wizard; kept after every step until it is submitted."""

    __tablename__ = "wizard_draft"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[str] = mapped_column(String(20))
    subject_no: Mapped[str] = mapped_column(String(40))
    step: Mapped[str] = mapped_column(String(30))
    data: Mapped[Any] = mapped_column(JsonText)
    saved_at: Mapped[datetime]

    __table_args__ = (
        Index("uq_wizard_draft_subject", "user_id", "kind", "subject_no", unique=True),
    )


class SavedFilter(Base, Numbered):
    __tablename__ = "saved_filter"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    list_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    data: Mapped[Any] = mapped_column(JsonText)

    __table_args__ = (Index("uq_saved_filter_name", "user_id", "list_name", "name", unique=True),)
