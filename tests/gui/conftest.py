"""One dressed application for all window tests, and workers that end with each test."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.access.founding import company_card
from app.payments.diagnosis.facts import SystemFacts
from ui import fonts, theme, translation
from ui.context import Context
from ui.tasks import Tasks

translation.prepare_environment()


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application as a user has it: Chinese font, Chinese dialogs, light theme."""
    fonts.install(qapp)
    translation.install(qapp)
    theme.apply(qapp, theme.Mode.LIGHT)
    return qapp


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.shutdown()


@pytest.fixture
def backend():
    """The window is tested on SQLite; what it calls is tested on both."""
    return "sqlite"


@pytest.fixture
def desk(founded, people, channels, tasks):
    """The window's context of a person: `desk(people.clerk)`."""
    with founded.read() as work:
        card = company_card(work)

    def sit_down(actor):
        return Context(founded, actor, card, tasks, lambda _: SystemFacts())

    return sit_down


@pytest.fixture
def settle(qtbot, tasks):
    """Waits until no work is under way."""

    def wait():
        qtbot.waitUntil(lambda: tasks.running() == (), timeout=15000)

    return wait


@pytest.fixture
def show_page(qtbot, desk, settle):
    """A page for a person, as the main window shows it: `show_page(RecheckPage, people.clerk)`."""
    pages = []

    def show(kind, actor):
        context = desk(actor)
        page = kind(context)
        pages.append(page)
        qtbot.addWidget(page)
        context.changed.connect(page.reload)
        page.resize(1280, 800)
        page.show()
        qtbot.waitExposed(page)
        settle()
        return page

    yield show
    # A page that is left reads nothing more.
    for page in pages:
        page.hide()
