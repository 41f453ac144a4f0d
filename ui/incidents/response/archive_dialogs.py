"""The forms of 记录归档: 复盘, a measure, and its end."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.incidents.closing.reviewing import (
    MeasureLine,
    Review,
    add_measure,
    end_measure,
    known_review,
    write_review,
)
from ui.context import Context
from ui.incidents.response.dialogs import AssignDialog, EndDialog
from ui.resume.form_dialog import FormDialog


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
        db, actor = context.db, context.actor
        context.read(lambda _: known_review(db, actor, number), self._show, self.refused)

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


class MeasureDialog(AssignDialog):
    """A measure, with its owner and its day."""

    def __init__(self, context: Context, number: str, parent: QWidget | None = None) -> None:
        super().__init__(context, "response_measure", parent)
        self.entitle(self.tr("改进措施"), self.tr("增加(&S)"))
        self._number = number
        self.text = self.area("text", self.tr("措施*"))
        self.ask_owner(self.tr("责任人"))

    @override
    def start(self) -> None:
        number, text = self._number, self.text.toPlainText()
        owner, due = self.chosen_owner(), self.chosen_day()
        self.run(
            lambda db, actor: add_measure(db, actor, number, text, owner, due),
            lambda _: self.written.emit(),
        )


class EndMeasureDialog(EndDialog):
    """What became of a measure."""

    def __init__(
        self, context: Context, measure: MeasureLine, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "response_end_measure", parent)
        self.entitle(self.tr("办结改进措施"), self.tr("办结(&S)"))
        self._measure = measure
        self.ask_end(self.tr("措施"), measure.text)

    @override
    def start(self) -> None:
        one = self._measure
        self.end(
            lambda db, actor, state, text: end_measure(
                db, actor, one.measure_id, state, text, one.version
            )
        )
