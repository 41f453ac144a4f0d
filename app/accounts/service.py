"""Keeping accounts, balances, restrictions and channels: requirements A2.3, A4.2, B2.2, B2.3."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.access.guard import Actor, acting
from app.access.rights import Right
from app.accounts.model import (
    AccountBalance,
    AccountRestriction,
    BankAccount,
    Channel,
    MaintenanceWindow,
)
from app.accounts.rules import DEFAULT_CHANNELS, AccountKind, AccountStatus
from app.audit.trail import Event
from app.core.codes import clean_account
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.storage.work import Database, ReadWork, UnitOfWork


@dataclass(frozen=True, slots=True)
class AddAccount:
    number: str
    name: str
    bank: str
    branch: str
    kind: AccountKind
    cnaps: str = ""
    reserve: Money | None = None
    single_limit: Money | None = None
    daily_limit: Money | None = None
    default_channel: str = "EBANK"


@dataclass(frozen=True, slots=True)
class RecordBalance:
    """A balance as the bank showed it at `as_of`; source says where it was seen."""

    account: str
    book: Money
    frozen: Money
    as_of: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Restrict:
    account: str
    kind: AccountStatus
    amount: Money | None
    authority: str
    starts_on: date
    ends_on: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """up False: the bank's interface is down; note says why and since when it is known."""

    code: str
    up: bool
    note: str
    certificate_until: date | None = None


def add_account(db: Database, actor: Actor, command: AddAccount) -> None:
    """Register an account of the company. Raises BadInput, Conflict."""
    with acting(db, actor, Right.ACCOUNT_MANAGE) as act:
        account = new_account(act.uow, command)
        act.done(
            Event(
                "account.added",
                f"account:{account.number}",
                after=_account_values(command, account),
            )
        )


def new_account(uow: UnitOfWork, command: AddAccount) -> BankAccount:
    """The row of a new account in this unit of work."""
    number = clean_account(command.number)
    if not command.name.strip() or not command.branch.strip():
        raise BadInput("请填写户名和开户行。")
    if uow.session.scalar(select(BankAccount.id).where(BankAccount.number == number)):
        raise Conflict(f"账户 {number} 已登记。", "请在账户列表中查看。")
    account = BankAccount(
        number=number,
        name=command.name.strip(),
        bank=command.bank.strip(),
        branch=command.branch.strip(),
        cnaps=command.cnaps.strip(),
        kind=command.kind,
        status=AccountStatus.NORMAL,
        status_since=uow.now,
        reserve_minor=command.reserve.minor if command.reserve else 0,
        single_limit_minor=command.single_limit.minor if command.single_limit else None,
        daily_limit_minor=command.daily_limit.minor if command.daily_limit else None,
        default_channel=command.default_channel,
    )
    uow.session.add(account)
    uow.session.flush()
    return account


def record_balance(db: Database, actor: Actor, command: RecordBalance) -> None:
    """Write down what the bank showed. Raises BadInput for a time to come or frozen > book."""
    with acting(db, actor, Right.BALANCE_RECORD) as act:
        account = _account(act.uow, command.account)
        if command.as_of > act.uow.now:
            raise BadInput("余额时间不能晚于现在。")
        if command.frozen.minor < 0:
            raise BadInput("冻结金额不能为负数。")
        act.uow.session.add(
            AccountBalance(
                account_id=account.id,
                as_of=command.as_of,
                book_minor=command.book.minor,
                frozen_minor=command.frozen.minor,
                source=command.source.strip() or "人工登记",
                recorded_by=act.person.label,
                recorded_at=act.uow.now,
            )
        )
        act.done(
            Event(
                "balance.recorded",
                f"account:{account.number}",
                after={
                    "book": command.book.decimal(),
                    "frozen": command.frozen.decimal(),
                    "as_of": command.as_of.isoformat(),
                },
                reason=command.source,
            )
        )


def set_status(db: Database, actor: Actor, number: str, status: AccountStatus, reason: str) -> None:
    """Write down an account's status as the bank confirmed it."""
    with acting(db, actor, Right.ACCOUNT_MANAGE) as act:
        account = _account(act.uow, number)
        before = account.status
        account.status, account.status_since = status, act.uow.now
        act.done(
            Event(
                "account.status_changed",
                f"account:{number}",
                before={"status": before},
                after={"status": status},
                reason=reason,
            )
        )


def restrict(db: Database, actor: Actor, command: Restrict) -> int:
    """Write down a freeze, stop or loss report; returns its id."""
    with acting(db, actor, Right.ACCOUNT_MANAGE) as act:
        account = _account(act.uow, command.account)
        row = AccountRestriction(
            account_id=account.id,
            kind=command.kind,
            amount_minor=command.amount.minor if command.amount else None,
            authority=command.authority.strip(),
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            note=command.note.strip(),
            recorded_by=act.person.label,
            recorded_at=act.uow.now,
        )
        act.uow.session.add(row)
        act.uow.session.flush()
        act.done(
            Event(
                "restriction.recorded",
                f"account:{account.number}",
                after={
                    "kind": command.kind,
                    "authority": command.authority,
                    "amount": command.amount.decimal() if command.amount else None,
                    "from": command.starts_on.isoformat(),
                    "until": command.ends_on.isoformat() if command.ends_on else None,
                },
                reason=command.note,
            )
        )
        return row.id


def lift_restriction(db: Database, actor: Actor, restriction_id: int, evidence: str) -> None:
    """Write down that the bank lifted a restriction; evidence says how that is known."""
    with acting(db, actor, Right.ACCOUNT_MANAGE) as act:
        row = act.uow.session.get(AccountRestriction, restriction_id)
        if row is None or row.lifted_at is not None:
            raise NotFound("该限制不存在或已解除。")
        if not evidence.strip():
            raise BadInput("请填写解除的依据。")
        row.lifted_at, row.lifted_by = act.uow.now, act.person.label
        account = act.uow.session.get_one(BankAccount, row.account_id)
        act.done(
            Event(
                "restriction.lifted",
                f"account:{account.number}",
                before={"kind": row.kind},
                reason=evidence,
            )
        )


def set_channel(db: Database, actor: Actor, command: ChannelState) -> None:
    """Write down whether a channel is up, and until when its certificate is good."""
    with acting(db, actor, Right.ACCOUNT_MANAGE) as act:
        row = act.uow.session.scalar(select(Channel).where(Channel.code == command.code))
        if row is None:
            raise NotFound(f"没有渠道“{command.code}”。")
        before = _channel_values(row)
        if row.up != command.up:
            row.state_since = act.uow.now
        row.up, row.state_note = command.up, command.note.strip()
        if command.certificate_until is not None:
            row.certificate_until = command.certificate_until
        act.done(
            Event(
                "channel.changed",
                f"channel:{row.code}",
                before=before,
                after=_channel_values(row),
                reason=command.note,
            )
        )


def plan_maintenance(
    db: Database, actor: Actor, code: str, starts_at: datetime, ends_at: datetime, note: str
) -> None:
    """Write down a maintenance window that the bank announced (A4.2)."""
    with acting(db, actor, Right.ACCOUNT_MANAGE) as act:
        if ends_at <= starts_at:
            raise BadInput("维护结束时间须晚于开始时间。")
        act.uow.session.add(
            MaintenanceWindow(
                channel_code=code, starts_at=starts_at, ends_at=ends_at, note=note.strip()
            )
        )
        act.done(
            Event(
                "channel.maintenance",
                f"channel:{code}",
                after={"from": starts_at.isoformat(), "until": ends_at.isoformat()},
                reason=note,
            )
        )


def add_default_channels(uow: UnitOfWork) -> None:
    """Give a new company the usual channels; part of founding it."""
    for code, name, priority, maximum, hours in DEFAULT_CHANNELS:
        uow.session.add(
            Channel(
                code=code,
                name=name,
                priority=priority,
                state_since=uow.now,
                maximum_minor=Money.parse(maximum).minor if maximum else None,
                hours=hours.stored(),
            )
        )
    uow.session.flush()


def _account_values(command: AddAccount, account: BankAccount) -> dict[str, Any]:
    limits = {
        "reserve": command.reserve,
        "single_limit": command.single_limit,
        "daily_limit": command.daily_limit,
    }
    return {
        "name": account.name,
        "bank": account.bank,
        "branch": account.branch,
        "kind": account.kind,
        **{key: None if one is None else one.decimal() for key, one in limits.items()},
    }


def _channel_values(row: Channel) -> dict[str, Any]:
    until = row.certificate_until
    return {
        "up": row.up,
        "note": row.state_note,
        "certificate_until": until.isoformat() if until else None,
    }


def _account(work: ReadWork, number: str) -> BankAccount:
    account = work.session.scalar(select(BankAccount).where(BankAccount.number == number))
    if account is None:
        raise NotFound(f"没有付款账户“{number}”。")
    return account
