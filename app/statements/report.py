"""A statement in the words of the command line's contract (design.md)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.core.clock import SHANGHAI
from app.core.money import Money
from app.statements.parsed import Statement, StatementFile, StatementLine


def document(found: StatementFile, zone: ZoneInfo = SHANGHAI) -> dict[str, Any]:
    """What `statement inspect --json` prints: money out is negative, totals are positive.

    A file of several accounts or currencies has its sums over all of them, and each in statements.
    """
    many = found.statements
    lines = found.lines
    days = [line.on for line in lines]
    numbers = list(dict.fromkeys(one.number for one in many if one.number))
    currencies = list(dict.fromkeys(one.currency for one in many))
    one = many[0] if len({(s.number, s.currency) for s in many}) == 1 else None
    return {
        "file": found.name,
        "format": found.format,
        "bank": found.bank,
        "encoding": found.encoding,
        "account": numbers[0] if len(numbers) == 1 else "",
        "account_name": next((s.holder for s in many if s.holder), ""),
        "currency": currencies[0] if len(currencies) == 1 else "",
        "period": [
            _iso(min((s.since for s in many if s.since), default=min(days, default=None))),
            _iso(max((s.until for s in many if s.until), default=max(days, default=None))),
        ],
        "opening_balance": None if one is None else _money(one.opening, one.currency),
        "closing_balance": None if one is None else _money(many[-1].closing, one.currency),
        "transaction_count": len(lines),
        "total_in": _sum([s.total_in for s in many]),
        "total_out": _sum([s.total_out for s in many]),
        "total_not_counted": _sum(
            [Money(line.uncounted, s.currency) for s in many for line in s.lines]
        ),
        "proof": found.proof,
        "problems": [
            {"row": p.row, "field": p.field, "message": p.message} for p in found.all_problems
        ],
        "skipped": [{"row": s.row, "reason": s.reason} for s in found.skipped],
        "notes": list(found.notes),
        "statements": [_statement(s) for s in many],
        "transactions": [_line(line, s.currency, zone) for s in many for line in s.lines],
    }


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "account": one.number,
        "account_name": one.holder,
        "currency": one.currency,
        "period": [_iso(one.since), _iso(one.until)],
        "opening_balance": _money(one.opening, one.currency),
        "closing_balance": _money(one.closing, one.currency),
        "transaction_count": len(one.lines),
        "total_in": one.total_in.decimal(),
        "total_out": one.total_out.decimal(),
        "proof": one.proof,
    }


def _line(line: StatementLine, currency: str, zone: ZoneInfo) -> dict[str, Any]:
    booked = line.booked_at
    if isinstance(booked, datetime):
        booked = booked.replace(tzinfo=zone)
    return {
        "row": line.row,
        "booked_at": booked.isoformat(),
        "value_date": _iso(line.value_on),
        "amount": Money(line.minor, currency).decimal(),
        "balance": _money(line.balance, currency),
        "currency": currency,
        "not_counted": Money(line.uncounted, currency).decimal() if line.uncounted else None,
        "counterparty_name": line.name,
        "counterparty_account": line.payee_account,
        "counterparty_bank": line.payee_bank,
        "reference": line.reference,
        "summary": line.summary,
        "purpose": line.purpose,
        "remark": line.remark,
    }


def _sum(amounts: Sequence[Money]) -> str:
    """One figure over all; across currencies it is a control sum only."""
    if len({one.currency for one in amounts}) <= 1:
        currency = amounts[0].currency if amounts else "CNY"
        return Money(sum(one.minor for one in amounts), currency).decimal()
    return str(sum((Decimal(one.decimal()) for one in amounts), Decimal()))


def _money(minor: int | None, currency: str) -> str | None:
    return None if minor is None else Money(minor, currency).decimal()


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
