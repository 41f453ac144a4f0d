"""What another desk changed while a form was open, beside what was typed here."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.money import Money
from app.payments.editing import PaymentFields
from app.payments.intake.aliases import LABELS
from app.payments.records import PaymentDetail
from ui.payments.looks import kind_text, money_text
from ui.theme import Tone, set_tone


class ConflictView(QFrame):
    """Hidden until there is a conflict; the user decides whose content goes on."""

    keep_mine = Signal(object)
    take_theirs = Signal(object)

    def __init__(self, name: str, channel: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("kind", "card")
        self._channel = channel
        self._now: PaymentDetail | None = None
        self._table = QWidget(self)
        self._keep = QPushButton(self.tr("保留我改动的栏目"), self)
        self._keep.setObjectName(f"{name}_keep")
        self._keep.setAutoDefault(False)
        self._keep.clicked.connect(lambda: self.keep_mine.emit(self._now))
        self._take = QPushButton(self.tr("全部改用最新内容"), self)
        self._take.setObjectName(f"{name}_take")
        self._take.setAutoDefault(False)
        self._take.clicked.connect(lambda: self.take_theirs.emit(self._now))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._take)
        row.addWidget(self._keep)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._table)
        self._column.addLayout(row)
        self.hide()

    def show_conflict(self, opened: PaymentFields, now: PaymentDetail, mine: PaymentFields) -> None:
        """Show the fields that differ from what the form was opened with, here or there."""
        self._now = now
        self._table.hide()
        self._table.deleteLater()
        self._table = QWidget(self)
        self._column.insertWidget(0, self._table)
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 0)
        heads = ("", self.tr("打开时"), self.tr("现在已是"), self.tr("您填写的"))
        for at, head in enumerate(heads):
            grid.addWidget(self._cell(head, Tone.MUTED), 0, at)
        row = 1
        for key in PaymentFields.__dataclass_fields__:
            was, new, own = (self._said(key, one) for one in (opened, now.fields, mine))
            if was == new == own:
                continue
            touched = own != was
            tone = Tone.STOP if touched and new not in {own, was} else Tone.NORMAL
            own = own if touched else self.tr("（未改动）")
            label = self._cell(field_label(key), Tone.MUTED)
            for at, cell in enumerate(
                (label, self._cell(was), self._cell(new, tone), self._cell(own, tone))
            ):
                grid.addWidget(cell, row, at)
            row += 1
        if row == 1:
            grid.addWidget(self._cell(self.tr("内容没有差别，只是状态有变化。")), row, 0, 1, 4)
        self.show()

    def texts(self) -> list[str]:
        """Everything that the table says, row by row."""
        return [label.text() for label in self._table.findChildren(QLabel)]

    def _said(self, key: str, fields: PaymentFields) -> str:
        value = getattr(fields, key)
        if isinstance(value, Money):
            return money_text(value)
        if isinstance(value, bool):
            return self.tr("是") if value else self.tr("否")
        if key == "channel":
            return self._channel(value)
        return kind_text(value) if key == "payee_kind" else str(value or "")

    def _cell(self, text: str, tone: Tone = Tone.NORMAL) -> QLabel:
        label = QLabel(text or "—", self._table)
        label.setWordWrap(True)
        set_tone(label, tone)
        return label


def field_label(key: str) -> str:
    """A payment's field as people call it."""
    own = {"account_number": "payer_account", "payee_cnaps": "cnaps", "urgent": "urgency"}
    name = own.get(key, key)
    return next((text for field, text in LABELS.items() if field == name), key)
