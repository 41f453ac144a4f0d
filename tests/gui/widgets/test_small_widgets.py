import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ui.theme import Tone
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.steps import Step, Steps, StepState
from ui.widgets.timeline import Entry, Timeline

STEPS = [
    Step("cause", "核对原因", StepState.DONE),
    Step("payee", "确认收款信息", StepState.CURRENT),
    Step("papers", "补充凭证", StepState.OPEN),
    Step("submit", "提交审批", StepState.LOCKED, "请先完成前面的步骤"),
]


@pytest.fixture
def steps(qtbot: QtBot) -> Steps:
    made = Steps()
    qtbot.addWidget(made)
    made.set_steps(STEPS)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_step_that_is_open_can_be_wanted_and_a_locked_one_cannot(qtbot: QtBot, steps: Steps):
    told: list[str] = []
    steps.wanted.connect(told.append)
    for row in range(4):
        at = steps.visualItemRect(steps.item(row)).center()
        qtbot.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told == ["cause", "papers"]


def test_the_keyboard_starts_at_the_current_step_and_enter_wants_another(
    qtbot: QtBot, steps: Steps
):
    assert steps.current() == "payee"
    assert steps.currentRow() == 1
    qtbot.keyClick(steps, Qt.Key.Key_Down)
    with qtbot.waitSignal(steps.wanted) as wanted:
        qtbot.keyClick(steps, Qt.Key.Key_Return)
    assert wanted.args == ["papers"]


def test_a_step_says_its_state_and_why_it_is_locked(steps: Steps):
    said = steps.item(3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "4 提交审批 尚未开放 请先完成前面的步骤"
    assert steps.item(3).toolTip() == "请先完成前面的步骤"


def test_values_are_shown_and_copied_with_their_labels(qtbot: QtBot):
    values = KeyValues("facts")
    qtbot.addWidget(values)
    values.set_lines(
        [KeyValue("no", "单号", "FK1"), KeyValue("note", "备注", ""), KeyValue("a", "金额", "1.00")]
    )
    assert values.value("no") == "FK1"
    assert values.value("note") == "—"
    values.copy_all()
    assert QApplication.clipboard().text() == "单号\tFK1\n备注\t\n金额\t1.00"


def test_a_value_changes_in_place_and_takes_its_tone(qtbot: QtBot):
    values = KeyValues("facts")
    qtbot.addWidget(values)
    values.set_lines([KeyValue("st", "状态", "已停止", Tone.STOP)])
    label = values.findChild(QLabel, "facts_st")
    values.set_lines([KeyValue("st", "状态", "已恢复", Tone.OK)])
    assert values.findChild(QLabel, "facts_st") is label
    assert label is not None
    assert (label.text(), label.property("tone")) == ("已恢复", "ok")


def test_markup_in_a_value_is_shown_as_it_was_written(qtbot: QtBot):
    values = KeyValues("facts")
    qtbot.addWidget(values)
    values.set_lines([KeyValue("n", "名称", "<b>甲</b>")])
    label = values.findChild(QLabel, "facts_n")
    assert label is not None
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_events_stand_in_the_order_given_with_time_person_and_detail(qtbot: QtBot):
    timeline = Timeline("events")
    qtbot.addWidget(timeline)
    timeline.set_entries(
        [
            Entry("2026-11-23 14:05", "王敏", "停止付款", "户名不符", tone=Tone.STOP),
            Entry("2026-11-22 09:00", "李雷", "建立"),
        ]
    )
    texts = [label.text() for label in timeline.findChildren(QLabel) if label.text()]
    assert texts == [
        "停止付款",
        "2026-11-23 14:05  王敏",
        "户名不符",
        "建立",
        "2026-11-22 09:00  李雷",
    ]
    row = timeline.findChild(QLabel, "events_0_what")
    assert row is not None
    assert row.parentWidget().accessibleName() == "2026-11-23 14:05 王敏 停止付款"


def test_an_empty_list_says_one_sentence_and_offers_one_act(qtbot: QtBot):
    state = EmptyState("none")
    qtbot.addWidget(state)
    state.show_state("还没有停付的付款。", "导入付款单")
    state.show()
    button = state.findChild(QPushButton, "none_action")
    assert button is not None
    with qtbot.waitSignal(state.acted):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    state.show_state("没有符合条件的付款。")
    assert not button.isVisible()
    assert state.accessibleName() == "没有符合条件的付款。"
