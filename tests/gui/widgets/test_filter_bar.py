import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.core.money import Money
from ui.widgets.filter_bar import FilterBar, SavedFilter
from ui.widgets.filter_fields import (
    ChoiceFilter,
    DateRangeFilter,
    MoneyRangeFilter,
    TextFilter,
    from_plain,
    to_plain,
)
from ui.widgets.multi_choice import Choice, MultiChoice

FIELDS = [
    TextFilter("q", "搜索", "单号、收款方"),
    ChoiceFilter("why", "原因", (Choice("a", "余额不足"), Choice("b", "银行维护"))),
    DateRangeFilter("due", "付款日"),
    MoneyRangeFilter("amount", "金额"),
]
EVERYTHING = {
    "q": "hr",
    "why": ("a", "b"),
    "due": (date(2026, 11, 1), None),
    "amount": (None, Money(150_000)),
}


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    made = FilterBar("filters", FIELDS, date(2026, 11, 23))
    qtbot.addWidget(made)
    made.resize(900, 100)
    made.show()
    qtbot.waitExposed(made)
    return made


def line(bar: FilterBar, name: str) -> QLineEdit:
    found = bar.findChild(QLineEdit, f"filters_{name}")
    assert found is not None
    return found


def chips(bar: FilterBar) -> list[str]:
    found = bar.findChildren(QToolButton)
    return [one.text() for one in found if "_chip_" in one.objectName() and one.isVisible()]


def test_several_keystrokes_are_told_once(qtbot: QtBot, bar: FilterBar):
    told: list[object] = []
    bar.changed.connect(told.append)
    qtbot.keyClicks(line(bar, "q_text"), "heng rui")
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told == [{"q": "heng rui"}]


def test_each_kind_of_filter_gives_its_value(bar: FilterBar):
    bar.set_values(EVERYTHING)
    assert bar.values() == EVERYTHING


def test_active_filters_are_said_in_words(bar: FilterBar):
    bar.set_values(EVERYTHING)
    assert chips(bar) == [
        "搜索：hr  ×",
        "原因：余额不足、银行维护  ×",
        "付款日：≥ 2026-11-01  ×",
        "金额：≤ 1,500.00  ×",
    ]


def test_a_click_on_a_chip_takes_that_filter_away(qtbot: QtBot, bar: FilterBar):
    bar.set_values({"q": "hr", "why": ("a",)})
    chip = bar.findChild(QToolButton, "filters_chip_why")
    assert chip is not None
    with qtbot.waitSignal(bar.changed) as changed:
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert changed.args == [{"q": "hr"}]
    assert chips(bar) == ["搜索：hr  ×"]


def test_reset_filters_by_nothing_and_tells_it_at_once(qtbot: QtBot, bar: FilterBar):
    bar.set_values(EVERYTHING)
    with qtbot.waitSignal(bar.changed) as changed:
        bar.reset()
    assert changed.args == [{}]
    assert chips(bar) == []


def test_the_same_values_are_not_told_twice(qtbot: QtBot, bar: FilterBar):
    bar.set_values({"q": "hr"})
    with qtbot.assertNotEmitted(bar.changed):
        bar.set_values({"q": " hr "})


def test_a_figure_that_cannot_be_read_is_marked_and_not_told(qtbot: QtBot, bar: FilterBar):
    with qtbot.assertNotEmitted(bar.changed):
        line(bar, "amount_from").setText("12x")
        bar.apply_now()
    assert line(bar, "amount_from").property("invalid") is True
    assert "12x" in line(bar, "amount_from").toolTip()


def test_typed_dates_are_understood(qtbot: QtBot, bar: FilterBar):
    line(bar, "due_from").setText("11-01")
    line(bar, "due_to").setText("今天")
    assert bar.values() == {"due": (date(2026, 11, 1), date(2026, 11, 23))}


def test_the_menu_of_choices_stays_open_while_items_are_ticked(qtbot: QtBot, bar: FilterBar):
    choice = bar.findChild(MultiChoice)
    assert choice is not None
    menu = choice.menu()
    menu.popup(choice.mapToGlobal(choice.rect().bottomLeft()))
    qtbot.waitExposed(menu)
    for action in menu.actions():
        at = menu.actionGeometry(action).center()
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=at)
    assert menu.isVisible()
    assert choice.values() == ("a", "b")
    assert choice.text() == "2 项"
    menu.close()


def test_a_saved_filter_is_applied_by_its_name(qtbot: QtBot, bar: FilterBar):
    bar.set_saved([SavedFilter("大额", {"amount": (Money(10_000_000), None)})])
    with qtbot.waitSignals([bar.changed, bar.applied]):
        bar.apply_saved("大额")
    assert bar.values() == {"amount": (Money(10_000_000), None)}


def test_the_present_filter_is_saved_under_the_name_that_was_given(qtbot: QtBot, bar: FilterBar):
    bar.set_values({"q": "hr"})
    ask = bar.ask_name()
    assert isinstance(ask, QInputDialog)
    ask.setTextValue(" 恒瑞 ")
    with qtbot.waitSignal(bar.save_requested) as saved:
        ask.accept()
    assert saved.args == ["恒瑞", {"q": "hr"}]


def test_a_saved_filter_can_be_deleted_from_the_menu(qtbot: QtBot, bar: FilterBar):
    bar.set_saved([SavedFilter("大额", {})])
    saved = bar.findChild(QToolButton, "filters_saved")
    assert saved is not None
    saved.menu().aboutToShow.emit()
    remove = next(action.menu() for action in saved.menu().actions() if action.menu())
    with qtbot.waitSignal(bar.delete_requested) as deleted:
        remove.actions()[0].trigger()
    assert deleted.args == ["大额"]


def test_values_survive_being_kept_as_json():
    kept = json.loads(json.dumps(to_plain(FIELDS, EVERYTHING)))
    assert kept["amount"] == [None, "1500.00"]
    assert from_plain(FIELDS, kept) == EVERYTHING


def test_a_kept_value_whose_field_is_gone_is_left_out():
    assert from_plain(FIELDS[:1], {"q": "x", "old": "y"}) == {"q": "x"}
