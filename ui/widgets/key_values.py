"""Labelled values that can be read and copied but not changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QWidget

from ui.theme import Tone, set_tone


@dataclass(frozen=True, slots=True)
class KeyValue:
    """One line: its key names the widget."""

    key: str
    label: str
    value: str
    tone: Tone = Tone.NORMAL
    bold: bool = False


class KeyValues(QWidget):
    """Labels at the left, values at the right, in one or more pairs of columns."""

    def __init__(
        self, name: str = "key_values", pairs: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("明细"))
        self._pairs = pairs
        self._lines: tuple[KeyValue, ...] = ()
        self._values: dict[str, QLabel] = {}
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self._grid = QGridLayout(self)
        line = self.fontMetrics().height()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(line)
        self._grid.setVerticalSpacing(line // 3)
        for pair in range(pairs):
            self._grid.setColumnStretch(pair * 2 + 1, 1)

    def set_lines(self, lines: Sequence[KeyValue]) -> None:
        """Show these; labels are made anew only when the keys differ."""
        if [line.key for line in lines] != [line.key for line in self._lines]:
            self._rebuild(lines)
        self._lines = tuple(lines)
        for line in lines:
            shown = self._values[line.key]
            shown.setText(line.value or "—")
            shown.setAccessibleName(f"{line.label} {line.value}")
            font = shown.font()
            font.setBold(line.bold)
            shown.setFont(font)
            set_tone(shown, line.tone)

    def value(self, key: str) -> str:
        """The text shown for that key. Raises KeyError when there is none."""
        return self._values[key].text()

    def as_text(self) -> str:
        """All lines as "label<TAB>value"."""
        return "\n".join(f"{line.label}\t{line.value}" for line in self._lines)

    def copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())

    def _rebuild(self, lines: Sequence[KeyValue]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._values = {}
        for place, line in enumerate(lines):
            row, pair = divmod(place, self._pairs)
            label = QLabel(line.label, self)
            label.setObjectName(f"{self.objectName()}_{line.key}_label")
            label.setProperty("kind", "muted")
            value = QLabel(self)
            value.setObjectName(f"{self.objectName()}_{line.key}")
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            value.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
            self._values[line.key] = value
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(label, row, pair * 2, top)
            self._grid.addWidget(value, row, pair * 2 + 1, top)

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{self.objectName()}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        touched = self.childAt(at)
        if isinstance(touched, QLabel):
            text = touched.selectedText() or touched.text()
            one = QAction(self.tr("复制此项"), menu)
            one.triggered.connect(lambda: QGuiApplication.clipboard().setText(text))
            menu.addAction(one)
        every = QAction(self.tr("复制全部"), menu)
        every.triggered.connect(self.copy_all)
        menu.addAction(every)
        menu.popup(self.mapToGlobal(at))
