"""Rows of payees: who is paid, on which account, and how that came to be."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered, Versioned


class Payee(Base, Versioned):
    """pinyin: the name's syllables; initials: their first letters; both for searching."""

    __tablename__ = "payee"

    name: Mapped[str] = mapped_column(String(120), index=True)
    pinyin: Mapped[str] = mapped_column(String(400), index=True)
    initials: Mapped[str] = mapped_column(String(120), index=True)
    normal_name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    phone: Mapped[str] = mapped_column(String(40), default="")
    contact: Mapped[str] = mapped_column(String(40), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class PayeeAccount(Base, Numbered):
    """An account of a payee. confirmed: called back on a known number, or paid before.

    doubted_at: when a payment to it came back; it must be called back before it counts again.
    """

    __tablename__ = "payee_account"

    payee_id: Mapped[int] = mapped_column(ForeignKey("payee.id"))
    number: Mapped[str] = mapped_column(String(40))
    bank: Mapped[str] = mapped_column(String(120), default="")
    cnaps: Mapped[str] = mapped_column(String(12), default="")
    city: Mapped[str] = mapped_column(String(60), default="")
    confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    doubted_at: Mapped[datetime | None]
    since: Mapped[datetime]

    __table_args__ = (
        Index("uq_payee_account_number", "payee_id", "number", unique=True),
        Index("ix_payee_account_number", "number"),
    )


class PayeeContact(Base, Numbered):
    """A telephone number of a payee as somebody registered it; only ever followed by newer ones."""

    __tablename__ = "payee_contact"

    payee_id: Mapped[int] = mapped_column(ForeignKey("payee.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40))
    contact: Mapped[str] = mapped_column(String(40))
    old_phone: Mapped[str] = mapped_column(String(40), default="")
    old_contact: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    registered_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    registered_at: Mapped[datetime]


class PayeeChange(Base, Versioned):
    """收款信息变更单: asked by one person, called back and confirmed by another."""

    __tablename__ = "payee_change"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee.id"), index=True)
    payment_no: Mapped[str | None] = mapped_column(String(24), index=True)
    before: Mapped[Any] = mapped_column(JsonText)
    after: Mapped[Any] = mapped_column(JsonText)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    asked_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime]
    called_number: Mapped[str] = mapped_column(String(40), default="")
    spoke_with: Mapped[str] = mapped_column(String(40), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    effective_on: Mapped[date | None] = mapped_column(Date)

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012
