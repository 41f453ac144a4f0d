"""恢复付款审批单: what a request states, what it was made on, and what was checked afterwards."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from app.access.approvals import ApprovalKind
from app.access.guard import Act
from app.access.model import ApprovalRequest
from app.core.clock import local_text
from app.payments.cover import effective_holds
from app.payments.diagnosing import begin_run, store_causes
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import diagnose
from app.payments.editing import as_values, fields_of
from app.payments.gate import Waiver, kept
from app.payments.model import Payment, ResumeRequest, RuleChange
from app.payments.resume_checks import find_rule_change
from app.payments.states import STATUS_LABELS, ResumeState, Status
from app.payments.verification import Tick
from app.storage.base import canonical_json
from app.storage.numbers import yearly
from app.storage.work import ReadWork, UnitOfWork


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


def new_form(
    act: Act,
    payment: Payment,
    command: RequestResume,
    facts: Facts,
    waivers: Mapping[str, Waiver],
    verified: Sequence[Mapping[str, Any]],
) -> ResumeRequest:
    """The form of a request, with a diagnosis of the moment that belongs to it."""
    uow = act.uow
    header = begin_run(uow, act.person.label, payments=1)
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
        waivers={code: why.strip() for code, why in command.waivers.items()},
        waived={code: sorted(one.found) for code, one in waivers.items()},
        rule_change_id=change,
        hold_numbers=[hold.number for hold in effective_holds(uow, payment)],
        run_id=header.id,
        requested_by=act.person.user_id,
        requested_at=uow.now,
    )
    uow.session.add(form)
    uow.session.flush()
    return form


def approved_waivers(work: ReadWork, payment: Payment) -> dict[str, Waiver]:
    """What approvers waived when the payment was last resumed, while its content is the same.

    Whoever approves it anew after that was not shown these waivers: they count no more.
    """
    form = work.session.scalar(
        select(ResumeRequest)
        .where(ResumeRequest.payment_id == payment.id, ResumeRequest.state == ResumeState.DONE)
        .order_by(ResumeRequest.id.desc())
        .limit(1)
    )
    if form is None or form.content != content_of(work, payment):
        return {}
    anew = work.session.scalar(
        select(ApprovalRequest.id).where(
            ApprovalRequest.kind == ApprovalKind.PAYMENT,
            ApprovalRequest.subject_id == payment.id,
            ApprovalRequest.id > (form.approval_id or 0),
        )
    )
    if anew is not None:
        return {}
    return kept(form.waivers, form.waived)


def rule_change_of(work: ReadWork, form: ResumeRequest) -> str | None:
    """The number of the rule change that a form rests on, if it rests on one."""
    change = work.session.get(RuleChange, form.rule_change_id or 0)
    return None if change is None else change.number


def content_of(work: ReadWork, payment: Payment) -> str:
    """A digest of what approvers approve: everything a person can edit, its date aside."""
    values = as_values(fields_of(work, payment))
    values.pop("due_on")
    return hashlib.sha256(canonical_json(values).encode()).hexdigest()


def review(uow: UnitOfWork, payment: Payment, form: ResumeRequest) -> list[dict[str, Any]]:
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
