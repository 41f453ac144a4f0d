"""函件与邮件: the setting and the wording, in the window."""

import pytest
from PySide6.QtCore import Qt

from app.letters.setup import letter_setup
from app.letters.states import LetterKind
from app.letters.templates import editions
from ui.letters.setup_page import LetterSetupPage
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.sheet_dialog import SheetDialog


@pytest.fixture
def page(people, set_up, open_page):
    return open_page(people.cfo, LetterSetupPage)


def save(qtbot, page, settle, why="法务意见"):
    dialog = page.save()
    dialog._reason.setPlainText(why)
    qtbot.mouseClick(dialog._yes, Qt.MouseButton.LeftButton)
    settle()
    return dialog


def test_that_the_setting_is_changed_and_shown(qtbot, founded, people, page, settle):  # D5.2
    dialog = page.change()
    dialog.word.setText("")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert "机关代字" in dialog.banner.text()
    dialog.word.setText("华东财函")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert letter_setup(founded, people.cfo).word == "华东财函"
    assert page.facts.value("word") == "华东财函"


def test_that_the_usual_port_follows_the_way_of_encryption(page):
    dialog = page.change()
    for code, port in (("TLS", 465), ("STARTTLS", 587), ("NONE", 25)):
        dialog.security.setCurrentIndex(dialog.security.findData(code))
        dialog.security.activated.emit(dialog.security.currentIndex())
        assert dialog.port.value() == port
    dialog.close()


def test_that_a_new_wording_is_seen_and_saved(qtbot, founded, people, page, settle):  # B5.5
    assert not page._save.isEnabled()
    page.text.setPlainText(page.text.toPlainText().replace("现函告如下", "现正式函告如下"))
    sheet = page.preview()
    settle()
    assert sheet.view.page_count() >= 1
    sheet.close()
    save(qtbot, page, settle)
    assert [one.number for one in editions(founded, people.cfo, LetterKind.BANK_END)] == [1, 0]
    assert "现正式函告如下" in page.text.toPlainText()
    assert page.edition.count() == 2


def test_that_a_wrong_wording_is_named_and_stays(qtbot, founded, people, page, settle):  # B5.5
    page.text.setPlainText(page.text.toPlainText().replace("{终止日}", "{停止日}"))
    dialog = save(qtbot, page, settle)
    assert "没有“{停止日}”这一字段" in dialog._banner.text()
    assert "{停止日}" in page.text.toPlainText()
    dialog.close()
    assert len(editions(founded, people.cfo, LetterKind.BANK_END)) == 1


def test_that_a_reload_does_not_take_what_was_typed(page, settle):
    page.text.setPlainText("# 半途的修改")
    page.reload()
    settle()
    assert page.text.toPlainText() == "# 半途的修改"


def test_that_who_sets_up_mail_only_sees_no_wording(people, set_up, open_page):
    page = open_page(people.admin, LetterSetupPage)
    assert not page.tabs.isTabVisible(1)
    assert page.facts.value("word") == "华精财函"


def test_that_nothing_is_left_open(page):
    assert page.findChildren(SheetDialog) == []
    assert page.findChildren(ReasonDialog) == []
