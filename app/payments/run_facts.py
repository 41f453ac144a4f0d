"""The facts that all payments of one run share; each is read once, when it is first asked for."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property

from sqlalchemy import func, select

from app.access.guard import span_of
from app.access.model import RoleGrant, User
from app.access.rights import APPROVAL_RANK, Role, rights_of
from app.access.rules import roles_at
from app.accounts import reading
from app.accounts.model import AccountBalance, BankAccount
from app.accounts.rules import ChannelFacts, Restriction
from app.core.clock import business_date
from app.core.money import Money
from app.core.workdays import Workdays
from app.payments.cover import HoldIndex, open_holds
from app.payments.diagnosis.facts import (
    MakerFacts,
    RoleChange,
    SystemFacts,
)
from app.payments.model import (
    Attempt,
    Payment,
    RuleSetting,
)
from app.payments.states import Status
from app.payments.thresholds import defaults
from app.payments.transit import in_transit
from app.storage.work import ReadWork

_REMEMBERED = 12


@dataclass
class RunFacts:
    """What all payments of one run share."""

    work: ReadWork
    system: SystemFacts
    amounts: dict[int, tuple[Money, ...]] = field(default_factory=dict)

    @cached_property
    def thresholds(self) -> dict[str, str]:
        own = {row.code: row.value for row in self.work.session.scalars(select(RuleSetting))}
        return {**defaults(), **own}

    @cached_property
    def accounts(self) -> dict[int, BankAccount]:
        return {row.id: row for row in self.work.session.scalars(select(BankAccount))}

    @cached_property
    def balances(self) -> dict[int, AccountBalance]:
        return reading.latest_balances(self.work)

    @cached_property
    def users(self) -> dict[int, User]:
        return {row.id: row for row in self.work.session.scalars(select(User))}

    @cached_property
    def grants(self) -> dict[int, list[RoleGrant]]:
        found: dict[int, list[RoleGrant]] = defaultdict(list)
        for row in self.work.session.scalars(select(RoleGrant).order_by(RoleGrant.granted_at)):
            found[row.user_id].append(row)
        return found

    @cached_property
    def holds(self) -> HoldIndex:
        return HoldIndex(open_holds(self.work))

    @cached_property
    def restrictions(self) -> dict[int, tuple[Restriction, ...]]:
        return reading.restrictions(self.work)

    @cached_property
    def channels(self) -> dict[str, ChannelFacts]:
        return reading.channels(self.work)

    @cached_property
    def calendar(self) -> Workdays:
        return reading.workdays(self.work)

    @cached_property
    def in_transit(self) -> dict[int, int]:
        return in_transit(self.work)

    @cached_property
    def sent_today(self) -> dict[int, int]:
        midnight = datetime.combine(self.work.today, time(), self.work.tz)
        rows = self.work.session.execute(
            select(Payment.account_id, func.sum(Payment.amount_minor))
            .join(Attempt, Attempt.payment_id == Payment.id)
            .where(Attempt.written_at >= midnight, Attempt.state != "FAILED")
            .group_by(Payment.account_id)
        )
        return {account: int(total) for account, total in rows}

    @cached_property
    def due(self) -> dict[int, list[tuple[date, int]]]:
        """Per account: (day, sum of what is ready to leave on that day), by day."""
        rows = self.work.session.execute(
            select(Payment.account_id, Payment.due_on, func.sum(Payment.amount_minor))
            .where(Payment.status == Status.READY)
            .group_by(Payment.account_id, Payment.due_on)
            .order_by(Payment.due_on)
        )
        found: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for account, day, total in rows:
            found[account].append((day, int(total)))
        return found

    def roles_then(self, user_id: int, at: datetime) -> frozenset[Role]:
        spans = [span_of(row) for row in self.grants.get(user_id, [])]
        return roles_at(spans, at, business_date(at, self.work.tz))

    def maker(self, user_id: int, at: datetime) -> MakerFacts:
        user = self.users[user_id]
        return MakerFacts(
            username=user.username,
            name=user.name,
            active=user.active,
            locked_until=user.locked_until,
            rights_then=rights_of(self.roles_then(user_id, at)),
            rights_now=rights_of(self.roles_then(user_id, self.work.now)),
            changes=tuple(self._changes_since(user_id, at)),
        )

    def _changes_since(self, user_id: int, at: datetime) -> Iterator[RoleChange]:
        for row in self.grants.get(user_id, []):
            if row.ended_at is not None and row.ended_at >= at:
                yield RoleChange(
                    Role(row.role),
                    row.ended_at,
                    row.ended_by or "",
                    row.end_cause or "",
                    expired=False,
                )
            elif row.valid_until is not None and (
                business_date(at, self.work.tz) <= row.valid_until < self.work.today
            ):
                ran_out = datetime.combine(row.valid_until, time.max, self.work.tz)
                yield RoleChange(
                    Role(row.role), ran_out, row.granted_by, "有效期届满", expired=True
                )

    def deciders(self, level: Role, barred: frozenset[int]) -> tuple[str, ...]:
        """Active people, not barred, whose post reaches the level today."""
        return tuple(
            user.name
            for user in self.users.values()
            if user.active
            and user.id not in barred
            and any(
                APPROVAL_RANK.get(role, 0) >= APPROVAL_RANK[level]
                for role in self.roles_then(user.id, self.work.now)
            )
        )

    def last_amounts(self, payee_id: int) -> tuple[Money, ...]:
        if payee_id not in self.amounts:
            rows = self.work.session.execute(
                select(Payment.amount_minor, Payment.currency)
                .where(Payment.payee_id == payee_id, Payment.executed_at.is_not(None))
                .order_by(Payment.executed_at.desc())
                .limit(_REMEMBERED)
            )
            self.amounts[payee_id] = tuple(Money(minor, currency) for minor, currency in rows)
        return self.amounts[payee_id]
