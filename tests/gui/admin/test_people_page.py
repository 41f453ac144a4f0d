from datetime import date

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from app.access import people as acts
from app.access.people import GrantRole
from app.access.rights import Role
from ui.admin.people_page import PeoplePage


def row_of(page, username):
    return next(line for line in page.table.all_rows() if line.username == username)


def choose(page, username):
    names = [line.username for line in page.table.all_rows()]
    page.table.selectRow(names.index(username))


def test_that_each_person_shows_posts_with_their_last_day(desk, people, founded, show):  # C4.3
    grant = GrantRole("checker", Role.SUPERVISOR, date(2026, 3, 2), date(2026, 3, 20), "王主管休假")
    acts.grant_role(founded, people.admin, grant)
    page = show(PeoplePage, desk(people.admin))
    posts = next(column for column in page.table.visible_columns() if column.key == "posts")
    assert posts.text(row_of(page, "checker")) == "复核（长期）、财务主管（至 2026-03-20）"


def test_that_a_change_of_posts_is_listed_with_old_and_new(  # A3.1
    desk, people, founded, show, clock
):
    grant = GrantRole("checker", Role.SUPERVISOR, date(2026, 3, 2), None, "王主管休假")
    acts.grant_role(founded, people.admin, grant)
    page = show(PeoplePage, desk(people.admin))
    line = next(row for row in page.log.all_rows() if row.cause == "王主管休假")
    assert (line.role, line.given, line.by) == (Role.SUPERVISOR, True, "admin 系统管理员")
    assert Role.SUPERVISOR in line.after


def test_that_incompatible_posts_are_said_above_the_list(desk, people, founded, show):  # E4.4
    grant = GrantRole("checker", Role.MAKER, date(2026, 3, 2), None, "人手不足")
    acts.grant_role(founded, people.admin, grant)
    page = show(PeoplePage, desk(people.admin))
    assert "周复核（经办（制单）与复核）" in page.banner.text()


def test_that_a_new_user_gets_the_ticked_posts(desk, people, show, settle):  # C4.2
    page = show(PeoplePage, desk(people.admin))
    dialog = page.dialogs.add()
    dialog.findChild(QLineEdit, "people.add.username").setText("newcomer")
    dialog.findChild(QLineEdit, "people.add.name").setText("钱新人")
    dialog.findChild(QLineEdit, "people.add.password.first").setText("First-pass-2026")
    dialog.findChild(QLineEdit, "people.add.password.again").setText("First-pass-2026")
    dialog.findChild(QCheckBox, "people.add.role.CASHIER").setChecked(True)
    dialog.submit()
    settle()
    settle()
    line = row_of(page, "newcomer")
    assert (line.name, line.roles, line.must_change) == ("钱新人", (Role.CASHIER,), True)


def test_that_a_post_without_a_cause_is_refused_and_nothing_typed_is_lost(  # A3.1
    desk, people, show, settle
):
    page = show(PeoplePage, desk(people.admin))
    choose(page, "checker")
    dialog = page.dialogs.grant(page.table.current_row())
    dialog.findChild(QLineEdit, "people.grant.until").setText("2026-12-31")
    dialog.submit()
    settle()
    assert "请填写权限变更的原因" in dialog.banner.text()
    assert dialog.findChild(QLineEdit, "people.grant.until").text() == "2026-12-31"
    dialog.findChild(QPlainTextEdit, "people.grant.cause").setPlainText("顶岗")
    dialog.submit()
    settle()
    settle()
    assert Role.MAKER in row_of(page, "checker").roles


def test_that_one_can_not_change_ones_own_posts(desk, people, show, settle):  # E4.4
    page = show(PeoplePage, desk(people.admin))
    choose(page, "admin")
    dialog = page.dialogs.grant(page.table.current_row())
    dialog.findChild(QPlainTextEdit, "people.grant.cause").setPlainText("自己给自己")
    dialog.submit()
    settle()
    assert "不能变更自己的权限" in dialog.banner.text()
    assert dialog.isVisible()


def test_that_acts_on_a_person_need_a_chosen_person(desk, people, show):  # C2.2
    page = show(PeoplePage, desk(people.admin))
    grant = page.findChild(QPushButton, "people.grant")
    assert not grant.isEnabled()
    choose(page, "cfo")
    assert grant.isEnabled()


def test_that_a_disabled_account_is_named_so(desk, people, show, settle):  # A3.3
    page = show(PeoplePage, desk(people.admin))
    choose(page, "auditor")
    dialog = page.dialogs.switch(page.table.current_row())
    dialog.findChild(QWidget, "people.switch.cause").setPlainText("离职")
    dialog.submit()
    settle()
    settle()
    state = next(column for column in page.table.visible_columns() if column.key == "state")
    assert state.text(row_of(page, "auditor")) == "已停用"
