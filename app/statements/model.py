"""Rows of statements."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, Numbered


class BankLine(Base, Numbered):
    """One line of a statement as the bank wrote it. amount_minor: negative is money out.

    identity: hash of account, day, amount, balance, reference, party, text and which of several
    equal lines of the file it is; equal rows on one day are legal, overlapping files are normal.
    """

    __tablename__ = "bank_line"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    booked_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    balance_minor: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200), default="")
    payee_account: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(String(80), default="")
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    row: Mapped[int] = mapped_column(Integer)
    imported_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    imported_at: Mapped[datetime]

    __table_args__ = (Index("ix_bank_line_day", "account_id", "booked_on"),)
