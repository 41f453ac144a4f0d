"""A table that shows all its rows and wraps its texts; the page around it scrolls."""

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any, Final

from PySide6.QtCore import QLocale, QRect, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QStyledItemDelegate, QWidget
from typing_extensions import override

from ui.widgets.columns import Column, Row
from ui.widgets.simple_table import SimpleTable

_MOST_LINES = 12
_FAR = 100_000
# An account number has no place to break; this one takes no room and is never copied.
_BREAK: Final = "\u200b"
_FOUR = re.compile(r"[0-9A-Za-z]{4}(?=[0-9A-Za-z]{4})")


def breakable(text: str) -> str:
    """The text with a place to break after every four figures or letters of a long run."""
    return _FOUR.sub(lambda found: found[0] + _BREAK, text)


class _Wrapping(QStyledItemDelegate):
    """Breaks account numbers where they would be cut."""

    @override
    def displayText(self, value: Any, locale: QLocale | QLocale.Language) -> str:
        return breakable(super().displayText(value, locale))


class ShortTable(SimpleTable[Row]):
    """As tall as its rows, up to a screenful; nothing in it is cut."""

    remembers = False

    def __init__(
        self,
        name: str,
        title: str,
        columns: Sequence[Column[Row]],
        row_id: Callable[[Row], Hashable],
        *,
        tickable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, title, columns, row_id, tickable=tickable, parent=parent)
        self.setItemDelegate(_Wrapping(self))
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        # Sections that share the width move one after the other: fit once, when all have moved.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._fit)
        header.sectionResized.connect(self._fit_later)
        self.rows().modelReset.connect(self._fit)

    def share(self, stretch: Collection[str]) -> None:
        """These columns share the width that the others leave."""
        header, modes = self.horizontalHeader(), QHeaderView.ResizeMode
        for place, column in enumerate(self.rows().columns):
            wide = column.key in stretch
            header.setSectionResizeMode(place, modes.Stretch if wide else modes.ResizeToContents)
        self._fit()

    def _fit_later(self) -> None:
        self._later.start()

    def _fit(self) -> None:
        line = self.verticalHeader().defaultSectionSize()
        for place in range(self.rows().rowCount()):
            # Before it is shown nobody knows how wide it will be.
            lines = self._lines_of(place) if self.isVisible() else 1
            self.setRowHeight(place, line + (lines - 1) * self.fontMetrics().lineSpacing())
        rows = max(line, self.verticalHeader().length())
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + min(rows, _MOST_LINES * line) + 2 * self.frameWidth() + 2)

    def _lines_of(self, place: int) -> int:
        """How many lines the row's longest text takes; Qt's own answer forgets the padding."""
        metrics, model = self.fontMetrics(), self.rows()
        wrap = Qt.TextFlag.TextWordWrap
        most = 1
        header, wide = self.horizontalHeader(), QHeaderView.ResizeMode.Stretch
        for column in range(model.columnCount()):
            if header.sectionResizeMode(column) is not wide:
                continue
            width = max(1, self.columnWidth(column) - metrics.height())
            text = breakable(str(model.index(place, column).data() or ""))
            tall = metrics.boundingRect(QRect(0, 0, width, _FAR), wrap, text).height()
            most = max(most, round(tall / metrics.lineSpacing()))
        return most

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later.start()
