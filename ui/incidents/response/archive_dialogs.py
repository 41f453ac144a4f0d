"""The forms of 记录归档: 复盘, a measure, and its end."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.clock import business_date
from app.core.errors import BadInput
from app.incidents.closing.reviewing import (
    MeasureLine,
    Review,
    add_measure,
    end_measure,
    known_review,
    write_review,
)
from app.incidents.response_view import handlers
from app.incidents.states import TASK_STATE_LABELS, TaskState
from ui.context import Context
from ui.incidents.response.dialogs import choice
from ui.resume.form_dialog import FormDialog
from ui.widgets.date_field import DateField


class ReviewDialog(FormDialog):
    """复盘: what was written before stands in it."""

    written = Signal()

    def __init__(self, context: Context, number: str, parent: QWidget | None = None) -> None:
        super().__init__(context, "response_review", parent)
        self.entitle(self.tr("复盘"), self.tr("保存(&S)"))
        self._number = number
        self.direct = self.area("direct", self.tr("直接原因*"), self.tr("是什么让付款停下来的"))
        self.root = self.area(
            "root", self.tr("根本原因*"), self.tr("为什么会发生，为什么没有早发现")
        )
        self.impact = self.area("impact", self.tr("影响"), self.tr("涉及的订单、收款单位、业务"))
        self.fee = self.line("fee", self.tr("逾期金额与费用"), "", self.tr("元，可不填"))
        self.lessons = self.area("lessons", self.tr("教训"))
        db = context.db

        def work(_: object) -> Review | None:
            with db.read() as view:
                return known_review(view, number)

        context.read(work, self._show, self.refused)

    def _show(self, known: Review | None) -> None:
        if known is not None:
            self.direct.setPlainText(known.direct_cause)
            self.root.setPlainText(known.root_cause)
            self.impact.setPlainText(known.impact)
            self.fee.setText(known.fee)
            self.lessons.setPlainText(known.lessons)

    @override
    def start(self) -> None:
        review = Review(
            self.direct.toPlainText(),
            self.root.toPlainText(),
            self.impact.toPlainText(),
            self.fee.text(),
            self.lessons.toPlainText(),
        )
        number = self._number
        self.run(
            lambda db, actor: write_review(db, actor, number, review),
            lambda _: self.written.emit(),
        )


class MeasureDialog(FormDialog):
    """A measure, with its owner and its day."""

    written = Signal()

    def __init__(self, context: Context, number: str, parent: QWidget | None = None) -> None:
        super().__init__(context, "response_measure", parent)
        self.entitle(self.tr("改进措施"), self.tr("增加(&S)"))
        self._number = number
        self.text = self.area("text", self.tr("措施*"))
        self.owner = choice(self, "owner", self.tr("责任人"), ())
        self.fields.addRow(self.tr("责任人*"), self.owner)
        today = business_date(context.db.clock.now(), context.db.tz)
        self.due = DateField("response_measure.due", self.tr("期限"), today, self)
        self.due.set_date(today)
        self.fields.addRow(self.tr("期限*"), self.due)
        context.read(lambda _: handlers(context.db, context.actor), self._show_owners, self.refused)

    def _show_owners(self, found: list[tuple[str, str]]) -> None:
        for username, name in found:
            self.owner.addItem(f"{name}（{username}）", username)
        self.owner.setCurrentIndex(self.owner.findData(self.context.actor.username))

    @override
    def start(self) -> None:
        due = self.due.chosen()
        if due is None:
            raise BadInput(self.tr("请填写期限。"))
        number, text, owner = self._number, self.text.toPlainText(), self.owner.currentData()
        self.run(
            lambda db, actor: add_measure(db, actor, number, text, str(owner or ""), due),
            lambda _: self.written.emit(),
        )


class EndMeasureDialog(FormDialog):
    """What became of a measure."""

    written = Signal()

    def __init__(
        self, context: Context, measure: MeasureLine, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "response_end_measure", parent)
        self.entitle(self.tr("办结改进措施"), self.tr("办结(&S)"))
        self._measure = measure
        self.said("measure", self.tr("措施"), measure.text)
        pairs = [(str(one), TASK_STATE_LABELS[one]) for one in (TaskState.DONE, TaskState.DROPPED)]
        self.state = choice(self, "state", self.tr("结果"), pairs)
        self.fields.addRow(self.tr("结果*"), self.state)
        self.text = self.area("text", self.tr("说明*"))

    @override
    def start(self) -> None:
        state, text = TaskState(self.state.currentData()), self.text.toPlainText()
        one = self._measure
        self.run(
            lambda db, actor: end_measure(db, actor, one.measure_id, state, text, one.version),
            lambda _: self.written.emit(),
        )
