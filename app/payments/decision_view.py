"""What somebody reads before deciding on a request: all of it as it stands now."""

from dataclasses import dataclass

from app.access.approvals import ApprovalKind, find_request
from app.access.guard import Actor, reading
from app.access.rights import Right
from app.payments import gate
from app.payments.detail import approval_line, hold_line, payment_detail, resume_form_of_approval
from app.payments.diagnosis.facts import SystemFacts
from app.payments.dry_runs import facts_of
from app.payments.editing import find_payment
from app.payments.holds import Release, find_hold, lift_preview
from app.payments.records import ApprovalLine, HoldLine, PaymentDetail, ResumeForm
from app.storage.work import Database


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A request with its subject; passages: the gate's checks now, with the form's waivers."""

    approval: ApprovalLine
    subject_no: str
    payment: PaymentDetail | None = None
    form: ResumeForm | None = None
    passages: tuple[gate.Passage, ...] = ()
    hold: HoldLine | None = None
    releases: tuple[Release, ...] = ()


def decision_view(db: Database, actor: Actor, request_id: int, system: SystemFacts) -> DecisionView:
    """Raises NotFound, Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        row = find_request(work, request_id)
        approval, number = approval_line(work, row), row.subject_no
        if row.kind == ApprovalKind.HOLD_LIFT:
            hold = hold_line(work, find_hold(work, number))
            return DecisionView(
                approval, number, hold=hold, releases=tuple(lift_preview(work, number))
            )
    form = resume_form_of_approval(db, actor, request_id)
    passages = () if form is None else gate_now(db, actor, form, system)
    detail = payment_detail(db, actor, number)
    return DecisionView(approval, number, detail, form, passages)


def gate_now(
    db: Database, actor: Actor, form: ResumeForm, system: SystemFacts
) -> tuple[gate.Passage, ...]:
    """What the gate would say at this moment, under the waivers of the form; keeps nothing."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        facts = facts_of(work, find_payment(work, form.payment_no), system)
        return tuple(gate.walk(facts, gate.kept(form.waivers, form.waived)))
