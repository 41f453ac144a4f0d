"""What every step's panel has: its content, and at its foot 办结, 跳过 and 重新办理."""

from abc import abstractmethod
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.access.guard import Actor
from app.access.rights import Right
from app.core.clock import local_text
from app.incidents import steps
from app.incidents.response_view import Response, StepView
from app.incidents.states import (
    STEP_LABELS,
    STEP_STATE_LABELS,
    IncidentState,
    Outside,
    Step,
    StepState,
)
from app.storage.work import Database
from ui.context import Context
from ui.incidents.looks import tr
from ui.incidents.response.dialogs import TalkDialog
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.running import start_act
from ui.resume.pieces import heading, note
from ui.theme import Tone, restyle, set_tone
from ui.widgets.flow_layout import FlowLayout

Asked = Callable[[Database, Actor, str, Step, str, int], None]


class StepPanel(QWidget):
    """One step. said: what was done, for the page's banner; failed: what was refused."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, context: Context, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"response_{step.lower()}")
        self.setAccessibleName(STEP_LABELS[step])
        self.context = context
        self.step = step
        self.found: Response | None = None
        self.acts: dict[str, QPushButton] = {}
        self._bar = QWidget(self)
        self._flow = FlowLayout(self._bar, gap=max(3, self.fontMetrics().height() // 3))
        self._state = QLabel(self)
        self._state.setObjectName(f"{self.objectName()}_state")
        self._state.setWordWrap(True)
        self.finish = self._button("finish", tr("办结这一步"), self._finish)
        self.skip = self._button("skip", tr("不需要，跳过…"), self._skip)
        self.again = self._button("again", tr("重新办理…"), self._again)
        self.plan = note(f"{self.objectName()}_plan", "", self, Tone.MUTED)
        self.plan.hide()
        self.body = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._bar)
        column.addWidget(self.plan)
        column.addLayout(self.body, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._state, 1)
        for button in (self.again, self.skip, self.finish):
            foot.addWidget(button)
        column.addLayout(foot)

    @abstractmethod
    def fill(self, found: Response) -> None:
        """Show what is known now."""

    def show_found(self, found: Response) -> None:
        """Show the step of this incident, and offer what can be done."""
        self.found = found
        text = plan_text(found, self.step)
        self.plan.setText(text)
        self.plan.setVisible(bool(text))
        self.fill(found)
        mine = next(one for one in found.steps if one.step is self.step)
        closed = self.why_not(Right.INCIDENT_HANDLE)
        self._state.setText(_state_text(mine))
        set_tone(self._state, _tone(mine))
        ended = mine.state is not StepState.OPEN
        self.finish.setVisible(mine.state is StepState.OPEN)
        self.skip.setVisible(mine.state is StepState.OPEN and self.step is not Step.CAUSE)
        self.again.setVisible(ended and self.step is not Step.CAUSE)
        offer(self.finish, closed or "\n".join(mine.missing))
        offer(self.skip, closed or mine.no_skip)
        offer(self.again, closed)
        restyle(self.finish, "kind", "primary" if self.finish.isEnabled() else "")

    def act(self, name: str, text: str, run: Callable[[], object]) -> QPushButton:
        """A button of the panel's bar."""
        made = self.acts[name] = self._button(name, text, run)
        self._flow.addWidget(made)
        return made

    def head(self, text: str) -> QLabel:
        """A heading inside the panel."""
        made = heading(text, self)
        self.body.addWidget(made)
        return made

    def offer(self, name: str, why: str = "", right: Right = Right.INCIDENT_HANDLE) -> None:
        """Let a button be used, or say why not."""
        offer(self.acts[name], self.why_not(right) or why)

    def why_not(self, right: Right) -> str:
        """Why nothing can be done here at all; "" where it can."""
        return why_not(self.context, self.found, right)

    def locked(self) -> str:
        """Why nothing can be done in this step yet."""
        if self.found is None:
            return ""
        return next(one.locked for one in self.found.steps if one.step is self.step)

    def talk(self, party: Outside) -> None:
        """Ask what was said with whom, and keep it."""
        dialog = TalkDialog(self.context, self.number(), party, self)
        dialog.written.connect(lambda: self.said.emit(tr("联系记录已登记。")))
        dialog.open()

    def start(self, work: Callable[[Database, Actor], object], said: str) -> None:
        """Do an act, and say so."""
        db, actor = self.context.db, self.context.actor
        start_act(
            self.context,
            self,
            lambda _: work(db, actor),
            lambda _: self.said.emit(said),
            self.failed.emit,
        )

    def number(self) -> str:
        return "" if self.found is None else self.found.line.number

    def _button(self, name: str, text: str, run: Callable[[], object]) -> QPushButton:
        made = QPushButton(text, self)
        made.setObjectName(f"{self.objectName()}_{name}")
        made.setAccessibleName(text)
        made.clicked.connect(lambda _=False: run())
        return made

    def _finish(self) -> None:
        if self.found is None:
            return
        number, version, step = self.number(), self.found.line.version, self.step
        self.start(
            lambda db, actor: steps.finish_step(db, actor, number, step, "", version),
            tr("“%1”已办结。").replace("%1", STEP_LABELS[step]),
        )

    def _skip(self) -> None:
        text = tr("“%1”不需要办理？请写明理由，将写入事件记录。")
        self._ask(text, tr("跳过"), steps.skip_step)

    def _again(self) -> None:
        self._ask(tr("重新办理“%1”？请写明原因。"), tr("重新办理"), steps.reopen_step)

    def _ask(self, text: str, yes: str, act: Asked) -> None:
        if self.found is None:
            return
        number, version, step = self.number(), self.found.line.version, self.step
        label = STEP_LABELS[step]
        dialog = ReasonDialog(
            self.context,
            yes,
            text.replace("%1", label),
            lambda why: act(self.context.db, self.context.actor, number, step, why, version),
            yes=yes,
            danger=False,
            parent=self,
        )
        said = tr("“%1”已登记为“%2”。").replace("%1", label).replace("%2", yes)
        dialog.succeeded.connect(lambda: self.said.emit(said))
        dialog.open()


def plan_text(found: Response, step: Step) -> str:
    """What the 应急预案 of the cause says of a step; "" where it says nothing."""
    if found.plan is None or not found.plan.todo.get(step):
        return ""
    head = tr("预案 %1（%2）：").replace("%1", found.plan.number).replace("%2", found.plan.title)
    todo = enumerate(found.plan.todo[step], start=1)
    return head + "　".join(f"{place}. {one}" for place, one in todo)


def why_not(context: Context, found: Response | None, right: Right) -> str:
    """Why nothing can be done about an incident at all; "" where it can."""
    if found is None:
        return tr("请先选择一个事件。")
    if found.line.state is IncidentState.CLOSED:
        return tr("事件已关闭，不能再修改。")
    return context.why_denied(right)


def offer(button: QPushButton, why: str) -> None:
    """Let a button be used, or say why not."""
    button.setEnabled(not why)
    button.setToolTip(why)


def _state_text(step: StepView) -> str:
    if step.state is not StepState.OPEN:
        text = f"{STEP_STATE_LABELS[step.state]}　{step.by}　{local_text(step.at)}"
        return f"{text}　{step.said}" if step.said else text
    if step.locked:
        return tr("尚未开放：%1").replace("%1", step.locked)
    if not step.missing:
        return tr("可以办结。")
    more = tr("（另有 %1 项）").replace("%1", str(len(step.missing) - 1))
    return step.missing[0] + (more if len(step.missing) > 1 else "")


def _tone(step: StepView) -> Tone:
    if step.state is not StepState.OPEN:
        return Tone.OK
    return Tone.WARN if step.missing else Tone.ACCENT
