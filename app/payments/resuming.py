"""恢复付款: request, approval one level above normal, the gate, and letting go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access import approvals
from app.access.approvals import ApprovalKind, Decision, Opening, RequestState, Verdict
from app.access.drafts import drop_draft
from app.access.guard import Act, Actor, acting
from app.access.matrix import current_tiers
from app.access.model import ApprovalRequest
from app.access.rights import ROLE_LABELS, Right, Role
from app.access.rules import levels_for, one_level_above
from app.audit.trail import Event, record
from app.core.states import move
from app.payments import gate
from app.payments.cover import effective_holds, refresh
from app.payments.diagnosis.facts import SystemFacts
from app.payments.dry_runs import facts_of, walk_through
from app.payments.editing import expect_version, find_payment, makers_of, money_of
from app.payments.errors import (
    NotResumable,
    PaymentChanged,
    PaymentHeld,
    ResumeRefused,
    RuleChangeNeeded,
)
from app.payments.holds import release_in
from app.payments.model import Payment, ResumeRequest
from app.payments.resume_checks import (
    check_rule_change,
    refuse_other_holds,
    refuse_unless_resumable,
    refuse_wide_holds,
)
from app.payments.resume_request import (
    RequestResume,
    content_of,
    new_form,
    review,
    rule_change_of,
)
from app.payments.states import (
    RESUMABLE,
    RESUME_MOVES,
    STAGE_LABELS,
    HoldState,
    ResumeState,
    Stage,
)
from app.payments.verification import accept, items
from app.storage.work import Database

WIZARD = "resume"


@dataclass(frozen=True, slots=True)
class Requested:
    """The form's number, the approval request's id and the levels it must pass."""

    form_no: str
    approval_id: int
    levels: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did. next_execution_at is known once the payment is resumed."""

    state: ResumeState
    form_no: str
    payment_no: str
    next_execution_at: datetime | None


def request(db: Database, actor: Actor, command: RequestResume, system: SystemFacts) -> Requested:
    """Ask for a stopped payment to be resumed.

    Raises NotResumable, ResultUnknown, PaymentHeld (a wider hold is open), NotVerified,
    RuleChangeNeeded, ResumeRefused (a cause still stands), PaymentChanged.
    """
    with acting(db, actor, Right.RESUME_REQUEST) as act:
        payment = find_payment(act.uow, command.number)
        expect_version(act.uow, payment, command.expected_version)
        refuse_unless_resumable(act.uow, payment)
        if not command.reason.strip() or not command.measures.strip():
            raise RuleChangeNeeded("请填写恢复理由和整改措施。", "请补充后再提交。")
        facts = facts_of(act.uow, payment, system)
        verified = accept(items(facts), command.ticks)
        waivers = gate.waive(facts, command.waivers)
        check_rule_change(act.uow, payment, waivers, command.rule_change_no)
        gate.refuse_if_closed(gate.walk(facts, waivers), payment.number)
        form = new_form(act, payment, command, facts, waivers, verified)
        levels = one_level_above(levels_for(current_tiers(act.uow), money_of(payment)))
        asked = _open(act, payment, form, levels)
        form.approval_id = asked.id
        drop_draft(act.uow, act.person.user_id, WIZARD, payment.number)
        refresh(act.uow, payment)
        act.done(
            Event(
                "resume.requested",
                f"payment:{payment.number}",
                after={
                    "form": form.number,
                    "levels": list(levels),
                    "waivers": form.waivers,
                    "rule_change": command.rule_change_no,
                    "planned_on": command.planned_on.isoformat(),
                },
                reason=command.reason,
            )
        )
        return Requested(form.number, asked.id, levels)


def _open(
    act: Act, payment: Payment, form: ResumeRequest, levels: Sequence[Role]
) -> ApprovalRequest:
    me = act.person.user_id
    opening = Opening(
        ApprovalKind.RESUME,
        payment.id,
        payment.number,
        f"恢复付款 {payment.payee_name}（{form.number}）",
        money_of(payment),
        levels,
        makers_of(act.uow, payment) | {me},
    )
    return approvals.open_request(act.uow, opening, me)


def decide(db: Database, actor: Actor, verdict: Verdict, system: SystemFacts) -> Decided:
    """Decide on a resumption; the last approval tests the causes again and lets the payment go.

    Raises what approvals.decide raises; ResumeRefused or PaymentHeld when the gate is closed, in
    which case nothing is changed, the decision included, and the refusal is kept in the trail.
    """
    try:
        with acting(db, actor, Right.RESUME_APPROVE) as act:
            return _decide(act, verdict, system)
    except (ResumeRefused, PaymentHeld) as refusal:
        _keep_refusal(db, actor, verdict, refusal)
        raise


def _decide(act: Act, verdict: Verdict, system: SystemFacts) -> Decided:
    uow = act.uow
    outcome = approvals.decide(act, verdict, ApprovalKind.RESUME)
    form = uow.session.scalars(
        select(ResumeRequest).where(ResumeRequest.approval_id == outcome.request.id)
    ).one()
    payment = uow.session.get_one(Payment, form.payment_id)
    approves = verdict.decision is Decision.APPROVE
    if approves and form.content != content_of(uow, payment):
        raise PaymentChanged(f"{payment.number} 的内容在申请后已变化，原审批失效。")
    act_code, state = _named(verdict.decision, outcome.state)
    if outcome.state is RequestState.APPROVED:
        _let_go(act, form, payment, system)
        state = ResumeState.DONE
    elif outcome.state is not RequestState.OPEN:
        form.closed_at, form.closed_why = uow.now, verdict.remark
    form.state = state
    refresh(uow, payment)
    form.audit_seq = act.audit(
        Event(
            act_code,
            f"payment:{payment.number}",
            after={
                "form": form.number,
                "level": ROLE_LABELS[outcome.level],
                "on_behalf_of": outcome.on_behalf_of,
                "state": state,
            },
            reason=verdict.remark,
        )
    )
    if state is ResumeState.DONE:
        form.review = review(uow, payment, form)
        form.audit_seq = act.audit(
            Event(
                "resume.done",
                f"payment:{payment.number}",
                before={"holds": form.hold_numbers},
                after={"form": form.number, "next_execution": form.dry_run["next_execution"]},
                reason=form.measures,
            )
        )
    uow.commit()
    return Decided(state, form.number, payment.number, payment.next_execution_at)


def _named(decision: Decision, state: RequestState) -> tuple[str, ResumeState]:
    if decision is Decision.APPROVE:
        done = state is RequestState.APPROVED
        return "resume.approved", ResumeState.DONE if done else ResumeState.IN_APPROVAL
    if decision is Decision.RETURN:
        return "resume.returned", ResumeState.RETURNED
    return "resume.rejected", ResumeState.REJECTED


def _let_go(act: Act, form: ResumeRequest, payment: Payment, system: SystemFacts) -> None:
    uow = act.uow
    refuse_wide_holds(uow, payment)
    refuse_other_holds(uow, payment, form.hold_numbers)
    if payment.stage not in RESUMABLE:
        raise NotResumable(f"{payment.number} 当前为“{STAGE_LABELS[Stage(payment.stage)]}”。")
    waivers = gate.kept(form.waivers, form.waived)
    check_rule_change(uow, payment, waivers, rule_change_of(uow, form))
    payment.due_on = max(form.planned_on, uow.today)
    facts = facts_of(uow, payment, system)
    gate.refuse_if_closed(gate.walk(facts, waivers), payment.number)
    for hold in effective_holds(uow, payment):
        release_in(uow, hold, HoldState.RELEASED, act.person.label, form.measures)
    approvals.void(uow, ApprovalKind.PAYMENT, payment.id, f"已由 {form.number} 重新授权")
    payment.stage = move(
        payment.number, Stage(payment.stage), Stage.READY, RESUME_MOVES, STAGE_LABELS
    )
    form.state, form.closed_at = ResumeState.DONE, uow.now
    refresh(uow, payment)
    tested = walk_through(uow, payment, system, waivers)
    payment.next_execution_at = tested.next_execution_at
    form.dry_run = tested.stored()


def _keep_refusal(db: Database, actor: Actor, verdict: Verdict, refusal: Exception) -> None:
    with db.write() as uow:
        asked = approvals.find_request(uow, verdict.request_id)
        record(
            uow,
            actor.label,
            Event(
                "resume.gate_refused",
                f"payment:{asked.subject_no}",
                after={"request": asked.id},
                reason=str(refusal),
            ),
        )
        uow.commit()
