"""A number that waits, with what it means; the number is a link."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.fonts import scaled
from ui.theme import Tone, set_tone
from ui.widgets.icons import IconLabel


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows. page: where its number leads; None leads nowhere."""

    key: str
    title: str
    icon: str
    count: int
    detail: str
    tone: Tone
    page: str | None
    argument: object = None


class CardView(QFrame):
    """A card; emits itself when its number is clicked."""

    followed = Signal(object)

    def __init__(self, card: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = f"home.{card.key}"
        self.setObjectName(name)
        self.setProperty("kind", "card")
        self._picture = IconLabel(f"{name}.icon", self)
        self._title = QLabel(self)
        self._title.setObjectName(f"{name}.title")
        self.number = QPushButton(self)
        self.number.setObjectName(f"{name}.number")
        self.number.setProperty("kind", "link")
        self.number.setFont(scaled(self.font(), 1.9, bold=True))
        self.number.setCursor(Qt.CursorShape.PointingHandCursor)
        self.number.clicked.connect(self._follow)
        self._detail = QLabel(self)
        self._detail.setObjectName(f"{name}.detail")
        self._detail.setProperty("kind", "muted")
        self._detail.setWordWrap(True)
        # The cards of one row keep one height, whether or not they have something to add.
        self._detail.setMinimumHeight(self._detail.fontMetrics().lineSpacing())
        head = QHBoxLayout()
        head.addWidget(self._picture)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.number, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._detail)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_card(card)

    def show_card(self, card: Card) -> None:
        """Show this card's values."""
        self._card = card
        self._picture.set_icon(card.icon, card.tone if card.count else Tone.MUTED)
        self._title.setText(card.title)
        set_tone(self._title, card.tone if card.count else Tone.NORMAL)
        self.number.setText(f"{card.count:,}")
        self.number.setEnabled(card.page is not None)
        said = f"{card.title} {card.count} {card.detail}".strip()
        self.number.setAccessibleName(said)
        self.number.setToolTip(said)
        self._detail.setText(card.detail)

    def _follow(self) -> None:
        self.followed.emit(self._card)
