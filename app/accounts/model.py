"""Rows of the company's bank accounts, their money and restrictions, and the ways to the bank."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered, Versioned


class BankAccount(Base, Versioned):
    __tablename__ = "bank_account"

    number: Mapped[str] = mapped_column(String(35), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    bank: Mapped[str] = mapped_column(String(40))
    branch: Mapped[str] = mapped_column(String(120))
    cnaps: Mapped[str] = mapped_column(String(12), default="")
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(24))
    status_since: Mapped[datetime]
    reserve_minor: Mapped[int] = mapped_column(default=0)
    single_limit_minor: Mapped[int | None]
    daily_limit_minor: Mapped[int | None]
    default_channel: Mapped[str] = mapped_column(String(12))

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class AccountBalance(Base, Numbered):
    """What the bank said an account held at an instant; never changed, only followed by newer."""

    __tablename__ = "account_balance"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    as_of: Mapped[datetime]
    book_minor: Mapped[int]
    frozen_minor: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(60))
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]

    __table_args__ = (Index("ix_account_balance_latest", "account_id", "as_of"),)


class AccountRestriction(Base, Numbered):
    """A freeze, stop, loss report … on an account; lifted, never deleted."""

    __tablename__ = "account_restriction"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    amount_minor: Mapped[int | None]
    authority: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(80))


class Channel(Base, Versioned):
    """A way to the bank with its hours, limits and state; amounts in minor units of CNY."""

    __tablename__ = "channel"

    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    priority: Mapped[int] = mapped_column(Integer)
    up: Mapped[bool] = mapped_column(Boolean, default=True)
    state_note: Mapped[str] = mapped_column(Text, default="")
    state_since: Mapped[datetime]
    minimum_minor: Mapped[int | None]
    maximum_minor: Mapped[int | None]
    hours: Mapped[Any] = mapped_column(JsonText)
    certificate_until: Mapped[date | None] = mapped_column(Date)
    last_test_at: Mapped[datetime | None]
    last_test_result: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class MaintenanceWindow(Base, Numbered):
    __tablename__ = "maintenance_window"

    channel_code: Mapped[str] = mapped_column(String(12), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")


class WorkdayOverride(Base):
    """A day that the company's calendar treats otherwise than the shipped one."""

    __tablename__ = "workday_override"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(60), default="")
