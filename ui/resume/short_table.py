"""A table that shows all its rows and wraps its texts; the page around it scrolls."""

from collections.abc import Callable, Collection, Hashable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QWidget

from ui.widgets.columns import Column, Row
from ui.widgets.simple_table import SimpleTable

_MOST_LINES = 12


class ShortTable(SimpleTable[Row]):
    """As tall as its rows, up to a screenful."""

    def __init__(
        self,
        name: str,
        title: str,
        columns: Sequence[Column[Row]],
        row_id: Callable[[Row], Hashable],
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, title, columns, row_id, parent=parent)
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
        self.resizeRowsToContents()
        line = self.verticalHeader().defaultSectionSize()
        rows = max(line, self.verticalHeader().length())
        head = self.horizontalHeader().sizeHint().height()
        frame = 2 * self.frameWidth() + 2
        self.setFixedHeight(head + min(rows, _MOST_LINES * line) + frame)
