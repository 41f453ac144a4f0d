"""What must hold before a resumption is asked for or carried out."""

import re
from collections.abc import Collection, Sequence
from typing import Final, Protocol

from sqlalchemy import select

from app.core.codes import HoldCause, StopReason
from app.payments.cover import effective_holds
from app.payments.editing import held_message
from app.payments.errors import NotResumable, PaymentHeld, ResultUnknown, RuleChangeNeeded
from app.payments.flow import RULE_STOP
from app.payments.model import Hold, Payment, RuleChange
from app.payments.states import STATUS_LABELS, STOPPABLE, HoldScope, Stage, Status
from app.storage.work import ReadWork, UnitOfWork

RULE_REASONS: Final = frozenset({StopReason.RISK_RULE, StopReason.LIMIT_EXCEEDED})
_RULE_NAMED: Final = re.compile(r"R\d\d")


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
    stated: Collection[str],
    waived: Collection[StopReason],
    rule_change_no: str | None,
) -> None:
    """C3.3: what was stopped by a rule needs a rule change of that rule since, or a waiver.

    stated: the checks that reasons are given for; waived: what these pass over. Raises RuleChangeNeeded.
    """
    ruled = [hold for hold in effective_holds(work, payment) if by_rule(hold)]
    if RULE_STOP in stated and not ruled:
        raise RuleChangeNeeded("该笔不是因规则停付，不需要豁免停付规则。", "请去掉该项豁免。")
    change = None if rule_change_no is None else find_rule_change(work, rule_change_no)
    if change is not None and not any(answers(change, hold) for hold in ruled):
        raise RuleChangeNeeded(f"规则变更 {change.number} 与本笔停付的规则无关，或早于停付。")
    excused = RULE_STOP in stated or not RULE_REASONS.isdisjoint(waived)
    left = [hold for hold in ruled if change is None or not answers(change, hold)]
    if left and not excused:
        raise RuleChangeNeeded(f"该笔因规则停付（{left[0].text}）。")


def answers(change: RuleChange, hold: Hold) -> bool:
    """Whether a rule change is about what stopped the payment: the same rule, changed since.

    Where the stop names no rule, any risk rule (R01 … R16, domain.md §5.1) may be meant.
    """
    named = set(_RULE_NAMED.findall(hold.text))
    rule = change.code.partition(".")[0]
    fits = rule in named if named else _RULE_NAMED.fullmatch(rule) is not None
    return by_rule(hold) and fits and change.at >= hold.placed_at


def answering(work: ReadWork, holds: Sequence[Hold]) -> frozenset[str]:
    """The numbers of the rule changes that answer one of these holds."""
    ruled = [hold for hold in holds if by_rule(hold)]
    if not ruled:
        return frozenset()
    since = min(hold.placed_at for hold in ruled)
    rows = work.session.scalars(select(RuleChange).where(RuleChange.at >= since))
    return frozenset(row.number for row in rows if any(answers(row, hold) for hold in ruled))


def find_rule_change(work: ReadWork, number: str) -> RuleChange:
    row = work.session.scalar(select(RuleChange).where(RuleChange.number == number))
    if row is None:
        raise RuleChangeNeeded(f"没有规则变更“{number}”。")
    return row
