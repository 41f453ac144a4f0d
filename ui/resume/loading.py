"""What the wizard reads at once, off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.access.drafts import load_draft
from app.access.inbox import deciders_of
from app.payments.detail import payment_detail, resume_form
from app.payments.flow import ResumeDraft, Step, reopen_at
from app.payments.records import PaymentDetail, ResumeForm
from app.payments.resume_view import Situation, situation
from app.payments.resuming import WIZARD
from app.payments.rule_ledger import RuleChangeLine, rule_changes
from app.payments.states import ResumeState, Status
from ui.context import Context


@dataclass(frozen=True)
class Loaded:
    """The payment as it is now, and the draft with which the wizard goes on."""

    detail: PaymentDetail
    now: Situation
    rule_changes: Sequence[RuleChangeLine]
    draft: ResumeDraft
    step: Step
    form: ResumeForm | None
    deciders: tuple[str, ...]
    kept: bool


def load(context: Context, number: str, draft: ResumeDraft | None, step: Step) -> Loaded:
    """Everything about the payment; the kept draft is read unless the wizard has one already."""
    db, actor = context.db, context.actor
    detail = payment_detail(db, actor, number)
    now = situation(db, actor, number, context.system_facts())
    stored = load_draft(db, actor, WIZARD, number) if draft is None else None
    if draft is None:
        draft = ResumeDraft(number, before=now.values)
        if stored is not None:
            draft, step = ResumeDraft.from_json(stored.data), Step(stored.step)
    draft = replace(draft, seen=now.seen, form_no=draft.form_no or _open_form(detail))
    form = resume_form(db, actor, draft.form_no) if draft.form_no else None
    deciders: tuple[str, ...] = ()
    if form is not None and form.approval is not None:
        deciders = deciders_of(db, actor, form.approval.id)
    return Loaded(
        detail,
        now,
        rule_changes(db, actor),
        draft,
        reopen_at(step, draft),
        form,
        deciders,
        stored is not None,
    )


def _open_form(detail: PaymentDetail) -> str:
    """The form under which the payment is being resumed, or was resumed already."""
    newest = next(iter(detail.resumptions), None)
    if newest is None:
        return ""
    if detail.line.status is Status.RESUME_PENDING:
        return newest.number
    waits = detail.line.status is Status.READY
    return newest.number if waits and newest.state is ResumeState.DONE else ""
