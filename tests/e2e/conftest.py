"""Whole desks: the program from its sign-in window on, in real time, on both databases."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.core import paths
from app.core.clock import SystemClock, business_date
from tests.e2e.seat import Seat
from tests.gui.conftest import *  # noqa: F403 - the dressed application
from ui.application import prepare


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
def today(founded):
    """The company's day, which is not the machine's after 16:00 UTC."""
    return business_date(founded.clock.now(), founded.tz)


@pytest.fixture
def company(people, channels, make_account):
    """A company with people, channels and an account that pays by 小额支付 at any hour."""
    return make_account(default_channel="BEPS")


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


@pytest.fixture
def promises(founded):
    """Checks that trail and invariants hold after all that was done."""
    from app.audit.verify import verify
    from app.payments.invariants import examine

    def hold():
        with founded.read() as work:
            assert [promise.code for promise in examine(work) if not promise.ok] == []
        assert verify(founded).ok

    return hold
