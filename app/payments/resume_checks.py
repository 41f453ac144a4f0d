"""What must hold before a resumption is asked for or carried out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import select

from app.core.codes import HoldCause, StopReason
from app.payees.changes import ChangeState
from app.payees.model import PayeeChange
from app.payments.cover import effective_holds
from app.payments.editing import held_message
from app.payments.errors import NotResumable, PaymentHeld, ResultUnknown, RuleChangeNeeded
from app.payments.flow import RULE_STOP, excused, rules_in
from app.payments.gate import Waiver
from app.payments.model import Hold, Payment, RuleChange
from app.payments.states import STATUS_LABELS, STOPPABLE, HoldScope, Stage, Status
from app.storage.work import ReadWork, UnitOfWork

RULE_REASONS: Final = frozenset({StopReason.RISK_RULE, StopReason.LIMIT_EXCEEDED})
# A changed account is answered by calling back (domain.md §5.1), not by another threshold.
_CHANGED_ACCOUNT: Final = frozenset({"R10"})


class Stop(Protocol):
    """What is looked at of a hold."""

    @property
    def reason(self) -> str: ...

    @property
    def cause(self) -> str: ...


def refuse_unless_resumable(uow: UnitOfWork, payment: Payment) -> None:
    if payment.stage == Stage.UNKNOWN:
        raise ResultUnknown("状态不明，请先向银行核实，不能重新提交。")
    held = bool(effective_holds(uow, payment))
    failed = payment.stage in {Stage.FAILED, Stage.RETURNED}
    if payment.status == Status.RESUME_PENDING or not (held or failed):
        label = STATUS_LABELS[Status(payment.status)]
        raise NotResumable(f"{payment.number} 当前为“{label}”，不需要恢复。")
    refuse_wide_holds(uow, payment)


def refuse_wide_holds(work: ReadWork, payment: Payment) -> None:
    for hold in effective_holds(work, payment):
        if hold.scope != HoldScope.PAYMENT:
            raise PaymentHeld(held_message(hold, work))


def refuse_other_holds(work: ReadWork, payment: Payment, seen: Collection[str]) -> None:
    """Raises PaymentHeld for a stop that approvers never saw, NotResumable when none is left."""
    now = effective_holds(work, payment)
    for hold in now:
        if hold.number not in seen:
            raise PaymentHeld(held_message(hold, work), "请退回本申请，核实后重新申请恢复。")
    if not now and payment.stage in STOPPABLE:
        raise NotResumable(f"{payment.number} 的暂停令已到期或解除，不需要恢复。")


def by_rule(hold: Stop) -> bool:
    """Whether a rule or a limit stopped the payment, so that C3.3 asks for more than words."""
    return hold.reason in RULE_REASONS or hold.cause == HoldCause.RISK_CONTROL


def check_rule_change(
    work: ReadWork,
    payment: Payment,
    waivers: Mapping[str, Waiver],
    rule_change_no: str | None,
) -> None:
    """C3.3: what was stopped by a rule needs a rule change of that rule since, or a waiver; a
    changed account (R10) that was called back since needs neither.

    waivers: check, or RULE_STOP, → what it passes over. Raises RuleChangeNeeded.
    """
    ruled = rule_stops(work, payment, effective_holds(work, payment))
    if RULE_STOP in waivers and not ruled:
        raise RuleChangeNeeded("该笔不是因规则停付，不需要豁免停付规则。", "请去掉该项豁免。")
    answered: Collection[Hold] = ()
    if rule_change_no is not None:
        change = find_rule_change(work, rule_change_no)
        answered = [hold for hold in ruled if change.number in answering(work, [hold])]
        if not answered:
            raise RuleChangeNeeded(
                f"规则变更 {change.number} 与本笔停付的规则无关、早于停付，或已被改回或再次变更。"
            )
    passed = {code: waiver.found for code, waiver in waivers.items()}
    left = [hold for hold in ruled if hold not in answered and not excused(hold.text, passed)]
    if left:
        raise RuleChangeNeeded(f"该笔因规则停付（{left[0].text}）。")


def rule_stops(work: ReadWork, payment: Payment, holds: Iterable[Hold]) -> list[Hold]:
    """The stops by a rule that still want an answer: a call-back answers a changed account."""
    ruled = [hold for hold in holds if by_rule(hold)]
    called = _called_back_at(work, payment) if ruled else None
    return [
        hold
        for hold in ruled
        if called is None or called < hold.placed_at or rules_in(hold.text) != _CHANGED_ACCOUNT
    ]


def _called_back_at(work: ReadWork, payment: Payment) -> datetime | None:
    """When the account that the payment goes to was last confirmed to belong to its payee."""
    rows = work.session.scalars(
        select(PayeeChange)
        .where(PayeeChange.payee_id == payment.payee_id, PayeeChange.state == ChangeState.CONFIRMED)
        .order_by(PayeeChange.decided_at.desc())
    )
    return next((r.decided_at for r in rows if r.after["account"] == payment.payee_account), None)


def answering(work: ReadWork, holds: Sequence[Hold]) -> frozenset[str]:
    """The numbers of the rule changes that answer one of these holds.

    A change answers a stop when it is of the rule that the stop names (where it names none: of any
    risk rule, R01 … R16, domain.md §5.1), is in force, and left another value than the stop met.
    """
    ruled = [hold for hold in holds if by_rule(hold)]
    if not ruled:
        return frozenset()
    since = min(hold.placed_at for hold in ruled)
    changes: dict[str, list[RuleChange]] = defaultdict(list)
    for row in work.session.scalars(
        select(RuleChange).where(RuleChange.at >= since).order_by(RuleChange.id)
    ):
        changes[row.code].append(row)
    return frozenset(
        rows[-1].number for rows in changes.values() if any(_answer(rows, hold) for hold in ruled)
    )


def _answer(changes: Sequence[RuleChange], hold: Hold) -> bool:
    since = [change for change in changes if change.at >= hold.placed_at]
    rules, named = rules_in(changes[0].code), rules_in(hold.text)
    fits = rules == named if named else True
    return bool(rules) and fits and bool(since) and since[0].before != since[-1].after


def find_rule_change(work: ReadWork, number: str) -> RuleChange:
    row = work.session.scalar(select(RuleChange).where(RuleChange.number == number))
    if row is None:
        raise RuleChangeNeeded(f"没有规则变更“{number}”。")
    return row
