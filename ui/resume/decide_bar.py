"""批准, 退回, 驳回 with a remark, or 回拨核实 for a payee's change."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.access.approvals import Decision
from ui.resume.deciding import Todo
from ui.theme import restyle


class DecideBar(QWidget):
    """Emits the decision; offers only what the selection allows."""

    decided = Signal(object)
    call_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inbox.bar")
        self._busy = False
        self._rows: tuple[Todo, ...] = ()
        self._said = QLabel(self)
        self._said.setObjectName("inbox.said")
        self.remark = QLineEdit(self)
        self.remark.setObjectName("inbox.remark")
        self.remark.setAccessibleName(self.tr("审批意见"))
        self.remark.setPlaceholderText(self.tr("审批意见（退回、驳回时必填）"))
        self.remark.textChanged.connect(self._judge)
        self.approve = self._button("approve", self.tr("批准(&A)"), Decision.APPROVE)
        restyle(self.approve, "kind", "primary")
        self.back = self._button("return", self.tr("退回(&R)"), Decision.RETURN)
        self.reject = self._button("reject", self.tr("驳回(&J)"), Decision.REJECT)
        restyle(self.reject, "kind", "danger")
        self.call = QPushButton(self.tr("回拨核实(&C)…"), self)
        self.call.setObjectName("inbox.call_back")
        self.call.setAccessibleName(self.tr("回拨核实"))
        self.call.clicked.connect(self.call_back)
        restyle(self.call, "kind", "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._said)
        row.addWidget(self.remark, 1)
        for button in (self.approve, self.back, self.reject, self.call):
            row.addWidget(button)
        self.offer(())

    def offer(self, rows: Sequence[Todo]) -> None:
        """Offer what may be done with these."""
        self._rows = tuple(rows)
        requests = [row for row in rows if row.line is not None]
        calling = bool(rows) and not requests
        self._said.setText(self.tr("已选 %1 项").replace("%1", str(len(rows))))
        for part in (self.remark, self.approve, self.back, self.reject):
            part.setVisible(not calling)
        self.call.setVisible(calling)
        self._judge()

    def set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._judge()

    def _judge(self) -> None:
        mixed = any(row.line is None for row in self._rows)
        usable = bool(self._rows) and not self._busy and not mixed
        written = bool(self.remark.text().strip())
        self.approve.setEnabled(usable)
        self.approve.setText(self.tr("正在办理…") if self._busy else self.tr("批准(&A)"))
        need = "" if written else self.tr("请先填写审批意见")
        for button in (self.back, self.reject):
            button.setEnabled(usable and written)
            button.setToolTip(need)
        self.approve.setToolTip(self.tr("回拨核实须逐项办理") if mixed else "")
        self.call.setEnabled(len(self._rows) == 1 and not self._busy)
        self.remark.setEnabled(not self._busy)

    def _button(self, name: str, text: str, decision: Decision) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"inbox.{name}")
        button.setAccessibleName(text.split("(", maxsplit=1)[0])
        button.clicked.connect(lambda: self.decided.emit(decision))
        return button
