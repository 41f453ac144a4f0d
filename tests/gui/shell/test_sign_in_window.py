from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.access.people import reset_password
from tests.support.people import PASSWORD
from ui.opening import DemoAccount, Opened
from ui.sign_in import SignInWindow


def sign_in(qtbot, desk, username, password):
    desk.sign_in.username.setText(username)
    desk.sign_in.password.setText(password)
    desk.sign_in.submit()
    qtbot.waitUntil(lambda: not desk.tasks.running(), timeout=10_000)


def said(desk, name):
    return desk.sign_in.findChild(QLabel, name).text()


def test_that_company_data_set_and_environment_are_seen_before_signing_in(  # D1.1
    start, people, any_database_url
):
    desk = start(any_database_url)
    assert said(desk, "sign_in.company") == "停付测试有限公司"
    assert said(desk, "sign_in.dataset") == "账套：测试账套"
    assert said(desk, "sign_in.environment") == "正式环境"


def test_that_a_wrong_password_is_said_in_the_window(  # C1.1
    qtbot, start, people, any_database_url
):
    desk = start(any_database_url)
    sign_in(qtbot, desk, "clerk", "Wrong-pass-2026")
    assert desk.main is None
    assert "用户名或密码不正确" in desk.sign_in.banner.text()
    assert desk.sign_in.password.isEnabled()


def test_that_the_fifth_wrong_password_names_the_end_of_the_lock(  # C1.1
    qtbot, start, people, any_database_url
):
    desk = start(any_database_url)
    for _ in range(5):
        sign_in(qtbot, desk, "clerk", "Wrong-pass-2026")
    assert "账号锁定至" in desk.sign_in.banner.text()


def test_that_the_user_name_is_remembered(qtbot, enter, people, settings, tasks):  # C1.1
    enter("clerk")
    again = SignInWindow(tasks, settings)
    qtbot.addWidget(again)
    assert again.username.text() == "clerk"
    assert again.password.text() == ""


def test_that_keys_pressed_before_the_database_is_open_are_not_lost(  # C1.1
    qtbot, start, people, any_database_url, settings, tasks, founded
):
    window = SignInWindow(tasks, settings)
    qtbot.addWidget(window)
    window.show_opening(any_database_url)
    window.show()
    qtbot.keyClicks(window.username, "clerk")
    qtbot.keyClicks(window.password, PASSWORD)
    qtbot.keyClick(window.password, Qt.Key.Key_Return)
    assert tasks.running() == ()

    from app.access.founding import company_card

    with founded.read() as work:
        card = company_card(work)
    with qtbot.waitSignal(window.signed_in, timeout=10_000) as entered:
        window.show_opened(Opened(any_database_url, founded, card))
    assert entered.args[0].username == "clerk"


def test_that_a_first_password_must_be_changed_before_anything_is_shown(  # C1.1
    qtbot, start, people, founded, any_database_url
):
    reset_password(founded, people.admin, "clerk", "Given-pass-2026")
    desk = start(any_database_url)
    sign_in(qtbot, desk, "clerk", "Given-pass-2026")
    assert desk.main is None
    page = desk.sign_in._change
    page.fields.first.setText("short1")
    page.fields.again.setText("short1")
    assert page.fields.said() == "密码只有 6 位。"
    assert not page.findChild(QPushButton, "change_password.submit").isEnabled()

    page.fields.first.setText("My-own-pass-77")
    page.fields.again.setText("My-own-pass-77")
    page.submit()
    qtbot.waitUntil(lambda: desk.main is not None, timeout=10_000)


def test_that_capitals_without_shift_are_pointed_out(qtbot, tasks, settings):  # C1.1
    window = SignInWindow(tasks, settings)
    qtbot.addWidget(window)
    hint = window.findChild(QLabel, "sign_in.caps")

    def typed(text, modifier=Qt.KeyboardModifier.NoModifier):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, modifier, text)
        QApplication.sendEvent(window.password, event)

    typed("A", Qt.KeyboardModifier.ShiftModifier)
    assert hint.text() == ""
    typed("A")
    assert hint.text() == "大写锁定已打开。"
    typed("a")
    assert hint.text() == ""


def test_that_a_click_fills_in_a_demo_account(qtbot, tasks, settings, founded, people):  # D1.1
    from app.access.founding import company_card

    window = SignInWindow(tasks, settings)
    qtbot.addWidget(window)
    with founded.read() as work:
        card = company_card(work)
    account = DemoAccount("clerk", "陈经办", "经办（制单）", "Demo-pass-2026")
    window.show_opened(Opened("x", founded, card, (account,)))
    window.show()
    button = window.findChild(QPushButton, "sign_in.demo.clerk")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.username.text() == "clerk"
    assert window.password.text() == "Demo-pass-2026"


def test_that_nobody_elses_drill_shows_demo_passwords(  # D1.1
    start, people, any_database_url
):
    desk = start(any_database_url)
    assert not desk.sign_in._demo.isVisible()


def test_that_signing_out_leads_back_and_ends_the_sign_in(  # C1.1
    qtbot, enter, people, founded
):
    from app.access.errors import SignedOut
    from app.access.guard import identify

    desk = enter("clerk")
    actor = desk.main.actor
    desk.main.ask_sign_out()
    assert desk.main is None
    assert desk.sign_in.isVisible()
    with founded.read() as work:
        try:
            identify(work, actor)
        except SignedOut:
            return
    raise AssertionError("the sign-in is still good")
