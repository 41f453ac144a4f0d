"""Lines and items by their keys, as rows are now: for matches that a person makes."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select

from app.accounts.model import BankAccount
from app.agreements.model import Agreement
from app.core.errors import NotFound
from app.payments.model import Attempt, Payment
from app.reconciliation.as_items import (
    bank_item,
    carried_bank,
    carried_book,
    debit_item,
    journal_item,
    sent_item,
    unsent_item,
)
from app.reconciliation.held import Pairing
from app.reconciliation.items import BankItem, OurItem
from app.reconciliation.keys import carried_id, debit_parts, journal_id
from app.reconciliation.model import CarriedItem, JournalLine
from app.reconciliation.states import CarriedSide
from app.statements.model import BankLine
from app.storage.work import ReadWork

_GONE: Final = "请刷新后重试。"


def find_lines(work: ReadWork, keys: Iterable[int]) -> dict[int, BankItem]:
    """Raises NotFound for one that is not there any more."""
    return {key: _line(work, key) for key in keys}


def find_items(work: ReadWork, account: BankAccount, keys: Iterable[str]) -> dict[str, OurItem]:
    """Raises NotFound for one that is not there any more, or is of another account."""
    found = {key: _item(work, key) for key in keys}
    for key, item in found.items():
        if item.account != account.id:
            raise NotFound(f"{key} 不是账户 {account.number} 的记录。", _GONE)
    return found


def _line(work: ReadWork, key: int) -> BankItem:
    if key > 0:
        row = work.session.get(BankLine, key)
        if row is not None:
            return bank_item(row)
    else:
        carried = work.session.get(CarriedItem, -key)
        if carried is not None and carried.side == CarriedSide.BANK and _stands(carried):
            return carried_bank(carried)
    raise NotFound("所选流水已不存在，可能已撤销导入。", _GONE)


def _stands(row: CarriedItem) -> bool:
    return row.withdrawn_at is None


def _item(work: ReadWork, key: str) -> OurItem:
    found = _booked(work, key) or _debit(work, key) or _payment(work, key)
    if found is None:
        raise NotFound(f"{key} 已不存在。", _GONE)
    return found


def _booked(work: ReadWork, key: str) -> OurItem | None:
    journal, carried = journal_id(key), carried_id(key)
    if journal is not None:
        row = work.session.get(JournalLine, journal)
        return None if row is None else journal_item(row)
    if carried is not None:
        open_item = work.session.get(CarriedItem, carried)
        if open_item is not None and open_item.side == CarriedSide.BOOK and _stands(open_item):
            return carried_book(open_item)
    return None


def _debit(work: ReadWork, key: str) -> OurItem | None:
    parts = debit_parts(key)
    if parts is None:
        return None
    number, on, line_id = parts
    line = work.session.get(BankLine, line_id)
    known = work.session.scalar(select(Agreement.id).where(Agreement.number == number))
    if line is None or known is None:
        return None
    return debit_item(bank_item(line), number, on)


def _payment(work: ReadWork, key: str) -> OurItem | None:
    number, _, ordinal = key.partition("/")
    payment = work.session.scalar(select(Payment).where(Payment.number == number))
    if payment is None:
        return None
    if not ordinal:
        return unsent_item(payment)
    attempt = work.session.scalar(
        select(Attempt).where(Attempt.payment_id == payment.id, Attempt.ordinal == int(ordinal))
    )
    return None if attempt is None else sent_item(attempt, payment, work.tz)


def complete(
    work: ReadWork,
    account: BankAccount,
    pairings: Iterable[Pairing],
    lines: dict[int, BankItem],
    items: dict[str, OurItem],
) -> None:
    """Add the members of these matches that lie outside the days that were read."""
    found = list(pairings)
    lines |= find_lines(work, {key for one in found for key in one.lines} - lines.keys())
    items |= find_items(work, account, {key for one in found for key in one.ours} - items.keys())
