"""Accounts, their money and the channels as the rules know them: for services of this and higher
matters, inside their own transaction.
"""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select

from app.accounts.model import (
    AccountBalance,
    AccountRestriction,
    Channel,
    MaintenanceWindow,
    WorkdayOverride,
)
from app.accounts.rules import AccountStatus, ChannelFacts, Hours, Restriction, Window
from app.core.money import Money
from app.core.workdays import Workdays
from app.storage.work import ReadWork


def latest_balances(work: ReadWork) -> dict[int, AccountBalance]:
    """The newest balance of each account that is known by now, by account id.

    What the bank shows later, or what is written down later, is not known yet.
    """
    known = (AccountBalance.as_of <= work.now) & (AccountBalance.recorded_at <= work.now)
    newest_time = (
        select(
            AccountBalance.account_id.label("account_id"),
            func.max(AccountBalance.as_of).label("as_of"),
        )
        .where(known)
        .group_by(AccountBalance.account_id)
        .subquery()
    )
    newest = (
        select(func.max(AccountBalance.id).label("id"))
        .join(
            newest_time,
            (AccountBalance.account_id == newest_time.c.account_id)
            & (AccountBalance.as_of == newest_time.c.as_of),
        )
        .where(known)
        .group_by(AccountBalance.account_id)
        .subquery()
    )
    rows = work.session.scalars(
        select(AccountBalance).join(newest, AccountBalance.id == newest.c.id)
    )
    return {row.account_id: row for row in rows}


def restrictions(work: ReadWork) -> dict[int, tuple[Restriction, ...]]:
    """The restrictions in force today, by account id."""
    found: dict[int, list[Restriction]] = defaultdict(list)
    for row in work.session.scalars(
        select(AccountRestriction).where(AccountRestriction.lifted_at.is_(None))
    ):
        restriction = Restriction(
            AccountStatus(row.kind),
            Money.of(row.amount_minor),
            row.authority,
            row.starts_on,
            row.ends_on,
            row.note,
        )
        if restriction.holds_on(work.today):
            found[row.account_id].append(restriction)
    return {account: tuple(rows) for account, rows in found.items()}


def channels(work: ReadWork) -> dict[str, ChannelFacts]:
    """Every channel with the maintenance windows that are not over, by code."""
    windows: dict[str, list[Window]] = defaultdict(list)
    for row in work.session.scalars(
        select(MaintenanceWindow).where(MaintenanceWindow.ends_at > work.now)
    ):
        windows[row.channel_code].append(Window(row.starts_at, row.ends_at, row.note))
    rows = work.session.scalars(select(Channel).order_by(Channel.priority))
    return {row.code: _channel(row, windows[row.code]) for row in rows}


def workdays(work: ReadWork) -> Workdays:
    """The company's calendar: the shipped one with the company's own days on top."""
    own: dict[date, bool] = {
        row.day: row.working for row in work.session.scalars(select(WorkdayOverride))
    }
    return Workdays(own)


def _channel(row: Channel, windows: list[Window]) -> ChannelFacts:
    return ChannelFacts(
        code=row.code,
        name=row.name,
        priority=row.priority,
        up=row.up,
        state_note=row.state_note,
        state_since=row.state_since,
        minimum=Money.of(row.minimum_minor),
        maximum=Money.of(row.maximum_minor),
        hours=Hours.from_stored(row.hours),
        certificate_until=row.certificate_until,
        windows=tuple(windows),
    )
