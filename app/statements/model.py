"""Rows of statements."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered, Versioned


class StatementImport(Base, Numbered):
    """One statement of a file as it came in: what it declared, what it proved, what was new.

    known_from: ids of the imports that had brought its other lines before. undone_at: None while
    it counts; once it was undone its lines are gone.
    """

    __tablename__ = "statement_import"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(30))
    bank: Mapped[str] = mapped_column(String(60), default="")
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    opening_minor: Mapped[int | None]
    closing_minor: Mapped[int | None]
    proof: Mapped[str] = mapped_column(String(12))
    lines: Mapped[int] = mapped_column(Integer)
    imported: Mapped[int] = mapped_column(Integer)
    known_from: Mapped[Any] = mapped_column(JsonText)
    problems: Mapped[Any] = mapped_column(JsonText)
    imported_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    imported_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    undone_why: Mapped[str | None] = mapped_column(Text)


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
    booked_at: Mapped[datetime | None]
    value_on: Mapped[date | None] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(200), default="")
    payee_account: Mapped[str] = mapped_column(String(60), default="")
    payee_bank: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(String(80), default="")
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("statement_import.id"), index=True)
    row: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("ix_bank_line_day", "account_id", "booked_on"),)


class StatementLayout(Base, Versioned):
    """Which column of the files with these headings holds what, as somebody said it.

    signature: of the headings, one row for each. columns: field → places. currency: "" where the
    account tells it. withdrawn_at: None while it is used by itself.
    """

    __tablename__ = "statement_layout"

    name: Mapped[str] = mapped_column(String(60))
    signature: Mapped[str] = mapped_column(String(64), unique=True)
    headings: Mapped[Any] = mapped_column(JsonText)
    columns: Mapped[Any] = mapped_column(JsonText)
    currency: Mapped[str] = mapped_column(String(3), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012
