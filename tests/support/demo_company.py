"""The demo company, built once and copied for tests that change it."""

import shutil
from datetime import UTC, datetime

import pytest

from app.core.clock import FixedClock

# A Wednesday, 10:00 in Shanghai.
TODAY = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory):
    """The path of a demo company built on 2026-03-11."""
    from app.demo.build import ensure_demo

    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    ensure_demo(str(path), clock=FixedClock(TODAY))
    return path


@pytest.fixture
def demo_path(built_demo, tmp_path):
    """A copy that the test may change."""
    path = tmp_path / "demo.sqlite3"
    shutil.copyfile(built_demo, path)
    return path


@pytest.fixture
def demo_clock():
    return FixedClock(TODAY)


@pytest.fixture
def demo(demo_path, demo_clock):
    """The open database of the copy."""
    from app.storage.upgrade import open_database

    db = open_database(str(demo_path), demo_clock)
    yield db
    db.close()
