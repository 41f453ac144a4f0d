"""The frame of the resume wizard: steps at the left, one page, and what leads on."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import Problem
from app.payments.flow import STEP_LABELS, Step
from ui.theme import Tone, restyle, set_tone
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.steps import Step as Mark
from ui.widgets.steps import Steps, StepState

_ORDER = tuple(Step)


class WizardFrame(QWidget):
    """Shows what the wizard decides; knows no payment."""

    forward_wanted = Signal()
    back_wanted = Signal()
    step_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resume")
        self.banner = Banner("resume.banner", self)
        self._title = QLabel(self)
        self._title.setObjectName("resume.title")
        self._title.setProperty("kind", "title")
        self._title.setWordWrap(True)
        self.steps = Steps("resume.steps", self)
        self.steps.wanted.connect(self.step_wanted)
        self._pages = QStackedWidget(self)
        self.empty = EmptyState("resume.empty", self)
        self._why = QLabel(self)
        self._why.setObjectName("resume.why")
        self._why.setWordWrap(True)
        set_tone(self._why, Tone.WARN)
        self.back = QPushButton(self.tr("上一步(&B)"), self)
        self.back.setObjectName("resume.back")
        self.back.setAccessibleName(self.tr("上一步"))
        self.back.clicked.connect(self.back_wanted)
        self.forward = QPushButton(self)
        self.forward.setObjectName("resume.next")
        self.forward.clicked.connect(self.forward_wanted)
        restyle(self.forward, "kind", "primary")
        refresh = QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self)
        refresh.activated.connect(self.reload)
        self._lay_out()

    def reload(self) -> None:
        """Read everything again."""

    def add_page(self, page: QWidget) -> None:
        self._pages.addWidget(page)

    def show_title(self, text: str) -> None:
        self._title.setText(text)

    def show_empty(self, text: str, action: str = "") -> None:
        """Instead of the steps, one sentence."""
        self._body.hide()
        self.empty.show_state(text, action, "restart-line")
        self.empty.show()

    def show_page(self, page: QWidget, step: Step) -> None:
        """Show the page of that step, and where it stands among the others."""
        self.empty.hide()
        self._body.show()
        self._pages.setCurrentWidget(page)
        here, over = _ORDER.index(step), step is Step.DONE
        locked = self.tr("请先完成前面的步骤")
        marks = []
        for place, one in enumerate(_ORDER):
            state, why = StepState.LOCKED, locked
            if place == here:
                state, why = StepState.CURRENT, ""
            elif place < here:
                # What was submitted can't be changed: its steps are done, but closed.
                state, why = StepState.DONE, self.tr("已提交") if over else ""
            marks.append(Mark(one, STEP_LABELS[one], state, why))
        self.steps.set_steps(marks)

    def show_buttons(self, step: Step, problems: Sequence[Problem], *, busy: bool) -> None:
        """Offer the next step, or say what keeps it."""
        last = step is Step.REQUEST
        text = self.tr("提交申请(&S)") if last else self.tr("下一步(&N)")
        self.forward.setText(self.tr("正在办理…") if busy else text)
        self.forward.setAccessibleName(self.tr("提交申请") if last else self.tr("下一步"))
        self.forward.setEnabled(not busy and not problems)
        self.back.setEnabled(not busy and step is not Step.VERIFY)
        for button in (self.forward, self.back):
            button.setVisible(step is not Step.DONE)
        why = ""
        if problems:
            why = self.tr("还不能继续：%1").replace("%1", problems[0].message)
        if len(problems) > 1:
            why += self.tr("（共 %1 项）").replace("%1", str(len(problems)))
        self._why.setText(why)

    def _lay_out(self) -> None:
        line = self.fontMetrics().height()
        buttons = QHBoxLayout()
        buttons.addWidget(self._why, 1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.forward)
        right = QVBoxLayout()
        right.addWidget(self._pages, 1)
        right.addLayout(buttons)
        self._body = QWidget(self)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(line)
        row.addWidget(self.steps)
        row.addLayout(right, 1)
        self.steps.setMaximumWidth(line * 12)
        column = QVBoxLayout(self)
        column.setContentsMargins(line, line, line, line)
        column.addWidget(self._title)
        column.addWidget(self.banner)
        column.addWidget(self._body, 1)
        column.addWidget(self.empty, 1)
