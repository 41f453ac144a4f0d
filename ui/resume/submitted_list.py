"""我提交的: where one's own requests are, and who can decide on them now."""

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.access.approvals import KIND_LABELS, STATE_LABELS, ApprovalKind, RequestState
from app.access.inbox import SubmittedLine
from app.access.rights import ROLE_LABELS
from app.core.clock import local_text
from ui.context import Context
from ui.payments.looks import money_text
from ui.resume.pieces import tr
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.empty_state import EmptyState
from ui.widgets.simple_table import SimpleTable

_TONES = {
    RequestState.OPEN: Tone.WARN,
    RequestState.APPROVED: Tone.OK,
    RequestState.RETURNED: Tone.STOP,
    RequestState.REJECTED: Tone.STOP,
    RequestState.VOIDED: Tone.MUTED,
}
_MARKS = {
    RequestState.OPEN: "◷",
    RequestState.APPROVED: "✓",
    RequestState.RETURNED: "↩",
    RequestState.REJECTED: "✕",
    RequestState.VOIDED: "—",
}


class SubmittedList(QStackedWidget):
    """Enter opens what the request is about."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inbox.mine")
        self._context = context
        self.table: SimpleTable[SubmittedLine] = SimpleTable(
            "inbox.mine.table", self.tr("我提交的申请"), _columns(), lambda r: r.id, parent=self
        )
        self.table.opened.connect(self._open)
        self.empty = EmptyState("inbox.mine.empty", self)
        self.empty.show_state(self.tr("您还没有提交过申请。"))
        self.addWidget(self.table)
        self.addWidget(self.empty)

    def show_lines(self, lines: Sequence[SubmittedLine]) -> None:
        """Show these requests."""
        self.table.set_rows(lines)
        self.setCurrentIndex(0 if lines else 1)

    def _open(self, row: object) -> None:
        if not isinstance(row, SubmittedLine):
            return
        page = "payments"
        if row.kind is ApprovalKind.HOLD_LIFT:
            page = "holds"
        elif row.kind is ApprovalKind.RESUME and row.state is RequestState.OPEN:
            page = "resume"
        self._context.navigate.emit(page, row.subject_no)


def _columns() -> tuple[Column[SubmittedLine], ...]:
    return (
        Column("state", tr("状态"), _state, tone=lambda r: _TONES[r.state], chars=10),
        Column("kind", tr("事项"), lambda r: KIND_LABELS[r.kind], chars=12),
        Column("subject", tr("单号"), lambda r: r.subject_no, chars=17),
        Column("amount", tr("金额"), _amount, align=Align.RIGHT, chars=13),
        Column("waits", tr("现在须由谁审批"), _waits, tone=_waits_tone, chars=34),
        Column("title", tr("内容"), lambda r: r.title, chars=30),
        Column("at", tr("提交时间"), lambda r: local_text(r.opened_at), chars=16),
        Column("closed", tr("办结时间"), lambda r: local_text(r.closed_at), chars=16),
        Column("remark", tr("意见"), lambda r: r.remark, chars=24),
    )


def _state(row: SubmittedLine) -> str:
    return f"{_MARKS[row.state]} {STATE_LABELS[row.state]}"


def _amount(row: SubmittedLine) -> str:
    return "" if row.amount is None else money_text(row.amount)


def _waits(row: SubmittedLine) -> str:
    if row.level is None:
        return ""
    return f"{ROLE_LABELS[row.level]}：{'、'.join(row.waits_for) or tr('目前无人可审批')}"


def _waits_tone(row: SubmittedLine) -> Tone:
    return Tone.NORMAL if row.waits_for else Tone.STOP
