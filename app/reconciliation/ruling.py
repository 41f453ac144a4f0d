"""Keeping the clerk's rules, and what a rule would do before it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.access.guard import Act, Actor, acting, name_of, reading
from app.access.rights import Right
from app.accounts.finding import find_account
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.errors import Conflict, NotFound
from app.reconciliation.bookings import Booking
from app.reconciliation.clerk_rules import (
    ClerkRule,
    Conditions,
    RuleAct,
    as_values,
    check,
    check_conditions,
    describe,
    from_values,
    match_by_rules,
)
from app.reconciliation.held import held
from app.reconciliation.items import BankItem, OurItem
from app.reconciliation.looking import BOOK_DAYS
from app.reconciliation.model import MatchRule
from app.reconciliation.reading import bank_items
from app.reconciliation.states import Side
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class RuleFields:
    """What a person writes. account: a number of ours, "" for all."""

    name: str
    conditions: Conditions
    act: RuleAct
    booking: Booking | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the list."""

    id: int
    position: int
    fields: RuleFields
    made_by: str
    version: int


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule means among the days' lines: those it would speak of, and those that are in a
    kept match already; pairs: what it would propose to match.
    """

    lines: tuple[BankItem, ...]
    matched: tuple[BankItem, ...]
    pairs: tuple[tuple[BankItem, OurItem], ...]


def active_rules(work: ReadWork) -> list[ClerkRule]:
    """The rules that hold, the first one first."""
    return [_rule(row) for row in _rows(work)]


def rule_lines(db: Database, actor: Actor) -> list[RuleLine]:
    """The same for the list. Raises Denied."""
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        numbers = {row.id: row.number for row in work.session.scalars(select(BankAccount))}
        return [
            RuleLine(
                row.id,
                row.position,
                RuleFields(
                    row.name,
                    from_values(row.conditions),
                    RuleAct(row.act),
                    _booking(row.booking),
                    "" if row.account_id is None else numbers[row.account_id],
                ),
                name_of(work, row.made_by),
                row.version,
            )
            for row in _rows(work)
        ]


def save_rule(
    db: Database, actor: Actor, fields: RuleFields, row_id: int | None = None, version: int = 0
) -> int:
    """Keep a new rule as the last one, or change one. Raises BadInput, NotFound, Conflict, Denied."""
    check(fields.name, fields.conditions, fields.act, fields.booking)
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        row = _new(act) if row_id is None else _at_version(act.uow, row_id, version)
        before = _said(row) if row_id is not None else {}
        row.name = fields.name.strip()[:60]
        row.account_id = find_account(act.uow, fields.account).id if fields.account else None
        row.conditions = as_values(fields.conditions)
        row.act = fields.act
        row.booking = None if fields.booking is None else _values(fields.booking)
        act.uow.session.add(row)
        act.uow.session.flush()
        act.done(Event("rule.saved", f"match_rule:{row.id}", before=before, after=_said(row)))
        return row.id


def withdraw_rule(db: Database, actor: Actor, row_id: int, version: int) -> None:
    """Let a rule hold no longer; it stays in the trail. Raises NotFound, Conflict, Denied."""
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        row = _at_version(act.uow, row_id, version)
        row.withdrawn_at, row.withdrawn_by = act.uow.now, act.person.user_id
        act.uow.session.flush()
        act.done(Event("rule.withdrawn", f"match_rule:{row.id}", before=_said(row)))


def raise_rule(db: Database, actor: Actor, row_id: int, version: int) -> None:
    """Put a rule before the one above it. Raises as withdraw_rule; the first stays where it is."""
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        row = _at_version(act.uow, row_id, version)
        rows = _rows(act.uow)
        place = rows.index(row)
        if place:
            above = rows[place - 1]
            row.position, above.position = above.position, row.position
            act.uow.session.flush()
        act.done(Event("rule.raised", f"match_rule:{row.id}", after={"position": row.position}))


def preview_rule(
    db: Database,
    actor: Actor,
    fields: RuleFields,
    account: str,
    days: tuple[date, date],
    ours: Iterable[OurItem] = (),
) -> RulePreview:
    """What the rule would have done on an account's days. ours: the items that are left.

    Raises BadInput for a rule that can't be kept, NotFound, Denied.
    """
    check_conditions(fields.conditions)
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        row = find_account(work, account)
        only = find_account(work, fields.account).id if fields.account else None
        rule = ClerkRule(0, fields.name, only, fields.conditions, fields.act, fields.booking)
        meant = [one for one in bank_items(work, row.id, *days) if rule.fits(one)]
        taken: set[int] = set()
        for side in Side:
            kept = held(work, row.id, side, days[0] - BOOK_DAYS, days[1] + BOOK_DAYS)
            taken |= {key for one in kept for key in one.lines}
    free = [one for one in meant if one.key not in taken]
    by_key = {one.key: one for one in free}
    items = {one.key: one for one in ours}
    pairs = match_by_rules([rule], free, items.values())
    return RulePreview(
        tuple(free),
        tuple(one for one in meant if one.key in taken),
        tuple((by_key[one.lines[0]], items[one.ours[0]]) for one in pairs),
    )


def _rows(work: ReadWork) -> list[MatchRule]:
    return list(
        work.session.scalars(
            select(MatchRule)
            .where(MatchRule.withdrawn_at.is_(None))
            .order_by(MatchRule.position, MatchRule.id)
        )
    )


def _rule(row: MatchRule) -> ClerkRule:
    return ClerkRule(
        row.id,
        row.name,
        row.account_id,
        from_values(row.conditions),
        RuleAct(row.act),
        _booking(row.booking),
    )


def _new(act: Act) -> MatchRule:
    last = act.uow.session.scalar(select(func.max(MatchRule.position))) or 0
    return MatchRule(
        name="",
        position=last + 1,
        conditions={},
        act=RuleAct.BOOKING,
        made_by=act.person.user_id,
        made_at=act.uow.now,
    )


def _at_version(work: ReadWork, row_id: int, version: int) -> MatchRule:
    row = work.session.get(MatchRule, row_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("该规则已不存在。", "请刷新后重试。")
    if row.version != version:
        raise Conflict(f"规则“{row.name}”已被他人修改。", "请刷新后查看。")
    return row


def _said(row: MatchRule) -> dict[str, Any]:
    does = describe(from_values(row.conditions), RuleAct(row.act), _booking(row.booking))
    return {"rule": row.name, "does": does}


def _values(booking: Booking) -> dict[str, str]:
    return {"subject": booking.subject, "debit": booking.debit, "credit": booking.credit}


def _booking(values: Any) -> Booking | None:
    return None if values is None else Booking(**values)
