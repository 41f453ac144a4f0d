"""What the 工作台 shows: how many things wait for me and how many payments stand still."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select

from app.access.guard import Actor, Person, identify, reading
from app.access.inbox import InboxLine, waiting_for
from app.access.model import RoleGrant, WizardDraft
from app.access.rights import Right
from app.core.money import Money
from app.payees.changes import ChangeState
from app.payees.model import PayeeChange
from app.payments.detail import payee_changes
from app.payments.listing import PaymentFilter, Tab, Total, tab_totals
from app.payments.model import Hold, PaymentTotal
from app.payments.records import ChangeLine
from app.payments.states import HOLDING, HoldScope, Status
from app.storage.work import Database, ReadWork

EXPIRY_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a person can decide now: requests, and payees' changes to call back about."""

    requests: tuple[InboxLine, ...]
    call_backs: tuple[ChangeLine, ...]

    @property
    def count(self) -> int:
        return len(self.requests) + len(self.call_backs)


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts for the cards; `totals` by tab of the payment list, `unknown` those of 状态不明.

    expiring: posts that end within EXPIRY_DAYS days: everybody's for an administrator, else one's
    own. wide_holds: open holds on the company, an account or a payee.
    """

    to_decide: int
    totals: dict[Tab, Total]
    unknown: Total
    drafts: int
    expiring: int
    payee_changes: int
    wide_holds: int


def waiting(db: Database, actor: Actor) -> Waiting:
    """The one answer to how much waits for this person; every count shown is this one's.

    Raises SignedOut.
    """
    requests = tuple(waiting_for(db, actor))
    with db.read() as work:
        person = identify(work, actor)
        if Right.PAYEE_CONFIRM not in person.rights:
            return Waiting(requests, ())
        others = set(
            work.session.scalars(
                select(PayeeChange.number).where(
                    PayeeChange.state == ChangeState.ASKED,
                    PayeeChange.asked_by != person.user_id,
                )
            )
        )
    if not others:
        return Waiting(requests, ())
    calls = payee_changes(db, actor, open_only=True)
    return Waiting(requests, tuple(one for one in calls if one.number in others))


def overview(db: Database, actor: Actor) -> Overview:
    """What waits for this person, and what stands still in the company."""
    totals = tab_totals(db, actor, PaymentFilter())
    to_decide = waiting(db, actor).count
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        person = identify(work, actor)
        drafts = select(WizardDraft.id).where(WizardDraft.user_id == actor.user_id)
        changes = select(PayeeChange.id).where(PayeeChange.state == ChangeState.ASKED)
        wide = select(Hold.id).where(Hold.state.in_(HOLDING), Hold.scope != HoldScope.PAYMENT)
        return Overview(
            to_decide=to_decide,
            totals=totals,
            unknown=_of_status(work, Status.UNKNOWN),
            drafts=_count(work, drafts),
            expiring=_count(work, _expiring(work, person)),
            payee_changes=_count(work, changes),
            wide_holds=_count(work, wide),
        )


def _expiring(work: ReadWork, person: Person) -> Select[Any]:
    query = select(RoleGrant.id).where(
        RoleGrant.ended_at.is_(None),
        RoleGrant.valid_until.is_not(None),
        RoleGrant.valid_until >= work.today,
        RoleGrant.valid_until <= work.today + timedelta(days=EXPIRY_DAYS),
    )
    if Right.USER_MANAGE in person.rights:
        return query
    return query.where(RoleGrant.user_id == person.user_id)


def _of_status(work: ReadWork, status: Status) -> Total:
    rows = [
        row
        for row in work.session.scalars(
            select(PaymentTotal)
            .where(PaymentTotal.status == status)
            .order_by(PaymentTotal.currency)
        )
        if row.payments
    ]
    return Total(
        sum(row.payments for row in rows),
        tuple(Money(row.amount_minor, row.currency) for row in rows),
    )


def _count(work: ReadWork, query: Select[Any]) -> int:
    return work.session.scalar(select(func.count()).select_from(query.subquery())) or 0
