"""A table is columns and rows: what a column is, and the model that both tables share."""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from ui import theme
from ui.theme import Tone

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

PLACEHOLDER = "…"
# Qt asks for every role of every cell at each repaint; these are looked up once.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_ROLES = frozenset({_DISPLAY, _ALIGN, _FOREGROUND, _TOOLTIP, _CHECK})
_NO_PARENT = QModelIndex()


class Align(IntEnum):
    LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    CENTRE = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)


# No slots: a frozen generic dataclass with slots fails when called as Column[Row](...).
@dataclass(frozen=True)
class Column(Generic[Row]):
    """How one column reads a row.

    sort_key: the name that the owner of a PagedTable sorts by; None when it can't be sorted.
    sort_value: what a SimpleTable compares. chars: width in figures. tone: colour of the text.
    """

    key: str
    title: str
    text: Callable[[Row], str]
    align: Align = Align.LEFT
    sort_key: str | None = None
    sort_value: Callable[[Row], Any] | None = None
    tooltip: Callable[[Row], str] | None = None
    tone: Callable[[Row], Tone] | None = None
    chars: int = 12
    hidden: bool = False

    @property
    def sortable(self) -> bool:
        return self.sort_key is not None or self.sort_value is not None


class RowModel(QAbstractTableModel, Generic[Row]):
    """Rows under columns, with ticks that are kept by the rows' ids."""

    ticks_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        row_id: Callable[[Row], Hashable],
        *,
        tickable: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.row_id = row_id
        self.tickable = tickable
        self._ticked: dict[Hashable, Row] = {}
        self._sort_mark = (-1, "")

    @abstractmethod
    def row_at(self, position: int) -> Row | None:
        """The row at that position; None while it is not loaded."""

    def rows_between(self, first: int, last: int) -> list[Row]:
        """The loaded rows among the positions first … last."""
        found = (self.row_at(position) for position in range(first, last + 1))
        return [row for row in found if row is not None]

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if self.tickable and index.isValid() and index.column() == 0:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role not in _ROLES or not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == _ALIGN:
            return int(column.align)
        row = self.row_at(index.row())
        if row is None:
            return PLACEHOLDER if role == _DISPLAY else None
        if role == _DISPLAY:
            return column.text(row)
        return self._dressed(column, row, role, first=index.column() == 0)

    @override
    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        row = self.row_at(index.row()) if index.isValid() else None
        if role != _CHECK or not self.tickable or row is None or index.column() != 0:
            return False
        self.tick([row], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == _DISPLAY:
            mark = self._sort_mark[1] if section == self._sort_mark[0] else ""
            return f"{self.columns[section].title}{mark}"
        return int(self.columns[section].align) if role == _ALIGN else None

    def mark_sorted(self, section: int, order: Qt.SortOrder) -> None:
        """Say in the heading what the rows are sorted by.

        In words of its own: Qt's arrow covers a heading that is aligned to the right.
        """
        self._sort_mark = (section, " ↑" if order is Qt.SortOrder.AscendingOrder else " ↓")
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def ticked(self) -> list[Row]:
        """The ticked rows, in the order of ticking, also those on pages not loaded now."""
        return list(self._ticked.values())

    def is_ticked(self, row: Row) -> bool:
        return self.row_id(row) in self._ticked

    def tick(self, rows: Iterable[Row], on: bool = True) -> None:
        """Tick or untick these rows."""
        for row in rows:
            if on:
                self._ticked[self.row_id(row)] = row
            else:
                self._ticked.pop(self.row_id(row), None)
        self._ticks_moved()

    def clear_ticks(self) -> None:
        self._ticked.clear()
        self._ticks_moved()

    def freshen_ticks(self, rows: Iterable[Row]) -> None:
        """Replace ticked rows by their newly read selves."""
        for row in rows:
            if self.row_id(row) in self._ticked:
                self._ticked[self.row_id(row)] = row

    def _dressed(self, column: Column[Row], row: Row, role: int, *, first: bool) -> Any:
        if role == _FOREGROUND:
            return theme.brush(column.tone(row)) if column.tone is not None else None
        if role == _TOOLTIP:
            return column.tooltip(row) if column.tooltip is not None else column.text(row)
        return self._tick_state(row) if self.tickable and first else None

    def _tick_state(self, row: Row) -> int:
        on = Qt.CheckState.Checked if self.is_ticked(row) else Qt.CheckState.Unchecked
        return on.value

    def _ticks_moved(self) -> None:
        last = self.rowCount() - 1
        if last >= 0:
            self.dataChanged.emit(self.index(0, 0), self.index(last, 0), [_CHECK])
        self.ticks_changed.emit()


def as_tsv(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> str:
    """The rows as tab-separated lines under their headings, safe to paste into a workbook."""
    lines = ["\t".join(column.title for column in columns)]
    lines += ["\t".join(_cell(column.text(row)) for column in columns) for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    figure = flat.lstrip("+-").replace(",", "").replace(".", "", 1).isdigit()
    # A workbook would run such a text as a formula.
    return f"'{flat}" if flat[:1] in {"=", "+", "-", "@"} and not figure else flat
