"""What the demo company's accounts hold, and what the court and the bank restrict."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from app.accounts.model import AccountBalance, AccountRestriction
from app.accounts.rules import AccountStatus
from app.audit.trail import Event
from app.core.money import Money
from app.demo.company import ABC, CCB, CMB, ICBC, Firm
from app.demo.days import Days
from app.demo.sheet import Sheet

# Account: (book, frozen) in yuan, as the bank showed them at the end of yesterday.
_NOW: Final = {
    ICBC: ("9862415.37", "0"),
    CCB: ("38500.00", "0"),
    CMB: ("3416088.52", "300000.00"),
    ABC: ("1280000.00", "1280000.00"),
}
_REMEMBERED: Final = 20
_RESTRICTED_AGO: Final = 8
_SOURCE: Final = "网银日终余额"


def put_money(
    sheet: Sheet, firm: Firm, days: Days, chance: Random
) -> list[tuple[datetime, str, Event]]:
    """Balances of the last working days and the restrictions; returns what the trail says."""
    clerk = firm.labels["clerk"]
    for number, (book, frozen) in _NOW.items():
        for ago in range(_REMEMBERED, 1, -1):
            moved = Money.parse(book).minor * chance.randint(60, 180) // 100
            # Nothing is frozen before the court has spoken.
            held = frozen if ago <= _RESTRICTED_AGO else "0"
            _balance(sheet, firm, number, moved, held, days.at(days.ago(ago), 17, 5))
        for at in (days.at(days.ago(1), 16, 30), days.at(days.today, 0)):
            _balance(sheet, firm, number, Money.parse(book).minor, frozen, at)
    events = [
        (
            days.at(days.ago(1), 16, 30),
            clerk,
            Event(
                "balance.recorded",
                f"account:{number}",
                after={"book": book, "frozen": frozen},
                reason=_SOURCE,
            ),
        )
        for number, (book, frozen) in _NOW.items()
    ]
    return events + _restrict(sheet, firm, days)


def _balance(sheet: Sheet, firm: Firm, number: str, book: int, frozen: str, at: datetime) -> None:
    sheet.add(
        AccountBalance,
        account_id=firm.accounts[number],
        as_of=at,
        book_minor=book,
        frozen_minor=min(Money.parse(frozen).minor, book),
        source=_SOURCE,
        recorded_by=firm.labels["clerk"],
        recorded_at=at,
    )


def _restrict(sheet: Sheet, firm: Firm, days: Days) -> list[tuple[datetime, str, Event]]:
    half_a_year = days.today + timedelta(days=170)
    court = "上海市浦东新区人民法院"
    lines: tuple[tuple[str, AccountStatus, str | None, str, date | None, str], ...] = (
        (CMB, AccountStatus.FROZEN, "300000.00", court, half_a_year, "买卖合同纠纷财产保全"),
        (ABC, AccountStatus.FROZEN, None, court, half_a_year, "（2026）沪0115民初字财产保全，全额"),
        (ABC, AccountStatus.BLOCKED, None, "中国农业银行上海金桥支行", None, "预留印鉴变更未完成"),
    )
    at = days.at(days.ago(_RESTRICTED_AGO), 9, 40)
    events = []
    for number, kind, amount, authority, until, note in lines:
        sheet.add(
            AccountRestriction,
            account_id=firm.accounts[number],
            kind=kind,
            amount_minor=None if amount is None else Money.parse(amount).minor,
            authority=authority,
            starts_on=days.ago(_RESTRICTED_AGO),
            ends_on=until,
            note=note,
            recorded_by=firm.labels["admin"],
            recorded_at=at,
        )
        event = Event(
            "restriction.recorded",
            f"account:{number}",
            after={"kind": kind, "authority": authority, "amount": amount},
            reason=note,
        )
        events.append((at, firm.labels["admin"], event))
    return events
