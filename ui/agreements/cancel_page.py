"""取消自动扣款: verify, see the impact, plan, confirm twice; kept after every step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.drafts import load_draft
from app.agreements import cancelling
from app.agreements.cancel_view import (
    CancelForm,
    CancelSituation,
    Owner,
    cancel_form,
    cancel_situation,
)
from app.agreements.cancelling import CancelRow, Left, Notice, RequestCancel, Requested
from app.agreements.flow import (
    STEP_LABELS,
    CancelDraft,
    Step,
    may_leave,
    next_step,
    reopen_at,
)
from app.core.clock import business_date
from app.core.errors import Problem
from ui import messages
from ui.admin.identity import with_fresh_identity
from ui.agreements.cancel_plan import ConfirmStep, DoneStep, PlanStep, notices_of
from ui.agreements.cancel_steps import ImpactStep, VerifyStep
from ui.agreements.sheets import show_cancel_sheet
from ui.context import Context
from ui.resume.frame import WizardFrame
from ui.resume.keeper import DraftKeeper
from ui.tasks import Progress
from ui.widgets.banner import Severity

_ORDER = tuple(Step)


@dataclass(frozen=True)
class _Loaded:
    draft: CancelDraft
    step: Step
    owners: tuple[Owner, ...]
    form: CancelForm | None
    kept: bool


class CancelPage(WizardFrame):
    """Goes on where it was left, also after the program was killed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("cancel", STEP_LABELS.items(), Step.CONFIRM, parent)
        self._context = context
        self._today: date = business_date(context.db.clock.now(), context.db.tz)
        self._subject: tuple[str, ...] | str = ()
        self._step = Step.VERIFY
        self._draft: CancelDraft | None = None
        self._owners: tuple[Owner, ...] = ()
        self._left: tuple[Left, ...] = ()
        self._busy = False
        self._failed = messages.presenter(self, self.banner)
        self._keeper = DraftKeeper(context, cancelling.WIZARD, self._failed, self)
        self.verify, self.plan = VerifyStep(self), PlanStep(self)
        self.impact = ImpactStep(self._today, self)
        self.confirm, self.done = ConfirmStep(self), DoneStep(self)
        self._of_step: dict[Step, QWidget] = {
            Step.VERIFY: self.verify,
            Step.IMPACT: self.impact,
            Step.PLAN: self.plan,
            Step.CONFIRM: self.confirm,
            Step.DONE: self.done,
        }
        for page in self._of_step.values():
            self.add_page(page)
        self._connect()
        self.show_title(self.tr("取消自动扣款"))
        self._say_empty()

    def show_argument(self, argument: object) -> None:
        """Open the wizard for agreements (a tuple of numbers) or a kept draft (its name)."""
        self._keeper.flush()
        wanted = argument if isinstance(argument, tuple) else str(argument)
        self._subject, self._draft, self._left = wanted, None, ()
        self.banner.clear()
        self._load()

    @override
    def reload(self) -> None:
        """Read the agreements again; nothing that was typed is lost."""
        if self._subject and not self._busy:
            self._load()

    def step(self) -> Step:
        return self._step

    def go_on(self) -> None:
        """Leave the step forward, unless something keeps it."""
        if self._busy or self._draft is None or self._problems():
            return
        if self._step is Step.CONFIRM:
            self._ask(self._draft)
            return
        self.banner.clear()
        following = next_step(self._step)
        if following is not None:
            self._enter(following)

    def go_back(self) -> None:
        """Return to the step before."""
        place = _ORDER.index(self._step)
        if not self._busy and place and self._step is not Step.DONE:
            self._enter(_ORDER[place - 1])

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._keeper.flush()

    def _connect(self) -> None:
        self.forward_wanted.connect(self.go_on)
        self.back_wanted.connect(self.go_back)
        self.step_wanted.connect(self._go_to)
        self.verify.ticked.connect(lambda ticks: self._change(ticks=ticks))
        self.impact.wished.connect(self._wish)
        self.impact.day.textChanged.connect(self._show_buttons)
        self.plan.typed.connect(self._planned)
        self.confirm.typed.connect(lambda text: self._change(typed=text))
        self.done.register_wanted.connect(self._show_register)
        self.done.sheet_wanted.connect(self._show_sheet)
        self.empty.acted.connect(self._show_register)

    def _load(self) -> None:
        context, wanted, draft, step = self._context, self._subject, self._draft, self._step
        today = self._today

        def work(_: Progress) -> _Loaded:
            return _read(context, wanted, draft, step, today)

        key = (id(self), "load")
        context.tasks.start_latest(key, work, self._show, self._not_loaded, owner=self)

    def _not_loaded(self, error: BaseException) -> None:
        if self._draft is None:
            self._say_empty()
        self._failed(error)

    def _show(self, loaded: _Loaded) -> None:
        first = self._draft is None
        kept = loaded.draft if self._draft is None else self._draft
        # What was typed while the answer was on its way is newer than what was sent off.
        self._draft = replace(kept, seen=loaded.draft.seen, form_no=loaded.draft.form_no)
        self._owners = loaded.owners
        if first or loaded.form is not None:
            self._step = loaded.step
        if first:
            self._keeper.begin(self._draft, self._step)
            if loaded.kept:
                text = self.tr("已接着上次未完成的内容继续。")
                self.banner.show_message(Severity.INFO, text)
        if loaded.form is not None:
            self.done.show_form(loaded.form, self._left)
        self._render()

    def _render(self) -> None:
        draft = self._draft
        if draft is None:
            return
        self.verify.show_draft(draft)
        self.impact.show_draft(draft)
        self.plan.show_draft(draft, self._owners)
        self.confirm.show_draft(draft)
        self.show_page(self._of_step[self._step], self._step)
        self._show_buttons()

    def _problems(self) -> tuple[Problem, ...]:
        if self._draft is None:
            return ()
        typed = self.impact.day_problem() if self._step is Step.IMPACT else ""
        if typed:
            return (Problem(None, "wished_on", typed),)
        return may_leave(self._step, self._draft, self._today)

    def _show_buttons(self, _: object = None) -> None:
        self.show_buttons(self._step, self._problems(), busy=self._busy)

    def _change(self, **fields: object) -> None:
        if self._draft is None:
            return
        self._draft = replace(self._draft, **fields)  # type: ignore[arg-type]
        self.verify.show_count(self._draft)
        self._show_buttons()
        self._keeper.note(self._draft, self._step)

    def _wish(self, day: object) -> None:
        self._change(wished_on=day)
        self._load()

    def _planned(self, fields: dict[str, str]) -> None:
        if self._draft is None:
            return
        method = fields.pop("method")
        self._change(**fields, methods=dict.fromkeys(self._draft.numbers, method))
        self.plan.show_draft(self._draft, self._owners)

    def _enter(self, step: Step) -> None:
        self._step = step
        self._render()
        if self._draft is not None:
            self._keeper.keep(self._draft, step)
        self._of_step[step].setFocus()
        self._load()

    def _go_to(self, key: str) -> None:
        over = self._step is Step.DONE
        if not self._busy and not over and _ORDER.index(Step(key)) < _ORDER.index(self._step):
            self._enter(Step(key))

    def _ask(self, draft: CancelDraft) -> None:
        """Say once more what will stop; several agreements take the password as well."""
        rows = draft.eligible
        text = self.tr("申请取消 %1 份自动扣款协议？").replace("%1", str(len(rows)))
        names = "\n".join(f"{row.number}　{row.payee}" for row in rows)
        messages.confirm(
            self,
            self.tr("取消自动扣款"),
            text,
            lambda: self._confirmed(draft),
            yes=self.tr("提交申请"),
            detail=names,
            danger=True,
        )

    def _confirmed(self, draft: CancelDraft) -> None:
        if len(draft.eligible) == 1:
            self._submit(draft)
        else:
            with_fresh_identity(self, self._context, lambda: self._submit(draft))

    def _submit(self, draft: CancelDraft) -> None:
        context, command = self._context, _command(draft)

        def work(_: Progress) -> Requested:
            return cancelling.request(context.db, context.actor, command)

        def submit() -> None:
            context.act(work, self._submitted, self._refused)

        self._set_busy(True)
        self._keeper.write_then(submit)

    def _submitted(self, asked: Requested) -> None:
        self._set_busy(False)
        self._left = asked.left
        if self._draft is not None:
            self._draft = replace(self._draft, form_no=asked.form_no)
        text = self.tr("已提交取消自动扣款申请单 %1，等待财务主管批准。")
        self.banner.show_message(Severity.OK, text.replace("%1", asked.form_no))
        self._load()

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        self._failed(error)
        self._load()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._show_buttons()

    def _say_empty(self) -> None:
        text = self.tr("请在“自动扣款”中选择协议，点击“取消自动扣款”。")
        self.show_empty(text, self.tr("回到自动扣款"))

    def _show_sheet(self, form_no: str) -> None:
        show_cancel_sheet(self._context, self, form_no)

    def _show_register(self) -> None:
        one = self._draft.numbers[0] if self._draft is not None else None
        self._context.navigate.emit("agreements", one)


def _read(
    context: Context,
    wanted: tuple[str, ...] | str,
    draft: CancelDraft | None,
    step: Step,
    today: date,
) -> _Loaded:
    """The agreements as they are now; the kept draft is read unless the page has one already."""
    db, actor = context.db, context.actor
    kept = False
    if draft is None:
        fresh = CancelDraft(wanted if isinstance(wanted, tuple) else (), wished_on=today)
        stored = load_draft(db, actor, cancelling.WIZARD, fresh.number or str(wanted))
        draft = fresh if stored is None else CancelDraft.from_json(stored.data)
        if fresh.numbers and draft.numbers != fresh.numbers:
            draft, stored = fresh, None
        if stored is not None:
            kept, step = True, Step(stored.step)
        else:
            step = Step.VERIFY
    now: CancelSituation = cancel_situation(db, actor, draft.numbers, draft.wished_on)
    draft = replace(draft, seen=now.rows)
    form = cancel_form(db, actor, draft.form_no) if draft.form_no else None
    return _Loaded(draft, reopen_at(step, draft, today), now.owners, form, kept)


def _command(draft: CancelDraft) -> RequestCancel:
    if draft.wished_on is None:
        raise ValueError("a step was left that may not be left")
    rows: Sequence[CancelRow] = [
        CancelRow(row.number, row.version, draft.ticks[row.number], draft.method_of(row.number))
        for row in draft.eligible
    ]
    notices = [Notice(one["party"], one["name"], one["carrier"]) for one in notices_of(draft)]
    return RequestCancel(
        tuple(rows),
        draft.reason,
        draft.wished_on,
        draft.owner,
        tuple(notices),
        draft.typed,
        draft.number,
    )
