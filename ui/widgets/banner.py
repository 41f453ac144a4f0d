"""A message where the eye is: icon, text, remedy, and at most one action."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ui.theme import Tone, restyle
from ui.widgets.icons import IconLabel, icon


class Severity(StrEnum):
    INFO = "accent"
    OK = "ok"
    WARN = "warn"
    STOP = "stop"


_ICONS = {
    Severity.INFO: "information-line",
    Severity.OK: "checkbox-circle-line",
    Severity.WARN: "alert-line",
    Severity.STOP: "error-warning-line",
}


class Banner(QFrame):
    """Hidden until something is shown; the user may close it."""

    def __init__(self, name: str = "banner", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("提示"))
        self._act: Callable[[], None] | None = None
        self._icon = IconLabel(f"{name}_icon", self)
        self._text = QLabel(self)
        self._text.setObjectName(f"{name}_text")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton(self)
        self._action.setObjectName(f"{name}_action")
        self._action.clicked.connect(self._run)
        self._close = QToolButton(self)
        self._close.setObjectName(f"{name}_close")
        self._close.setIcon(icon("close-line"))
        self._close.setAccessibleName(self.tr("关闭提示"))
        self._close.setToolTip(self.tr("关闭提示"))
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        gap = self.fontMetrics().height() // 2
        row.setContentsMargins(gap, gap // 2, gap // 2, gap // 2)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    def show_message(
        self,
        severity: Severity,
        text: str,
        remedy: str = "",
        *,
        action: str = "",
        on_action: Callable[[], None] | None = None,
    ) -> None:
        """Show the text, the remedy under it, and a button when an action is named."""
        restyle(self, "banner", str(severity))
        self._icon.set_icon(_ICONS[severity], Tone(severity))
        self._text.setText(f"{text}\n{remedy}" if remedy else text)
        self.setAccessibleDescription(self._text.text())
        self._act = on_action
        self._action.setText(action)
        self._action.setAccessibleName(action)
        self._action.setVisible(bool(action))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def text(self) -> str:
        return self._text.text()

    def clear(self) -> None:
        """Take the message away."""
        self._text.clear()
        self.hide()

    def _run(self) -> None:
        if self._act is not None:
            self._act()
