"""Handing payments to the bank: at most one live attempt per obligation."""

from sqlalchemy import select

from app.access.guard import Actor, acting
from app.access.rights import Right
from app.audit.trail import Event
from app.payments import gate
from app.payments.attempts import attempts_of, obligation_of
from app.payments.cover import refresh
from app.payments.diagnosis.facts import SystemFacts
from app.payments.dry_runs import facts_of
from app.payments.editing import (
    as_values,
    expect_version,
    fields_of,
    find_payment,
    refuse_if_held,
)
from app.payments.errors import LiveAttempt, NotDue
from app.payments.model import Attempt, Payment
from app.payments.moves import to_stage
from app.payments.resume_request import approved_waivers
from app.payments.states import AttemptState, Stage
from app.storage.work import Database, UnitOfWork


def write_attempt(
    db: Database, actor: Actor, number: str, expected_version: int, system: SystemFacts
) -> int:
    """Commit an attempt before anything leaves the machine; returns its ordinal.

    Raises PaymentHeld, NotDue, ResumeRefused (a check is not passed), LiveAttempt.
    """
    with acting(db, actor, Right.PAYMENT_SEND) as act:
        payment = find_payment(act.uow, number)
        expect_version(act.uow, payment, expected_version)
        refuse_if_held(act.uow, payment)
        if payment.due_on > act.uow.today:
            raise NotDue(f"{number} 的计划付款日为 {payment.due_on}，未到日期不能提交银行。")
        _refuse_live(act.uow, payment)
        facts = facts_of(act.uow, payment, system)
        gate.refuse_if_closed(gate.walk(facts, approved_waivers(act.uow, payment)), number)
        to_stage(act.uow, payment, Stage.SUBMITTED, act.person.label)
        ordinal = len(attempts_of(act.uow, payment)) + 1
        act.uow.session.add(
            Attempt(
                payment_id=payment.id,
                ordinal=ordinal,
                obligation=obligation_of(payment),
                payee_id=payment.payee_id,
                amount_minor=payment.amount_minor,
                channel=payment.channel,
                sent=as_values(fields_of(act.uow, payment)),
                state=AttemptState.WRITTEN,
                live=True,
                by_name=act.person.label,
                written_at=act.uow.now,
            )
        )
        refresh(act.uow, payment)
        act.done(
            Event(
                "attempt.written",
                f"payment:{number}",
                after={"attempt": ordinal, "channel": payment.channel},
            )
        )
        return ordinal


def _refuse_live(uow: UnitOfWork, payment: Payment) -> None:
    live = uow.session.scalar(
        select(Attempt).where(Attempt.obligation == obligation_of(payment), Attempt.live)
    )
    if live is not None:
        other = uow.session.get_one(Payment, live.payment_id)
        raise LiveAttempt(f"同一笔应付（{other.number}）已有在途付款，结果未定前不能再次提交。")
