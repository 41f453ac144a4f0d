"""How a payment moves on, and what ends with the stage that it leaves."""

from collections.abc import Mapping

from sqlalchemy import select

from app.access import approvals
from app.access.approvals import ApprovalKind
from app.audit.trail import Event, record
from app.core.states import move
from app.payments.model import Payment, ResumeRequest
from app.payments.states import MOVES, STAGE_LABELS, ResumeState, Stage
from app.storage.work import UnitOfWork


def to_stage(
    uow: UnitOfWork,
    payment: Payment,
    target: Stage,
    by: str,
    moves: Mapping[Stage, frozenset[Stage]] = MOVES,
) -> None:
    """Move a payment; a resumption that was asked for in the stage it leaves no longer holds.

    Raises IllegalTransition.
    """
    payment.stage = move(payment.number, Stage(payment.stage), target, moves, STAGE_LABELS)
    end_resumption(uow, payment, f"付款已转为“{STAGE_LABELS[target]}”，原恢复申请失效", by)


def end_resumption(uow: UnitOfWork, payment: Payment, why: str, by: str) -> None:
    """Void the payment's open resumption, if there is one: what its approvers saw is gone."""
    approvals.void(uow, ApprovalKind.RESUME, payment.id, why)
    for form in uow.session.scalars(
        select(ResumeRequest).where(
            ResumeRequest.payment_id == payment.id,
            ResumeRequest.state == ResumeState.IN_APPROVAL,
        )
    ):
        form.state, form.closed_at, form.closed_why = ResumeState.VOIDED, uow.now, why
        record(
            uow,
            by,
            Event(
                "resume.voided",
                f"payment:{payment.number}",
                after={"request": form.number},
                reason=why,
            ),
        )
