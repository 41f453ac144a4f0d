from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QFontInfo, QFontMetrics, QPalette, QRawFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui import fonts, theme
from ui.tasks import Tasks
from ui.theme import DARK, LIGHT, Mode, Tone
from ui.widgets.banner import Banner
from ui.widgets.filter_bar import FilterBar
from ui.widgets.filter_fields import DateRangeFilter, MoneyRangeFilter, TextFilter
from ui.widgets.icons import icon
from ui.widgets.money_edit import MoneyEdit
from ui.widgets.pdf_view import PdfView


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    theme.apply(qapp, Mode.LIGHT)


@pytest.mark.parametrize(("mode", "colours"), [(Mode.DARK, DARK), (Mode.LIGHT, LIGHT)])
def test_a_mode_dresses_windows_that_are_open(
    qtbot: QtBot, dressed: QApplication, mode: Mode, colours: theme.Colours
):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    theme.apply(dressed, mode)
    assert theme.colours() is colours
    assert window.palette().color(QPalette.ColorRole.Window).name() == colours.window
    assert theme.brush(Tone.STOP).color().name() == colours.tones[Tone.STOP]


def test_the_style_sheet_has_no_name_left_open_and_its_pictures_exist(qapp: QApplication):
    for colours in (LIGHT, DARK):
        sheet = theme.style_sheet(colours, qapp)
        assert "@" not in sheet
        paths = [part.split('"')[0] for part in sheet.split('url("')[1:]]
        assert paths
        assert all(theme.STYLE_FOLDER.joinpath(path).is_file() for path in paths)


@pytest.mark.parametrize("char", ["付", "㛃", "䶮", "𬭎", "𫖯"])
def test_rare_characters_of_names_are_drawn_by_the_font_itself(qapp: QApplication, char: str):
    raw = QRawFont.fromFont(qapp.font())
    assert raw.isValid()
    assert raw.glyphIndexesForString(char)[0] != 0


def test_figures_have_one_width_so_that_amounts_stand_in_columns(qapp: QApplication):
    metrics = QFontMetrics(qapp.font())
    assert len({metrics.horizontalAdvance(figure * 8) for figure in "0123456789"}) == 1


def test_the_font_is_chinese_and_scales_in_points(qapp: QApplication):
    assert QFontInfo(qapp.font()).family() == fonts.install(qapp)
    assert fonts.scaled(qapp.font(), 1.5).pointSizeF() == pytest.approx(15.0)


def test_qts_own_dialogs_speak_chinese(qapp: QApplication):
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"


def test_icons_follow_the_theme(dressed: QApplication):
    picture = icon("check-line", Tone.STOP)

    def strongest() -> str:
        image = picture.pixmap(32, 32).toImage()
        cells = (image.pixelColor(x, y) for x in range(32) for y in range(32))
        return max(cells, key=lambda colour: colour.alpha()).name()

    theme.apply(dressed, Mode.LIGHT)
    assert strongest() == LIGHT.tones[Tone.STOP]
    theme.apply(dressed, Mode.DARK)
    assert strongest() == DARK.tones[Tone.STOP]


def test_an_unknown_icon_is_an_error(qapp: QApplication):
    with pytest.raises(KeyError):
        icon("no-such-icon")


def test_every_control_has_a_name_for_tests_and_one_for_screen_readers(qtbot: QtBot, tasks: Tasks):
    fields = [TextFilter("q", "搜索"), DateRangeFilter("d", "日期"), MoneyRangeFilter("m", "金额")]
    for widget in (
        FilterBar("bar", fields, date(2026, 11, 23)),
        PdfView(tasks),
        Banner("banner"),
        MoneyEdit("money", "金额"),
    ):
        qtbot.addWidget(widget)
        controls: list[QObject] = [
            control
            for kind in (QLineEdit, QComboBox, QAbstractButton)
            for control in widget.findChildren(kind)
            if not control.objectName().startswith("qt_") and not _inside_qt(control)
        ]
        assert controls
        for control in controls:
            assert control.objectName(), control
            said = control.accessibleName() or getattr(control, "text", str)()
            shown_later = control.objectName() == "banner_action" or "banner_action" in (
                control.objectName()
            )
            assert said or shown_later, control.objectName()


def _inside_qt(control: QWidget) -> bool:
    """Buttons that Qt itself puts into a line edit."""
    return isinstance(control.parent(), QLineEdit)
