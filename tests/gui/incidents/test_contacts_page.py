"""通讯录, and what an incident waits for and whom it told."""

from datetime import date

import pytest
from PySide6.QtWidgets import QDialog

from app.incidents.contacts.briefings import briefings_for_me
from app.incidents.contacts.directory import DirectoryCard, add_contact, contact_lines
from app.incidents.contacts.following import followed
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Outside, Severity
from ui.home.page import HomePage
from ui.incidents.contacts.dialogs import (
    AskDialog,
    BriefDialog,
    ContactDialog,
    NoteDialog,
    WaitDialog,
)
from ui.incidents.contacts.directory_page import DirectoryPage
from ui.incidents.places import FOLLOW
from ui.incidents.response.dialogs import TalkDialog
from ui.incidents.response.page import ResponsePage
from ui.payments.reason_dialog import ReasonDialog


@pytest.fixture
def opened(founded, people, channels, make_account, make_payment):
    payment = make_payment(account=make_account(), made_by=people.clerk, due_on=date(2026, 2, 20))
    command = OpenIncident((), Severity.P2, "网银报错", payments=(payment.number,))
    return open_incident(founded, people.clerk, command)


def show_follow(show_page, settle, actor, number):
    page = show_page(ResponsePage, actor)
    page.show_argument(number + FOLLOW)
    settle()
    return page


def press(page, kind: type[QDialog], button):
    """Click, and give the form that opens."""
    button.click()
    found = [one for one in page.findChildren(kind) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_that_a_contact_is_kept_changed_and_taken_out_of_use(  # F4.3
    qtbot, founded, people, show_page, settle
):
    page = show_page(DirectoryPage, people.clerk)
    assert "通讯录是空的" in page._empty.accessibleName()
    dialog = press(page, ContactDialog, page.buttons["add"])
    dialog.organisation.setText("某某软件公司")
    dialog.yes.click()
    settle()
    assert "至少填写" in dialog.banner.text()
    dialog.phone.setText("400-000-1234")
    dialog.minutes.setText("半小时")
    dialog.yes.click()
    assert "不是整数" in dialog.banner.text()
    dialog.minutes.setText("30")
    dialog.yes.click()
    settle()
    [line] = contact_lines(founded, people.clerk)
    assert (line.card.phone, line.card.response_minutes) == ("400-000-1234", 30)
    settle()
    page.table.select_positions([0])
    reason = press(page, ReasonDialog, page.buttons["use"])
    reason._reason.setPlainText("已更换供应商")
    reason._yes.click()
    settle()
    assert not contact_lines(founded, people.clerk)[0].active
    settle()
    page.table.select_positions([0])
    assert page.buttons["use"].text() == "恢复使用…"


def test_that_who_only_looks_is_told_why_nothing_can_be_changed(founded, people, show_page):  # F4.3
    page = show_page(DirectoryPage, people.auditor)
    assert not page.buttons["add"].isEnabled()
    assert "处理应急事件" in page.buttons["add"].toolTip()


def test_that_waiting_is_begun_asked_about_and_ended(  # B3.4
    qtbot, founded, people, opened, show_page, settle
):
    page = show_follow(show_page, settle, people.clerk, opened)
    follow = page.follow
    assert follow.isVisible()
    assert not follow.acts["ask"].isEnabled()
    dialog = press(page, WaitDialog, follow.acts["wait"])
    dialog.organisation.setText("工商银行张江支行")
    dialog.why.setPlainText("书面答复")
    dialog.every.setValue(2)
    dialog.yes.click()
    settle()
    page.reload()
    settle()
    assert page.to_follow.text() == "跟进与通报 1"
    [row] = follow.waits.all_rows()
    assert row.next_on == date(2026, 3, 4)
    follow.waits.selectRow(0)
    asked = press(page, AskDialog, follow.acts["ask"])
    assert asked.organisation.text() == "工商银行张江支行"
    asked.person.setText("李经理")
    asked.text.setPlainText("还在查")
    asked.yes.click()
    settle()
    assert followed(founded, people.clerk, opened).waits[0].asked == 1
    page.reload()
    settle()
    follow.waits.selectRow(0)
    reason = press(page, ReasonDialog, follow.acts["end"])
    reason._reason.setPlainText("已书面答复")
    reason._yes.click()
    settle()
    assert not followed(founded, people.clerk, opened).waits[0].open


def test_that_the_step_one_came_from_can_be_gone_back_to(  # B6.1
    people, opened, show_page, settle
):
    page = show_follow(show_page, settle, people.clerk, opened)
    step = page.steps.item(0)
    page.steps.itemClicked.emit(step)
    settle()
    assert not page.to_follow.isChecked()
    assert not page.follow.isVisible()


def test_that_a_department_is_told_and_notes_it_at_its_own_desk(  # F4.4
    qtbot, founded, people, opened, show_page, settle
):
    page = show_follow(show_page, settle, people.clerk, opened)
    dialog = press(page, BriefDialog, page.follow.acts["brief"])
    settle()
    assert "下列付款暂未完成" in dialog.text.toPlainText()
    dialog.department.setText("采购部")
    dialog.person.setCurrentIndex(dialog.person.findData(people.supervisor.username))
    assert not dialog.name.isVisible()
    dialog.yes.click()
    settle()
    page.reload()
    settle()
    page.follow.briefings.selectRow(0)
    assert not page.follow.acts["note"].isEnabled()
    home = show_page(HomePage, people.supervisor)
    assert home.card("briefings").number.text() == "1"
    with qtbot.waitSignal(home._context.navigate) as gone:
        home.card("briefings").number.click()
    other = show_page(ResponsePage, people.supervisor)
    other.show_argument(gone.args[1])
    settle()
    other.follow.briefings.selectRow(0)
    note = press(other, NoteDialog, other.follow.acts["note"])
    note.yes.click()
    settle()
    assert briefings_for_me(founded, people.supervisor) == []


def test_that_the_home_page_tells_of_the_most_pressing_limit(  # F4.1
    founded, people, opened, show_page
):
    home = show_page(HomePage, people.clerk)
    assert f"{opened} 距接手时限" in home.card("incidents")._detail.text()


def test_that_a_contact_is_filled_in_from_the_directory(  # F4.3
    qtbot, founded, people, opened, show_page, settle
):
    add_contact(
        founded,
        people.clerk,
        DirectoryCard(Outside.BANK, "工商银行张江支行", "李经理", phone="021-50800001"),
    )
    page = show_follow(show_page, settle, people.clerk, opened)
    dialog = TalkDialog(page._context, opened, Outside.BANK, page)
    qtbot.addWidget(dialog)
    settle()
    completer = dialog.organisation.completer()
    completer.setCompletionPrefix("张江")
    assert completer.completionCount() == 1
    completer.activated.emit(completer.currentCompletion())
    qtbot.waitUntil(lambda: dialog.organisation.text() == "工商银行张江支行")
    assert (dialog.person.text(), dialog.phone.text()) == ("李经理", "021-50800001")
