"""A journal in the words of the command line: money out is negative, totals are positive."""

from datetime import date
from typing import Any

from app.core.money import Money
from app.reconciliation.journal.parsed import Book, BookLine, JournalFile


def document(found: JournalFile) -> dict[str, Any]:
    """What `journal inspect --json` prints."""
    one = found.books[0] if len(found.books) == 1 else None
    days = [book.first_day for book in found.books if book.first_day]
    ends = [book.last_day for book in found.books if book.last_day]
    return {
        "file": found.name,
        "format": found.format,
        "encoding": found.encoding,
        "subject": one.title if one else "",
        "account": one.number if one else "",
        "currency": one.currency if one else "",
        "period": [_iso(min(days, default=None)), _iso(max(ends, default=None))],
        "opening_balance": _money(one.opening, one.currency) if one else None,
        "closing_balance": _money(one.closing, one.currency) if one else None,
        "line_count": len(found.lines),
        "proof": found.proof,
        "problems": [
            {"row": p.row, "field": p.field, "message": p.message} for p in found.all_problems
        ],
        "skipped": [{"row": s.row, "reason": s.reason} for s in found.skipped],
        "notes": list(found.notes),
        "books": [_book(book) for book in found.books],
        "lines": [_line(line, book.currency) for book in found.books for line in book.lines],
    }


def _book(one: Book) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "account": one.number,
        "company": one.holder,
        "sheet": one.sheet,
        "currency": one.currency,
        "period": [_iso(one.since), _iso(one.until)],
        "opening_balance": _money(one.opening, one.currency),
        "closing_balance": _money(one.closing, one.currency),
        "line_count": len(one.lines),
        "total_debit": one.total_in.decimal(),
        "total_credit": one.total_out.decimal(),
        "proof": one.proof,
    }


def _line(line: BookLine, currency: str) -> dict[str, Any]:
    return {
        "row": line.row,
        "booked_on": line.on.isoformat(),
        "amount": Money(line.minor, currency).decimal(),
        "side": "debit" if line.debit else "credit",
        "balance": _money(line.balance, currency),
        "voucher": line.voucher,
        "settlement": line.settlement,
        "method": line.method,
        "counterparty_name": line.name,
        "opposite_account": line.opposite,
        "summary": line.summary,
    }


def _money(minor: int | None, currency: str) -> str | None:
    return None if minor is None else Money(minor, currency).decimal()


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
