"""恢复付款: verify, cure, request; what was typed is kept after every step."""

from dataclasses import replace

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.clock import business_date
from app.core.errors import Problem
from app.payments import dry_runs, resume_request, resuming
from app.payments.cures import Cure
from app.payments.flow import (
    STEP_LABELS,
    VALUE_LABELS,
    ResumeDraft,
    Seen,
    Step,
    changes_of,
    given_rule_change,
    may_leave,
    next_step,
)
from app.payments.states import STATUS_LABELS, STOPPED_STATUSES, Status
from ui import messages
from ui.context import Context
from ui.payments.looks import money_text
from ui.resume.cure_acts import CureActs
from ui.resume.cure_step import CureStep
from ui.resume.done_step import DoneStep
from ui.resume.frame import WizardFrame
from ui.resume.keeper import DraftKeeper
from ui.resume.loading import Loaded, load
from ui.resume.request_step import RequestStep
from ui.resume.sheet_dialog import show_resume_sheet
from ui.resume.verify_step import VerifyStep
from ui.tasks import Progress
from ui.widgets.banner import Severity

_RESUMABLE = STOPPED_STATUSES | {Status.FAILED, Status.RETURNED}
_ORDER = tuple(Step)


class ResumePage(WizardFrame):
    """Goes on where it was left, also after the program was killed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("resume", STEP_LABELS.items(), Step.REQUEST, parent)
        self._context = context
        self._number = ""
        self._step = Step.VERIFY
        self._draft: ResumeDraft | None = None
        self._loaded: Loaded | None = None
        self._busy = False
        self._failed = messages.presenter(self, self.banner)
        self._keeper = DraftKeeper(context, resuming.WIZARD, self._failed, self)
        self.acts = CureActs(context, self, self.banner)
        db = context.db
        self.verify, self.cure, self.done = VerifyStep(self), CureStep(self), DoneStep(self)
        self.request = RequestStep(business_date(db.clock.now(), db.tz), self)
        self._of_step: dict[Step, QWidget] = {
            Step.VERIFY: self.verify,
            Step.CURE: self.cure,
            Step.REQUEST: self.request,
            Step.DONE: self.done,
        }
        for page in self._of_step.values():
            self.add_page(page)
        self._connect()
        self.show_empty(self.tr("请在付款列表中选择一笔已停止的付款，点击“申请恢复”。"))

    def show_argument(self, argument: object) -> None:
        """Open the wizard for the payment of that number."""
        number = str(argument)
        self._keeper.flush()
        if number == self._number and self._draft is not None and not self._draft.form_no:
            self._load()
            return
        self._number, self._draft, self._loaded = number, None, None
        self.banner.clear()
        self.request.forget_test()
        self.show_title("")
        self.show_empty(self.tr("正在读取 %1 …").replace("%1", number))
        self._load()

    @override
    def reload(self) -> None:
        """Read the payment again; nothing that was typed is lost."""
        if self._number and not self._busy:
            self._load()

    def step(self) -> Step:
        return self._step

    def go_on(self) -> None:
        """Leave the step forward, unless something keeps it."""
        if self._busy or self._draft is None or self._problems():
            return
        if self._step is Step.REQUEST:
            self._submit(self._draft)
            return
        self.banner.clear()
        following = next_step(self._step, self._draft)
        if following is Step.VERIFY:
            text = self.tr("付款内容已修改，请重新核对有变化的项目。")
            self.banner.show_message(Severity.WARN, text)
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
        self.verify.ticked.connect(self._ticked)
        self.cure.diagnose_wanted.connect(self._diagnose)
        self.cure.wanted.connect(self._cure)
        self.cure.link.connect(self._context.navigate)
        self.cure.waivers_changed.connect(self._waived)
        self.cure.rule_change_changed.connect(self._rule_chosen)
        self.acts.busy.connect(self._set_busy)
        self.acts.diagnosed.connect(self._diagnosed)
        self.request.typed.connect(self._typed)
        self.request.test_wanted.connect(self._test)
        self.done.sheet_wanted.connect(self._show_sheet)
        self.done.payments_wanted.connect(self._show_payments)
        self.empty.acted.connect(self._show_payments)

    def _load(self) -> None:
        context, number, draft, step = self._context, self._number, self._draft, self._step

        def work(_: Progress) -> Loaded:
            return load(context, number, draft, step)

        key = (id(self), "load")
        context.tasks.start_latest(key, work, self._show, self._not_loaded, owner=self)

    def _not_loaded(self, error: BaseException) -> None:
        if self._draft is None:
            self.show_empty(self.tr("没有打开恢复申请。"), self.tr("回到付款列表"))
        self._failed(error)

    def _show(self, loaded: Loaded) -> None:
        first = self._draft is None
        # What was typed while the answer was on its way is newer than what was sent off.
        kept = loaded.draft if self._draft is None else self._draft
        self._draft = replace(kept, seen=loaded.now.seen, form_no=loaded.draft.form_no)
        lost = self._drop_stale_ticks()
        self._loaded = loaded
        line = loaded.detail.line
        shown = (line.number, line.payee, money_text(line.amount), STATUS_LABELS[line.status])
        self.show_title("　".join(shown))
        if not loaded.draft.form_no and line.status not in _RESUMABLE:
            text = self.tr("%1 当前为“%2”，不需要恢复。")
            text = text.replace("%1", line.number).replace("%2", STATUS_LABELS[line.status])
            self.show_empty(text, self.tr("回到付款列表"))
            return
        if first or loaded.form is not None:
            self._step = loaded.step
        if first:
            self._keeper.begin(self._draft, self._step)
        self._tell_what_changed(lost, went_on=first and loaded.kept)
        self._render()

    def _drop_stale_ticks(self) -> tuple[str, ...]:
        """Forget the ticks on values that are no longer these; the labels of their items."""
        draft = self._draft
        if draft is None or draft.form_no:
            return ()
        lost = [one for one in draft.seen.items if one.code in draft.ticks]
        lost = [one for one in lost if not draft.is_ticked(one)]
        codes = {one.code for one in lost}
        ticks = {code: value for code, value in draft.ticks.items() if code not in codes}
        self._draft = replace(draft, ticks=ticks)
        return tuple(one.label for one in lost)

    def _tell_what_changed(self, lost: tuple[str, ...], *, went_on: bool) -> None:
        said = self.tr("已接着上次未完成的内容继续。") if went_on else ""
        if not lost:
            if said:
                self.banner.show_message(Severity.INFO, said)
            return
        text = self.tr("“%1”核对后有变化，原来的勾选已取消，请重新核对。")
        text = text.replace("%1", self.tr("”“").join(lost))
        # What one's own act has just said is still to be read.
        said = said or (self.banner.text() if self.banner.isVisible() else "")
        self.banner.show_message(Severity.WARN, "\n".join(filter(None, (said, text))))

    def _render(self) -> None:
        draft, loaded = self._draft, self._loaded
        if draft is None or loaded is None:
            return
        self.verify.show_draft(draft, loaded.now, loaded.detail)
        self.cure.show_draft(draft, loaded.now, loaded.detail, loaded.rule_changes)
        self.request.show_draft(draft, loaded.now)
        if loaded.form is not None:
            self.done.show_form(loaded.form, loaded.deciders)
        self.show_page(self._of_step[self._step], self._step)
        self._show_buttons()

    def _problems(self) -> tuple[Problem, ...]:
        return () if self._draft is None else may_leave(self._step, self._draft)

    def _show_buttons(self) -> None:
        self.show_buttons(self._step, self._problems(), busy=self._busy)

    def _ticked(self, ticks: dict[str, str]) -> None:
        if self._draft is not None:
            self._change(replace(self._draft, ticks=ticks))

    def _waived(self, waivers: dict[str, str]) -> None:
        if self._draft is not None:
            self._change(replace(self._draft, waivers=waivers))

    def _rule_chosen(self, number: str) -> None:
        if self._draft is not None:
            self._change(replace(self._draft, rule_change_no=number))

    def _typed(self, fields: dict[str, object]) -> None:
        if self._draft is not None:
            self._change(replace(self._draft, **fields))  # type: ignore[arg-type]

    def _change(self, draft: ResumeDraft) -> None:
        self._draft = draft
        self.verify.show_count(draft)
        self.cure.show_left(draft)
        self._show_buttons()
        self._keeper.note(draft, self._step)

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

    def _diagnose(self) -> None:
        self.acts.diagnose(self._number)

    def _diagnosed(self, seen: Seen) -> None:
        """Say the same number as the list below it."""
        if self._draft is None:
            return
        left = len(may_leave(Step.CURE, replace(self._draft, seen=seen)))
        text = self.tr("已重新诊断：没有阻断恢复的原因。")
        if left:
            text = self.tr("已重新诊断：仍有 %1 项阻断恢复。").replace("%1", str(left))
        self.banner.show_message(Severity.INFO if left else Severity.OK, text)

    def _cure(self, cure: Cure) -> None:
        if self._loaded is not None:
            self.acts.start(cure, self._loaded.detail)

    def _submit(self, draft: ResumeDraft) -> None:
        context, command = self._context, self._command(draft)

        def work(_: Progress) -> resuming.Requested:
            return resuming.request(context.db, context.actor, command, context.system_facts())

        def submit() -> None:
            context.act(work, self._submitted, self._refused)

        self._set_busy(True)
        self._keeper.write_then(submit)

    def _command(self, draft: ResumeDraft) -> resume_request.RequestResume:
        if self._loaded is None or draft.planned_on is None:
            raise ValueError("a step was left that may not be left")
        return resume_request.RequestResume(
            number=draft.number,
            expected_version=draft.seen.version,
            ticks=draft.as_ticks(),
            reason=draft.reason,
            measures=draft.measures,
            planned_on=draft.planned_on,
            waivers=draft.given_waivers(),
            rule_change_no=given_rule_change(draft),
            changes=changes_of(draft.before, self._loaded.now.values, VALUE_LABELS),
        )

    def _submitted(self, asked: resuming.Requested) -> None:
        self._set_busy(False)
        if self._draft is not None:
            self._draft = replace(self._draft, form_no=asked.form_no)
        text = self.tr("已提交恢复付款审批单 %1。").replace("%1", asked.form_no)
        self.banner.show_message(Severity.OK, text)
        self._load()

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        self._failed(error)
        self._load()

    def _test(self) -> None:
        context, number = self._context, self._number

        def work(_: Progress) -> dry_runs.DryRun:
            return dry_runs.dry_run(context.db, context.actor, number, context.system_facts())

        self._set_busy(True)
        context.tasks.start(work, self._tested, self._refused, owner=self)

    def _tested(self, result: dry_runs.DryRun) -> None:
        self._set_busy(False)
        self.request.show_test(result)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.request.set_busy(busy)
        self.cure.set_busy(busy)
        self._show_buttons()

    def _show_sheet(self, form_no: str) -> None:
        show_resume_sheet(self._context, self, form_no)

    def _show_payments(self) -> None:
        self._context.navigate.emit("payments", self._number or None)
