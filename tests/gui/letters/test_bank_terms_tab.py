"""银行办理天数 in the window."""

from PySide6.QtCore import Qt

from app.agreements.bank_terms import bank_terms
from ui.letters.setup_page import LetterSetupPage


def test_that_a_chief_sets_a_banks_days(  # D5.1
    qtbot, founded, people, make_account, set_up, open_page, settle
):
    make_account()
    page = open_page(people.cfo, LetterSetupPage)
    page.tabs.setCurrentWidget(page.terms)
    assert not page.terms.edit.isEnabled()
    page.terms.table.select_positions([0])
    dialog = page.terms.change()
    assert not dialog.usual.isVisible()
    dialog.days.setValue(5)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert "请填写依据" in dialog.banner.text()
    dialog.reason.setPlainText("客户经理 3 月 1 日答复")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    [line] = bank_terms(founded, people.cfo)
    assert (line.days, line.own) == (5, True)
    assert "办理天数已保存" in page.banner.text()
    page.terms.table.select_positions([0])
    again = page.terms.change()
    again.usual.setChecked(True)
    again.reason.setPlainText("恢复默认")
    qtbot.mouseClick(again.yes, Qt.MouseButton.LeftButton)
    settle()
    assert bank_terms(founded, people.cfo)[0].days == 10


def test_that_an_administrator_does_not_see_them(people, set_up, open_page):  # C4.3
    page = open_page(people.admin, LetterSetupPage)
    assert not page.tabs.isTabVisible(2)


def test_that_without_accounts_the_tab_says_what_to_do(people, set_up, open_page):  # D5.1
    page = open_page(people.supervisor, LetterSetupPage)
    assert page.terms._stack.currentWidget() is not page.terms.table
