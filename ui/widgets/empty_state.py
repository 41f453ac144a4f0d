"""What stands where a list would be, when there is nothing to list."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.widgets.icons import IconLabel


class EmptyState(QWidget):
    """One sentence and at most one button."""

    acted = Signal()

    def __init__(self, name: str = "empty_state", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._picture = IconLabel(f"{name}_icon", self, lines=2.5)
        self._text = QLabel(self)
        self._text.setObjectName(f"{name}_text")
        self._text.setWordWrap(True)
        self._text.setProperty("kind", "muted")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button = QPushButton(self)
        self._button.setObjectName(f"{name}_action")
        self._button.clicked.connect(self.acted)
        column = QVBoxLayout(self)
        column.setSpacing(self.fontMetrics().height() * 2 // 3)
        column.addStretch(1)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._text)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def show_state(self, text: str, action: str = "", icon_name: str = "inbox-line") -> None:
        """Say the sentence, and offer the action when one is named."""
        self._picture.set_icon(icon_name)
        self._text.setText(text)
        self.setAccessibleName(text)
        self._button.setText(action)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action))
