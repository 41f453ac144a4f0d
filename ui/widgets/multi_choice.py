"""A button whose menu takes several choices without closing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget
from typing_extensions import override

from ui.widgets.icons import icon


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: what the program calls it, and what the user reads."""

    value: str
    label: str


class _StayingMenu(QMenu):
    """Ticking several items must not mean opening the menu several times."""

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
        else:
            super().keyPressEvent(event)


class MultiChoice(QToolButton):
    """Reads "全部", the one choice, or "N 项"."""

    choice_changed = Signal(object)

    def __init__(
        self, name: str, title: str, choices: Sequence[Choice], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._title = title
        self.setProperty("kind", "field")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(icon("arrow-down-s-line"))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = _StayingMenu(self)
        menu.setObjectName(f"{name}_menu")
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._actions: dict[str, QAction] = {}
        for choice in choices:
            action = menu.addAction(choice.label)
            action.setObjectName(f"{name}_{choice.value}")
            action.setCheckable(True)
            action.toggled.connect(self._toggled)
            self._actions[choice.value] = action
        self.setMenu(menu)
        self._say()

    def values(self) -> tuple[str, ...]:
        """The chosen values, in the order of the menu; none means all."""
        return tuple(value for value, action in self._actions.items() if action.isChecked())

    def set_values(self, values: Collection[str]) -> None:
        """Choose exactly these, with at most one signal."""
        before = self.values()
        for value, action in self._actions.items():
            action.blockSignals(True)
            action.setChecked(value in values)
            action.blockSignals(False)
        self._say()
        if self.values() != before:
            self.choice_changed.emit(self.values())

    def labels(self) -> list[str]:
        return [action.text() for action in self._actions.values() if action.isChecked()]

    def _toggled(self) -> None:
        self._say()
        self.choice_changed.emit(self.values())

    def _say(self) -> None:
        labels = self.labels()
        many = self.tr("%1 项").replace("%1", str(len(labels)))
        self.setText(self.tr("全部") if not labels else labels[0] if len(labels) == 1 else many)
        self.setAccessibleName(f"{self._title} {self.text()}")
        self.setToolTip("、".join(labels))
