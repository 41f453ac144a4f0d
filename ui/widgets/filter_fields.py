"""What a list can be filtered by, and the control for each kind."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.core.money import Money
from ui.widgets.date_field import DateField
from ui.widgets.icons import icon
from ui.widgets.money_edit import AmountLine
from ui.widgets.multi_choice import Choice, MultiChoice


@dataclass(frozen=True, slots=True)
class TextFilter:
    """Free text; its value is a str."""

    key: str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceFilter:
    """Some of several; its value is a tuple of Choice.value."""

    key: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class DateRangeFilter:
    """From–to, both inclusive; its value is (date | None, date | None)."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class MoneyRangeFilter:
    """From–to, both inclusive; its value is (Money | None, Money | None)."""

    key: str
    title: str
    currency: str = "CNY"


Filter = TextFilter | ChoiceFilter | DateRangeFilter | MoneyRangeFilter


class FieldEditor(QWidget):
    """A control with its label; value() is None when it filters nothing."""

    edited = Signal()

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.title = title
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(self.fontMetrics().height() // 3)
        label = QLabel(title, self)
        label.setObjectName(f"{name}_label")
        label.setProperty("kind", "muted")
        self._row.addWidget(label)

    @abstractmethod
    def value(self) -> Any: ...

    @abstractmethod
    def set_value(self, value: Any) -> None: ...

    @abstractmethod
    def said(self) -> str:
        """The value in words, for its chip."""

    def problem(self) -> str:
        """Why what was typed can't be used; empty when it can."""
        return ""


class TextEditor(FieldEditor):
    def __init__(self, name: str, field: TextFilter, parent: QWidget) -> None:
        super().__init__(name, field.title, parent)
        self._line = QLineEdit(self)
        self._line.setObjectName(f"{name}_text")
        self._line.setAccessibleName(field.title)
        self._line.setPlaceholderText(field.hint)
        self._line.setToolTip(field.hint)
        self._line.setClearButtonEnabled(True)
        self._line.addAction(icon("search-line"), QLineEdit.ActionPosition.LeadingPosition)
        hint = self._line.fontMetrics().horizontalAdvance(field.hint)
        least = self._line.fontMetrics().horizontalAdvance("0" * 16)
        self._line.setMinimumWidth(max(hint, least) + self.fontMetrics().height() * 4)
        self._line.textChanged.connect(self.edited)
        self.setFocusProxy(self._line)
        self._row.addWidget(self._line)

    @override
    def value(self) -> str | None:
        return self._line.text().strip() or None

    @override
    def set_value(self, value: Any) -> None:
        self._line.setText(value or "")

    @override
    def said(self) -> str:
        return self._line.text().strip()


class ChoiceEditor(FieldEditor):
    def __init__(self, name: str, field: ChoiceFilter, parent: QWidget) -> None:
        super().__init__(name, field.title, parent)
        self._button = MultiChoice(f"{name}_choice", field.title, field.choices, self)
        self._button.choice_changed.connect(self.edited)
        self.setFocusProxy(self._button)
        self._row.addWidget(self._button)

    @override
    def value(self) -> tuple[str, ...] | None:
        return self._button.values() or None

    @override
    def set_value(self, value: Any) -> None:
        self._button.set_values(value or ())

    @override
    def said(self) -> str:
        return "、".join(self._button.labels())


class DateRangeEditor(FieldEditor):
    def __init__(self, name: str, field: DateRangeFilter, today: date, parent: QWidget) -> None:
        super().__init__(name, field.title, parent)
        start, end = self.tr("%1起"), self.tr("%1止")
        self._ends = (
            DateField(f"{name}_from", start.replace("%1", field.title), today, self),
            DateField(f"{name}_to", end.replace("%1", field.title), today, self),
        )
        self.setFocusProxy(self._ends[0])
        _join(self._row, self._ends)
        for end_field in self._ends:
            end_field.textChanged.connect(self.edited)

    @override
    def value(self) -> tuple[date | None, date | None] | None:
        low, high = (end.chosen() for end in self._ends)
        return None if low is None and high is None else (low, high)

    @override
    def set_value(self, value: Any) -> None:
        for end, chosen in zip(self._ends, value or (None, None), strict=True):
            end.set_date(chosen)

    @override
    def said(self) -> str:
        return _span([end.text() for end in self._ends])

    @override
    def problem(self) -> str:
        return next((end.problem() for end in self._ends if end.problem()), "")


class MoneyRangeEditor(FieldEditor):
    def __init__(self, name: str, field: MoneyRangeFilter, parent: QWidget) -> None:
        super().__init__(name, field.title, parent)
        low, high = self.tr("%1下限"), self.tr("%1上限")
        self._ends = (
            AmountLine(f"{name}_from", low.replace("%1", field.title), field.currency, self),
            AmountLine(f"{name}_to", high.replace("%1", field.title), field.currency, self),
        )
        self.setFocusProxy(self._ends[0])
        _join(self._row, self._ends)
        for end in self._ends:
            end.setPlaceholderText(self.tr("不限"))
            end.textChanged.connect(self.edited)

    @override
    def value(self) -> tuple[Money | None, Money | None] | None:
        low, high = (end.money() for end in self._ends)
        return None if low is None and high is None else (low, high)

    @override
    def set_value(self, value: Any) -> None:
        for end, amount in zip(self._ends, value or (None, None), strict=True):
            end.set_money(amount)

    @override
    def said(self) -> str:
        amounts = (end.money() for end in self._ends)
        return _span(["" if amount is None else amount.display() for amount in amounts])

    @override
    def problem(self) -> str:
        return next((end.problem() for end in self._ends if end.problem()), "")


def make_editor(bar: str, field: Filter, today: date, parent: QWidget) -> FieldEditor:
    """The control for this kind of filter, named after the bar and the filter."""
    name = f"{bar}_{field.key}"
    match field:
        case TextFilter():
            return TextEditor(name, field, parent)
        case ChoiceFilter():
            return ChoiceEditor(name, field, parent)
        case DateRangeFilter():
            return DateRangeEditor(name, field, today, parent)
        case MoneyRangeFilter():
            return MoneyRangeEditor(name, field, parent)


def to_plain(fields: Sequence[Filter], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as strings and lists, for keeping them as JSON."""
    plain: dict[str, Any] = {}
    for field in fields:
        value = values.get(field.key)
        if value is None:
            continue
        match field:
            case TextFilter():
                plain[field.key] = value
            case ChoiceFilter():
                plain[field.key] = list(value)
            case DateRangeFilter():
                plain[field.key] = [end and end.isoformat() for end in value]
            case MoneyRangeFilter():
                plain[field.key] = [end and end.decimal() for end in value]
    return plain


def from_plain(fields: Sequence[Filter], plain: Mapping[str, Any]) -> dict[str, Any]:
    """The values that to_plain made; keys that no field has any more are left out."""
    values: dict[str, Any] = {}
    for field in fields:
        kept = plain.get(field.key)
        if kept is None:
            continue
        match field:
            case TextFilter():
                values[field.key] = kept
            case ChoiceFilter():
                values[field.key] = tuple(kept)
            case DateRangeFilter():
                values[field.key] = tuple(end and date.fromisoformat(end) for end in kept)
            case MoneyRangeFilter():
                values[field.key] = tuple(end and Money.parse(end, field.currency) for end in kept)
    return values


def _join(row: QHBoxLayout, ends: Sequence[QWidget]) -> None:
    row.addWidget(ends[0])
    row.addWidget(QLabel("–"))
    row.addWidget(ends[1])


def _span(ends: Sequence[str]) -> str:
    low, high = ends
    if low and high:
        return f"{low} – {high}"
    return f"≥ {low}" if low else f"≤ {high}"
