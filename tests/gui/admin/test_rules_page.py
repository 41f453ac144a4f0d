from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton

from ui.admin.rules_page import RulesPage


def change(page, code, value, reason):
    codes = [line.threshold.code for line in page.table.all_rows()]
    page.table.selectRow(codes.index(code))
    dialog = page.change()
    dialog.findChild(QLineEdit, "rules.change.value").setText(value)
    dialog.findChild(QPlainTextEdit, "rules.change.reason").setPlainText(reason)
    dialog.submit()
    return dialog


def test_that_a_changed_threshold_gets_a_number(desk, people, show, settle):  # C3.3
    page = show(RulesPage, desk(people.supervisor))
    change(page, "R01.large", "300000", "季末控制")
    settle()
    settle()
    (line,) = page.log.all_rows()
    assert line.number == "GZ-2026-0001"
    assert (line.before, line.after, line.by) == ("500000.00", "300000.00", "supervisor 王主管")
    large = next(row for row in page.table.all_rows() if row.threshold.code == "R01.large")
    assert (large.value, large.last_change) == ("300000.00", "GZ-2026-0001")


def test_that_a_change_without_reason_is_refused(desk, people, show, settle):  # C3.3
    page = show(RulesPage, desk(people.supervisor))
    dialog = change(page, "R01.large", "300000", " ")
    settle()
    assert "请填写调整规则的原因" in dialog.banner.text()


def test_that_who_may_not_change_rules_sees_them_only(desk, people, show):  # C3.3
    page = show(RulesPage, desk(people.clerk))
    assert not page.findChild(QPushButton, "rules.change").isVisible()
    assert page.table.all_rows()
