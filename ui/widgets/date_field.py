"""A date that may be left open: typed, or picked from a calendar."""

import re
from datetime import date, timedelta

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.core.errors import BadInput
from ui import theme
from ui.theme import Tone, restyle
from ui.widgets.icons import icon

_FULL = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
_WORDS = {"今天": 0, "昨天": -1, "明天": 1}


class BadDate(BadInput):
    code = "INP-020"
    remedy = "日期请写成 2026-11-23、11-23 或“今天”。"


def parse_date(text: str, today: date) -> date | None:
    """The date that was typed; None for an empty text. Raises BadDate."""
    plain = text.strip()
    if not plain:
        return None
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    full, short = _FULL.fullmatch(plain), _SHORT.fullmatch(plain)
    parts = full.groups() if full else (str(today.year), *short.groups()) if short else ()
    try:
        return date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        raise BadDate(f"“{plain}”不是有效的日期。") from None


class DateField(QLineEdit):
    """One line for a date; empty means open."""

    date_changed = Signal(object)

    def __init__(self, name: str, title: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setPlaceholderText(self.tr("不限"))
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("2026-12-30") * 7 // 4)
        self._today = today
        pick = self.addAction(icon("calendar-line"), QLineEdit.ActionPosition.TrailingPosition)
        pick.setObjectName(f"{name}_pick")
        pick.setToolTip(self.tr("选择日期"))
        pick.triggered.connect(self.pick)
        self.textChanged.connect(self._judge)
        self.editingFinished.connect(self._tidy)

    def chosen(self) -> date | None:
        """The date; None when the field is empty. Raises BadDate."""
        return parse_date(self.text(), self._today)

    def set_date(self, value: date | None) -> None:
        self.setText("" if value is None else value.isoformat())

    def problem(self) -> str:
        """Why the text is no date; empty when it is one, or nothing."""
        try:
            self.chosen()
        except BadDate as error:
            return f"{error.message}{error.hint}"
        return ""

    def pick(self) -> QWidget:
        """Open the calendar below the field."""
        popup = _Calendar(self)
        now = self._today if self.problem() else self.chosen() or self._today
        popup.calendar.setSelectedDate(QDate(now.year, now.month, now.day))
        popup.picked.connect(self.set_date)
        popup.move(self.mapToGlobal(QPoint(0, self.height())))
        popup.show()
        popup.calendar.setFocus()
        return popup

    def _judge(self) -> None:
        problem = self.problem()
        restyle(self, "invalid", bool(problem))
        self.setToolTip(problem)
        self.setAccessibleDescription(problem)
        if not problem:
            self.date_changed.emit(self.chosen())

    def _tidy(self) -> None:
        if not self.problem():
            self.set_date(self.chosen())


class _Calendar(QWidget):
    """A calendar that closes once a date was taken."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName(f"{parent.objectName()}_calendar")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.calendar = QCalendarWidget(self)
        self.calendar.setObjectName(f"{parent.objectName()}_days")
        self.calendar.setAccessibleName(self.tr("日历"))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.clicked.connect(self._take)
        self.calendar.activated.connect(self._take)
        self._dress()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.calendar)

    def _dress(self) -> None:
        # Qt's own red and its arrows are black on black in the dark.
        weekend = QTextCharFormat()
        weekend.setForeground(theme.brush(Tone.STOP))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(day, weekend)
        for part, picture in (("prev", "arrow-left-s-line"), ("next", "arrow-right-s-line")):
            button = self.calendar.findChild(QToolButton, f"qt_calendar_{part}month")
            if button is not None:
                button.setIcon(icon(picture, Tone.NORMAL))
        line = self.fontMetrics().height()
        self.calendar.setMinimumSize(line * 18, line * 12)

    def _take(self, chosen: QDate) -> None:
        self.picked.emit(date(chosen.year(), chosen.month(), chosen.day()))
        self.close()
