"""What the tests stand on: a clock, real databases of both kinds, a founded company, its people.

Nothing here is built until a test asks for it, so that unit tests touch no file and no server.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import settings

from app.core.clock import FixedClock

# A Monday and a working day; 10:00 in Shanghai.
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

pytest_plugins = (
    "tests.support.commands",
    "tests.support.databases",
    "tests.support.demo_company",
    "tests.support.people",
    "tests.support.rows",
)


# A test says what holds, never how long it takes: speed belongs in benchmarks/.
settings.register_profile("tingfu", deadline=None)
settings.load_profile("tingfu")


@pytest.fixture
def clock():
    """Stands at Monday 2026-03-02, 10:00 in Shanghai, until it is moved."""
    return FixedClock(MONDAY)
