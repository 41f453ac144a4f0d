"""恢复付款: request, approval one level above normal, the gate, and what is checked afterwards."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.access import approvals
from app.access.approvals import ApprovalKind, Decision, Opening, RequestState, Verdict
from app.access.drafts import drop_draft
from app.access.guard import Act, Actor, acting
from app.access.matrix import current_tiers
from app.access.rights import ROLE_LABELS, Right, Role
from app.access.rules import levels_for, one_level_above
from app.audit.trail import Event, record
from app.core.clock import local_text
from app.core.states import move
from app.core.version import VERSION
from app.payments import gate
from app.payments.cover import effective_holds, refresh
from app.payments.diagnosing import store_causes
from app.payments.diagnosis.facts import Facts, SystemFacts
from app.payments.diagnosis.rule import diagnose
from app.payments.editing import (
    as_values,
    expect_version,
    fields_of,
    find_payment,
    makers_of,
    money_of,
)
from app.payments.errors import (
    NotResumable,
    PaymentChanged,
    PaymentHeld,
    ResumeRefused,
    RuleChangeNeeded,
)
from app.payments.gather import gather
from app.payments.holds import release_in
from app.payments.model import (
    DiagnosisRun,
    Payment,
    ResumeRequest,
)
from app.payments.resume_checks import (
    check_rule_change,
    find_rule_change,
    refuse_unless_resumable,
    refuse_wide_holds,
)
from app.payments.states import (
    RESUMABLE,
    RESUME_MOVES,
    STAGE_LABELS,
    STATUS_LABELS,
    HoldState,
    ResumeState,
    Stage,
    Status,
)
from app.payments.verification import Tick, accept, items
from app.storage.base import canonical_json
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork, UnitOfWork

WIZARD = "resume"


@dataclass(frozen=True, slots=True)
class RequestResume:
    """A filled-in wizard. waivers: code of a waivable check → why it may be passed over."""

    number: str
    expected_version: int
    ticks: tuple[Tick, ...]
    reason: str
    measures: str
    planned_on: date
    waivers: Mapping[str, str] = field(default_factory=dict)
    rule_change_no: str | None = None
    changes: tuple[Mapping[str, str], ...] = ()


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


@dataclass(frozen=True, slots=True)
class DryRun:
    """What sending would meet right now; no money moves."""

    number: str
    at: datetime
    passages: tuple[gate.Passage, ...]
    next_execution_at: datetime | None

    @property
    def ok(self) -> bool:
        return all(passage.ok for passage in self.passages)


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
        check_rule_change(act.uow, payment, command.waivers, command.rule_change_no)
        gate.refuse_if_closed(gate.walk(facts, command.waivers), payment.number)
        form = _new_form(act, payment, command, facts, verified)
        levels = one_level_above(levels_for(current_tiers(act.uow), money_of(payment)))
        asked = approvals.open_request(
            act.uow,
            Opening(
                ApprovalKind.RESUME,
                payment.id,
                payment.number,
                f"恢复付款 {payment.payee_name}（{form.number}）",
                money_of(payment),
                levels,
                makers_of(payment) | {act.person.user_id},
            ),
            act.person.user_id,
        )
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
                    "waivers": dict(command.waivers),
                    "rule_change": command.rule_change_no,
                    "planned_on": command.planned_on.isoformat(),
                },
                reason=command.reason,
            )
        )
        return Requested(form.number, asked.id, levels)


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


def dry_run(db: Database, actor: Actor, number: str, system: SystemFacts) -> DryRun:
    """付款测试: walk a payment through every check that sending would make; moves no money."""
    with acting(db, actor, Right.DIAGNOSIS_RUN) as act:
        payment = find_payment(act.uow, number)
        result = _dry_run(act.uow, payment, system)
        act.done(
            Event(
                "dry_run.made",
                f"payment:{number}",
                after={
                    "ok": result.ok,
                    "failed": [p.code for p in result.passages if not p.ok],
                    "next_execution": _iso(result.next_execution_at),
                },
            )
        )
        return result


def facts_of(work: ReadWork, payment: Payment, system: SystemFacts) -> Facts:
    """The facts of one payment."""
    [(_, facts)] = gather(work, [payment], system)
    return facts


def approved_waivers(work: ReadWork, payment: Payment) -> dict[str, str]:
    """What approvers waived when the payment was last resumed, while its content is the same."""
    form = work.session.scalar(
        select(ResumeRequest)
        .where(ResumeRequest.payment_id == payment.id, ResumeRequest.state == ResumeState.DONE)
        .order_by(ResumeRequest.id.desc())
        .limit(1)
    )
    if form is None or form.content != content_of(work, payment):
        return {}
    return dict(form.waivers)


def content_of(work: ReadWork, payment: Payment) -> str:
    """A digest of what approvers approve: everything a person can edit, its date aside."""
    values = as_values(fields_of(work, payment))
    values.pop("due_on")
    return hashlib.sha256(canonical_json(values).encode()).hexdigest()


def _decide(act: Act, verdict: Verdict, system: SystemFacts) -> Decided:
    uow = act.uow
    outcome = approvals.decide(act, verdict, ApprovalKind.RESUME)
    form = uow.session.scalars(
        select(ResumeRequest).where(ResumeRequest.approval_id == outcome.request.id)
    ).one()
    payment = uow.session.get_one(Payment, form.payment_id)
    if form.content != content_of(uow, payment):
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
        form.review = _review(uow, payment, form)
        form.audit_seq = act.audit(
            Event(
                "resume.done",
                f"payment:{payment.number}",
                before={"holds": form.hold_numbers},
                after={"form": form.number, "next_execution": _iso(payment.next_execution_at)},
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
    if payment.stage not in RESUMABLE:
        raise NotResumable(f"{payment.number} 当前为“{STAGE_LABELS[Stage(payment.stage)]}”。")
    payment.due_on = max(form.planned_on, uow.today)
    facts = facts_of(uow, payment, system)
    gate.refuse_if_closed(gate.walk(facts, form.waivers), payment.number)
    for hold in effective_holds(uow, payment):
        release_in(uow, hold, HoldState.RELEASED, act.person.label, form.measures)
    approvals.void(uow, ApprovalKind.PAYMENT, payment.id, f"已由 {form.number} 重新授权")
    payment.stage = move(
        payment.number, Stage(payment.stage), Stage.READY, RESUME_MOVES, STAGE_LABELS
    )
    form.state, form.closed_at = ResumeState.DONE, uow.now
    refresh(uow, payment)
    tested = _dry_run(uow, payment, system, form.waivers)
    payment.next_execution_at = tested.next_execution_at
    form.dry_run = {
        "at": _iso(tested.at),
        "ok": tested.ok,
        "next_execution": _iso(tested.next_execution_at),
        "passages": [passage.stored() for passage in tested.passages],
    }


def _dry_run(
    uow: ReadWork,
    payment: Payment,
    system: SystemFacts,
    waivers: Mapping[str, str] | None = None,
) -> DryRun:
    facts = facts_of(uow, payment, system)
    allowed = approved_waivers(uow, payment) if waivers is None else waivers
    passages = [_status_passage(payment), *gate.walk(facts, allowed)]
    return DryRun(payment.number, uow.now, tuple(passages), gate.execution_time(facts))


def _status_passage(payment: Payment) -> gate.Passage:
    ready = payment.status == Status.READY
    label = STATUS_LABELS[Status(payment.status)]
    return gate.Passage("status", "指令状态为待执行", ready, "" if ready else f"当前为“{label}”")


def _review(uow: UnitOfWork, payment: Payment, form: ResumeRequest) -> list[dict[str, Any]]:
    """恢复后复核 (C5.2): what was checked by the program right after letting go."""
    holds = effective_holds(uow, payment)
    tested = form.dry_run or {}
    failed = [p["title"] for p in tested.get("passages", []) if not p["ok"]]
    return [
        {
            "item": "状态已为待执行",
            "ok": payment.status == Status.READY,
            "detail": STATUS_LABELS[Status(payment.status)],
        },
        {
            "item": "暂停令已全部解除",
            "ok": not holds,
            "detail": "、".join(form.hold_numbers) or "无",
        },
        {"item": "审批权限有效", "ok": True, "detail": f"审批申请 {form.number} 各级均已批准"},
        {"item": "规则与账户检查通过", "ok": not failed, "detail": "、".join(failed) or "全部通过"},
        {
            "item": "下次执行时间已确定",
            "ok": payment.next_execution_at is not None,
            "detail": local_text(payment.next_execution_at, uow.tz),
        },
    ]


def _new_form(
    act: Act,
    payment: Payment,
    command: RequestResume,
    facts: Facts,
    verified: Sequence[Mapping[str, Any]],
) -> ResumeRequest:
    uow = act.uow
    header = DiagnosisRun(at=uow.now, by_name=act.person.label, program_version=VERSION, payments=1)
    uow.session.add(header)
    uow.session.flush()
    store_causes(uow, header.id, payment.id, diagnose(facts))
    change = (
        None if command.rule_change_no is None else find_rule_change(uow, command.rule_change_no).id
    )
    form = ResumeRequest(
        number=yearly(uow, "HF"),
        payment_id=payment.id,
        content=content_of(uow, payment),
        state=ResumeState.IN_APPROVAL,
        reason=command.reason.strip(),
        measures=command.measures.strip(),
        planned_on=command.planned_on,
        verification=list(verified),
        changes=[dict(change) for change in command.changes],
        waivers=dict(command.waivers),
        rule_change_id=change,
        hold_numbers=[hold.number for hold in effective_holds(uow, payment)],
        run_id=header.id,
        requested_by=act.person.user_id,
        requested_at=uow.now,
    )
    uow.session.add(form)
    uow.session.flush()
    return form


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


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
