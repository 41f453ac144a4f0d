"""状态核查 in the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.incidents.recheck import recheck_lines
from tests.support.people import PASSWORD
from ui.admin.identity import IdentityDialog
from ui.incidents.recheck_page import RecheckPage
from ui.payments.reason_dialog import ReasonDialog


def press(qtbot, page, name, settle):
    button = page.findChild(QPushButton, f"recheck_{name}")
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


def test_that_one_makes_it_and_another_signs(  # E5.1 E5.6
    qtbot, founded, people, make_account, show_page, settle
):
    make_account()
    page = show_page(RecheckPage, people.clerk)
    press(qtbot, page, "make", settle)
    settle()
    assert "HC-2026-0001" in page.banner.text()
    [row] = page.table.all_rows()
    assert page.side.isVisible()
    assert "没有“批准取消自动扣款”权限" in page.buttons["sign"].toolTip()
    chief = show_page(RecheckPage, people.supervisor)
    chief.table.select_positions([0])
    press(qtbot, chief, "sign", settle)
    for identity in chief.findChildren(IdentityDialog):
        identity.password.setText(PASSWORD)
        identity.confirm()
        settle()
    [dialog] = chief.findChildren(ReasonDialog)
    dialog._reason.setPlainText("已阅")
    qtbot.mouseClick(dialog._yes, Qt.MouseButton.LeftButton)
    settle()
    [signed] = recheck_lines(founded, people.clerk)
    assert signed.number == row.number
    assert signed.signed_by == people.supervisor.name
