"""What must hold before a resumption is asked for or carried out."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from app.core.codes import HoldCause, StopReason
from app.payments import gate
from app.payments.cover import effective_holds
from app.payments.editing import held_message
from app.payments.errors import NotResumable, PaymentHeld, ResultUnknown, RuleChangeNeeded
from app.payments.model import Payment, RuleChange
from app.payments.states import STATUS_LABELS, HoldScope, Stage, Status
from app.storage.work import ReadWork, UnitOfWork

_RULE_REASONS: Final = frozenset({StopReason.RISK_RULE, StopReason.LIMIT_EXCEEDED})


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


def check_rule_change(
    uow: UnitOfWork, payment: Payment, waivers: Mapping[str, str], rule_change_no: str | None
) -> None:
    """C3.3: what was stopped by a rule needs a linked rule change or a waiver with its reason."""
    ruled = [
        hold
        for hold in effective_holds(uow, payment)
        if StopReason(hold.reason) in _RULE_REASONS or hold.cause == HoldCause.RISK_CONTROL
    ]
    unknown = set(waivers) - gate.waivable_codes()
    if unknown:
        raise RuleChangeNeeded(f"检查项“{min(unknown)}”不能豁免。")
    if any(not reason.strip() for reason in waivers.values()):
        raise RuleChangeNeeded("豁免须填写理由。")
    if ruled and rule_change_no is None and not waivers:
        raise RuleChangeNeeded(f"该笔因规则停付（{ruled[0].text}）。")
    if rule_change_no is not None:
        find_rule_change(uow, rule_change_no)


def find_rule_change(work: ReadWork, number: str) -> RuleChange:
    row = work.session.scalar(select(RuleChange).where(RuleChange.number == number))
    if row is None:
        raise RuleChangeNeeded(f"没有规则变更“{number}”。")
    return row
