"""One act is one transaction: wherever it is cut off, all of it is there or nothing."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from app.access.model import SignIn
from app.audit.trail import Event, record
from app.storage.engine import connect, parse_url
from app.storage.health import integrity
from app.storage.model import NumberSeries
from app.storage.work import Database
from tests.support.rows import save

ROOT = Path(__file__).resolve().parents[3]

# Works without end, and says after each commit how far it came.
WORKER = """
import sys
from app.audit.trail import Event, record
from app.storage.model import NumberSeries
from app.storage.upgrade import open_database

db = open_database(sys.argv[1])
number = 0
while True:
    number += 1
    with db.write() as uow:
        uow.session.add(NumberSeries(name=f"K{number}", last=number))
        record(uow, "worker", Event("test.worked", f"series:{number}"))
        uow.session.flush()
        uow.session.add(NumberSeries(name=f"L{number}", last=number))
        uow.commit()
    print(number, flush=True)
"""


class PowerCut(Exception):  # noqa: N818
    pass


@contextmanager
def cut_at(engine, name, position):
    """Ends the act before its statement number `position`, counted from 0."""
    seen = 0

    def count(*_arguments):
        nonlocal seen
        seen += 1
        if seen > position:
            raise PowerCut

    event.listen(engine, name, count)
    try:
        yield lambda: seen
    finally:
        event.remove(engine, name, count)


def act(db):
    save(db, "series:two", NumberSeries(name="A", last=1), NumberSeries(name="B", last=2))


def statements_of_one_act(db):
    with cut_at(db.engine, "before_cursor_execute", 10**6) as seen:
        save(db, "series:dry", NumberSeries(name="X", last=1), NumberSeries(name="Y", last=2))
        return seen()


def test_an_act_cut_before_any_of_its_statements_leaves_nothing(founded, contents):  # B2.4
    length = statements_of_one_act(founded)
    assert length >= 4  # look at the head, two rows, the entry, the head again
    before = contents(founded.engine)
    for position in range(length):
        with (
            pytest.raises(PowerCut),
            cut_at(founded.engine, "before_cursor_execute", position),
        ):
            act(founded)
        assert contents(founded.engine) == before
    act(founded)
    assert contents(founded.engine) != before


DEFER = {
    "sqlite": "PRAGMA defer_foreign_keys=ON",
    "postgresql": "ALTER TABLE sign_in ALTER CONSTRAINT fk_sign_in_user_id"
    " DEFERRABLE INITIALLY DEFERRED",
}


def fail_at_commit(db):
    """An act that only the COMMIT itself refuses: it refers to nobody."""
    with db.write() as uow:
        uow.session.execute(text(DEFER[db.dialect]))
        uow.session.add(SignIn(user_id=999, machine="m", at=uow.now, fresh_at=uow.now))
        record(uow, "nobody", Event("test.made", "sign_in:999"))
        uow.commit()


def test_a_commit_that_fails_leaves_nothing_and_lets_everybody_go_on(  # B2.4
    founded, any_database_url, clock, contents
):
    before = contents(founded.engine)
    with pytest.raises(IntegrityError):
        fail_at_commit(founded)
    # Another desk isn't kept waiting by a lock that nobody holds any more.
    hurried = Database(connect(parse_url(any_database_url), busy_seconds=0.01), clock, "二号机")
    save(hurried, "series:1", NumberSeries(name="theirs", last=1))
    hurried.close()
    save(founded, "series:1", NumberSeries(name="ours", last=1))
    after = contents(founded.engine)
    assert after["sign_in"] == before["sign_in"]
    assert len(after["audit_entry"][1]) == len(before["audit_entry"][1]) + 2


def test_a_killed_program_leaves_whole_acts_only(  # B2.4
    founded, any_database_url, open_url
):
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, any_database_url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        promised = 0
        for line in worker.stdout:
            promised = int(line)
            if promised == 20:
                worker.kill()
                break
        rest = worker.stdout.read().split()
    promised = int(rest[-1]) if rest else promised
    db = open_url(any_database_url)
    with db.read() as work:
        first = work.session.scalar(text("SELECT count(*) FROM number_series WHERE name LIKE 'K%'"))
        second = work.session.scalar(
            text("SELECT count(*) FROM number_series WHERE name LIKE 'L%'")
        )
        entries = work.session.scalar(
            text("SELECT count(*) FROM audit_entry WHERE act = 'test.worked'")
        )
        head = work.session.scalar(text("SELECT seq FROM audit_head"))
        length = work.session.scalar(text("SELECT count(*) FROM audit_entry"))
    assert first == second == entries
    assert head == length
    # What was promised is there; the last act may have been committed without a word.
    assert promised <= first <= promised + 1
    assert integrity(db, thorough=True).ok
    save(db, "series:after", NumberSeries(name="after", last=1))
