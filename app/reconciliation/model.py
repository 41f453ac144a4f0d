"""Rows of reconciling: our journal, what was matched, the clerk's rules, and the tables drawn up."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

import app.statements.model  # noqa: F401 - a match points at its lines
from app.storage.base import Base, JsonText, Numbered, Versioned


class JournalImport(Base, Versioned):
    """One 银行存款日记账 of one account as it came in; an undone one has lost its lines."""

    __tablename__ = "journal_import"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    opening_minor: Mapped[int | None]
    closing_minor: Mapped[int | None]
    proof: Mapped[str] = mapped_column(String(12))
    lines: Mapped[int] = mapped_column(Integer)
    imported: Mapped[int] = mapped_column(Integer)
    problems: Mapped[Any] = mapped_column(JsonText)
    imported_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    imported_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class JournalLine(Base, Numbered):
    """One line of our books. amount_minor: 借方 (money in) is positive, 贷方 negative.

    voucher: 凭证号; settlement: 结算号 or bill number. identity: as of a bank's line.
    """

    __tablename__ = "journal_line"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    booked_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    balance_minor: Mapped[int | None]
    voucher: Mapped[str] = mapped_column(String(60), default="")
    settlement: Mapped[str] = mapped_column(String(80), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("journal_import.id"), index=True)
    row: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("ix_journal_line_day", "account_id", "booked_on"),)


class CarriedItem(Base, Versioned):
    """A 未达账项 from before the first line that we hold, entered by hand (期初未达).

    side: BANK, what the bank had booked and we had not, or BOOK, the other way round.
    amount_minor: positive is money in.
    """

    __tablename__ = "carried_item"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"), index=True)
    side: Mapped[str] = mapped_column(String(4))
    booked_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(String(80), default="")
    entered_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    entered_at: Mapped[datetime]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class MatchGroup(Base, Versioned):
    """Lines and items that were found, or said, to be the same money.

    side: ORDERS holds the bank against payments, debits and transfers; BOOKS against the journal.
    made_by: None for the program itself. A pairing that somebody refused stays as one never made.
    """

    __tablename__ = "match_group"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    side: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(12))
    sureness: Mapped[str] = mapped_column(String(8))
    why: Mapped[Any] = mapped_column(JsonText)
    state: Mapped[str] = mapped_column(String(8))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_match_group_account", "account_id", "side", "state"),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class MatchMember(Base, Numbered):
    """One line or item of a match; on each side it is in one live match only.

    item: its key (keys.py); line_id, journal_id, carried_id: the row behind it, so that it stays.
    part: the bank's or ours. account_id, booked_on, amount_minor: as there; those never change.
    """

    __tablename__ = "match_member"

    match_id: Mapped[int] = mapped_column(ForeignKey("match_group.id"), index=True)
    side: Mapped[str] = mapped_column(String(6))
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    part: Mapped[str] = mapped_column(String(4))
    item: Mapped[str] = mapped_column(String(80))
    booked_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int]
    line_id: Mapped[int | None] = mapped_column(
        ForeignKey("bank_line.id", ondelete="SET NULL"), index=True
    )
    journal_id: Mapped[int | None] = mapped_column(ForeignKey("journal_line.id"), index=True)
    carried_id: Mapped[int | None] = mapped_column(ForeignKey("carried_item.id"))
    live: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index("ix_match_member_day", "account_id", "side", "booked_on"),
        Index(
            "uq_match_member_live",
            "item",
            "side",
            unique=True,
            sqlite_where=text("live = 1"),
            postgresql_where=text("live"),
        ),
    )


class MatchRule(Base, Versioned):
    """What a clerk wants done with lines of a kind; tried in the order of position.

    act: BOOKING proposes an entry, MATCH takes the one item that fits. conditions, booking: see
    clerk_rules.py.
    """

    __tablename__ = "match_rule"

    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    conditions: Mapped[Any] = mapped_column(JsonText)
    act: Mapped[str] = mapped_column(String(8))
    booking: Mapped[Any | None] = mapped_column(JsonText)
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    withdrawn_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class BalanceSheet(Base, Versioned):
    """A 银行存款余额调节表 of an account at the end of a day, as it was drawn up.

    content: everything on it; content_hash: SHA-256 of that. Once reviewed it is frozen; it can
    only be voided, with a reason, and drawn up again as a further edition.
    """

    __tablename__ = "balance_sheet"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    as_of: Mapped[date] = mapped_column(Date)
    edition: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    bank_minor: Mapped[int]
    book_minor: Mapped[int]
    difference_minor: Mapped[int]
    content: Mapped[Any] = mapped_column(JsonText)
    content_hash: Mapped[str] = mapped_column(String(64))
    prepared_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    prepared_at: Mapped[datetime]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reviewed_at: Mapped[datetime | None]
    review_note: Mapped[str] = mapped_column(Text, default="")
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    voided_at: Mapped[datetime | None]
    voided_why: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("uq_balance_sheet", "account_id", "as_of", "edition", unique=True),
        CheckConstraint("reviewed_by <> prepared_by", "another_reviews"),
        CheckConstraint("state <> 'REVIEWED' OR difference_minor = 0", "reviewed_balances"),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012
