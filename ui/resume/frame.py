"""The frame of a wizard: steps at the left, one page, and what leads on."""

from collections.abc import Iterable, Sequence

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
from ui.theme import Tone, restyle, set_tone
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.steps import Step as Mark
from ui.widgets.steps import Steps, StepState


class WizardFrame(QWidget):
    """Shows what the wizard decides; knows nothing of its subject.

    labels: the steps in their order; the last one shows what became of it. submit: the step that
    submits when it is left.
    """

    forward_wanted = Signal()
    back_wanted = Signal()
    step_wanted = Signal(str)

    def __init__(
        self,
        name: str,
        labels: Iterable[tuple[str, str]],
        submit: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._labels = {str(step): label for step, label in labels}
        self._order = tuple(self._labels)
        self._submit_at = submit
        self.banner = Banner(f"{name}.banner", self)
        self._title = QLabel(self)
        self._title.setObjectName(f"{name}.title")
        self._title.setProperty("kind", "title")
        self._title.setWordWrap(True)
        self.steps = Steps(f"{name}.steps", self)
        self.steps.wanted.connect(self.step_wanted)
        self._pages = QStackedWidget(self)
        self.empty = EmptyState(f"{name}.empty", self)
        self._why = QLabel(self)
        self._why.setObjectName(f"{name}.why")
        self._why.setWordWrap(True)
        set_tone(self._why, Tone.WARN)
        self.back = QPushButton(self.tr("上一步(&B)"), self)
        self.back.setObjectName(f"{name}.back")
        self.back.setAccessibleName(self.tr("上一步"))
        self.back.clicked.connect(self.back_wanted)
        self.forward = QPushButton(self)
        self.forward.setObjectName(f"{name}.next")
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

    def show_page(self, page: QWidget, step: str) -> None:
        """Show the page of that step, and where it stands among the others."""
        self.empty.hide()
        self._body.show()
        self._pages.setCurrentWidget(page)
        here, over = self._order.index(step), step == self._order[-1]
        locked = self.tr("请先完成前面的步骤")
        marks = []
        for place, one in enumerate(self._order):
            state, why = StepState.LOCKED, locked
            if place == here:
                state, why = StepState.CURRENT, ""
            elif place < here:
                # What was submitted can't be changed: its steps are done, but closed.
                state, why = StepState.DONE, self.tr("已提交") if over else ""
            marks.append(Mark(one, self._labels[one], state, why))
        self.steps.set_steps(marks)

    def show_buttons(self, step: str, problems: Sequence[Problem], *, busy: bool) -> None:
        """Offer the next step, or say what keeps it."""
        last = step == self._submit_at
        text = self.tr("提交申请(&S)") if last else self.tr("下一步(&N)")
        self.forward.setText(self.tr("正在办理…") if busy else text)
        self.forward.setAccessibleName(self.tr("提交申请") if last else self.tr("下一步"))
        self.forward.setEnabled(not busy and not problems)
        self.back.setEnabled(not busy and step != self._order[0])
        for button in (self.forward, self.back):
            button.setVisible(step != self._order[-1])
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
