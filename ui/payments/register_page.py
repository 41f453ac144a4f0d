"""A register: buttons, states as tabs, a filter, the list, and the chosen row at the right."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.access.rights import Right
from ui import messages
from ui.context import Context
from ui.payments.filter_place import FilterPlace
from ui.theme import Tone, restyle
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_fields import Filter
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab, StatusTabs

Row = TypeVar("Row")
ALL = "ALL"


class RegisterPage(QWidget, Generic[Row]):
    """What every register does: read off the window's thread, filter, keep the choice, offer acts.

    A page says what it reads and how rows look; `right` is what its acts need.
    """

    def __init__(
        self, context: Context, name: str, right: Right, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._context = context
        self._right = right
        self._rows: tuple[Row, ...] = ()
        self._wanted = ""
        self.banner = Banner(f"{name}_banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.buttons: dict[str, QPushButton] = {}

    def assemble(
        self, table: SimpleTable[Row], fields: Sequence[Filter], side: QWidget | None
    ) -> None:
        """Put the page together once its buttons are made; then read for the first time."""
        name = self.objectName()
        self.table = table
        self.side = side
        self.tabs = StatusTabs(f"{name}_tabs", self)
        self.tabs.set_tabs(self.tab_list(()))
        self.tabs.chosen.connect(self._refill)
        self.filter = FilterPlace(self._context, self.banner, name, fields, self)
        self.filter.changed.connect(self._refill)
        table.current_changed.connect(self._chosen)
        table.selection_changed.connect(self._chosen)
        self._empty = EmptyState(f"{name}_empty", self)
        self._empty.acted.connect(self._empty_acted)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(table)
        self._stack.addWidget(self._empty)
        self._lay_out()
        for keys, act in (
            (QKeySequence(Qt.Key.Key_F5), self.reload),
            (QKeySequence(QKeySequence.StandardKey.Find), self.filter.focus_find),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._chosen()
        self.reload()

    # --- what a page says -----------------------------------------------------------------

    @abstractmethod
    def rows_now(self) -> Sequence[Row]:
        """The rows; called on a worker's thread."""

    @abstractmethod
    def tab_list(self, rows: Sequence[Row]) -> list[StatusTab]:
        """The tabs with their counts, ALL first."""

    @abstractmethod
    def tab_of(self, row: Row) -> str:
        """The tab that a row stands under."""

    @abstractmethod
    def fits(self, row: Row, values: Any) -> bool:
        """Whether a row fits what stands in the filter bar."""

    @abstractmethod
    def is_wanted(self, row: Row, wanted: str) -> bool:
        """Whether a row is what somebody came for."""

    @abstractmethod
    def say_empty(self) -> tuple[str, str]:
        """What stands in place of a list that never had a row: a sentence, and an action."""

    @abstractmethod
    def act_on_empty(self) -> None:
        """What that action does."""

    @abstractmethod
    def show_chosen(self, row: Row | None, rows: Sequence[Row]) -> None:
        """Show the one chosen row at the side, and offer what can be done with the chosen ones."""

    # --- what every page does -------------------------------------------------------------

    def reload(self) -> None:
        """Read the rows again; the chosen ones stay chosen."""
        self._context.tasks.start_latest(
            (id(self), "register"),
            lambda _: self.rows_now(),
            self._show,
            self._failed,
            owner=self,
        )
        self.filter.read_saved()

    def show_argument(self, argument: object) -> None:
        """Go to the rows that this names."""
        self._wanted = "" if argument is None else str(argument)
        self.tabs.select(ALL)
        self.filter.reset()
        self.reload()

    def button(self, name: str, text: str, act: Callable[[], object]) -> QPushButton:
        """A button of the bar, in the order in which they are made."""
        made = QPushButton(text, self)
        made.setObjectName(f"{self.objectName()}_{name}")
        made.setAccessibleName(text)
        made.clicked.connect(lambda _=False: act())
        self.buttons[name] = made
        return made

    def one(self, act: Callable[[Row], object]) -> Callable[[], None]:
        """An act on the one chosen row."""

        def run() -> None:
            row = self.chosen_one()
            if row is not None:
                act(row)

        return run

    def many(self, act: Callable[[Sequence[Row]], object]) -> Callable[[], None]:
        """An act on the chosen rows."""

        def run() -> None:
            rows = self.table.selected_rows()
            if rows:
                act(rows)

        return run

    def chosen_one(self) -> Row | None:
        rows = self.table.selected_rows()
        return rows[0] if len(rows) == 1 else None

    def state_tabs(
        self,
        rows: Sequence[Row],
        labels: Mapping[Any, str],
        looks: Mapping[Any, tuple[str, Tone]],
        unit: str,
    ) -> list[StatusTab]:
        """A tab for all and one for each state, by its label and in its tone, with its count."""
        count = Counter(self.tab_of(row) for row in rows)
        return [
            StatusTab(ALL, self.tr("全部"), len(rows), unit=unit),
            *(
                StatusTab(str(one), label, count[one], tone=looks[one][1], unit=unit)
                for one, label in labels.items()
            ),
        ]

    def offer(self, name: str, why: str, *, right: Right | None = None, free: bool = False) -> None:
        """Let a button be used, or say why not. free: it needs no right."""
        if not free:
            why = self._context.why_denied(right or self._right) or why
        self.buttons[name].setEnabled(not why)
        self.buttons[name].setToolTip(why)

    def stand_out(self, following: str) -> None:
        """Let the button of what comes next stand out, while it can be used."""
        for name, button in self.buttons.items():
            primary = name == following and button.isEnabled()
            restyle(button, "kind", "primary" if primary else "")

    def _lay_out(self) -> None:
        bar = QWidget(self)
        flow = FlowLayout(bar, gap=max(3, self.fontMetrics().height() // 3))
        for button in self.buttons.values():
            flow.addWidget(button)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self._stack)
        if self.side is not None:
            split.addWidget(self.side)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 1)
        column = QVBoxLayout(self)
        column.addWidget(bar)
        column.addWidget(self.tabs)
        column.addWidget(self.filter)
        column.addWidget(self.banner)
        column.addWidget(split, 1)

    def want(self, wanted: str) -> None:
        """Choose the rows that this names, as soon as they are read."""
        self._wanted = wanted

    def _show(self, found: Sequence[Row]) -> None:
        self._rows = tuple(found)
        self.tabs.set_tabs(self.tab_list(self._rows))
        self._refill()

    def _refill(self, _: object = None) -> None:
        tab = self.tabs.current()
        rows = [
            row
            for row in self._rows
            if tab in {ALL, self.tab_of(row)} and self.fits(row, self.filter.values)
        ]
        self.table.set_rows(rows)
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        if self._rows:
            self._empty.show_state(self.tr("没有符合条件的记录。"), self.tr("清除筛选条件"))
        else:
            self._empty.show_state(*self.say_empty())
        self._go_to_wanted()
        self._chosen()

    def _go_to_wanted(self) -> None:
        rows = self.table.all_rows()
        places = [at for at, row in enumerate(rows) if self.is_wanted(row, self._wanted)]
        if self._wanted and places:
            self._wanted = ""
            self.table.setCurrentIndex(self.table.rows().index(places[0], 0))
            self.table.select_positions(places)

    def _empty_acted(self) -> None:
        if self._rows:
            self.tabs.select(ALL)
            self.filter.reset()
            self._refill()
        else:
            self.act_on_empty()

    def _chosen(self, _: object = None) -> None:
        row = self.chosen_one()
        if self.side is not None:
            # Without a choice the list has the whole width.
            self.side.setVisible(row is not None)
        self.show_chosen(row, self.table.selected_rows())
