"""Payments as rows of a list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, select

from app.access.model import User
from app.accounts.model import BankAccount
from app.core.codes import StopReason
from app.core.money import Money
from app.payments.model import HoldCover, Payment
from app.payments.states import Status
from app.storage.work import ReadWork


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One row of the list."""

    id: int
    number: str
    status: Status
    payee: str
    payee_account: str
    amount: Money
    due_on: date
    account: str
    channel: str
    purpose: str
    order_no: str
    invoice_no: str
    contract_no: str
    reasons: tuple[StopReason, ...]
    holds: int
    made_by: str
    made_at: datetime
    next_execution_at: datetime | None
    version: int


# Columns instead of whole rows, and built once: a page is read several times as fast.
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_LINES: Final = (
    select(
        Payment.id,
        Payment.number,
        Payment.status,
        Payment.payee_name,
        Payment.payee_account,
        Payment.amount_minor,
        Payment.currency,
        Payment.due_on,
        BankAccount.bank,
        BankAccount.number,
        Payment.channel,
        Payment.purpose,
        Payment.order_no,
        Payment.invoice_no,
        Payment.contract_no,
        Payment.hold_count,
        User.name,
        Payment.made_at,
        Payment.next_execution_at,
        Payment.version,
    )
    .join(BankAccount, BankAccount.id == Payment.account_id)
    .join(User, User.id == Payment.made_by)
    .where(Payment.id.in_(_IDS))
)
_REASONS: Final = (
    select(HoldCover.payment_id, HoldCover.reason)
    .where(HoldCover.payment_id.in_(_IDS), HoldCover.ended_at.is_(None))
    .order_by(HoldCover.hold_id)
)


def lines(work: ReadWork, ids: Sequence[int]) -> list[PaymentLine]:
    """The rows of these ids, in their order; ids that are gone are left out."""
    reasons = open_reasons(work, ids)
    rows = work.session.execute(_LINES, {"ids": list(ids)})
    by_id = {row[0]: _line(row, reasons) for row in rows}
    return [by_id[one] for one in ids if one in by_id]


def open_reasons(work: ReadWork, ids: Sequence[int]) -> dict[int, tuple[StopReason, ...]]:
    """The reasons of the open holds over each payment, without repeats."""
    found: dict[int, tuple[StopReason, ...]] = defaultdict(tuple)
    rows = work.session.execute(_REASONS, {"ids": list(ids)})
    for payment_id, reason in rows:
        if reason not in found[payment_id]:
            found[payment_id] = (*found[payment_id], StopReason(reason))
    return found


def _line(row: Sequence[Any], reasons: Mapping[int, tuple[StopReason, ...]]) -> PaymentLine:
    # By place, in the order of _LINES: by name it takes three times as long.
    (
        row_id,
        number,
        status,
        payee,
        payee_account,
        minor,
        currency,
        due_on,
        bank,
        account,
        *texts,
        holds,
        made_by,
        made_at,
        next_at,
        version,
    ) = row
    channel, purpose, order_no, invoice_no, contract_no = texts
    return PaymentLine(
        row_id,
        number,
        Status(status),
        payee,
        payee_account,
        Money(minor, currency),
        due_on,
        f"{bank} *{account[-4:]}",
        channel,
        purpose,
        order_no,
        invoice_no,
        contract_no,
        reasons[row_id],
        holds,
        made_by,
        made_at,
        next_at,
        version,
    )
