"""PySide6 6.12.0 on Python 3.11 drops a reference to None at each void call, and dies of it."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

CALLS = 500
# A healthy binding loses none; the broken one loses one a call.
TOLERATED = CALLS // 10


def lost(call: Callable[[], object]) -> int:
    call()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        call()
    return before - sys.getrefcount(None)


def test_painter_calls_keep_the_references_to_none(qtbot: QtBot):
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    font = QFont()

    def call() -> None:
        painter.save()
        painter.setFont(font)
        painter.restore()

    assert lost(call) < TOLERATED
    painter.end()


@pytest.mark.parametrize("method", ["setFont", "update", "updateGeometry"])
def test_widget_calls_keep_the_references_to_none(qtbot: QtBot, method: str):
    label = QLabel()
    qtbot.addWidget(label)
    arguments = (QFont(),) if method == "setFont" else ()
    assert lost(lambda: getattr(label, method)(*arguments)) < TOLERATED


def test_processing_events_and_sizing_fonts_keep_the_references_to_none(qapp: QApplication):
    font = QFont()
    assert lost(qapp.processEvents) < TOLERATED
    assert lost(lambda: font.setPointSize(10)) < TOLERATED
