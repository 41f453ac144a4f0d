"""The steps of a wizard, at the left of its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone
from ui.widgets.icons import icon


class StepState(StrEnum):
    DONE = "done"
    CURRENT = "current"
    OPEN = "open"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; why: the reason why it is locked, shown as its tooltip."""

    key: str
    title: str
    state: StepState
    why: str = ""


_ICONS = {
    StepState.DONE: ("checkbox-circle-line", Tone.OK),
    StepState.CURRENT: ("arrow-right-circle-line", Tone.ACCENT),
    StepState.OPEN: ("checkbox-blank-circle-line", Tone.MUTED),
    StepState.LOCKED: ("lock-line", Tone.MUTED),
}


class Steps(QListWidget):
    """Emits the key of the step the user wants to go to; locked steps can't be chosen.

    The owner decides and answers with set_steps.
    """

    wanted = Signal(str)

    def __init__(self, name: str = "steps", parent: QWidget | None = None) -> None:
        self._steps: tuple[Step, ...] = ()
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("步骤"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._said = {
            StepState.DONE: self.tr("已完成"),
            StepState.CURRENT: self.tr("当前步骤"),
            StepState.OPEN: self.tr("待办"),
            StepState.LOCKED: self.tr("尚未开放"),
        }
        self.itemClicked.connect(self._want)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps; the keyboard's place follows the current one."""
        self._steps = tuple(steps)
        self.clear()
        tall = self.fontMetrics().height() * 2
        for number, step in enumerate(steps, 1):
            item = QListWidgetItem(f"{number}  {step.title}", self)
            item.setIcon(icon(*_ICONS[step.state]))
            item.setData(Qt.ItemDataRole.UserRole, step.key)
            said = self._said[step.state]
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{number} {step.title} {said} {step.why}"
            )
            item.setToolTip(step.why or said)
            item.setSizeHint(QSize(0, tall))
            self._mark(item, step.state)
        self.updateGeometry()

    def current(self) -> str:
        """The key of the current step; empty when there is none."""
        return next((step.key for step in self._steps if step.state is StepState.CURRENT), "")

    @override
    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(step.title) for step in self._steps), default=0)
        return QSize(widest + metrics.height() * 5, metrics.height() * 2 * max(1, len(self._steps)))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), self.fontMetrics().height() * 4)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._steps:
            self.set_steps(self._steps)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt's "activated" would also come with a double click, after the clicks themselves.
        item = self.currentItem()
        chosen = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if chosen and item is not None:
            self._want(item)
        else:
            super().keyPressEvent(event)

    def _mark(self, item: QListWidgetItem, state: StepState) -> None:
        if state is StepState.LOCKED:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        elif state is StepState.CURRENT:
            font = self.font()
            font.setBold(True)
            item.setFont(font)
            item.setForeground(theme.color(Tone.ACCENT))
            self.setCurrentItem(item)

    def _want(self, item: QListWidgetItem) -> None:
        key = str(item.data(Qt.ItemDataRole.UserRole))
        # Qt tells of clicks on disabled items too.
        if key != self.current() and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.wanted.emit(key)
