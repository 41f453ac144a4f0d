"""Whole desks: the program from its sign-in window on, in real time, on both databases."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from sqlalchemy import select

from app.access.model import ApprovalRequest
from app.core import paths
from app.core.clock import SystemClock
from tests.gui.conftest import *  # noqa: F403 - the dressed application
from tests.support.people import PASSWORD
from ui.application import prepare

PATIENCE = 20_000


@pytest.fixture
def clock():
    """Real time: a desk reads the machine's clock."""
    return SystemClock()


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def as_in_an_office(safe_server):
    """A server that could lose what it acknowledged is rightly refused by the gate."""


@pytest.fixture
def company(founded, people, make_account):
    """A company with people, channels and an account that pays by 小额支付 at any hour."""
    from app.accounts.service import add_default_channels
    from app.audit.trail import SYSTEM_ACTOR, Event, record

    account = make_account(default_channel="BEPS")
    with founded.write() as uow:
        add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()
    return account


class Seat:
    """A person at a desk: what they see, and what their hands do."""

    def __init__(self, desk, qtbot):
        self.desk = desk
        self.qtbot = qtbot

    @property
    def context(self):
        return self.desk.main._context

    def wait(self, true):
        self.qtbot.waitUntil(true, timeout=PATIENCE)

    def settle(self):
        self.wait(lambda: not self.desk.tasks.running())

    def sign_in(self, username):
        window = self.desk.sign_in
        self.wait(window.password.isEnabled)
        self.qtbot.keyClicks(window.username, username)
        self.qtbot.keyClicks(window.password, PASSWORD)
        self.qtbot.keyClick(window.password, Qt.Key.Key_Return)
        self.wait(lambda: self.desk.main is not None)
        self.settle()

    def go(self, page, argument=None):
        self.desk.main.show_page(page, argument)
        self.settle()
        return self.desk.main.pages.page(page)

    def part(self, name, inside=None, kind=QWidget):
        found = (inside or self.desk.main).findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name, inside=None):
        button = self.part(name, inside, QPushButton)
        why = self.desk.main.findChild(QLabel, "resume.why")

        def ready():
            assert button.isEnabled(), f"{name} stays off: {why.text() if why else ''}"

        self.wait(ready)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def dialog(self, name):
        """An open dialog of this desk by its name."""
        found = []

        def there():
            found[:] = [
                window
                for window in QApplication.topLevelWidgets()
                if window.objectName() == name and window.isVisible()
            ]
            return bool(found)

        self.wait(there)
        return found[0]

    def _newest(self, number):
        """The version of the request that is open about that number."""
        with self.context.db.read() as work:
            return work.session.scalar(
                select(ApprovalRequest.version).where(
                    ApprovalRequest.subject_no == number, ApprovalRequest.state == "OPEN"
                )
            )

    def approve(self, number):
        """Approve what waits about that payment or hold, with the password."""
        inbox = self.go("inbox")
        self.wait(lambda: self._newest(number) in _rows_by_number(inbox).get(number, ()))
        place = [_about(row) for row in _rows(inbox)].index(number)
        inbox.table.setCurrentIndex(inbox.table.model().index(place, 0))
        self.settle()
        inbox.banner.clear()
        self.press("inbox.approve", inbox)
        asked = self.dialog("identity")
        self.qtbot.keyClicks(asked.password, PASSWORD)
        self.qtbot.keyClick(asked.password, Qt.Key.Key_Return)
        self.wait(inbox.banner.isVisible)
        self.settle()
        return inbox


def _rows_by_number(inbox):
    return {_about(row): (row.line.version,) for row in _rows(inbox) if row.line}


def _rows(inbox):
    return inbox.table.all_rows()


def _about(row):
    return row.line.subject_no if row.line else ""


@pytest.fixture
def seat(qtbot, qapp, tmp_path, any_database_url):
    """Seats a person at a desk of their own: `seat("clerk")`."""
    begun = []

    def sit(username):
        settings = QSettings(str(tmp_path / f"{username}.ini"), QSettings.Format.IniFormat)
        desk = prepare(QApplication.instance(), any_database_url, settings=settings)
        begun.append(desk)
        desk.start()
        seated = Seat(desk, qtbot)
        seated.settle()
        seated.sign_in(username)
        return seated

    yield sit
    for desk in begun:
        desk.close()
        desk.sign_in.deleteLater()
        desk.deleteLater()
