"""办理结果: the form's number, who must decide now, and the paper."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.clock import local_text
from app.payments.records import ResumeForm
from app.payments.states import ResumeState
from ui.resume.pieces import approval_entries, heading
from ui.theme import Tone
from ui.widgets.icons import icon
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.timeline import Timeline

_TONES = {
    ResumeState.IN_APPROVAL: Tone.WARN,
    ResumeState.DONE: Tone.OK,
    ResumeState.GATE_REFUSED: Tone.STOP,
    ResumeState.RETURNED: Tone.STOP,
    ResumeState.REJECTED: Tone.STOP,
    ResumeState.VOIDED: Tone.MUTED,
}


class DoneStep(QWidget):
    """Emits what shall be opened."""

    sheet_wanted = Signal(str)
    payments_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resume.done")
        self._form_no = ""
        self.facts = KeyValues("resume.done.facts", parent=self)
        self.sheet = QPushButton(
            icon("printer-line", Tone.ACCENT), self.tr("预览、打印审批单(&P)…"), self
        )
        self.sheet.setObjectName("resume.done.sheet")
        self.sheet.setAccessibleName(self.tr("预览、打印或保存恢复付款审批单"))
        self.sheet.clicked.connect(self._ask_sheet)
        self._list = QPushButton(self.tr("回到付款列表(&L)"), self)
        self._list.setObjectName("resume.done.payments")
        self._list.setAccessibleName(self.tr("回到付款列表"))
        self._list.clicked.connect(self.payments_wanted)
        self._steps = Timeline("resume.done.steps", self)
        row = QHBoxLayout()
        row.addWidget(self.sheet)
        row.addWidget(self._list)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.facts)
        column.addLayout(row)
        column.addWidget(heading(self.tr("审批进度"), self))
        column.addWidget(self._steps, 1)

    def show_form(self, form: ResumeForm, deciders: tuple[str, ...]) -> None:
        """Show how far the form is and who can decide now."""
        self._form_no = form.number
        level = (
            next((s.level for s in form.approval.steps if not s.decided), "")
            if form.approval
            else ""
        )
        waits = form.state is ResumeState.IN_APPROVAL
        nobody = self.tr("目前没有人可以审批，请联系系统管理员授权或委托")
        who = f"{level}：{'、'.join(deciders) or nobody}" if waits else ""
        run = form.dry_run or {}
        lines = [
            KeyValue("number", self.tr("审批单号"), form.number, bold=True),
            KeyValue("state", self.tr("状态"), form.state_label, _TONES[form.state], bold=True),
            KeyValue("who", self.tr("现在须由谁审批"), who, Tone.WARN if waits else Tone.NORMAL),
            KeyValue(
                "asked", self.tr("申请"), f"{form.requested_by}　{local_text(form.requested_at)}"
            ),
            KeyValue("reason", self.tr("恢复理由"), form.reason),
            KeyValue("measures", self.tr("整改措施"), form.measures),
            KeyValue("planned", self.tr("计划付款日"), form.planned_on.isoformat()),
            KeyValue("next", self.tr("下次执行时间"), _stored_time(run.get("next_execution"))),
            KeyValue("why", self.tr("说明"), form.closed_why),
        ]
        self.facts.set_lines(lines)
        self._steps.set_entries(approval_entries(form.approval) if form.approval else [])

    def _ask_sheet(self) -> None:
        self.sheet_wanted.emit(self._form_no)


def _stored_time(text: str | None) -> str:
    return "" if text is None else local_text(datetime.fromisoformat(text))
