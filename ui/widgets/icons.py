"""Icons drawn from one of qtawesome's fonts, in the colours of the theme."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone


class _Glyph(QIconEngine):
    """One character, painted in whatever colour the theme has at that moment."""

    def __init__(self, glyph: str, family: str, tone: Tone) -> None:
        super().__init__()
        self._glyph = glyph
        self._family = family
        self._tone = tone

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        now = theme.colours()
        dim = mode is QIcon.Mode.Disabled
        painter.save()
        painter.setPen(QColor(now.disabled if dim else now.tones[self._tone]))
        font = QFont(self._family)
        font.setPixelSize(max(1, rect.height()))
        painter.setFont(font)
        painter.drawText(QRectF(rect), Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    @override
    def clone(self) -> QIconEngine:
        return _Glyph(self._glyph, self._family, self._tone)


def icon(name: str, tone: Tone = Tone.MUTED) -> QIcon:
    """The Remix icon of that name ("search-line"), following light and dark.

    Raises KeyError for a name that the font does not have.
    """
    family, glyphs = _font()
    return QIcon(_Glyph(chr(int(glyphs[name], 16)), family, tone))


class IconLabel(QLabel):
    """An icon as large as that many lines of text, redrawn when the theme changes."""

    def __init__(self, name: str, parent: QWidget | None = None, lines: float = 1.0) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._lines = lines
        self._shown: tuple[str, Tone] | None = None

    def set_icon(self, name: str, tone: Tone = Tone.MUTED) -> None:
        """Show this icon. Raises KeyError for a name that the font does not have."""
        self._shown = (name, tone)
        edge = round(self.fontMetrics().height() * self._lines)
        self.setPixmap(icon(name, tone).pixmap(edge, edge))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._shown is not None:
            self.set_icon(*self._shown)


@cache
def _font() -> tuple[str, dict[str, str]]:
    # Importing qtawesome loads its twelve fonts and a second Qt wrapper: 0.2 s that nobody needs.
    found = find_spec("qtawesome")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("qtawesome is not installed")
    folder = Path(found.submodule_search_locations[0]) / "fonts"
    number = QFontDatabase.addApplicationFont(str(next(folder.glob("remixicon-*.ttf"))))
    charmap = next(folder.glob("remixicon-charmap-*.json")).read_text(encoding="utf-8")
    return QFontDatabase.applicationFontFamilies(number)[0], json.loads(charmap)
