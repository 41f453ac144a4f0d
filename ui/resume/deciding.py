"""One decision, handed to the service of its kind; several, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access.approvals import KIND_LABELS, ApprovalKind, Decision, Verdict
from app.access.inbox import InboxLine
from app.access.rights import ROLE_LABELS
from app.agreements import cancelling
from app.agreements.states import CANCEL_LABELS
from app.core.errors import Refused
from app.core.money import Money
from app.payments import corrections, editing, holds, resuming
from app.payments.overview import waiting
from app.payments.records import ChangeLine
from app.payments.states import STAGE_LABELS, ResumeState
from ui.context import Context
from ui.resume.pieces import tr


@dataclass(frozen=True, slots=True)
class Todo:
    """One row of the inbox: a request to decide on, or a payee's change to call back."""

    key: str
    kind: str
    subject: str
    title: str
    amount: Money | None
    level: str
    who: str
    at: datetime
    line: InboxLine | None = None
    change: ChangeLine | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one decision. resumed: what a resumption led to; refusal: why it was not."""

    line: InboxLine
    said: str
    resumed: resuming.Decided | None = None
    refusal: Refused | None = None


def todos(context: Context) -> list[Todo]:
    """Everything that this person can decide now, oldest first."""
    now = waiting(context.db, context.actor)
    found = [_of_line(line) for line in now.requests]
    found += [_of_change(change) for change in now.call_backs]
    return sorted(found, key=lambda one: one.at)


def decide(context: Context, line: InboxLine, decision: Decision, remark: str) -> Outcome:
    """Hand the decision to its service. Raises what that raises."""
    db, actor = context.db, context.actor
    verdict = Verdict(line.id, decision, remark, line.version)
    match line.kind:
        case ApprovalKind.RESUME:
            resumed = resuming.decide(db, actor, verdict, context.system_facts())
            return Outcome(line, _resumed_text(resumed), resumed)
        case ApprovalKind.PAYMENT:
            stage = editing.decide(db, actor, verdict)
            return Outcome(line, tr("现为“%1”").replace("%1", STAGE_LABELS[stage]))
        case ApprovalKind.HOLD_LIFT:
            released = holds.decide_lift(db, actor, verdict)
            text = tr("已放行 %1 笔").replace("%1", str(len(released)))
            return Outcome(line, text if decision is Decision.APPROVE else tr("暂停继续有效"))
        case ApprovalKind.RESULT_CORRECTION:
            stage = corrections.decide_correction(db, actor, verdict)
            return Outcome(line, tr("现为“%1”").replace("%1", STAGE_LABELS[stage]))
        case ApprovalKind.CANCELLATION:
            state = cancelling.decide(db, actor, verdict)
            return Outcome(line, tr("取消申请%1").replace("%1", CANCEL_LABELS[state]))
        case ApprovalKind.PAYEE_CHANGE:
            raise ValueError(line.kind)


def decide_all(
    context: Context, lines: Sequence[InboxLine], decision: Decision, remark: str
) -> list[Outcome]:
    """The same decision on each; what one refusal stops does not stop the others."""
    outcomes = []
    for line in lines:
        try:
            outcomes.append(decide(context, line, decision, remark))
        except Refused as refusal:
            outcomes.append(Outcome(line, refusal.message, refusal=refusal))
    return outcomes


def _resumed_text(resumed: resuming.Decided) -> str:
    match resumed.state:
        case ResumeState.DONE:
            return tr("已恢复，转入待执行")
        case ResumeState.IN_APPROVAL:
            return tr("已批准，转下一级审批")
        case _:
            return tr("申请已结束，付款仍停止")


def _of_line(line: InboxLine) -> Todo:
    level = f"{ROLE_LABELS[line.level]} {line.place}/{len(line.levels)}"
    if line.on_behalf_of:
        level += tr("（代%1）").replace("%1", line.on_behalf_of)
    return Todo(
        f"request:{line.id}",
        KIND_LABELS[line.kind],
        line.subject_no,
        line.title,
        line.amount,
        level,
        line.opened_by,
        line.opened_at,
        line=line,
    )


def _of_change(change: ChangeLine) -> Todo:
    return Todo(
        f"change:{change.number}",
        KIND_LABELS[ApprovalKind.PAYEE_CHANGE],
        change.number,
        tr("回拨核实 %1").replace("%1", change.payee),
        None,
        tr("回拨核实"),
        change.asked_by,
        change.asked_at,
        change=change,
    )
