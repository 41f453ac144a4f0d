"""A filter bar with the filters that its user saved."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.access.drafts import delete_filter, filters_of, save_filter
from app.core.clock import business_date
from ui import messages
from ui.context import Context
from ui.widgets.banner import Banner
from ui.widgets.filter_bar import FilterBar, SavedFilter
from ui.widgets.filter_fields import Filter, from_plain, to_plain


class FilterPlace(QWidget):
    """Holds the bar, which is made anew when there is something else to choose from."""

    changed = Signal(object)

    def __init__(
        self,
        context: Context,
        banner: Banner,
        list_name: str,
        fields: Sequence[Filter],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{list_name}_filter_place")
        self._list = list_name
        self._fields = tuple(fields)
        self._context = context
        self._failed = messages.presenter(self, banner)
        self.values: Mapping[str, Any] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._asked: Mapping[str, Any] = {}
        self.bar = self._new_bar()

    def set_fields(self, fields: Sequence[Filter]) -> None:
        """Offer these, such as the accounts once they are known; what is filtered by stays."""
        if tuple(fields) == self._fields:
            return
        self._fields = tuple(fields)
        old, values = self.bar, {**self._asked, **self.values}
        self.bar = self._new_bar()
        self._column.removeWidget(old)
        old.hide()
        old.deleteLater()
        self.bar.set_values(values)
        self.read_saved()

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Filter by exactly these; `changed` is emitted when that is something else."""
        self.bar.set_values(values)
        # Some values can be chosen only once they are known.
        self._asked = values

    def reset(self) -> None:
        self.bar.reset()

    def focus_find(self) -> None:
        """Put the keyboard into the first field."""
        self.bar.focus_first()

    def read_saved(self) -> None:
        """Read the user's saved filters again."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "saved"),
            lambda _: filters_of(db, actor, self._list),
            self._show_saved,
            self._failed,
            owner=self,
        )

    def _new_bar(self) -> FilterBar:
        db = self._context.db
        today = business_date(db.clock.now(), db.tz)
        bar = FilterBar(f"{self._list}_filter", self._fields, today, self)
        bar.changed.connect(self._changed)
        bar.save_requested.connect(self._save)
        bar.delete_requested.connect(self._delete)
        self._column.addWidget(bar)
        return bar

    def _changed(self, values: Mapping[str, Any]) -> None:
        if values != self.values:
            self.values, self._asked = values, {}
            self.changed.emit(values)

    def _show_saved(self, saved: Sequence[tuple[str, Any]]) -> None:
        fields = self.bar.fields
        self.bar.set_saved([SavedFilter(name, from_plain(fields, plain)) for name, plain in saved])

    def _save(self, name: str, values: Mapping[str, Any]) -> None:
        db, actor = self._context.db, self._context.actor
        plain = to_plain(self.bar.fields, values)
        self._write(lambda: save_filter(db, actor, self._list, name, plain))

    def _delete(self, name: str) -> None:
        db, actor = self._context.db, self._context.actor
        self._write(lambda: delete_filter(db, actor, self._list, name))

    def _write(self, act: Any) -> None:
        self._context.tasks.start(
            lambda _: act(), lambda _: self.read_saved(), self._failed, owner=self
        )
