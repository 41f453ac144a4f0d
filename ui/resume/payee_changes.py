"""收款信息变更: every change that was asked for, and the call-back that decides it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.access.rights import Right
from app.core.clock import local_text
from app.payees.changes import ChangeState
from app.payments.detail import payee_changes
from app.payments.records import ChangeLine
from ui import messages
from ui.context import Context
from ui.resume.call_back import CallBackDialog
from ui.resume.pieces import tr
from ui.resume.request_detail import RequestDetail
from ui.tasks import Progress
from ui.theme import Tone, restyle
from ui.widgets.banner import Banner, Severity
from ui.widgets.columns import Column
from ui.widgets.empty_state import EmptyState
from ui.widgets.simple_table import SimpleTable

_TONES = {
    ChangeState.ASKED: Tone.WARN,
    ChangeState.CONFIRMED: Tone.OK,
    ChangeState.REFUSED: Tone.STOP,
}
_MARKS = {ChangeState.ASKED: "◷", ChangeState.CONFIRMED: "✓", ChangeState.REFUSED: "✕"}


class PayeeChangesPage(QWidget):
    """A list at the left, before and after at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("payee_changes")
        self._context = context
        self._wanted = ""
        self._all: list[ChangeLine] = []
        self.banner = Banner("payee_changes.banner", self)
        self._failed = messages.presenter(self, self.banner)
        self._open_only = QCheckBox(self.tr("只看待核实(&O)"), self)
        self._open_only.setObjectName("payee_changes.open_only")
        self._open_only.toggled.connect(self._fill)
        self.call = QPushButton(self.tr("回拨核实(&C)…"), self)
        self.call.setObjectName("payee_changes.call_back")
        self.call.setAccessibleName(self.tr("回拨核实"))
        self.call.clicked.connect(self.call_back)
        restyle(self.call, "kind", "primary")
        self._payment = QPushButton(self.tr("查看付款(&P)"), self)
        self._payment.setObjectName("payee_changes.payment")
        self._payment.setAccessibleName(self.tr("查看付款"))
        self._payment.clicked.connect(self._show_payment)
        self.table: SimpleTable[ChangeLine] = SimpleTable(
            "payee_changes.table",
            self.tr("收款信息变更"),
            _columns(),
            lambda r: r.number,
            parent=self,
        )
        self.table.current_changed.connect(self._show_current)
        self.table.opened.connect(self.call_back)
        self.detail = RequestDetail("payee_changes.detail", self)
        self.empty = EmptyState("payee_changes.empty", self)
        refresh = QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self)
        refresh.activated.connect(self.reload)
        self._lay_out()
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        db, actor = self._context.db, self._context.actor

        def work(_: Progress) -> list[ChangeLine]:
            return payee_changes(db, actor)

        key = (id(self), "changes")
        self._context.tasks.start_latest(key, work, self._show, self._failed, owner=self)

    def show_argument(self, argument: object) -> None:
        """Select the change of that number."""
        self._wanted = str(argument)
        self._open_only.setChecked(False)
        self.reload()

    def call_back(self) -> None:
        """Open the call-back of the selected change."""
        row = self.table.current_row()
        if row is None or not self.call.isEnabled():
            return
        dialog = CallBackDialog(self._context, row, self)
        dialog.decided.connect(self._decided)
        dialog.open()

    def _lay_out(self) -> None:
        line = self.fontMetrics().height()
        bar = QHBoxLayout()
        bar.addWidget(self.call)
        bar.addWidget(self._payment)
        bar.addStretch(1)
        bar.addWidget(self._open_only)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("payee_changes.split")
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        self._parts = QStackedWidget(self)
        self._parts.addWidget(split)
        self._parts.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(line, line, line, line)
        column.addWidget(self.banner)
        column.addLayout(bar)
        column.addWidget(self._parts, 1)

    def _show(self, found: list[ChangeLine]) -> None:
        self._all = found
        self._fill()

    def _fill(self) -> None:
        only = self._open_only.isChecked()
        rows = [row for row in self._all if not only or row.state is ChangeState.ASKED]
        self.table.set_rows(rows)
        self._parts.setCurrentIndex(0 if rows else 1)
        text = self.tr("没有收款信息变更单。变更从“恢复付款”的“处理原因”一步提交。")
        self.empty.show_state(self.tr("没有等待核实的变更。") if only and self._all else text)
        places = [place for place, row in enumerate(rows) if row.number == self._wanted]
        if places or (rows and self.table.current_row() is None):
            place = places[0] if places else 0
            self.table.setCurrentIndex(self.table.rows().index(place, 0))
            self.table.select_positions([place])
        self._wanted = ""
        self._show_current(self.table.current_row())

    def _show_current(self, row: object) -> None:
        change = row if isinstance(row, ChangeLine) else None
        self.call.setEnabled(change is not None and not self._why_not(change))
        self.call.setToolTip("" if change is None else self._why_not(change))
        self._payment.setEnabled(change is not None and bool(change.payment_no))
        if change is None:
            self.detail.clear()
        else:
            self.detail.show_change(change)

    def _why_not(self, change: ChangeLine) -> str:
        if change.state is not ChangeState.ASKED:
            return self.tr("该变更单已办结。")
        return self._context.why_denied(Right.PAYEE_CONFIRM)

    def _show_payment(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._context.navigate.emit("payments", row.payment_no)

    def _decided(self, number: str) -> None:
        text = self.tr("%1 的核实结果已登记。").replace("%1", number)
        self.banner.show_message(Severity.OK, text)


def _columns() -> tuple[Column[ChangeLine], ...]:
    return (
        Column("state", tr("状态"), _state, tone=lambda r: _TONES[r.state], chars=14),
        Column("number", tr("变更单号"), lambda r: r.number, chars=14),
        Column("payee", tr("收款方"), lambda r: r.payee, chars=26),
        Column("payment", tr("付款指令"), lambda r: r.payment_no, chars=18),
        Column("by", tr("申请人"), lambda r: r.asked_by, chars=8),
        Column("at", tr("申请时间"), lambda r: local_text(r.asked_at), chars=16),
        Column("decided", tr("核实人"), lambda r: r.decided_by, chars=8),
    )


def _state(row: ChangeLine) -> str:
    return f"{_MARKS[row.state]} {row.state_label}"
