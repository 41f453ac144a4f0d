from PySide6.QtWidgets import QLineEdit, QWidget

from tests.support.people import PASSWORD
from ui.admin.identity import with_fresh_identity


def test_that_nothing_is_done_until_the_password_was_proved(qtbot, desk, people, settle):  # C4.1
    done = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = with_fresh_identity(parent, desk(people.cfo), lambda: done.append(1))
    dialog.findChild(QLineEdit, "identity.password").setText("Wrong-pass-2026")
    dialog.confirm()
    settle()
    assert done == []
    assert "用户名或密码不正确" in dialog.findChild(QWidget, "identity.banner").text()

    dialog.findChild(QLineEdit, "identity.password").setText(PASSWORD)
    dialog.confirm()
    settle()
    assert done == [1]


def test_that_a_cancelled_identity_does_nothing(qtbot, desk, people):  # C4.1
    done = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = with_fresh_identity(parent, desk(people.cfo), lambda: done.append(1))
    dialog.reject()
    assert done == []


def test_that_an_empty_password_can_not_be_sent(qtbot, desk, people, tasks):  # C1.1
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = with_fresh_identity(parent, desk(people.cfo), lambda: None)
    dialog.confirm()
    assert tasks.running() == ()
