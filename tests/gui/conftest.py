"""One dressed application for all window tests, and workers that end with each test."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ui import fonts, theme, translation
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
