"""A field for an amount."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from app.core.errors import BadInput, Refused
from app.core.money import Money
from ui.theme import restyle


class AmountLine(QLineEdit):
    """One line for an amount: plain while it is typed, with thousands separators when left."""

    amount_changed = Signal(object)

    def __init__(
        self, name: str, title: str, currency: str = "CNY", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 14))
        self._currency = currency
        self.textChanged.connect(self._judge)

    def money(self) -> Money | None:
        """The amount; None when the field is empty. Raises BadInput when it is no amount."""
        text = self.text().strip()
        return Money.parse(text, self._currency) if text else None

    def set_money(self, amount: Money | None) -> None:
        if amount is not None:
            self._currency = amount.currency
        self.setText("" if amount is None else amount.display())

    def problem(self) -> str:
        """Why the text is no amount; empty when it is one, or nothing."""
        try:
            self.money()
        except BadInput as error:
            return f"{error.message}{error.hint}"
        return ""

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.isReadOnly() and not self.problem():
            self.setText(self.text().replace(",", ""))
            self.selectAll()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self.problem():
            self.set_money(self.money())

    def _judge(self) -> None:
        problem = self.problem()
        restyle(self, "invalid", bool(problem))
        self.setToolTip(problem)
        self.setAccessibleDescription(problem)
        if not problem:
            self.amount_changed.emit(self.money())


class MoneyEdit(QWidget):
    """An amount with its capitals (大写) or its problem written below."""

    amount_changed = Signal(object)

    def __init__(
        self, name: str, title: str, currency: str = "CNY", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.line = AmountLine(f"{name}_line", title, currency, self)
        self.line.amount_changed.connect(self.amount_changed)
        self.line.textChanged.connect(self._explain)
        self._below = QLabel(self)
        self._below.setObjectName(f"{name}_capitals")
        self._below.setAccessibleName(self.tr("大写金额"))
        self._below.setWordWrap(True)
        self._below.setAlignment(Qt.AlignmentFlag.AlignRight)
        # The line keeps its place, so that the form does not jump while an amount is typed.
        self._below.setMinimumHeight(self._below.fontMetrics().height())
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.line)
        column.addWidget(self._below)
        self._explain()

    def money(self) -> Money | None:
        """The amount; None when the field is empty. Raises BadInput when it is no amount."""
        return self.line.money()

    def set_money(self, amount: Money | None) -> None:
        self.line.set_money(amount)

    def explanation(self) -> str:
        """What stands below the amount."""
        return self._below.text()

    def _explain(self) -> None:
        problem = self.line.problem()
        restyle(self._below, "kind", "problem" if problem else "muted")
        self._below.setText(problem or self._capitals())

    def _capitals(self) -> str:
        amount = self.line.money()
        if amount is None or amount.currency != "CNY":
            return ""
        # The library behind it takes time to load, and most windows show no amount field.
        from app.core.capitals import to_capitals

        try:
            return to_capitals(amount)
        except Refused as error:
            return error.message
