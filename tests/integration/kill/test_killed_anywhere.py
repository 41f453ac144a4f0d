"""Killed at random points of every act, the data keep every promise of design.md."""

from random import Random

import pytest
from sqlalchemy import select

from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.audit.verify import verify
from app.payments.invariants import examine
from app.payments.model import Hold, Payment, ResumeRequest
from app.payments.states import HoldState, ResumeState, Stage
from tests.support import arena

# Every act is hit a dozen times.
KILLS = 12 * len(arena.ACTS)
LATEST_POINT = 60


@pytest.fixture
def company(founded, people, make_account, any_database_url):
    """A company with an account and channels, and its people signed in."""
    from app.accounts.service import add_default_channels

    make_account()
    with founded.write() as uow:
        add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()
    actors = arena.actors_of(founded)
    founded.close()
    return any_database_url, actors


def broken_promises(db):
    with db.read() as work:
        found = [f"{p.code}: {p.broken}" for p in examine(work) if not p.ok]
    verdict = verify(db)
    if not verdict.ok:
        found.append(f"audit: {verdict.first_broken}")
    return found


@pytest.mark.kill
def test_that_no_promise_breaks_wherever_the_program_is_killed(
    company, clock, open_url, tmp_path
):  # C5.1
    url, actors = company
    rng = Random(20260302)
    for number in range(KILLS):
        target = arena.ACTS[number % len(arena.ACTS)]
        seed, points = rng.randrange(10**9), rng.randrange(1, LATEST_POINT)
        arena.die_in(target, points, seed, url, actors, clock, tmp_path)
        db = open_url(url)
        assert broken_promises(db) == [], f"kill {number} in {target.__name__}"
        db.close()
    db = open_url(url)
    arena.carry_on(db, actors, 20260303, 400, tmp_path)
    assert broken_promises(db) == [], "on the day after"
    with db.read() as work:
        reached = {
            "resumed": select(ResumeRequest.id).where(ResumeRequest.state == ResumeState.DONE),
            "paid": select(Payment.id).where(Payment.stage == Stage.EXECUTED),
            "lifted": select(Hold.id).where(Hold.state == HoldState.RELEASED),
        }
        missing = [name for name, rows in reached.items() if work.session.scalar(rows) is None]
    assert missing == [], "the acts never came so far"
