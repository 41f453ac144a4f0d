"""A picture of how much of each day is explained: by number of lines, and by amount."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.core.money import Money
from app.reconciliation.overview import DayShare
from ui import theme
from ui.theme import Tone

_LANES: Final = 2


class DayChart(QWidget):
    """Two rows of bars, the explained part filled; a click on a day chooses it, or lets it go."""

    day_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reconcile_chart")
        self._days: tuple[DayShare, ...] = ()
        self._currency = "CNY"
        self._chosen: date | None = None
        self.setMinimumHeight(self.fontMetrics().height() * 5)
        self.setMouseTracking(True)

    def set_days(self, days: Sequence[DayShare], currency: str) -> None:
        """Show these; the chosen day stays chosen while it is among them."""
        self._days, self._currency = tuple(days), currency
        if self._chosen not in {one.on for one in days}:
            self._chosen = None
        self.setAccessibleName(self.tr("每日已勾对比例"))
        self.setAccessibleDescription(self.summary())
        self.update()

    def summary(self) -> str:
        """What the picture shows, in one sentence."""
        count = sum(one.count for one in self._days)
        if not count:
            return ""
        done = sum(one.explained for one in self._days)
        whole = sum(one.minor for one in self._days)
        part = sum(one.explained_minor for one in self._days)
        text = self.tr("流水 %1 笔，已勾对 %2 笔（%3）；发生额 %4，已勾对 %5（%6）")
        values = (
            f"{count:,}",
            f"{done:,}",
            _percent(done, count),
            Money(whole, self._currency).figure(),
            Money(part, self._currency).figure(),
            _percent(part, whole),
        )
        for place, value in enumerate(values, 1):
            text = text.replace(f"%{place}", value)
        return text

    @property
    def chosen(self) -> date | None:
        return self._chosen

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.colours()
        painter.fillRect(self.rect(), colours.base)
        if not self._days:
            painter.setPen(theme.color(Tone.MUTED))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("没有流水"))
            return
        names = (self.tr("笔数"), self.tr("金额"))
        for lane in range(_LANES):
            frame = self._lane(lane)
            painter.setPen(theme.color(Tone.MUTED))
            label = QRectF(4, frame.top(), self._margin() - 8, frame.height())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(label, flags, names[lane])
            self._draw_lane(painter, lane, frame)
        self._draw_days(painter)
        painter.end()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found is not None:
            self._chosen = None if self._chosen == found.on else found.on
            self.update()
            self.day_chosen.emit(self._chosen)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if found is None else self._said(found), self)
            return True
        return super().event(event)

    def _draw_lane(self, painter: QPainter, lane: int, frame: QRectF) -> None:
        highest = max((_values(one)[lane][0] for one in self._days), default=0) or 1
        step = frame.width() / len(self._days)
        bar = max(2.0, min(step * 0.72, 28.0))
        painter.setPen(Qt.PenStyle.NoPen)
        for place, one in enumerate(self._days):
            whole, part = _values(one)[lane]
            left = frame.left() + step * place + (step - bar) / 2
            height = max(2.0, frame.height() * whole / highest) if whole else 0
            full = QRectF(left, frame.bottom() - height, bar, height)
            painter.fillRect(full, theme.color(Tone.STOP if part < whole else Tone.OK))
            done = height * part / whole if whole else 0
            inner = QRectF(left, frame.bottom() - done, bar, done)
            painter.fillRect(inner, theme.color(Tone.OK))
            if one.on == self._chosen:
                mark = QRectF(left - 2, frame.top() - 1, bar + 4, frame.height() + 2)
                painter.setPen(theme.color(Tone.ACCENT))
                painter.drawRect(mark)
                painter.setPen(Qt.PenStyle.NoPen)

    def _draw_days(self, painter: QPainter) -> None:
        """The day under each pair of bars, or under as many as there is room for."""
        frame = self._lane(0)
        step = frame.width() / len(self._days)
        room = self.fontMetrics().horizontalAdvance("12-31") + 6
        every = max(1, -(-room // max(1, int(step))))
        painter.setPen(theme.color(Tone.MUTED))
        top = self.height() - self._foot()
        for place in range(0, len(self._days), every):
            left = frame.left() + step * place + step / 2 - room / 2
            box = QRectF(left, top, room, self._foot())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{self._days[place].on:%m-%d}")

    def _foot(self) -> float:
        return float(self.fontMetrics().height())

    def _lane(self, lane: int) -> QRectF:
        height = (self.height() - self._foot() - 8) / _LANES
        top = 3 + lane * (height + 4)
        return QRectF(self._margin(), top, self.width() - self._margin() - 6, height - 2)

    def _margin(self) -> float:
        return self.fontMetrics().horizontalAdvance("笔数") + 14

    def _at(self, place: QPointF) -> DayShare | None:
        frame = self._lane(0)
        if not self._days or not frame.left() <= place.x() < frame.right():
            return None
        step = frame.width() / len(self._days)
        return self._days[min(len(self._days) - 1, int((place.x() - frame.left()) / step))]

    def _said(self, one: DayShare) -> str:
        text = self.tr("%1：%2 / %3 笔，%4 / %5 已勾对")
        values = (
            str(one.on),
            str(one.explained),
            str(one.count),
            Money(one.explained_minor, self._currency).figure(),
            Money(one.minor, self._currency).figure(),
        )
        for place, value in enumerate(values, 1):
            text = text.replace(f"%{place}", value)
        return text


def _values(one: DayShare) -> tuple[tuple[int, int], tuple[int, int]]:
    """Whole and explained: of lines, of amount."""
    return (one.count, one.explained), (one.minor, one.explained_minor)


def _percent(part: int, whole: int) -> str:
    if part == whole:
        return "100%"
    # Never "100%" while something is left.
    return f"{min(part * 100 / whole, 99.9):.1f}%" if whole else "—"
