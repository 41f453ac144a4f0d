"""What both tables do: keyboard, copying, ticks, remembered columns."""

from collections.abc import Callable, Sequence
from typing import Generic

from PySide6.QtCore import QItemSelectionModel, QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget
from typing_extensions import override

from ui.widgets.columns import Column, Row, RowModel, as_tsv


class TableView(QTableView, Generic[Row]):
    """A table whose rows are opened by Enter, ticked by Space and copied by Ctrl+C."""

    # Whether its columns keep what the user made of them; not where they share their width.
    remembers = True
    opened = Signal(object)
    current_changed = Signal(object)
    selection_changed = Signal()
    ticks_changed = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._settings: tuple[QSettings, str] | None = None
        self._owner_actions: list[QAction] = []
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.doubleClicked.connect(self._open_current)
        self._dress_headers()
        self._make_actions()

    def rows(self) -> RowModel[Row]:
        """The model, as what it is."""
        model = self.model()
        if not isinstance(model, RowModel):
            raise TypeError("the table has no model yet")
        return model

    def current_row(self) -> Row | None:
        """The row with the keyboard's focus, if it is loaded."""
        index = self.currentIndex()
        return self.rows().row_at(index.row()) if index.isValid() else None

    def selected_ranges(self) -> list[tuple[int, int]]:
        """First and last position of each run of selected rows, from the top."""
        chosen = self.selectionModel().selection()
        return sorted((part.top(), part.bottom()) for part in chosen.toList())

    def selected_count(self) -> int:
        return sum(last - first + 1 for first, last in self.selected_ranges())

    def selected_rows(self) -> list[Row]:
        """The selected rows that are loaded, from the top."""
        model, ranges = self.rows(), self.selected_ranges()
        return [row for first, last in ranges for row in model.rows_between(first, last)]

    def ticked(self) -> list[Row]:
        return self.rows().ticked()

    def visible_columns(self) -> list[Column[Row]]:
        """The shown columns from left to right."""
        header, columns = self.horizontalHeader(), self.rows().columns
        logical = (header.logicalIndex(place) for place in range(len(columns)))
        return [columns[place] for place in logical if not header.isSectionHidden(place)]

    def set_owner_actions(self, actions: Sequence[QAction]) -> None:
        """Actions of the owner, shown above the copy actions in the context menu."""
        self._owner_actions = list(actions)

    def remember(self, settings: QSettings, user: str) -> None:
        """Restore this user's widths, order and visibility of columns, and keep them from now on."""
        self._settings = (settings, f"tables/{user}/{self.objectName()}")
        keys, state = settings.value(f"{self._settings[1]}/keys"), None
        if keys == self._column_keys():
            state = settings.value(f"{self._settings[1]}/state")
        if state is not None:
            self.horizontalHeader().restoreState(state)

    def save_columns(self) -> None:
        """Write the columns' geometry now, if it is remembered."""
        if self._settings is not None:
            settings, key = self._settings
            settings.setValue(f"{key}/keys", self._column_keys())
            settings.setValue(f"{key}/state", self.horizontalHeader().saveState())

    def copy_rows(self) -> None:
        """Put the selected rows with their headings on the clipboard."""
        self.with_selected(self._copy)

    def with_selected(self, then: Callable[[list[Row]], None]) -> None:
        """Call `then` with all selected rows."""
        then(self.selected_rows())

    def copy_cell(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            QGuiApplication.clipboard().setText(str(index.data()))

    def toggle_ticks(self) -> None:
        """Tick the selected rows, or untick them when all are ticked."""
        model, rows = self.rows(), self.selected_rows()
        model.tick(rows, not all(model.is_ticked(row) for row in rows))

    def select_positions(self, positions: Sequence[int]) -> None:
        """Select exactly these rows."""
        chosen, model = self.selectionModel(), self.rows()
        chosen.clearSelection()
        flags = QItemSelectionModel.SelectionFlag
        for position in positions:
            chosen.select(model.index(position, 0), flags.Select | flags.Rows)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = (
            event.key(),
            event.modifiers()
            in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            ),
        )
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_current()
        elif plain and key == Qt.Key.Key_Space and self.rows().tickable:
            self.toggle_ticks()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    def adopt(self, model: RowModel[Row]) -> None:
        """Show this model with the widths that its columns ask for."""
        self.setModel(model)
        model.ticks_changed.connect(self.ticks_changed)
        self.selectionModel().selectionChanged.connect(self._selection_moved)
        self.selectionModel().currentRowChanged.connect(self._current_moved)
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        figure = metrics.horizontalAdvance("0")
        for place, column in enumerate(model.columns):
            title = metrics.horizontalAdvance(column.title) + metrics.height() * 2
            width = column.chars * figure + metrics.height()
            header.resizeSection(place, max(title, width))
            header.setSectionHidden(place, column.hidden)

    def show_sort(self, place: int, order: Qt.SortOrder) -> None:
        """Mark the heading of what the rows are sorted by."""
        self._sorted_by = (place, order)
        self.rows().mark_sorted(place, order)

    def next_order(self, place: int) -> Qt.SortOrder | None:
        """What a click on that heading asks for; None when it can't be sorted by."""
        if not self.rows().columns[place].sortable:
            return None
        again = self._sorted_by == (place, Qt.SortOrder.AscendingOrder)
        return Qt.SortOrder.DescendingOrder if again else Qt.SortOrder.AscendingOrder

    def _dress_headers(self) -> None:
        line = self.fontMetrics().height()
        down = self.verticalHeader()
        down.hide()
        down.setMinimumSectionSize(line)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(line + line * 2 // 5)
        header = self.horizontalHeader()
        header.setObjectName(f"{self.objectName()}_header")
        header.setAccessibleName(self.tr("列标题"))
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setStretchLastSection(True)
        header.setSortIndicatorShown(False)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_header_menu)
        header.sectionResized.connect(self._column_resized)
        header.sectionMoved.connect(self.save_columns)

    def _make_actions(self) -> None:
        self._copy_cell = QAction(self.tr("复制单元格"), self)
        self._copy_cell.setObjectName(f"{self.objectName()}_copy_cell")
        self._copy_cell.triggered.connect(self.copy_cell)
        self._copy_rows = QAction(self.tr("复制所选行（含标题）"), self)
        self._copy_rows.setObjectName(f"{self.objectName()}_copy_rows")
        self._copy_rows.triggered.connect(self.copy_rows)

    def _copy(self, rows: list[Row]) -> None:
        if rows:
            QGuiApplication.clipboard().setText(as_tsv(self.visible_columns(), rows))

    def _open_current(self) -> None:
        row = self.current_row()
        if row is not None:
            self.opened.emit(row)

    def _selection_moved(self) -> None:
        self.selection_changed.emit()

    def _current_moved(self) -> None:
        self.current_changed.emit(self.current_row())

    def _column_resized(self, place: int) -> None:
        header = self.horizontalHeader()
        shown = [at for at in range(header.count()) if not header.isSectionHidden(at)]
        last = max(shown, key=header.visualIndex, default=place)
        # The last one takes what the window leaves: that is nothing to remember.
        if place != last or not header.stretchLastSection():
            self.save_columns()

    def _column_keys(self) -> str:
        """Also the widths asked for: where they are new, the old ones are forgotten."""
        return ",".join(f"{column.key}:{column.chars}" for column in self.rows().columns)

    def _show_menu(self, at: QPoint) -> None:
        menu = self.context_menu()
        menu.popup(self.viewport().mapToGlobal(at))

    def context_menu(self) -> QMenu:
        """The menu of the selected rows."""
        menu = QMenu(self)
        menu.setObjectName(f"{self.objectName()}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self._owner_actions)
        menu.addSeparator()
        menu.addActions([self._copy_cell, self._copy_rows])
        return menu

    def header_menu(self) -> QMenu:
        """The menu in which columns are shown and hidden; one column always stays."""
        menu, header = QMenu(self), self.horizontalHeader()
        menu.setObjectName(f"{self.objectName()}_columns_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, column in enumerate(self.rows().columns):
            action = menu.addAction(column.title)
            action.setObjectName(f"{self.objectName()}_column_{column.key}")
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(place))
            last = action.isChecked() and len(self.visible_columns()) == 1
            action.setEnabled(not last)
            action.toggled.connect(lambda on, place=place: self._show_column(place, on))
        return menu

    def _show_column(self, place: int, on: bool) -> None:
        self.horizontalHeader().setSectionHidden(place, not on)
        self.save_columns()

    def _show_header_menu(self, at: QPoint) -> None:
        self.header_menu().popup(self.horizontalHeader().mapToGlobal(at))
