"""Rows as items: the bank's lines, what we sent, what we never sent, and what we booked."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from app.payments.model import Attempt, Payment
from app.payments.states import AttemptState, Stage
from app.reconciliation.as_items import (
    bank_item,
    carried_bank,
    carried_book,
    journal_item,
    sent_item,
    unsent_item,
)
from app.reconciliation.items import EARLY, LATE, BankItem, OurItem
from app.reconciliation.model import CarriedItem, JournalLine
from app.reconciliation.states import CarriedSide
from app.statements.model import BankLine
from app.storage.work import ReadWork

# What certainly has not left yet, though somebody may have paid it all the same.
_UNSENT: Final = (
    Stage.DRAFT,
    Stage.PENDING_REVIEW,
    Stage.PENDING_APPROVAL,
    Stage.READY,
    Stage.SENT_BACK,
    Stage.REJECTED,
    Stage.VOIDED,
)


def bank_items(work: ReadWork, account_id: int, since: date, until: date) -> list[BankItem]:
    """The lines of an account that were booked in these days, in the order of their coming."""
    rows = work.session.scalars(
        select(BankLine)
        .where(
            BankLine.account_id == account_id,
            BankLine.booked_on >= since,
            BankLine.booked_on <= until,
        )
        .order_by(BankLine.id)
    )
    return [bank_item(row) for row in rows if row.amount_minor]


def bank_items_of_others(
    work: ReadWork, account_id: int, since: date, until: date
) -> list[BankItem]:
    """The lines of our other accounts in these days."""
    rows = work.session.scalars(
        select(BankLine)
        .where(
            BankLine.account_id != account_id,
            BankLine.booked_on >= since,
            BankLine.booked_on <= until,
        )
        .order_by(BankLine.id)
    )
    return [bank_item(row) for row in rows if row.amount_minor]


def sent_items(
    work: ReadWork, account_id: int, since: date, until: date
) -> dict[str, tuple[OurItem, AttemptState]]:
    """What was sent from an account and may be booked in these days, with what is known of it."""
    first = datetime.combine(since - timedelta(days=LATE), time(), work.tz)
    last = datetime.combine(until + timedelta(days=EARLY + 1), time(), work.tz)
    rows = work.session.execute(
        select(Attempt, Payment)
        .join(Payment, Payment.id == Attempt.payment_id)
        .where(
            Payment.account_id == account_id,
            Attempt.written_at >= first,
            Attempt.written_at < last,
        )
        .order_by(Attempt.id)
    )
    found = {}
    for attempt, payment in rows:
        item = sent_item(attempt, payment, work.tz)
        found[item.key] = item, AttemptState(attempt.state)
    return found


def unsent_items(work: ReadWork, account_id: int, since: date, until: date) -> list[OurItem]:
    """Payments that nobody sent: a line that is one of them left without us."""
    rows = work.session.scalars(
        select(Payment)
        .where(
            Payment.account_id == account_id,
            Payment.stage.in_([str(stage) for stage in _UNSENT]),
            Payment.due_on >= since - timedelta(days=LATE),
            Payment.due_on <= until + timedelta(days=EARLY),
        )
        .order_by(Payment.id)
    )
    return [unsent_item(row) for row in rows]


def journal_items(work: ReadWork, account_id: int, since: date, until: date) -> list[OurItem]:
    """What we booked in these days."""
    rows = work.session.scalars(
        select(JournalLine)
        .where(
            JournalLine.account_id == account_id,
            JournalLine.booked_on >= since,
            JournalLine.booked_on <= until,
        )
        .order_by(JournalLine.id)
    )
    return [journal_item(row) for row in rows if row.amount_minor]


def carried_items(
    work: ReadWork, account_id: int, until: date
) -> tuple[list[BankItem], list[OurItem]]:
    """What was open before our first line: the bank's with negative keys, and ours."""
    rows = work.session.scalars(
        select(CarriedItem)
        .where(
            CarriedItem.account_id == account_id,
            CarriedItem.withdrawn_at.is_(None),
            CarriedItem.booked_on <= until,
        )
        .order_by(CarriedItem.id)
    )
    banks, books = [], []
    for row in rows:
        if row.side == CarriedSide.BANK:
            banks.append(carried_bank(row))
        else:
            books.append(carried_book(row))
    return banks, books
