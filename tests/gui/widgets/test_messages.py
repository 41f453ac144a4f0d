import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import Conflict
from ui import messages
from ui.widgets.banner import Banner, Severity

SECRET = "password=123"


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def banner(parent: QWidget) -> Banner:
    return Banner("banner", parent)


def button(box: QMessageBox, name: str) -> QPushButton:
    found = box.findChild(QPushButton, name)
    assert found is not None
    return found


def test_a_refusal_is_shown_in_place_with_its_code_and_remedy(parent: QWidget, banner: Banner):
    assert messages.present(parent, Conflict("已被王敏修改。"), banner) is None
    assert banner.isVisible()
    assert banner.text() == f"已被王敏修改。（GEN-409）\n{Conflict.remedy}"


def test_a_refusal_without_a_place_opens_a_dialog_that_does_not_block(parent: QWidget):
    box = messages.present(parent, Conflict("已被王敏修改。"))
    assert box is not None
    assert box.isVisible()
    assert "GEN-409" in box.text()
    assert box.informativeText() == Conflict.remedy
    box.close()


def test_a_bug_is_logged_whole_but_its_text_is_not_shown(
    parent: QWidget, banner: Banner, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.ERROR, "ui.messages"):
        messages.present(parent, ValueError(SECRET), banner)
    assert SECRET in caplog.text
    assert SECRET not in banner.text()
    number = caplog.records[0].getMessage().split()[-1]
    assert number in banner.text()
    action = banner.findChild(QPushButton, "banner_action")
    assert action is not None
    action.click()
    assert QApplication.clipboard().text() == number


def test_copying_the_number_of_a_bug_leaves_the_dialog_open(
    qtbot: QtBot, parent: QWidget, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.ERROR, "ui.messages"):
        box = messages.present(parent, ValueError(SECRET))
    assert box is not None
    assert SECRET not in box.text() + box.informativeText()
    QApplication.clipboard().clear()
    qtbot.mouseClick(button(box, "copy_error_number"), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() in box.text()
    assert QApplication.clipboard().text()
    assert box.isVisible()
    box.close()


@pytest.mark.parametrize(("pressed", "answer"), [("confirm_yes", ["yes"]), ("confirm_no", ["no"])])
def test_the_answer_calls_its_callback_once(
    qtbot: QtBot, parent: QWidget, pressed: str, answer: list[str]
):
    got: list[str] = []
    box = messages.confirm(
        parent, "撤销", "确定？", lambda: got.append("yes"), on_no=lambda: got.append("no")
    )
    assert got == []
    qtbot.mouseClick(button(box, pressed), Qt.MouseButton.LeftButton)
    assert got == answer


def test_escape_means_no(qtbot: QtBot, parent: QWidget):
    got: list[str] = []
    box = messages.confirm(parent, "撤销", "确定？", lambda: got.append("yes"))
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.isVisible()
    assert got == []


def test_enter_alone_does_not_do_a_dangerous_thing(qtbot: QtBot, parent: QWidget):
    got: list[str] = []
    box = messages.confirm(parent, "撤销", "确定？", lambda: got.append("yes"), danger=True)
    qtbot.waitExposed(box)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert got == []


def test_a_banner_runs_its_action_and_can_be_closed(qtbot: QtBot, banner: Banner):
    ran: list[int] = []
    banner.show_message(
        Severity.WARN, "没有打印机。", action="另存", on_action=lambda: ran.append(1)
    )
    action = banner.findChild(QPushButton, "banner_action")
    assert action is not None
    assert action.accessibleName() == "另存"
    qtbot.mouseClick(action, Qt.MouseButton.LeftButton)
    assert ran == [1]
    banner.show_message(Severity.OK, "已保存。")
    assert not action.isVisible()
    banner.clear()
    assert not banner.isVisible()
