"""Killed at random points of a cancellation, its letters, mails and statements keep every promise."""

from random import Random

import pytest
from sqlalchemy import select

from app.agreements import invariants
from app.agreements.model import Agreement, TakeoverPayment, WatchHit
from app.audit.verify import verify
from app.letters.model import Letter, Outgoing
from app.letters.setup import Setup, save_setup
from app.letters.states import MailState
from app.payments.model import Payment
from tests.support import arena, arena_agreements

KILLS = 8 * len(arena_agreements.ACTS)
LATEST_POINT = 80


@pytest.fixture
def company(founded, people, make_account, any_database_url):
    """A company with an account and its letters set up, and its people signed in."""
    make_account()
    setup = Setup("华精财函", "王会计", "021-1", smtp_host="127.0.0.1", sender="a@b.example")
    save_setup(founded, people.cfo, setup)
    actors = arena.actors_of(founded)
    founded.close()
    return any_database_url, actors


def broken_promises(db):
    with db.read() as work:
        found = [f"{one.code}: {one.broken}" for one in invariants.examine(work) if not one.ok]
        # Here payments are made from tasks alone: none stands without its task.
        linked = select(TakeoverPayment.payment_id)
        alone = work.session.scalars(select(Payment.number).where(Payment.id.not_in(linked))).all()
        found += [f"alone: {alone}"] if alone else []
    verdict = verify(db)
    return found if verdict.ok else [*found, f"audit: {verdict.first_broken}"]


@pytest.mark.kill
def test_that_no_letter_is_lost_or_numbered_twice_wherever_the_program_is_killed(
    company, clock, open_url, tmp_path
):  # D3.4 D5.2 D5.6 E2.3
    url, actors = company
    rng = Random(20261123)
    acts = (arena_agreements.ACTS, arena_agreements.WEIGHTS)
    for number in range(KILLS):
        target = arena_agreements.ACTS[number % len(arena_agreements.ACTS)]
        points = rng.randrange(1, LATEST_POINT)
        seed = rng.randrange(10**9)
        arena.die_in(target, points, seed, url, actors, clock, tmp_path, *acts)
        db = open_url(url)
        assert broken_promises(db) == [], f"kill {number} in {target.__name__}"
        db.close()
    db = open_url(url)
    arena.carry_on(db, actors, 20261124, 100, tmp_path, *acts)
    assert broken_promises(db) == [], "on the day after"
    with db.read() as work:
        reached = {
            "cancelled": select(Agreement.id).where(Agreement.state == "CANCELLED"),
            "letters": select(Letter.id),
            "mails": select(Outgoing.id).where(Outgoing.state == MailState.SENT),
            "hits": select(WatchHit.id),
            "tasks": select(TakeoverPayment.id),
        }
        empty = [name for name, query in reached.items() if work.session.scalar(query) is None]
    db.close()
    assert empty == []
