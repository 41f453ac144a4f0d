"""A model of up to a million rows that holds only the pages near the eye."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from typing_extensions import override

from ui.tasks import Progress, Tasks
from ui.widgets.columns import _NO_PARENT, Column, Index, Row, RowModel

PAGE_SIZE = 100
_PAGES_KEPT = 24

Row_co = TypeVar("Row_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows a source has, and a summary for the foot of the list ("合计 1,234.00")."""

    count: int
    summary: str = ""


class PageSource(Protocol[Row_co]):
    """One filtered and sorted list. Both methods are called off the GUI thread."""

    def count(self) -> Totals: ...

    def page(self, start: int, size: int) -> Sequence[Row_co]:
        """The rows start … start+size-1; fewer at the end."""
        ...


@dataclass(frozen=True)
class _Opening:
    """What a new source gave at first."""

    totals: Totals
    pages: dict[int, Sequence[object]]


class PagedModel(RowModel[Row]):
    """Shows "…" for rows on their way. The view tells which rows are seen by `look_at`."""

    loading_changed = Signal(bool)
    totals_changed = Signal(object)
    rows_arrived = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        row_id: Callable[[Row], Hashable],
        tasks: Tasks,
        failed: Callable[[BaseException], None],
        *,
        tickable: bool = False,
        page_size: int = PAGE_SIZE,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, row_id, tickable=tickable, parent=parent)
        self.page_size = page_size
        self.totals = Totals(0)
        self._tasks = tasks
        self._failed = failed
        self._source: PageSource[Row] | None = None
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._asked: set[int] = set()
        self._seen = (0, 0)
        # Scrolling passes many pages: only those where it comes to rest are fetched.
        self._rest = QTimer(self, interval=0, singleShot=True)
        self._rest.timeout.connect(self._fetch)

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self.totals.count

    @override
    def row_at(self, position: int) -> Row | None:
        number, place = divmod(position, self.page_size)
        page = self._pages.get(number)
        return page[place] if page is not None and place < len(page) else None

    @override
    def rows_between(self, first: int, last: int) -> list[Row]:
        size = self.page_size
        return [
            row
            for number in sorted(self._pages)
            if first // size <= number <= last // size
            for place, row in enumerate(self._pages[number], number * size)
            if first <= place <= last
        ]

    def row_of(self, identity: Hashable) -> int | None:
        """The position of a row among the loaded ones."""
        for number, page in self._pages.items():
            for place, row in enumerate(page):
                if self.row_id(row) == identity:
                    return number * self.page_size + place
        return None

    @property
    def source(self) -> PageSource[Row] | None:
        return self._source

    def open(self, source: PageSource[Row], first: int = 0, last: int = 0) -> None:
        """Read the count and the page at the top (or those of rows first … last), then show them.

        The old rows stay until the new ones are there. An opening that is overtaken is dropped.
        """
        self.loading_changed.emit(True)
        size = self.page_size

        def work(progress: Progress) -> _Opening:
            totals = source.count()
            progress.check()
            end = max(0, totals.count - 1)
            numbers = range(min(first, end) // size, min(last, end) // size + 1)
            pages: dict[int, Sequence[object]] = {}
            for number in numbers if totals.count else ():
                pages[number] = source.page(number * size, size)
                progress.check()
            return _Opening(totals, pages)

        def done(opening: _Opening) -> None:
            self._show(source, opening)

        self._tasks.start_latest((id(self), "open"), work, done, self._not_opened, owner=self)

    def look_at(self, first: int, last: int) -> None:
        """The view shows rows first … last now: fetch what is missing of them."""
        self._seen = (max(0, first), max(0, last))
        self._rest.start()

    def _show(self, source: PageSource[Row], opening: _Opening) -> None:
        self.beginResetModel()
        self._source = source
        self._asked.clear()
        self._pages.clear()
        self.totals = opening.totals
        for number, rows in opening.pages.items():
            self._pages[number] = rows  # type: ignore[assignment]  # read from this very source
        self.endResetModel()
        for page in self._pages.values():
            self.freshen_ticks(page)
        self.loading_changed.emit(False)
        self.totals_changed.emit(self.totals)

    def _not_opened(self, error: BaseException) -> None:
        self.loading_changed.emit(False)
        self._failed(error)

    def _fetch(self) -> None:
        source = self._source
        if source is None or not self.totals.count:
            return
        first, last = (min(row, self.totals.count - 1) // self.page_size for row in self._seen)
        for number in range(first, last + 1):
            if number in self._pages:
                self._pages.move_to_end(number)
            elif number not in self._asked:
                self._ask(source, number)

    def _ask(self, source: PageSource[Row], number: int) -> None:
        self._asked.add(number)
        start, size = number * self.page_size, self.page_size

        def work(_: Progress) -> Sequence[Row]:
            return source.page(start, size)

        def done(rows: Sequence[Row]) -> None:
            if source is self._source:
                self._arrived(number, rows)

        def failed(error: BaseException) -> None:
            if source is self._source:
                self._asked.discard(number)
                self._failed(error)

        self._tasks.start(work, done, failed, owner=self)

    def _arrived(self, number: int, rows: Sequence[Row]) -> None:
        self._asked.discard(number)
        self._pages[number] = rows
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        self.freshen_ticks(rows)
        last = min((number + 1) * self.page_size, self.totals.count) - 1
        self.dataChanged.emit(
            self.index(number * self.page_size, 0), self.index(last, len(self.columns) - 1)
        )
        self.rows_arrived.emit()
