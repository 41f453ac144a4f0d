"""A Chinese font for the window, also on machines that have none."""

import logging
from importlib import import_module
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

DEFAULT_POINTS = 10
# In the order of how well they read at small sizes; a fallback font such as Droid's is not
# here, because it lacks the rare characters of people's names.
_FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "HarmonyOS Sans SC",
)
_log = logging.getLogger(__name__)


def install(app: QApplication, points: int = DEFAULT_POINTS) -> str:
    """Set the application's font to a Chinese one of that size in points; returns its family."""
    family = _machine_family() or _shipped_family()
    font = QFont(family, points)
    tabular(font)
    app.setFont(font)
    return family


def tabular(font: QFont) -> QFont:
    """The same font with figures of one width, so that amounts stand in columns."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def scaled(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """A copy of the font, that many times as large."""
    copy = QFont(font)
    copy.setPointSizeF(font.pointSizeF() * factor)
    copy.setBold(bold or font.bold())
    return copy


def _machine_family() -> str | None:
    present = set(QFontDatabase.families())
    return next((family for family in _FAMILIES if family in present), None)


def _shipped_family() -> str:
    path: Path = import_module("pylopdf_fonts_zh_cn").sans_path()
    number = QFontDatabase.addApplicationFont(str(path))
    families = QFontDatabase.applicationFontFamilies(number)
    if not families:
        # The window still opens: boxes instead of characters are better than no window.
        _log.error("the shipped font %s could not be loaded", path)
        return QApplication.font().family()
    return families[0]
