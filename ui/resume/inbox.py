"""待授权: what waits for this person's decision, and what became of what they asked for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.access.approvals import ApprovalKind, Decision
from app.access.inbox import SubmittedLine, submitted_by
from app.agreements.cancel_view import CancelForm, cancel_form
from app.core.clock import local_text
from app.payments.decision_view import DecisionView, decision_view
from app.payments.detail import resume_form
from app.payments.records import ResumeForm
from app.payments.states import ResumeState
from ui import messages
from ui.admin.identity import with_fresh_identity
from ui.agreements.request_view import cancel_sections
from ui.context import Context
from ui.payments.looks import money_text
from ui.payments.running import start_act
from ui.resume.call_back import CallBackDialog
from ui.resume.decide_bar import DecideBar
from ui.resume.deciding import Outcome, Todo, decide, decide_all, todos
from ui.resume.outcome_dialog import OutcomeDialog
from ui.resume.pieces import tr
from ui.resume.request_detail import RequestDetail
from ui.resume.submitted_list import SubmittedList
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.banner import Banner, Severity
from ui.widgets.columns import Align, Column
from ui.widgets.empty_state import EmptyState
from ui.widgets.simple_table import SimpleTable


class InboxPage(QWidget):
    """A list at the left, the request at the right, the decision below."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inbox")
        self._context = context
        self._wanted = ""
        self._shown = ""
        self.banner = Banner("inbox.banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.table: SimpleTable[Todo] = SimpleTable(
            "inbox.table", self.tr("待我授权"), _columns(), lambda r: r.key, parent=self
        )
        self.table.current_changed.connect(self._show_current)
        self.table.selection_changed.connect(self._offer)
        self.table.opened.connect(self._opened)
        self.detail = RequestDetail("inbox.detail", self)
        self.bar = DecideBar(self)
        self.bar.decided.connect(self._ask)
        self.bar.call_back.connect(self._call_back)
        self.empty = EmptyState("inbox.empty", self)
        self.mine = SubmittedList(context, self)
        refresh = QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self)
        refresh.activated.connect(self.reload)
        self._lay_out()
        self.reload()

    def reload(self) -> None:
        """Read both lists again."""
        context = self._context

        def work(_: Progress) -> tuple[list[Todo], list[SubmittedLine]]:
            return todos(context), submitted_by(context.db, context.actor)

        key = (id(self), "inbox")
        context.tasks.start_latest(key, work, self._show, self._failed, owner=self)

    def show_argument(self, argument: object) -> None:
        """Select the request about that payment, hold or change."""
        self._wanted = str(argument)
        self._tabs.setCurrentIndex(0)
        self.reload()

    def _lay_out(self) -> None:
        line = self.fontMetrics().height()
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("inbox.split")
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 6)
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, line // 2, 0, 0)
        column.addWidget(split, 1)
        column.addWidget(self.bar)
        self._parts = QStackedWidget(self)
        self._parts.addWidget(work)
        self._parts.addWidget(self.empty)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("inbox.tabs")
        self._tabs.setAccessibleName(self.tr("待授权"))
        self._tabs.addTab(self._parts, self.tr("待我授权(&W)"))
        self._tabs.addTab(self.mine, self.tr("我提交的(&M)"))
        column = QVBoxLayout(self)
        column.setContentsMargins(line, line, line, line)
        column.addWidget(self.banner)
        column.addWidget(self._tabs, 1)

    def _show(self, found: tuple[list[Todo], list[SubmittedLine]]) -> None:
        waiting, mine = found
        self.table.set_rows(waiting)
        self.mine.show_lines(mine)
        count = self.tr("待我授权 %1(&W)").replace("%1", str(len(waiting)))
        self._tabs.setTabText(0, count)
        self.empty.show_state(self.tr("没有等待您授权的事项。"))
        self._parts.setCurrentIndex(0 if waiting else 1)
        places = [place for place, row in enumerate(waiting) if row.subject == self._wanted]
        if places or (waiting and self.table.current_row() is None):
            place = places[0] if places else 0
            self.table.setCurrentIndex(self.table.rows().index(place, 0))
            self.table.select_positions([place])
        self._wanted = ""
        self._shown = ""
        self._show_current(self.table.current_row())
        self._offer()

    def _show_current(self, row: object) -> None:
        if not isinstance(row, Todo):
            self._shown = ""
            self.detail.clear()
            return
        if row.key == self._shown:
            return
        self._shown = row.key
        if row.change is not None:
            self.detail.show_change(row.change)
            return
        context, line = self._context, row.line
        if line is None:
            raise ValueError(row.key)
        if line.kind is ApprovalKind.CANCELLATION:
            self._show_cancellation(row.key, line.subject_no)
            return

        def work(_: Progress) -> DecisionView:
            return decision_view(context.db, context.actor, line.id, context.system_facts())

        def show(view: DecisionView) -> None:
            if self._shown == row.key:
                self.detail.show_view(view)

        key = (id(self), "detail")
        context.tasks.start_latest(key, work, show, self._failed, owner=self)

    def _show_cancellation(self, key: str, form_no: str) -> None:
        context = self._context

        def work(_: Progress) -> CancelForm:
            return cancel_form(context.db, context.actor, form_no)

        def show(form: CancelForm) -> None:
            if self._shown == key:
                self.detail.show_parts(lambda body: cancel_sections(form, body))

        context.tasks.start_latest((id(self), "detail"), work, show, self._failed, owner=self)

    def _offer(self) -> None:
        self.bar.offer(self.table.selected_rows())

    def _opened(self, row: object) -> None:
        if isinstance(row, Todo) and row.change is not None:
            self._call_back()
        else:
            self.bar.remark.setFocus()

    def _call_back(self) -> None:
        row = self.table.current_row()
        if row is None or row.change is None:
            return
        dialog = CallBackDialog(self._context, row.change, self)
        dialog.decided.connect(self._called_back)
        dialog.open()

    def _called_back(self, number: str) -> None:
        text = self.tr("%1 的核实结果已登记。").replace("%1", number)
        self.banner.show_message(Severity.OK, text)

    def _ask(self, decision: Decision) -> None:
        chosen = [row for row in self.table.selected_rows() if row.line is not None]
        if not chosen:
            return
        remark = self.bar.remark.text()
        with_fresh_identity(self, self._context, lambda: self._decide(chosen, decision, remark))

    def _decide(self, chosen: Sequence[Todo], decision: Decision, remark: str) -> None:
        context = self._context
        lines = [row.line for row in chosen if row.line is not None]

        def work(_: Progress) -> tuple[list[Outcome], ResumeForm | None]:
            if len(lines) > 1:
                return decide_all(context, lines, decision, remark), None
            outcome = decide(context, lines[0], decision, remark)
            resumed = outcome.resumed
            if resumed is None or resumed.state is not ResumeState.DONE:
                return [outcome], None
            return [outcome], resume_form(context.db, context.actor, resumed.form_no)

        self.banner.clear()
        self.bar.set_busy(True)
        start_act(context, self, work, self._decided, self._refused)

    def _decided(self, found: tuple[list[Outcome], ResumeForm | None]) -> None:
        self.bar.set_busy(False)
        outcomes, form = found
        refused = [one for one in outcomes if one.refusal is not None]
        if not refused:
            self.bar.remark.clear()
        said = "\n".join(f"{one.line.subject_no}：{one.said}" for one in outcomes)
        if len(outcomes) > 1:
            head = self.tr("已办理 %1 项，未能办理 %2 项。")
            head = head.replace("%1", str(len(outcomes) - len(refused)))
            said = head.replace("%2", str(len(refused))) + f"\n{said}"
        self.banner.show_message(Severity.WARN if refused else Severity.OK, said)
        if form is not None:
            OutcomeDialog(self._context, form, self).open()

    def _refused(self, error: BaseException) -> None:
        self.bar.set_busy(False)
        self._failed(error)
        # Whoever was first has changed the list; what was typed stays.
        self.reload()


def _columns() -> tuple[Column[Todo], ...]:
    return (
        Column("kind", tr("事项"), lambda r: r.kind, tone=lambda _: Tone.ACCENT, chars=12),
        Column("subject", tr("单号"), lambda r: r.subject, chars=17),
        Column("amount", tr("金额"), _amount, align=Align.RIGHT, sort_value=_minor, chars=13),
        Column("level", tr("审批级别"), lambda r: r.level, chars=14),
        Column("title", tr("内容"), lambda r: r.title, chars=30),
        Column("who", tr("申请人"), lambda r: r.who, chars=8),
        Column(
            "at", tr("提交时间"), lambda r: local_text(r.at), sort_value=lambda r: r.at, chars=16
        ),
    )


def _amount(row: Todo) -> str:
    return "" if row.amount is None else money_text(row.amount)


def _minor(row: Todo) -> int:
    return 0 if row.amount is None else row.amount.minor
