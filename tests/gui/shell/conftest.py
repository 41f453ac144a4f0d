"""The program from its first window on, on a real database file."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.access.founding import company_card
from app.core import paths
from app.payments.diagnosis.facts import SystemFacts
from tests.support.people import PASSWORD
from ui.application import prepare
from ui.context import Context


@pytest.fixture
def backend():
    """The window is tested on SQLite; what it calls is tested on both."""
    return "sqlite"


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def start(qtbot, qapp, settings):
    """Starts the program on an address; everything is ended with the test."""
    begun = []

    def go(url, **options):
        desk = prepare(QApplication.instance(), str(url), settings=settings, **options)
        begun.append(desk)
        desk.start()
        qtbot.waitUntil(lambda: not desk.tasks.running(), timeout=10_000)
        return desk

    yield go
    for desk in begun:
        desk.close()
        desk.sign_in.deleteLater()
        desk.deleteLater()


@pytest.fixture
def enter(qtbot, start, any_database_url):
    """Signs somebody in, up to the main window with its first page."""

    def come_in(username):
        desk = start(any_database_url)
        desk.sign_in.username.setText(username)
        desk.sign_in.password.setText(PASSWORD)
        desk.sign_in.submit()
        qtbot.waitUntil(lambda: desk.main is not None, timeout=10_000)
        qtbot.waitUntil(lambda: not desk.tasks.running(), timeout=10_000)
        return desk

    return come_in


@pytest.fixture
def context_of(founded, people, tasks):
    """The window's context of a person: `context_of(people.admin)`."""
    with founded.read() as work:
        card = company_card(work)

    def make(actor):
        return Context(founded, actor, card, tasks, lambda _: SystemFacts())

    return make


@pytest.fixture
def settle(qtbot, tasks):
    """Waits until nothing runs any more on the test's own workers."""

    def wait():
        qtbot.waitUntil(lambda: not tasks.running(), timeout=10_000)

    return wait
