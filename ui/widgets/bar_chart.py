"""A picture of some numbers: a bar for each, with its name at the left and its value at the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone

_NAME_SHARE: Final = 0.36


@dataclass(frozen=True, slots=True)
class Bar:
    """value: how long it is; None draws none and says what `text` says."""

    label: str
    value: float | None
    text: str
    tone: Tone = Tone.ACCENT


class BarChart(QWidget):
    """Follows light and dark; what it shows can be heard too."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._title = title
        self._bars: tuple[Bar, ...] = ()

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these, from the top."""
        self._bars = tuple(bars)
        self.setAccessibleDescription("；".join(f"{one.label} {one.text}" for one in bars))
        self.setMinimumHeight(self.sizeHint().height())
        self.update()

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._line() * 24, self._line() * (max(1, len(self._bars)) + 1))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colours().base)
        line, width = float(self._line()), float(self.width())
        painter.setPen(theme.color(Tone.MUTED))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(8, 0, width - 16, line), left, self._title)
        if not self._bars:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("没有数据"))
            return
        highest = max((one.value or 0 for one in self._bars), default=0) or 1
        names = width * _NAME_SHARE
        figures = self._figures() + 12
        room = max(20.0, width - names - figures - 16)
        for place, one in enumerate(self._bars, start=1):
            top = line * place
            painter.setPen(theme.color(Tone.NORMAL))
            name = self.fontMetrics().elidedText(
                one.label, Qt.TextElideMode.ElideRight, int(names - 12)
            )
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(4, top, names - 12, line), right, name)
            length = room * (one.value or 0) / highest
            if one.value:
                box = QRectF(names, top + line * 0.2, max(2.0, length), line * 0.6)
                painter.fillRect(box, theme.color(one.tone))
            painter.setPen(theme.color(Tone.MUTED))
            painter.drawText(QRectF(names + length + 6, top, figures, line), left, one.text)
        painter.end()

    def _figures(self) -> int:
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(one.text) for one in self._bars), default=0)

    def _line(self) -> int:
        return self.fontMetrics().height() * 3 // 2
