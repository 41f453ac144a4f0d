"""What happened, newest first: time, who, what, detail."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.theme import Tone, set_tone
from ui.widgets.icons import IconLabel


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, its time already as text."""

    when: str
    who: str
    what: str
    detail: str = ""
    icon: str = "checkbox-blank-circle-line"
    tone: Tone = Tone.MUTED


class Timeline(QScrollArea):
    """A column of events that scrolls; every text can be selected."""

    def __init__(self, name: str = "timeline", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("经过"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._entries: tuple[Entry, ...] = ()

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these, in the order given."""
        if tuple(entries) == self._entries and self.widget() is not None:
            return
        self._entries = tuple(entries)
        body = QWidget(self)
        column = QVBoxLayout(body)
        line = self.fontMetrics().height()
        column.setContentsMargins(0, 0, line // 2, 0)
        column.setSpacing(line // 2)
        for place, entry in enumerate(entries):
            column.addWidget(self._row(place, entry, body))
        column.addStretch(1)
        self.setWidget(body)
        # The ground of whatever holds the timeline shows through.
        body.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def _row(self, place: int, entry: Entry, body: QWidget) -> QWidget:
        name = f"{self.objectName()}_{place}"
        row = QWidget(body)
        row.setObjectName(name)
        row.setAccessibleName(" ".join(filter(None, (entry.when, entry.who, entry.what))))
        row.setAccessibleDescription(entry.detail)
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(self.fontMetrics().height() // 2)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        picture = IconLabel(f"{name}_icon", row)
        picture.set_icon(entry.icon, entry.tone)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(picture, 0, 0, top)
        what = _text(f"{name}_what", entry.what, row)
        set_tone(what, Tone.NORMAL if entry.tone is Tone.MUTED else entry.tone)
        grid.addWidget(what, 0, 1)
        below = _text(f"{name}_when", f"{entry.when}  {entry.who}".strip(), row)
        set_tone(below, Tone.MUTED)
        grid.addWidget(below, 1, 1)
        if entry.detail:
            grid.addWidget(_text(f"{name}_detail", entry.detail, row), 2, 1)
        return row


def _text(name: str, text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
