"""Placing, lifting and expiring holds (暂停令): requirements A5.1 … A5.5."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.access import approvals
from app.access.approvals import ApprovalKind, Decision, Opening, RequestState, Verdict
from app.access.guard import Act, Actor, acting
from app.access.matrix import current_tiers
from app.access.rights import Right, Role
from app.access.rules import levels_for
from app.accounts.model import BankAccount
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.codes import HoldCause, StopReason
from app.core.errors import NotFound
from app.core.money import Money
from app.payees.model import Payee
from app.payments.cover import COMPANY_ID, effective_holds, payments_under, refresh_under
from app.payments.errors import BadHold, HoldNotOpen, LiftByResume
from app.payments.model import Hold, Payment
from app.payments.moves import end_resumption
from app.payments.states import (
    COVERABLE,
    HOLDING,
    SCOPE_LABELS,
    STOPPABLE,
    HoldScope,
    HoldState,
    Status,
)
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork, UnitOfWork

MANUAL, SYSTEM = "MANUAL", "SYSTEM"
_WIDE = frozenset({HoldScope.COMPANY, HoldScope.ACCOUNT, HoldScope.PAYEE})


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """A stop on a scope. target: account number, payee id as text, or payment number.

    until: the last day of the hold; None holds until it is lifted.
    """

    scope: HoldScope
    target: str
    cause: HoldCause
    text: str
    until: date | None = None
    evidence: str = ""
    reason: StopReason = StopReason.MANUAL_PAUSE


@dataclass(frozen=True, slots=True)
class HoldResult:
    """A hold and the numbers of the payments that it stops."""

    number: str
    stopped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """What the lifting of a hold would do, or did, to one payment."""

    number: str
    payee: str
    amount: Money
    due_on: date
    status: Status
    still_held: int


def place(db: Database, actor: Actor, command: PlaceHold) -> HoldResult:
    """Stop payments at once; the safe direction needs no approval.

    Raises Denied, BadHold, or NotFound for an unknown target.
    """
    with acting(db, actor, right_for(command.scope)) as act:
        result, event = hold_in(act, command)
        act.done(event)
        return result


def right_for(scope: HoldScope) -> Right:
    """What placing a hold of that scope needs."""
    return Right.HOLD_PLACE_WIDE if scope in _WIDE else Right.HOLD_PLACE


def hold_in(act: Act, command: PlaceHold) -> tuple[HoldResult, Event]:
    """Place as a part of a larger act, which commits it with the entry for the trail."""
    _check(act.uow, command)
    scope_id, label = _target(act.uow, command.scope, command.target)
    hold = Hold(
        number=yearly(act.uow, "ZT"),
        scope=command.scope,
        scope_id=scope_id,
        scope_label=label,
        reason=command.reason,
        cause=command.cause,
        text=command.text.strip(),
        evidence=command.evidence.strip(),
        origin=MANUAL,
        until=command.until,
        state=HoldState.OPEN,
        placed_by=act.person.user_id,
        placed_name=act.person.label,
        placed_at=act.uow.now,
    )
    act.uow.session.add(hold)
    if command.scope is HoldScope.PAYMENT:
        payment = act.uow.session.get_one(Payment, scope_id)
        why = f"申请后又被拦截（{hold.number}），原恢复申请失效"
        end_resumption(act.uow, payment, why, act.person.label)
    changed = refresh_under(act.uow, [hold])
    stopped = tuple(shown.number for shown in changed)
    return HoldResult(hold.number, stopped), _event("hold.placed", hold, stopped, hold.text)


def place_system_hold(
    uow: UnitOfWork, payment: Payment, reason: StopReason, text: str, finding_id: int | None
) -> Hold:
    """A stop that the program itself places on a single payment, with the finding behind it."""
    hold = Hold(
        number=yearly(uow, "ZT"),
        scope=HoldScope.PAYMENT,
        scope_id=payment.id,
        scope_label=payment.number,
        reason=reason,
        text=text,
        origin=SYSTEM,
        finding_id=finding_id,
        state=HoldState.OPEN,
        placed_name=SYSTEM_ACTOR,
        placed_at=uow.now,
    )
    uow.session.add(hold)
    uow.session.flush()
    record(
        uow,
        SYSTEM_ACTOR,
        Event(
            "hold.placed",
            f"payment:{payment.number}",
            after={"hold": hold.number, "reason": reason},
            reason=text,
        ),
    )
    return hold


def lift_preview(work: ReadWork, number: str) -> list[Release]:
    """The payments under a hold and how many other holds would keep each of them stopped."""
    hold = find_hold(work, number)
    return [
        Release(
            payment.number,
            payment.payee_name,
            Money(payment.amount_minor, payment.currency),
            payment.due_on,
            Status(payment.status),
            payment.hold_count - 1,
        )
        for payment in payments_under(work, hold)
    ]


def request_lift(
    db: Database, actor: Actor, number: str, reason: str, expected_version: int
) -> int:
    """Ask for the lifting of a scope hold; returns the id of the approval request.

    Raises LiftByResume for a hold on a single payment, HoldNotOpen when it is not open.
    """
    with acting(db, actor, Right.HOLD_LIFT_REQUEST) as act:
        hold = find_hold(act.uow, number)
        if hold.scope == HoldScope.PAYMENT:
            raise LiftByResume(f"{number} 是单笔停付，不能直接解除。")
        if hold.state != HoldState.OPEN or hold.version != expected_version:
            raise HoldNotOpen(f"{number} 已被他人办理或状态已变化。")
        if not reason.strip():
            raise BadHold("请填写解除暂停的理由。")
        released = payments_under(act.uow, hold)
        total = sum_of(released)
        hold.state = HoldState.LIFTING
        hold.lift_reason = reason.strip()
        request = approvals.open_request(
            act.uow,
            Opening(
                ApprovalKind.HOLD_LIFT,
                hold.id,
                hold.number,
                f"解除{SCOPE_LABELS[HoldScope(hold.scope)]}暂停：{hold.scope_label}"
                f"（将放行 {len(released)} 笔）",
                total,
                lift_levels(act.uow, total),
                frozenset({act.person.user_id}),
            ),
            act.person.user_id,
        )
        act.done(_event("hold.lift_requested", hold, [p.number for p in released], reason))
        return request.id


def lift_levels(work: ReadWork, total: Money | None) -> tuple[Role, ...]:
    """Who approves a lifting: the highest level that the sum of what is released would need.

    None: more than one currency, which takes the last tier as any foreign amount does.
    """
    tiers = current_tiers(work)
    top = (tiers[-1].levels if total is None else levels_for(tiers, total))[-1]
    return (Role.SUPERVISOR,) if top is Role.CHECKER else (top,)


def sum_of(payments: Sequence[Payment]) -> Money | None:
    """What they come to; None where they are of more than one currency."""
    currencies = {payment.currency for payment in payments} or {"CNY"}
    if len(currencies) > 1:
        return None
    return Money(sum(payment.amount_minor for payment in payments), *currencies)


def decide_lift(db: Database, actor: Actor, verdict: Verdict) -> tuple[str, ...]:
    """Decide on a lifting; returns the numbers of the payments it released.

    Raises what approvals.decide raises.
    """
    with acting(db, actor, Right.HOLD_LIFT_APPROVE) as act:
        outcome = approvals.decide(act, verdict, ApprovalKind.HOLD_LIFT)
        hold = act.uow.session.get_one(Hold, outcome.request.subject_id)
        if outcome.state is RequestState.OPEN:
            act.done(_event("hold.lift_step", hold, (), verdict.remark))
            return ()
        if verdict.decision is not Decision.APPROVE:
            hold.state = HoldState.OPEN
            act.done(_event("hold.lift_refused", hold, (), verdict.remark))
            return ()
        return _release(act, hold, verdict.remark)


def release_in(uow: UnitOfWork, hold: Hold, state: HoldState, by: str, resolution: str) -> None:
    """End a hold inside a wider act; the caller refreshes the payments."""
    hold.state = state
    hold.released_by = by
    hold.released_at = uow.now
    hold.resolution = resolution


def close_payment_holds(uow: UnitOfWork, payment: Payment, by: str, why: str) -> None:
    """End the holds on a payment that is over: executed after all, or voided."""
    for hold in uow.session.scalars(
        select(Hold).where(
            Hold.scope == HoldScope.PAYMENT, Hold.scope_id == payment.id, Hold.state.in_(HOLDING)
        )
    ):
        release_in(uow, hold, HoldState.RELEASED, by, why)


def expire_due(db: Database) -> list[str]:
    """End the holds whose last day has passed, as the daily check does; returns their numbers."""
    with db.write() as uow:
        due = uow.session.scalars(
            select(Hold).where(Hold.state.in_(HOLDING), Hold.until < uow.today)
        ).all()
        if not due:
            return []
        for hold in due:
            approvals.void(uow, ApprovalKind.HOLD_LIFT, hold.id, "暂停令已到期")
            release_in(uow, hold, HoldState.EXPIRED, SYSTEM_ACTOR, "到期自动解除")
        _end_idle_resumptions(uow, due)
        changed = refresh_under(uow, due)
        record(
            uow,
            SYSTEM_ACTOR,
            *[_event("hold.expired", hold, [s.number for s in changed], "") for hold in due],
        )
        uow.commit()
        return [hold.number for hold in due]


def find_hold(work: ReadWork, number: str) -> Hold:
    """The hold row. Raises NotFound."""
    hold = work.session.scalar(select(Hold).where(Hold.number == number))
    if hold is None:
        raise NotFound(f"没有暂停令“{number}”。")
    return hold


def _release(act: Act, hold: Hold, remark: str) -> tuple[str, ...]:
    release_in(act.uow, hold, HoldState.RELEASED, act.person.label, remark or hold.lift_reason)
    changed = refresh_under(act.uow, [hold])
    numbers = tuple(shown.number for shown in changed)
    act.done(_event("hold.lifted", hold, numbers, hold.lift_reason))
    return numbers


def _end_idle_resumptions(uow: UnitOfWork, ended: Sequence[Hold]) -> None:
    """Void the resumptions that have nothing left to let go."""
    uow.session.flush()
    for hold in ended:
        if hold.scope != HoldScope.PAYMENT:
            continue
        payment = uow.session.get_one(Payment, hold.scope_id)
        single = [one for one in effective_holds(uow, payment) if one.scope == HoldScope.PAYMENT]
        if payment.stage in STOPPABLE and not single:
            end_resumption(uow, payment, f"暂停令 {hold.number} 已到期，不需要恢复", SYSTEM_ACTOR)


def _check(uow: UnitOfWork, command: PlaceHold) -> None:
    if not command.text.strip():
        raise BadHold("请填写暂停的原因说明。")
    if command.until is not None and command.until < uow.today:
        raise BadHold("暂停截止日不能早于今天。")


def _target(uow: UnitOfWork, scope: HoldScope, target: str) -> tuple[int, str]:
    session = uow.session
    match scope:
        case HoldScope.COMPANY:
            return COMPANY_ID, "全公司"
        case HoldScope.ACCOUNT:
            account = session.scalar(select(BankAccount).where(BankAccount.number == target))
            if account is None:
                raise NotFound(f"没有付款账户“{target}”。")
            return account.id, f"{account.bank} {account.number}"
        case HoldScope.PAYEE:
            payee = session.get(Payee, int(target)) if target.isdecimal() else None
            if payee is None:
                raise NotFound(f"没有收款方“{target}”。")
            return payee.id, payee.name
        case HoldScope.PAYMENT:
            payment = session.scalar(select(Payment).where(Payment.number == target))
            if payment is None:
                raise NotFound(f"没有付款指令“{target}”。")
            if payment.stage not in COVERABLE:
                raise BadHold(
                    f"{target} 已提交银行或已结束，不能再拦截。",
                    "如需追回请立即联系银行办理撤销或退汇。",
                )
            return payment.id, payment.number


def _event(act: str, hold: Hold, numbers: object, reason: str) -> Event:
    listed = list(numbers) if isinstance(numbers, (list, tuple)) else []
    subject = (
        f"payment:{hold.scope_label}" if hold.scope == HoldScope.PAYMENT else f"hold:{hold.number}"
    )
    return Event(
        act,
        subject,
        after={
            "hold": hold.number,
            "scope": hold.scope,
            "target": hold.scope_label,
            "reason": hold.reason,
            "until": hold.until.isoformat() if hold.until else None,
            "payments": listed[:_NAMED],
            "count": len(listed),
        },
        reason=reason,
    )


_NAMED = 200
