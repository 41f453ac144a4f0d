"""A short list, held in memory."""

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.widgets.columns import _NO_PARENT, Column, Index, Row, RowModel
from ui.widgets.table_view import TableView


class SimpleModel(RowModel[Row]):
    """Rows in memory."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        row_id: Callable[[Row], Hashable],
        *,
        tickable: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, row_id, tickable=tickable, parent=parent)
        self._rows: list[Row] = []
        self._order: tuple[int, bool] | None = None

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def row_at(self, position: int) -> Row | None:
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def all_rows(self) -> list[Row]:
        """The rows in the order in which they are shown."""
        return list(self._rows)

    def replace(self, rows: Sequence[Row]) -> None:
        """Show these rows instead, in the order chosen before."""
        self.beginResetModel()
        self._rows = self._sorted(rows)
        self.endResetModel()
        self.freshen_ticks(self._rows)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns) or not self.columns[column].sortable:
            return
        self._order = (column, order is Qt.SortOrder.DescendingOrder)
        self.replace(self._rows)

    def _sorted(self, rows: Sequence[Row]) -> list[Row]:
        if self._order is None:
            return list(rows)
        place, descending = self._order
        column = self.columns[place]
        return sorted(rows, key=column.sort_value or column.text, reverse=descending)


class SimpleTable(TableView[Row]):
    """Shows rows from memory; a click on a heading sorts them by the column's sort_value."""

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
        super().__init__(name, title, parent)
        self._simple: SimpleModel[Row] = SimpleModel(
            columns, row_id, tickable=tickable, parent=self
        )
        self.adopt(self._simple)
        self.horizontalHeader().sectionClicked.connect(self._clicked)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; what was selected stays so by its id."""
        self._keeping_selection(lambda: self._simple.replace(rows))

    def all_rows(self) -> list[Row]:
        """The rows in the order in which they are shown."""
        return self._simple.all_rows()

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Sort by the column of that key. Raises KeyError when there is none."""
        places = {column.key: place for place, column in enumerate(self._simple.columns)}
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.show_sort(places[key], order)
        self._keeping_selection(lambda: self._simple.sort(places[key], order))

    def _clicked(self, place: int) -> None:
        order = self.next_order(place)
        if order is not None:
            descending = order is Qt.SortOrder.DescendingOrder
            self.sort_by(self._simple.columns[place].key, descending=descending)

    def _keeping_selection(self, change: Callable[[], None]) -> None:
        identify = self._simple.row_id
        row = self.current_row()
        current = None if row is None else identify(row)
        selected = {identify(row) for row in self.selected_rows()}
        change()
        places = {identify(row): place for place, row in enumerate(self._simple.all_rows())}
        if current in places:
            self.selectionModel().setCurrentIndex(
                self._simple.index(places[current], 0),
                self.selectionModel().SelectionFlag.NoUpdate,
            )
        self.select_positions([places[one] for one in selected if one in places])
        self.selection_changed.emit()
