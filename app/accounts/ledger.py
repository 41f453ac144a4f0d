"""What the pages of accounts and channels read."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.accounts.model import AccountBalance, AccountRestriction, BankAccount
from app.accounts.reading import channels, latest_balances
from app.accounts.rules import AccountKind, AccountStatus, ChannelFacts
from app.core.money import Money
from app.storage.work import Database


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A balance as the bank showed it."""

    as_of: datetime
    book: Money
    frozen: Money
    source: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RestrictionLine:
    """A restriction as it was recorded; open until `lifted_at`."""

    id: int
    kind: AccountStatus
    amount: Money | None
    authority: str
    starts_on: date
    ends_on: date | None
    note: str
    recorded_by: str
    recorded_at: datetime
    lifted_at: datetime | None
    lifted_by: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account of the company with its newest balance."""

    number: str
    name: str
    bank: str
    branch: str
    cnaps: str
    currency: str
    kind: AccountKind
    status: AccountStatus
    status_since: datetime
    reserve: Money
    single_limit: Money | None
    daily_limit: Money | None
    default_channel: str
    balance: BalanceLine | None
    restrictions: tuple[RestrictionLine, ...]


def account_lines(db: Database, actor: Actor) -> list[AccountLine]:
    """Every account with its open restrictions, by bank and number."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        rows = work.session.scalars(
            select(BankAccount).order_by(BankAccount.bank, BankAccount.number)
        ).all()
        balances = latest_balances(work)
        restrictions: dict[int, list[RestrictionLine]] = {}
        for row in work.session.scalars(
            select(AccountRestriction)
            .where(AccountRestriction.lifted_at.is_(None))
            .order_by(AccountRestriction.starts_on)
        ):
            restrictions.setdefault(row.account_id, []).append(_restriction(row))
        return [_account(row, balances.get(row.id), restrictions.get(row.id, [])) for row in rows]


def channel_board(db: Database, actor: Actor) -> list[ChannelFacts]:
    """Every way to the bank by priority, with the maintenance windows that are not over."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        return sorted(channels(work).values(), key=lambda one: (one.priority, one.code))


def _account(
    row: BankAccount, balance: AccountBalance | None, restrictions: list[RestrictionLine]
) -> AccountLine:
    return AccountLine(
        number=row.number,
        name=row.name,
        bank=row.bank,
        branch=row.branch,
        cnaps=row.cnaps,
        currency=row.currency,
        kind=AccountKind(row.kind),
        status=AccountStatus(row.status),
        status_since=row.status_since,
        reserve=Money(row.reserve_minor, row.currency),
        single_limit=Money.of(row.single_limit_minor, row.currency),
        daily_limit=Money.of(row.daily_limit_minor, row.currency),
        default_channel=row.default_channel,
        balance=None if balance is None else _balance(balance, row.currency),
        restrictions=tuple(restrictions),
    )


def _balance(row: AccountBalance, currency: str) -> BalanceLine:
    return BalanceLine(
        row.as_of,
        Money(row.book_minor, currency),
        Money(row.frozen_minor, currency),
        row.source,
        row.recorded_by,
        row.recorded_at,
    )


def _restriction(row: AccountRestriction) -> RestrictionLine:
    return RestrictionLine(
        id=row.id,
        kind=AccountStatus(row.kind),
        amount=Money.of(row.amount_minor, "CNY"),
        authority=row.authority,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        note=row.note,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by or "",
    )
