"""Tabs that carry a count and a sum, above a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget
from typing_extensions import override

from ui import theme
from ui.fonts import scaled
from ui.theme import Tone
from ui.widgets.flow_layout import FlowLayout

_SMALL = 0.9


@dataclass(frozen=True, slots=True)
class StatusTab:
    """One tab: "已停止", 37, "1,234,567.00". count None: not known yet; unit: of the count."""

    key: str
    label: str
    count: int | None = None
    total: str = ""
    tone: Tone = Tone.NORMAL
    unit: str = "%1 笔"


class _TabButton(QAbstractButton):
    """Two lines: label and count, and below them the sum."""

    def __init__(self, tab: StatusTab, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{parent.objectName()}_{tab.key}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.tab = tab
        self.show_tab(tab)

    def show_tab(self, tab: StatusTab) -> None:
        self.tab = tab
        self.setText(tab.label)
        said = " ".join(filter(None, (tab.label, self._count(), tab.total)))
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        big, small = self._metrics()
        pad = big.height() // 2
        first = big.horizontalAdvance(f"{self.tab.label}  {self._count()}")
        second = small.horizontalAdvance(self.tab.total)
        height = big.height() + small.height() + pad
        return QSize(max(first, second, big.height() * 4) + 2 * pad, height)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self.updateGeometry()
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        big, small = self._metrics()
        pad = big.height() // 2
        tone = self.tab.tone if self.tab.count else Tone.MUTED
        bold = scaled(self.font(), 1.0, bold=self.isChecked())
        painter.setFont(bold)
        painter.setPen(theme.color(tone))
        top = QRect(pad, pad // 2, self.width() - 2 * pad, big.height())
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, self.tab.label)
        painter.drawText(top, Qt.AlignmentFlag.AlignRight, self._count())
        painter.setFont(scaled(self.font(), _SMALL))
        painter.setPen(theme.color(Tone.MUTED))
        below = QRect(pad, top.bottom() + 1, top.width(), small.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self.tab.total)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        now = theme.colours()
        ground = now.base if self.isChecked() else now.header if self.underMouse() else now.window
        painter.setBrush(QColor(ground))
        edge = now.tones[Tone.ACCENT] if self.hasFocus() else now.border
        painter.setPen(QPen(QColor(edge), 1))
        painter.drawRoundedRect(
            self.rect().adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 3, 3
        )
        if self.isChecked():
            mark = max(2, self.fontMetrics().height() // 8)
            painter.fillRect(
                QRect(1, self.height() - mark, self.width() - 2, mark), theme.color(Tone.ACCENT)
            )

    def _count(self) -> str:
        return "…" if self.tab.count is None else self.tab.unit.replace("%1", f"{self.tab.count:,}")

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        bold = scaled(self.font(), 1.0, bold=True)
        return QFontMetrics(bold), QFontMetrics(scaled(self.font(), _SMALL))


class StatusTabs(QWidget):
    """Exactly one tab is chosen; arrow keys, Home and End move; narrow windows get more lines."""

    chosen = Signal(str)

    def __init__(self, name: str = "status_tabs", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("状态页签"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._clicked)
        self._buttons: dict[str, _TabButton] = {}
        self._current = ""
        self._flow = FlowLayout(self, gap=max(3, self.fontMetrics().height() // 4))

    def set_tabs(self, tabs: Sequence[StatusTab]) -> None:
        """Show these tabs; the chosen one stays, or else the first is chosen without a signal."""
        if list(self._buttons) != [tab.key for tab in tabs]:
            self._rebuild(tabs)
        for tab in tabs:
            self._buttons[tab.key].show_tab(tab)
        if self._current not in self._buttons and tabs:
            self.select(tabs[0].key)
        self._flow.invalidate()

    def current(self) -> str:
        """The key of the chosen tab; empty when there is none."""
        return self._current

    def select(self, key: str) -> None:
        """Choose a tab without a signal. Raises KeyError for an unknown key."""
        self._buttons[key].setChecked(True)
        self._current = key

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = list(self._buttons)
        at = keys.index(self._current) if self._current in keys else 0
        target = {
            Qt.Key.Key_Left: at - 1,
            Qt.Key.Key_Right: at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(keys) - 1,
        }.get(Qt.Key(event.key()))
        if target is None or not keys:
            super().keyPressEvent(event)
            return
        button = self._buttons[keys[max(0, min(target, len(keys) - 1))]]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.click()

    def _rebuild(self, tabs: Sequence[StatusTab]) -> None:
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._flow.removeWidget(button)
            button.deleteLater()
        self._buttons = {tab.key: _TabButton(tab, self) for tab in tabs}
        for button in self._buttons.values():
            button.installEventFilter(self)
            self._group.addButton(button)
            self._flow.addWidget(button)

    @override
    def eventFilter(self, watched: object, event: QEvent) -> bool:
        # A button group would move the focus without telling which tab is chosen now.
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            moves = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End}
            if event.key() in moves:
                self.keyPressEvent(event)
                return True
        return False

    def _clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, _TabButton) and button.tab.key != self._current:
            self._current = button.tab.key
            self.chosen.emit(self._current)
