"""Which holds lie over a payment, and the shown status that follows: kept in the same transaction.

The gate asks `effective_holds`, by scope, and trusts neither the covers nor the status.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from app.core.codes import ReasonClass, StopReason
from app.payments.model import Hold, HoldCover, Payment, ResumeRequest
from app.payments.states import (
    COVERABLE,
    HOLDING,
    STOPPED_STATUSES,
    HoldScope,
    ResumeState,
    Stage,
    Status,
    hold_class,
    shown_status,
)
from app.storage.work import ReadWork, UnitOfWork

COMPANY_ID = 1
_CHUNK = 500


def open_holds(work: ReadWork) -> list[Hold]:
    """Every hold in force today."""
    rows = work.session.scalars(
        select(Hold).where(
            Hold.state.in_(HOLDING), or_(Hold.until.is_(None), Hold.until >= work.today)
        )
    )
    return list(rows)


def effective_holds(work: ReadWork, payment: Payment) -> list[Hold]:
    """The holds in force over one payment, asked by scope."""
    rows = work.session.scalars(
        select(Hold)
        .where(
            Hold.state.in_(HOLDING),
            or_(Hold.until.is_(None), Hold.until >= work.today),
            or_(
                _on(HoldScope.COMPANY, COMPANY_ID),
                _on(HoldScope.ACCOUNT, payment.account_id),
                _on(HoldScope.PAYEE, payment.payee_id),
                _on(HoldScope.PAYMENT, payment.id),
            ),
        )
        .order_by(Hold.placed_at)
    )
    return list(rows)


def under(hold: Hold) -> ColumnElement[bool]:
    """The payments that a hold lies over."""
    match HoldScope(hold.scope):
        case HoldScope.COMPANY:
            return Payment.id > 0
        case HoldScope.ACCOUNT:
            return Payment.account_id == hold.scope_id
        case HoldScope.PAYEE:
            return Payment.payee_id == hold.scope_id
        case HoldScope.PAYMENT:
            return Payment.id == hold.scope_id


def payments_under(work: ReadWork, hold: Hold) -> list[Payment]:
    """The payments that the hold stops now, or would stop."""
    rows = work.session.scalars(
        select(Payment).where(under(hold), Payment.stage.in_(COVERABLE)).order_by(Payment.number)
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class Shown:
    """A payment's status before and after a refresh."""

    number: str
    before: Status
    after: Status


class HoldIndex:
    """The holds in force, found by what they lie over: for refreshing many payments at once."""

    def __init__(self, holds: Iterable[Hold]) -> None:
        self._by_scope: dict[tuple[str, int], list[Hold]] = defaultdict(list)
        for hold in holds:
            self._by_scope[hold.scope, hold.scope_id].append(hold)

    def over(self, payment: Payment) -> list[Hold]:
        if payment.stage not in COVERABLE:
            return []
        keys = (
            (HoldScope.COMPANY, COMPANY_ID),
            (HoldScope.ACCOUNT, payment.account_id),
            (HoldScope.PAYEE, payment.payee_id),
            (HoldScope.PAYMENT, payment.id),
        )
        return [hold for key in keys for hold in self._by_scope.get(key, ())]


def refresh(uow: UnitOfWork, *payments: Payment) -> list[Shown]:
    """Bring covers and shown status of these payments in line with holds, stage and resumption.

    Returns those whose status changed.
    """
    uow.session.flush()
    index = HoldIndex(open_holds(uow))
    changed: list[Shown] = []
    for start in range(0, len(payments), _CHUNK):
        chunk = payments[start : start + _CHUNK]
        ids = [payment.id for payment in chunk]
        covers = _covers(uow, ids)
        resuming = _resuming(uow, ids)
        for payment in chunk:
            holds = index.over(payment)
            _align(uow, payment, holds, covers[payment.id])
            shown = _show(uow, payment, holds, payment.id in resuming)
            if shown is not None:
                changed.append(shown)
    uow.session.flush()
    return changed


def refresh_under(uow: UnitOfWork, holds: Sequence[Hold]) -> list[Shown]:
    """The same for every payment under one of these holds."""
    uow.session.flush()
    seen: dict[int, Payment] = {}
    for hold in holds:
        seen.update((payment.id, payment) for payment in payments_under(uow, hold))
    return refresh(uow, *seen.values())


def _show(uow: UnitOfWork, payment: Payment, holds: list[Hold], resuming: bool) -> Shown | None:
    before = Status(payment.status) if payment.status else Status(payment.stage)
    after = shown_status(Stage(payment.stage), _classes(holds), resuming)
    if payment.hold_count != len(holds):
        payment.hold_count = len(holds)
    if payment.status != after:
        payment.status = after
    if after in STOPPED_STATUSES and payment.stopped_at is None:
        payment.stopped_at = uow.now
    if not holds and payment.stopped_at is not None:
        payment.stopped_at = None
    return None if before == after else Shown(payment.number, before, after)


def _classes(holds: Iterable[Hold]) -> list[ReasonClass]:
    return [hold_class(HoldScope(hold.scope), StopReason(hold.reason)) for hold in holds]


def _align(
    uow: UnitOfWork, payment: Payment, holds: list[Hold], covers: Mapping[int, HoldCover]
) -> None:
    wanted = {hold.id: hold for hold in holds}
    for hold_id, hold in wanted.items():
        cover = covers.get(hold_id)
        if cover is None:
            uow.session.add(HoldCover(hold_id=hold_id, payment_id=payment.id, reason=hold.reason))
        elif cover.ended_at is not None:
            cover.ended_at = None
    for hold_id, cover in covers.items():
        if hold_id not in wanted and cover.ended_at is None:
            cover.ended_at = uow.now


def _covers(uow: UnitOfWork, ids: Collection[int]) -> dict[int, dict[int, HoldCover]]:
    found: dict[int, dict[int, HoldCover]] = defaultdict(dict)
    for cover in uow.session.scalars(select(HoldCover).where(HoldCover.payment_id.in_(ids))):
        found[cover.payment_id][cover.hold_id] = cover
    return found


def _resuming(work: ReadWork, ids: Collection[int]) -> set[int]:
    return set(
        work.session.scalars(
            select(ResumeRequest.payment_id).where(
                ResumeRequest.payment_id.in_(ids),
                ResumeRequest.state == ResumeState.IN_APPROVAL,
            )
        )
    )


def _on(scope: HoldScope, scope_id: int) -> ColumnElement[bool]:
    return and_(Hold.scope == scope, Hold.scope_id == scope_id)
