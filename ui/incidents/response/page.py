"""处置: one incident, its clock and its five steps."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.access.rights import Right
from app.incidents import cases
from app.incidents.response_view import Response, response
from app.incidents.states import INCIDENT_LABELS, STEP_LABELS, IncidentState, Step, StepState
from ui import messages
from ui.context import Context
from ui.incidents.contacts.follow_panel import FollowPanel
from ui.incidents.looks import INCIDENT_LOOKS, tr
from ui.incidents.places import FOLLOW
from ui.incidents.response.archive_panel import ArchivePanel
from ui.incidents.response.bank_panel import BankPanel
from ui.incidents.response.looks import clock_tone, head_text
from ui.incidents.response.panel import StepPanel
from ui.incidents.response.panels import CausePanel, CheckPanel
from ui.incidents.vendor.panel import VendorPanel
from ui.payments.running import start_act
from ui.theme import Tone, restyle, set_tone
from ui.widgets.banner import Banner, Severity
from ui.widgets.empty_state import EmptyState
from ui.widgets.steps import Step as StepItem
from ui.widgets.steps import Steps
from ui.widgets.steps import StepState as Look

# The clock goes on while nobody does anything.
_TICK_MS = 60_000


class ResponsePage(QWidget):
    """The steps at the left, the chosen one at the right, advice and clock above."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("response")
        self._context = context
        self._number = ""
        self._found: Response | None = None
        self._step: Step | None = None
        self.banner = Banner("response_banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.empty = EmptyState("response_empty", self)
        self.empty.acted.connect(lambda: context.navigate.emit("incidents", None))
        self.empty.show_state(tr("请在“应急事件”中选择一个事件，点“处置”。"), tr("去应急事件"))
        self._make_head()
        self.steps = Steps("response_steps", self)
        self.steps.wanted.connect(self._go)
        self.panels: dict[Step, StepPanel] = {
            Step.CAUSE: CausePanel(context),
            Step.CHECK: CheckPanel(context),
            Step.VENDOR: VendorPanel(context),
            Step.BANK: BankPanel(context),
            Step.ARCHIVE: ArchivePanel(context),
        }
        self._stack = QStackedWidget(self)
        for panel in self.panels.values():
            panel.said.connect(self._said)
            panel.failed.connect(self._refused)
            self._stack.addWidget(panel)
        self.follow = FollowPanel(context)
        self.follow.said.connect(self._said)
        self.follow.failed.connect(self._refused)
        self.follow.counted.connect(self._counted)
        self._stack.addWidget(self.follow)
        self._lay_out()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self, self.reload)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._ticked)
        self._tick.start()

    def show_argument(self, argument: object) -> None:
        """Show the incident of that number, at the step that comes next.

        With FOLLOW after the number, what it waits for and 通报 are shown.
        """
        number, follow, _ = str(argument).partition(FOLLOW)
        self._number, self._found, self._step = number, None, None
        self.to_follow.setChecked(bool(follow))
        self.banner.clear()
        self.reload()

    def reload(self) -> None:
        """Read the incident again; the chosen step stays."""
        if not self._number:
            return
        db, actor, number = self._context.db, self._context.actor, self._number
        self._context.tasks.start_latest(
            (id(self), "response"),
            lambda _: response(db, actor, number),
            self._show,
            self._failed,
            owner=self,
        )

    def _make_head(self) -> None:
        self.back = QPushButton(tr("返回事件列表"), self)
        self.back.setObjectName("response_back")
        self.back.clicked.connect(
            lambda _=False: self._context.navigate.emit("incidents", self._number)
        )
        self.to_follow = QPushButton(tr("跟进与通报"), self)
        self.to_follow.setObjectName("response_to_follow")
        self.to_follow.setCheckable(True)
        self.to_follow.toggled.connect(self._turn)
        self.take = QPushButton(tr("接手"), self)
        self.take.setObjectName("response_take")
        self.take.clicked.connect(lambda _=False: self._take())
        restyle(self.take, "kind", "primary")
        self.head = QLabel(self)
        self.head.setObjectName("response_head")
        self.head.setWordWrap(True)
        restyle(self.head, "kind", "title")
        self.state = QLabel(self)
        self.state.setObjectName("response_state")
        self.advice = QLabel(self)
        self.advice.setObjectName("response_advice")
        self.advice.setWordWrap(True)
        set_tone(self.advice, Tone.ACCENT)
        self.clocks = [QLabel(self) for _ in range(3)]
        for place, label in enumerate(self.clocks):
            label.setObjectName(f"response_clock_{place}")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.head, 1)
        top.addWidget(self.state)
        top.addWidget(self.take)
        top.addWidget(self.to_follow)
        top.addWidget(self.back)
        times = QHBoxLayout()
        times.addWidget(self.advice, 1)
        for label in self.clocks:
            times.addWidget(label)
        below = QHBoxLayout()
        below.addWidget(self.steps)
        below.addWidget(self._stack, 1)
        self._whole = QWidget(self)
        inner = QVBoxLayout(self._whole)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(top)
        inner.addLayout(times)
        inner.addLayout(below, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(self.empty, 1)
        column.addWidget(self._whole, 1)
        self._whole.hide()

    def _show(self, found: Response) -> None:
        self._found = found
        self.empty.hide()
        self._whole.show()
        line = found.line
        self.head.setText(head_text(found))
        owner = line.owner or tr("无人负责")
        self.state.setText(f"{INCIDENT_LABELS[line.state]}　{owner}")
        set_tone(self.state, INCIDENT_LOOKS[line.state][1])
        self.advice.setText(tr("下一步：%1").replace("%1", found.advice))
        self.advice.setVisible(line.state is not IncidentState.CLOSED)
        for label, clock in zip(self.clocks, found.clocks, strict=False):
            label.setText(clock.text)
            set_tone(label, clock_tone(clock))
        self.take.setVisible(not line.owner)
        self.take.setEnabled(self._context.may(Right.INCIDENT_HANDLE))
        if self._step is None:
            self._step = found.following or Step.ARCHIVE
        self._show_step()
        self.follow.show_found(found)

    def _show_step(self) -> None:
        found, chosen = self._found, self._step
        if found is None or chosen is None:
            return
        # While 跟进 is shown no step is, so that each can be gone to.
        shown = None if self.to_follow.isChecked() else chosen
        self.steps.set_steps(
            [
                StepItem(one.step, STEP_LABELS[one.step], _look(one.state, one.step, shown))
                for one in found.steps
            ]
        )
        if self.to_follow.isChecked():
            self._stack.setCurrentWidget(self.follow)
            return
        panel = self.panels[chosen]
        panel.show_found(found)
        self._stack.setCurrentWidget(panel)

    def _turn(self, follow: bool) -> None:
        restyle(self.to_follow, "kind", "primary" if follow else "")
        self._show_step()

    def _counted(self, left: int) -> None:
        text = tr("跟进与通报")
        self.to_follow.setText(f"{text} {left}" if left else text)

    def _go(self, key: str) -> None:
        self._step = Step(key)
        self.banner.clear()
        self.to_follow.setChecked(False)
        self._show_step()

    def _take(self) -> None:
        if self._found is None:
            return
        line, db, actor = self._found.line, self._context.db, self._context.actor
        start_act(
            self._context,
            self,
            lambda _: cases.take_over(db, actor, line.number, line.version),
            lambda _: self._said(tr("%1 由您负责。").replace("%1", line.number)),
            self._refused,
        )

    def _said(self, text: str) -> None:
        self.banner.show_message(Severity.OK, text)

    def _refused(self, error: BaseException) -> None:
        self._failed(error)
        self.reload()

    def _ticked(self) -> None:
        over = self._found is not None and self._found.line.state is IncidentState.CLOSED
        if self.isVisible() and not over:
            self.reload()


def _look(state: StepState, step: Step, shown: Step | None) -> Look:
    if step is shown:
        return Look.CURRENT
    # A locked step can be looked at: what keeps it locked is said there.
    return Look.OPEN if state is StepState.OPEN else Look.DONE
