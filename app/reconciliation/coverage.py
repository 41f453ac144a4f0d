"""Which days the bank's statements and our journal cover, and what either balance was on a day.

A balance is told from the opening of a file that proved, and the lines since; the order in which
lines of one day came does not matter to that.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from app.reconciliation.model import JournalImport, JournalLine
from app.statements.model import BankLine, StatementImport
from app.statements.parsed import Proof
from app.storage.work import ReadWork

_Import = type[StatementImport] | type[JournalImport]
_Line = type[BankLine] | type[JournalLine]


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance at the end of a day. covered: the last day that any file covers up to then.

    minor None: no file with an opening balance covers that day.
    """

    minor: int | None
    covered: date | None


def start_of(work: ReadWork, account_id: int) -> date | None:
    """The first day that both a statement and the journal cover; None while one is missing."""
    firsts = [_first(work, kind, account_id) for kind in (StatementImport, JournalImport)]
    days = [day for day in firsts if day is not None]
    return max(days) if len(days) == len(firsts) else None


def bank_balance(work: ReadWork, account_id: int, on: date) -> Balance:
    """What the bank held for us at the end of that day."""
    return _balance(work, StatementImport, BankLine, account_id, on)


def book_balance(work: ReadWork, account_id: int, on: date) -> Balance:
    """What our journal held at the end of that day."""
    return _balance(work, JournalImport, JournalLine, account_id, on)


def _live(kind: _Import, account_id: int) -> ColumnElement[bool]:
    return and_(kind.account_id == account_id, kind.undone_at.is_(None))


def _first(work: ReadWork, kind: _Import, account_id: int) -> date | None:
    return work.session.scalar(select(func.min(kind.since)).where(_live(kind, account_id)))


def _balance(work: ReadWork, kind: _Import, line: _Line, account_id: int, on: date) -> Balance:
    live = _live(kind, account_id)
    until = work.session.scalar(select(func.max(kind.until)).where(live, kind.since <= on))
    covered = None if until is None else min(until, on)
    # One that opens on the morrow tells it, too: its opening is this day's balance.
    morrow = date.fromordinal(on.toordinal() + 1)
    anchor = work.session.execute(
        select(kind.since, kind.opening_minor)
        .where(
            live,
            kind.since <= morrow,
            kind.opening_minor.is_not(None),
            kind.proof == Proof.BALANCED,
        )
        .order_by(kind.since.desc(), kind.id.desc())
        .limit(1)
    ).first()
    if anchor is None or anchor.opening_minor is None:
        return Balance(None, covered)
    moved = work.session.scalar(
        select(func.coalesce(func.sum(line.amount_minor), 0)).where(
            line.account_id == account_id, line.booked_on >= anchor.since, line.booked_on <= on
        )
    )
    return Balance(anchor.opening_minor + int(moved or 0), covered)
