from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton

from app.access.matrix import propose
from app.access.rights import Role
from app.access.rules import DEFAULT_TIERS, Tier
from app.core.money import Money
from tests.support.people import PASSWORD
from ui.admin.matrix_page import MatrixPage

LOWER = (Tier(Money.parse("30000"), (Role.CHECKER,)), *DEFAULT_TIERS[1:])


def shown(table):
    amount, levels = table.visible_columns()[:2]
    return [(amount.text(row), levels.text(row)) for row in table.all_rows()]


def test_that_the_tiers_in_force_are_shown_with_their_levels(desk, people, show):  # C4.2
    page = show(MatrixPage, desk(people.clerk))
    assert shown(page.table)[:2] == [
        ("50,000.00 以下", "复核"),
        ("50,000.00 以上至 500,000.00", "复核 → 财务主管"),
    ]


def test_that_a_changed_matrix_waits_for_a_second_person(desk, people, show, settle):  # C4.2
    page = show(MatrixPage, desk(people.admin))
    dialog = page.edit()
    dialog.findChild(QLineEdit, "matrix.edit.amount.0").setText("30000")
    dialog.findChild(QPlainTextEdit, "matrix.edit.reason").setPlainText("降低单人上限")
    dialog.submit()
    settle()
    settle()
    assert shown(page.table)[0] == ("50,000.00 以下", "复核")
    assert shown(page.proposal)[0] == ("30,000.00 以下", "复核")
    assert not page.findChild(QPushButton, "matrix.confirm").isVisible()


def test_that_a_second_person_puts_it_in_force_after_proving_who_they_are(  # C4.1
    desk, people, founded, show, settle, clock
):
    propose(founded, people.admin, LOWER, "降低单人上限")
    page = show(MatrixPage, desk(people.cfo))
    page.confirm()
    dialog = page.findChild(QLineEdit, "identity.password")
    dialog.setText(PASSWORD)
    dialog.window().confirm()
    settle()
    settle()
    assert shown(page.table)[0] == ("30,000.00 以下", "复核")
    assert not page.proposal.isVisible()


def test_that_a_gap_in_the_tiers_is_refused_before_anything_is_sent(  # C4.2
    desk, people, show, settle
):
    page = show(MatrixPage, desk(people.admin))
    dialog = page.edit()
    dialog.findChild(QLineEdit, "matrix.edit.amount.0").setText("600000")
    dialog.findChild(QPlainTextEdit, "matrix.edit.reason").setPlainText("试试")
    dialog.submit()
    assert "各档金额上限须从小到大" in dialog.banner.text()
