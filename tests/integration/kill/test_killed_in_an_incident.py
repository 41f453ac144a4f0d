"""Killed at random points of a response, incidents keep every promise and packages are whole."""

from random import Random

import pytest
from sqlalchemy import select

from app.audit.verify import verify
from app.incidents import invariants
from app.incidents.closing.model import IncidentReport
from app.incidents.closing.packing import verify_package
from app.incidents.contacts.model import Briefing, IncidentTalk, IncidentWait
from app.incidents.evidence.model import IncidentEvidence
from app.incidents.model import Incident, IncidentBackup, IncidentSubject
from app.incidents.states import IncidentState, ReportState, SubjectKind
from app.letters.setup import Setup, save_setup
from app.payments import invariants as payments
from app.storage.archive import unpack
from tests.support import arena, arena_incidents

KILLS = 5 * len(arena_incidents.TARGETS)
LATEST_POINT = 80
# After so many working days every part of a response has come to its end.
DAYS = 8


@pytest.fixture
def company(founded, people, channels, make_account, any_database_url):
    """A company with an account, channels and a letterhead, and its people signed in."""
    make_account()
    save_setup(founded, people.cfo, Setup("华精财函", "王会计", "021-1"))
    actors = arena.actors_of(founded)
    founded.close()
    return any_database_url, actors


def broken_promises(db, folder):
    with db.read() as work:
        found = [
            f"{one.code}: {one.broken}"
            for matter in (invariants, payments)
            for one in matter.examine(work)
            if not one.ok
        ]
    verdict = verify(db)
    found += [] if verdict.ok else [f"audit: {verdict.first_broken}"]
    for package in folder.glob("*.zip"):
        found += [f"{package.name}: {verdict}"] if not verify_package(package, db).ok else []
    for backup in folder.glob("*.tfbak"):
        unpack(backup, folder / "unpacked")
        (folder / "unpacked").unlink()
    return found


def out_of_reach(db):
    """What nothing that was killed came to."""
    reached = {
        "closed": select(Incident.id).where(Incident.state == IncidentState.CLOSED),
        "approved": select(IncidentReport.id).where(IncidentReport.state == ReportState.APPROVED),
        "backups": select(IncidentBackup.id),
        "evidence": select(IncidentEvidence.id),
        "talks": select(IncidentTalk.id),
        "waits": select(IncidentWait.id).where(IncidentWait.asked > 0),
        "briefings": select(Briefing.id).where(Briefing.taken_at.is_not(None)),
        "holds": select(IncidentSubject.id).where(IncidentSubject.kind == SubjectKind.HOLD),
    }
    with db.read() as work:
        return [name for name, query in reached.items() if work.session.scalar(query) is None]


@pytest.mark.kill
def test_that_no_promise_breaks_wherever_a_response_is_killed(  # B5.1 B5.2 B4.2 A1.4
    company, clock, open_url, tmp_path
):
    url, actors = company
    rng = Random(20261124)
    acts = (arena_incidents.ACTS, arena_incidents.WEIGHTS)
    for number in range(KILLS):
        target = arena_incidents.TARGETS[number % len(arena_incidents.TARGETS)]
        points = rng.randrange(1, LATEST_POINT)
        seed = rng.randrange(10**9)
        arena.die_in(target, points, seed, url, actors, clock, tmp_path, *acts)
        db = open_url(url)
        assert broken_promises(db, tmp_path) == [], f"kill {number} in {target.__name__}"
        db.close()
    db = open_url(url)
    for part in range(DAYS):
        arena.carry_on(db, actors, 20261125 + part, 150, tmp_path, *acts)
        assert broken_promises(db, tmp_path) == [], "on the day after"
        if not out_of_reach(db):
            break
    assert out_of_reach(db) == []
    db.close()
