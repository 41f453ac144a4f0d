"""应急预案: written, or a new edition of one; a line for each thing to do, under its step."""

from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from app.core.clock import business_date
from app.core.errors import BadInput
from app.incidents.planning.plans import EVERY_CAUSE, PlanLine, SavePlan, save_plan
from app.incidents.response_view import handlers
from app.incidents.states import CAUSE_LABELS, STEP_LABELS, Cause, Step
from ui.context import Context
from ui.incidents.dialogs import choice
from ui.resume.form_dialog import FormDialog
from ui.widgets.date_field import DateField

_YEAR = timedelta(days=365)


class PlanDialog(FormDialog):
    """Emits the plan's number once it is kept."""

    written = Signal(str)

    def __init__(
        self, context: Context, line: PlanLine | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "plan", parent)
        title = self.tr("制定应急预案")
        if line is not None:
            title = self.tr("修改应急预案 %1").replace("%1", line.number)
        self.entitle(title, self.tr("保存(&S)"))
        self._line = line
        self.name = self.line("name", self.tr("名称*"), line.title if line else "")
        pairs = [("", EVERY_CAUSE)]
        pairs += [
            (str(one), label) for one, label in CAUSE_LABELS.items() if one is not Cause.PENDING
        ]
        self.cause = choice(self, "cause", self.tr("适用原因"), pairs)
        self.fields.addRow(self.tr("适用原因*"), self.cause)
        self.owner = choice(self, "owner", self.tr("责任人"), ())
        self.fields.addRow(self.tr("责任人*"), self.owner)
        today = business_date(context.db.clock.now(), context.db.tz)
        self.review = DateField("plan.review", self.tr("下次复审"), today, self)
        self.review.set_date(self._review_on(today))
        self.fields.addRow(self.tr("下次复审*"), self.review)
        self.todo: dict[Step, QPlainTextEdit] = {}
        for step, label in STEP_LABELS.items():
            self.todo[step] = self.area(f"todo_{step}", label, self.tr("每行一件要做的事"))
            self.todo[step].setFixedHeight(self.fontMetrics().height() * 3)
        self.message = self.area("message", self.tr("通报用语"), self.tr("通报业务部门时怎么说"))
        self.message.setFixedHeight(self.fontMetrics().height() * 3)
        self.reason = self.line("reason", self.tr("制定或修改原因*"))
        if line is not None:
            self._fill(line)
        db, actor = context.db, context.actor
        context.read(lambda _: handlers(db, actor), self._show_owners, self.refused)

    @override
    def start(self) -> None:
        review = self.review.chosen()
        if review is None:
            raise BadInput(self.tr("请填写下次复审的日期。"))
        code, line = str(self.cause.currentData()), self._line
        command = SavePlan(
            self.name.text(),
            Cause(code) if code else None,
            str(self.owner.currentData() or ""),
            review,
            {step: edit.toPlainText().splitlines() for step, edit in self.todo.items()},
            self.reason.text(),
            self.message.toPlainText(),
            line.number if line else "",
            line.edition if line else 0,
        )
        self.run(lambda db, actor: save_plan(db, actor, command), self.written.emit)

    def _review_on(self, today: date) -> date:
        if self._line is None or self._line.due or not self._line.active:
            return today + _YEAR
        return self._line.review_on

    def _fill(self, line: PlanLine) -> None:
        code = "" if line.cause is None else str(line.cause)
        self.cause.setCurrentIndex(self.cause.findData(code))
        self.message.setPlainText(line.message)
        for step, edit in self.todo.items():
            edit.setPlainText("\n".join(line.todo.get(step, ())))

    def _show_owners(self, found: list[tuple[str, str]]) -> None:
        for username, name in found:
            self.owner.addItem(f"{name}（{username}）", username)
        wanted = self._line.username if self._line else self.context.actor.username
        self.owner.setCurrentIndex(self.owner.findData(wanted))
