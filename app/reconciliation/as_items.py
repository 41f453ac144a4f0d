"""One row as the item that it is: used wherever rows are read for matching."""

from datetime import date
from zoneinfo import ZoneInfo

from app.core.clock import business_date
from app.payments.model import Attempt, Payment
from app.reconciliation.items import BankItem, OurItem, OurKind
from app.reconciliation.keys import attempt_key, carried_key, debit_key, journal_key
from app.reconciliation.model import CarriedItem, JournalLine
from app.statements.model import BankLine


def bank_item(row: BankLine) -> BankItem:
    return BankItem(
        row.id,
        row.account_id,
        row.booked_on,
        row.amount_minor,
        row.name,
        row.payee_account,
        row.text,
        row.reference,
    )


def carried_bank(row: CarriedItem) -> BankItem:
    """What the bank had booked before our first line; its key is negative."""
    return BankItem(
        -row.id,
        row.account_id,
        row.booked_on,
        row.amount_minor,
        row.name,
        "",
        row.text,
        row.reference,
    )


def carried_book(row: CarriedItem) -> OurItem:
    """What we had booked before our first line."""
    return OurItem(
        carried_key(row.id),
        OurKind.JOURNAL,
        row.account_id,
        row.booked_on,
        row.amount_minor,
        row.name or row.text,
        "",
        _given(row.reference),
    )


def journal_item(row: JournalLine) -> OurItem:
    return OurItem(
        journal_key(row.id),
        OurKind.JOURNAL,
        row.account_id,
        row.booked_on,
        row.amount_minor,
        row.name or row.text,
        "",
        _given(row.settlement),
        label=row.voucher,
    )


def sent_item(attempt: Attempt, payment: Payment, zone: ZoneInfo) -> OurItem:
    """A try of a payment, as it was sent."""
    return OurItem(
        attempt_key(payment.number, attempt.ordinal),
        OurKind.PAYMENT,
        payment.account_id,
        business_date(attempt.written_at, zone),
        -attempt.amount_minor,
        attempt.sent["payee_name"],
        attempt.sent["payee_account"],
        _given(payment.number, payment.client_ref, attempt.bank_ref),
        str(payment.batch_id or ""),
    )


def unsent_item(row: Payment) -> OurItem:
    """A payment that nobody sent, on the day when it is due."""
    return OurItem(
        row.number,
        OurKind.PAYMENT,
        row.account_id,
        row.due_on,
        -row.amount_minor,
        row.payee_name,
        row.payee_account,
        _given(row.number, row.client_ref),
    )


def debit_item(line: BankItem, number: str, on: date) -> OurItem:
    """The debit that an agreement allows, as the line shows it."""
    return OurItem(
        debit_key(number, on, line.key),
        OurKind.DEBIT,
        line.account,
        on,
        line.minor,
        line.name,
        line.payee_account,
        (number,),
    )


def _given(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)
