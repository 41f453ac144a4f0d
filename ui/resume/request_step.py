"""提交申请: why, what was put right, from which day, who will approve, and a dry run."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.clock import local_text
from app.payments.dry_runs import DryRun
from app.payments.flow import VALUE_LABELS, ResumeDraft, changes_of
from app.payments.gate import Passage
from app.payments.resume_view import Situation
from ui.resume.pieces import change_table, heading, levels_text, note, passage_table
from ui.theme import Tone
from ui.widgets.date_field import DateField
from ui.widgets.icons import icon
from ui.widgets.simple_table import SimpleTable


class RequestStep(QWidget):
    """Emits the fields (reason, measures, planned_on) whenever one of them changes."""

    typed = Signal(dict)
    test_wanted = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resume.request")
        self._loading = False
        self._shown_changes: tuple[Mapping[str, str], ...] | None = None
        self.reason = self._area("reason", self.tr("恢复理由"), self.tr("例如：资金已到位"))
        self.measures = self._area(
            "measures", self.tr("整改措施"), self.tr("例如：补足余额，并调整付款计划")
        )
        self.planned = DateField("resume.request.planned", self.tr("恢复后计划付款日"), today, self)
        self.planned.setPlaceholderText(self.tr("例如 %1").replace("%1", today.isoformat()))
        self.planned.date_changed.connect(self._tell)
        self._levels = note("resume.request.levels", "", self)
        self.test = QPushButton(icon("test-tube-line"), self.tr("付款测试(&T)"), self)
        self.test.setObjectName("resume.request.test")
        self.test.setAccessibleName(self.tr("付款测试"))
        self.test.setToolTip(self.tr("走一遍发送前的全部检查，不动用资金"))
        self.test.clicked.connect(self.test_wanted)
        self._tested = note("resume.request.tested", "", self, Tone.MUTED)
        self._lay_out()

    def show_draft(self, draft: ResumeDraft, now: Situation) -> None:
        """Show what was typed and who would approve."""
        self._loading = True
        for field, text in ((self.reason, draft.reason), (self.measures, draft.measures)):
            if field.toPlainText() != text:
                field.setPlainText(text)
        if self.planned.problem() == "" and self.planned.chosen() != draft.planned_on:
            self.planned.set_date(draft.planned_on)
        self._loading = False
        text = self.tr("正常付款审批：%1。恢复付款须高一级：%2；经办人和最后修改人不能审批。")
        text = text.replace("%1", levels_text(now.normal_levels))
        self._levels.setText(text.replace("%2", levels_text(now.levels)))
        self._show_changes(changes_of(draft.before, now.values, VALUE_LABELS))

    def show_test(self, result: DryRun) -> None:
        """Show the outcome of a dry run."""
        failed = sum(1 for one in result.passages if not one.ok)
        text = (
            self.tr("%1 测试：%2 项检查，%3 项未通过；下次执行时间 %4。未动用资金。")
            .replace("%1", local_text(result.at))
            .replace("%2", str(len(result.passages)))
            .replace("%3", str(failed))
            .replace("%4", local_text(result.next_execution_at) or self.tr("未定"))
        )
        if [one.code for one in result.passages if not one.ok] == ["status"]:
            text += self.tr("“指令状态”一项在恢复获批后通过。")
        self._tested.setText(text)
        self._replace("_table", passage_table("resume.request.passages", result.passages, self))

    def passages(self) -> SimpleTable[Passage] | None:
        """The checks of the last dry run, if there was one."""
        return self._table if isinstance(self._table, SimpleTable) else None

    def forget_test(self) -> None:
        """Another payment: the old outcome says nothing."""
        self._shown_changes = None
        self._tested.setText(self.tr("可先做付款测试：走一遍发送前的全部检查，不动用资金。"))
        self._replace("_table", QWidget(self))

    def set_busy(self, busy: bool) -> None:
        for part in (self.reason, self.measures, self.planned, self.test):
            part.setEnabled(not busy)

    def _area(self, name: str, title: str, example: str) -> QPlainTextEdit:
        edit = QPlainTextEdit(self)
        edit.setObjectName(f"resume.request.{name}")
        edit.setAccessibleName(title)
        edit.setPlaceholderText(example)
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(edit.fontMetrics().height() * 4)
        edit.textChanged.connect(self._tell)
        return edit

    def _lay_out(self) -> None:
        body = QWidget(self)
        form = QFormLayout()
        form.addRow(self.tr("恢复理由（必填）"), self.reason)
        form.addRow(self.tr("整改措施（必填）"), self.measures)
        form.addRow(self.tr("计划付款日（必填）"), self.planned)
        form.addRow(self.tr("审批级别"), self._levels)
        self._changes: QWidget = QWidget(body)
        self._table: QWidget = QWidget(body)
        tests = QHBoxLayout()
        tests.addWidget(self.test)
        tests.addWidget(self._tested, 1)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, self.fontMetrics().height() // 2, 0)
        self._column.addLayout(form)
        self._column.addWidget(heading(self.tr("本次修改"), body))
        self._column.addWidget(self._changes)
        self._column.addLayout(tests)
        self._column.addWidget(self._table)
        self._column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("resume.request.scroll")
        scroll.setAccessibleName(self.tr("提交申请"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def _show_changes(self, changes: tuple[dict[str, str], ...]) -> None:
        if changes == self._shown_changes:
            return
        self._shown_changes = changes
        fresh: QWidget
        if changes:
            fresh = change_table("resume.request.changes", changes, self)
        else:
            text = self.tr("没有修改付款内容。")
            fresh = note("resume.request.unchanged", text, self, Tone.MUTED)
        self._replace("_changes", fresh)

    def _replace(self, name: str, fresh: QWidget) -> None:
        old: QWidget = getattr(self, name)
        self._column.replaceWidget(old, fresh)
        old.hide()
        old.deleteLater()
        setattr(self, name, fresh)

    def _tell(self) -> None:
        if self._loading:
            return
        planned = None if self.planned.problem() else self.planned.chosen()
        self.typed.emit(
            {
                "reason": self.reason.toPlainText(),
                "measures": self.measures.toPlainText(),
                "planned_on": planned,
            }
        )
