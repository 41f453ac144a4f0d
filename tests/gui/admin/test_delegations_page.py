from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit

from app.access.rights import Role
from ui.admin.delegations_page import DelegationsPage


def ask(page, *, to, role, until):
    dialog = page.ask()
    for key, value in (("to", to), ("role", role)):
        box = dialog.findChild(QComboBox, f"delegations.new.{key}")
        box.setCurrentIndex(box.findData(value))
    dialog.findChild(QLineEdit, "delegations.new.until").setText(until)
    dialog.findChild(QPlainTextEdit, "delegations.new.reason").setPlainText("出差")
    dialog.submit()
    return dialog


def test_that_an_approver_delegates_the_own_post(desk, people, show, settle):  # C4.2
    page = show(DelegationsPage, desk(people.cfo))
    ask(page, to="supervisor", role="CFO", until="2026-03-09")
    settle()
    settle()
    (line,) = page.table.all_rows()
    assert (line.giver, line.to, line.role) == ("林总监", "王主管", Role.CFO)
    assert line.in_force


def test_that_a_post_one_does_not_hold_can_not_be_delegated(desk, people, show, settle):  # C4.2
    page = show(DelegationsPage, desk(people.checker))
    dialog = ask(page, to="supervisor", role="CFO", until="2026-03-09")
    settle()
    assert "当前没有“财务总监”岗位" in dialog.banner.text()
    assert page.table.all_rows() == []


def test_that_only_an_administrator_may_choose_the_giver(desk, people, show):  # C4.2
    page = show(DelegationsPage, desk(people.cfo))
    givers = page.ask().findChild(QComboBox, "delegations.new.giver")
    assert [givers.itemData(place) for place in range(givers.count())] == ["cfo"]
