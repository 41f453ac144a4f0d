"""A list of up to a million rows."""

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.errors import Refused
from ui.tasks import Progress, Tasks
from ui.widgets.columns import Column, Row
from ui.widgets.paged_model import PagedModel, PageSource, Totals
from ui.widgets.table_view import TableView

__all__ = ["PageSource", "PagedTable", "TooManyRows", "Totals"]

MOST_SELECTED = 10_000


class TooManyRows(Refused):
    code = "LST-001"
    remedy = "请先用筛选条件缩小范围；需要全部数据时请使用导出。"


class PagedTable(TableView[Row]):
    """Shows a PageSource; a click on a heading asks the owner for a source sorted that way."""

    sort_requested = Signal(str, bool)
    loading_changed = Signal(bool)
    totals_changed = Signal(object)

    def __init__(
        self,
        name: str,
        title: str,
        columns: Sequence[Column[Row]],
        row_id: Callable[[Row], Hashable],
        tasks: Tasks,
        failed: Callable[[BaseException], None],
        *,
        tickable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, title, parent)
        self._tasks = tasks
        self._failed = failed
        self._position = 0
        self._selected: set[Hashable] = set()
        self._current: Hashable | None = None
        self._paged: PagedModel[Row] = PagedModel(
            columns, row_id, tasks, failed, tickable=tickable, parent=self
        )
        self.adopt(self._paged)
        # Before the view hears of it: a view scrolled past the new end takes seconds to find back.
        self._paged.modelAboutToBeReset.connect(self._to_the_top)
        self._paged.modelReset.connect(self._after_reset)
        self._paged.loading_changed.connect(self.loading_changed)
        self._paged.totals_changed.connect(self.totals_changed)
        self.verticalScrollBar().valueChanged.connect(self._look)
        self.horizontalHeader().sectionClicked.connect(self._clicked)

    @property
    def totals(self) -> Totals:
        return self._paged.totals

    def set_source(self, source: PageSource[Row]) -> None:
        """Show another list from its first row. What is selected stays so, if it is at the top."""
        self._position = 0
        self._remember_selection()
        self._paged.open(source)

    def refresh(self, source: PageSource[Row] | None = None) -> None:
        """Read the same list again; place and selection stay as far as the rows are still there."""
        again = source or self._paged.source
        if again is None:
            return
        self._remember_selection()
        first, last = self._seen_rows()
        self._position = self.verticalScrollBar().value()
        self._paged.open(again, first, last)

    def set_sort(self, sort_key: str, descending: bool) -> None:
        """Show by the arrow what the present source is sorted by."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        for place, column in enumerate(self._paged.columns):
            if column.sort_key == sort_key:
                self.show_sort(place, order)

    @override
    def with_selected(self, then: Callable[[list[Row]], None]) -> None:
        """Call `then` with all selected rows, reading those that are not loaded.

        More than MOST_SELECTED rows are refused through the table's `failed`.
        """
        chosen, source = self.selected_count(), self._paged.source
        if chosen > MOST_SELECTED:
            text = self.tr("一次最多处理 %1 行，现已选择 %2 行。")
            text = text.replace("%1", f"{MOST_SELECTED:,}").replace("%2", f"{chosen:,}")
            self._failed(TooManyRows(text))
            return
        loaded = self.selected_rows()
        if source is None or len(loaded) == chosen:
            then(loaded)
            return
        size = self._paged.page_size
        positions = [at for first, last in self.selected_ranges() for at in range(first, last + 1)]

        def work(progress: Progress) -> list[Row]:
            pages: dict[int, Sequence[Row]] = {}
            for number in sorted({position // size for position in positions}):
                progress.check()
                pages[number] = source.page(number * size, size)
            return [
                pages[at // size][at % size]
                for at in positions
                if at % size < len(pages[at // size])
            ]

        self._tasks.start_latest((id(self), "selected"), work, then, self._failed, owner=self)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look()

    def _look(self) -> None:
        self._paged.look_at(*self._seen_rows())

    def _seen_rows(self) -> tuple[int, int]:
        height = max(1, self.verticalHeader().defaultSectionSize())
        first = max(0, self.rowAt(0))
        return first, first + self.viewport().height() // height

    def _to_the_top(self) -> None:
        self.verticalScrollBar().setValue(0)

    def _remember_selection(self) -> None:
        row = self.current_row()
        self._current = None if row is None else self._paged.row_id(row)
        if self.selected_count() <= MOST_SELECTED:
            self._selected = {self._paged.row_id(row) for row in self.selected_rows()}

    def _after_reset(self) -> None:
        at = None if self._current is None else self._paged.row_of(self._current)
        if at is not None:
            self.selectionModel().setCurrentIndex(
                self._paged.index(at, 0), self.selectionModel().SelectionFlag.NoUpdate
            )
        found = (self._paged.row_of(identity) for identity in self._selected)
        self.select_positions([place for place in found if place is not None])
        self.verticalScrollBar().setValue(self._position)
        self._look()
        self.selection_changed.emit()
        if at is None:
            self.current_changed.emit(None)

    def _clicked(self, place: int) -> None:
        order = self.next_order(place)
        key = self._paged.columns[place].sort_key
        if order is not None and key is not None:
            self.show_sort(place, order)
            self.sort_requested.emit(key, order is Qt.SortOrder.DescendingOrder)
