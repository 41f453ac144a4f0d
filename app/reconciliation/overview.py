"""What the page 对账 shows of one look: rows of either side, proposals, alarms, a picture by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.core.money import Money
from app.reconciliation.bookings import Booking
from app.reconciliation.clerk_rules import proposed_entry
from app.reconciliation.held import Pairing
from app.reconciliation.items import BankItem, OurItem, OurKind
from app.reconciliation.leftovers import ALARM_LABELS, NEXT_ACTS, Alarm
from app.reconciliation.model import JournalLine
from app.reconciliation.reconciling import Reconciliation
from app.reconciliation.states import Side
from app.statements.model import BankLine
from app.storage.work import Database

OUR_LABELS: Final[dict[OurKind, str]] = {
    OurKind.PAYMENT: "付款",
    OurKind.DEBIT: "协议扣款",
    OurKind.JOURNAL: "日记账",
}


@dataclass(frozen=True, slots=True)
class AccountDays:
    """An account of ours, and the days of which it has statements and journal."""

    number: str
    label: str
    currency: str
    first: date | None
    last: date | None
    booked: date | None

    @property
    def month(self) -> tuple[date, date] | None:
        """The month of the last line: what is most likely to be reconciled."""
        if self.last is None:
            return None
        first = self.last.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BankRow:
    """A line that is not kept in a match. proposal: where it stands among the proposals."""

    item: BankItem
    money: Money
    proposed: bool
    booking: Booking | None


@dataclass(frozen=True, slots=True)
class OurRow:
    """An item of ours that is not kept in a match."""

    item: OurItem
    money: Money
    proposed: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    """A match, kept or proposed, with what stands on either side."""

    pairing: Pairing
    lines: tuple[BankItem, ...]
    ours: tuple[OurItem, ...]
    money: Money
    ours_money: Money

    @property
    def on(self) -> date:
        return min([*(one.on for one in self.lines), *(one.on for one in self.ours)])

    @property
    def party(self) -> str:
        """Whose money it is, as the bank writes it, else as we do."""
        names = [*(one.name for one in self.lines), *(one.name for one in self.ours)]
        return next(filter(None, names), "")

    @property
    def gap(self) -> Money:
        """What the bank's side is more than ours; zero where ours has nothing to show."""
        return self.money - self.ours_money if self.ours else Money.zero(self.money.currency)


@dataclass(frozen=True, slots=True)
class AlarmRow:
    alarm: Alarm
    label: str
    next_act: str
    on: date
    money: Money
    said: str


@dataclass(frozen=True, slots=True)
class DayShare:
    """How much of a day's lines is explained by kept matches: lines, and minor units in and out."""

    on: date
    count: int
    explained: int
    minor: int
    explained_minor: int


@dataclass(frozen=True, slots=True)
class Board:
    """One side of a reconciliation as the page shows it."""

    side: Side
    lines: tuple[BankRow, ...]
    ours: tuple[OurRow, ...]
    proposals: tuple[PairRow, ...]
    kept: tuple[PairRow, ...]
    alarms: tuple[AlarmRow, ...]
    days: tuple[DayShare, ...]


def account_days(db: Database, actor: Actor) -> list[AccountDays]:
    """Our accounts, those with the newest lines first."""
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        spans = {
            row[0]: (row[1], row[2])
            for row in work.session.execute(
                select(
                    BankLine.account_id,
                    func.min(BankLine.booked_on),
                    func.max(BankLine.booked_on),
                ).group_by(BankLine.account_id)
            )
        }
        booked = {
            row[0]: row[1]
            for row in work.session.execute(
                select(JournalLine.account_id, func.max(JournalLine.booked_on)).group_by(
                    JournalLine.account_id
                )
            )
        }
        rows = work.session.scalars(
            select(BankAccount).order_by(BankAccount.bank, BankAccount.number)
        )
        found = [
            AccountDays(
                row.number,
                f"{row.bank} {row.number}",
                row.currency,
                spans.get(row.id, (None, None))[0],
                spans.get(row.id, (None, None))[1],
                booked.get(row.id),
            )
            for row in rows
        ]
    return sorted(found, key=lambda one: one.last or date.min, reverse=True)


def board(found: Reconciliation, side: Side) -> Board:
    """The page's rows of one side."""
    pairs = [_pair(found, one) for one in found.of(side)]
    kept = [one for one in pairs if one.pairing.id is not None]
    proposals = [one for one in pairs if one.pairing.id is None]
    gone = {key for one in kept for key in one.pairing.lines}
    offered = {key for one in proposals for key in one.pairing.lines}
    left = set(found.unordered if side is Side.ORDERS else found.unbooked or ())
    lines = [one for key, one in found.lines.items() if key in left or key in offered]
    ours = _ours_left(found, side, pairs)
    in_proposals = {key for one in proposals for key in one.pairing.ours}
    return Board(
        side,
        tuple(_bank_row(found, one, one.key in offered) for one in sorted(lines, key=_by_day)),
        tuple(
            OurRow(one, _money(found, one.minor), one.key in in_proposals)
            for one in sorted(ours, key=_by_day)
        ),
        tuple(sorted(proposals, key=lambda one: (one.on, one.pairing.lines))),
        tuple(sorted(kept, key=lambda one: (one.on, one.pairing.id or 0))),
        tuple(_alarm(found, one) for one in found.alarms),
        tuple(_shares(found, gone)),
    )


def _by_day(one: BankItem | OurItem) -> tuple[date, str]:
    return one.on, str(one.key)


def _ours_left(found: Reconciliation, side: Side, pairs: Iterable[PairRow]) -> list[OurItem]:
    kept = {key for one in pairs if one.pairing.id is not None for key in one.pairing.ours}
    offered = {
        key: found.items[key] for one in pairs if one.pairing.id is None for key in one.pairing.ours
    }
    left = {one.key: one for one in found.left_ours(side)}
    return [one for key, one in (left | offered).items() if key not in kept]


def _money(found: Reconciliation, minor: int) -> Money:
    return Money(minor, found.currency)


def _bank_row(found: Reconciliation, line: BankItem, proposed: bool) -> BankRow:
    return BankRow(line, _money(found, line.minor), proposed, proposed_entry(found.rules, line))


def _pair(found: Reconciliation, one: Pairing) -> PairRow:
    lines = tuple(found.lines[key] for key in one.lines if key in found.lines)
    ours = tuple(found.items[key] for key in one.ours if key in found.items)
    return PairRow(
        one,
        lines,
        ours,
        _money(found, sum(line.minor for line in lines)),
        _money(found, sum(item.minor for item in ours)),
    )


def _alarm(found: Reconciliation, alarm: Alarm) -> AlarmRow:
    lines = [found.lines[key] for key in alarm.lines]
    items = [found.items[key] for key in alarm.ours]
    first: BankItem | OurItem = (lines or items)[0]
    said = "；".join(
        filter(None, (*(item.key for item in items), *(f"{one.name} {one.text}" for one in lines)))
    )
    return AlarmRow(
        alarm,
        ALARM_LABELS[alarm.kind],
        NEXT_ACTS[alarm.kind],
        first.on,
        _money(found, first.minor),
        said,
    )


def _shares(found: Reconciliation, explained: set[int]) -> list[DayShare]:
    days: dict[date, list[int]] = {}
    for key, line in found.lines.items():
        if line.account != found.account_id or not found.since <= line.on <= found.until:
            continue
        share = days.setdefault(line.on, [0, 0, 0, 0])
        share[0] += 1
        share[2] += abs(line.minor)
        if key in explained:
            share[1] += 1
            share[3] += abs(line.minor)
    return [DayShare(on, *days[on]) for on in sorted(days)]
