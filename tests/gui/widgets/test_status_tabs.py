import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from ui.theme import Tone
from ui.widgets.status_tabs import StatusTab, StatusTabs

TABS = [
    StatusTab("all", "全部", 40, "1,234,667.00"),
    StatusTab("stopped", "已停止", 37, "1,234,567.00", Tone.STOP),
    StatusTab("done", "已完成", 3, "100.00", Tone.OK),
]


@pytest.fixture
def tabs(qtbot: QtBot) -> StatusTabs:
    made = StatusTabs("tabs")
    qtbot.addWidget(made)
    made.set_tabs(TABS)
    made.resize(900, 100)
    made.show()
    qtbot.waitExposed(made)
    return made


def button(tabs: StatusTabs, key: str) -> QAbstractButton:
    found = tabs.findChild(QAbstractButton, f"tabs_{key}")
    assert found is not None
    return found


def test_a_tab_says_label_count_and_sum(tabs: StatusTabs):
    assert button(tabs, "stopped").accessibleName() == "已停止 37 笔 1,234,567.00"


def test_the_first_tab_is_chosen_without_a_signal(qtbot: QtBot):
    tabs = StatusTabs("tabs")
    qtbot.addWidget(tabs)
    with qtbot.assertNotEmitted(tabs.chosen):
        tabs.set_tabs(TABS)
    assert tabs.current() == "all"


def test_a_click_chooses_once(qtbot: QtBot, tabs: StatusTabs):
    told: list[str] = []
    tabs.chosen.connect(told.append)
    for _ in range(2):
        qtbot.mouseClick(button(tabs, "stopped"), Qt.MouseButton.LeftButton)
    assert told == ["stopped"]
    assert tabs.current() == "stopped"


def test_arrow_keys_move_and_stop_at_the_ends(qtbot: QtBot, tabs: StatusTabs):
    told: list[str] = []
    tabs.chosen.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(button(tabs, tabs.current()), key)
    assert told == ["stopped", "done", "stopped"]


def test_new_counts_leave_the_chosen_tab(qtbot: QtBot, tabs: StatusTabs):
    tabs.select("stopped")
    kept = button(tabs, "stopped")
    with qtbot.assertNotEmitted(tabs.chosen):
        tabs.set_tabs([TABS[0], StatusTab("stopped", "已停止", 36, "1.00"), TABS[2]])
    assert tabs.current() == "stopped"
    assert button(tabs, "stopped") is kept
    assert kept.accessibleName() == "已停止 36 笔 1.00"


def test_a_narrow_window_puts_tabs_on_more_lines_and_hides_none(qtbot: QtBot, tabs: StatusTabs):
    wide = tabs.heightForWidth(900)
    narrow = tabs.heightForWidth(button(tabs, "all").width() + 1)
    assert narrow > 2 * wide
    tabs.resize(button(tabs, "all").width() + 1, narrow)
    qtbot.waitUntil(lambda: button(tabs, "done").y() > button(tabs, "stopped").y())
    for tab in TABS:
        assert tabs.rect().contains(button(tabs, tab.key).geometry())
