"""On a full disk each act of an incident is told, changes nothing, and goes through afterwards."""

import errno
import os
import random
from datetime import date

import pytest
from sqlalchemy import event, select

from app.agreements.confirming import Scan
from app.audit.model import AuditEntry
from app.audit.verify import verify
from app.documents.errors import ExportFailed
from app.incidents import acting_on, cases, invariants
from app.incidents.case_view import incident_lines
from app.incidents.cases import Written
from app.incidents.closing import reporting
from app.incidents.closing.packing import verify_package, write_package
from app.incidents.closing.reviewing import Review, write_review
from app.incidents.contacts.briefings import Brief, Way, brief
from app.incidents.contacts.talks import Mode, Talk, record_talk
from app.incidents.contacts.waiting import BeginWait, begin_wait
from app.incidents.evidence.keeping import AddEvidence, Category, add_evidence
from app.incidents.model import IncidentEntry
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Outside, Severity
from app.storage.errors import DiskFull
from app.storage.model import StoredFile
from tests.support.incidents import take_on

# More than the free room in the pages of a small database.
LONG = "长" * 200_000
DATA = random.Random(1).randbytes(500_000).hex().encode()


@pytest.fixture
def backend():
    """SQLite tells of a full disk when its file may not grow; a server is asked in `storage`."""
    return "sqlite"


@pytest.fixture
def number(founded, people, channels, make_account, make_payment):
    payment = make_payment(account=make_account(), made_by=people.clerk, due_on=date(2026, 2, 20))
    made = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P1, "报错", payments=(payment.number,))
    )
    take_on(founded, people.clerk, made, "报错")
    return made


@pytest.fixture
def resolved(founded, people, number):
    cases.resolve(founded, people.clerk, number, "已恢复", version(founded, people))
    write_review(founded, people.clerk, number, Review("接口中断", "没有备用渠道"))
    return number


def version(db, people):
    return next(row.version for row in incident_lines(db, people.clerk))


def state(db):
    """How much is written: the trail, the timelines, the files."""
    with db.read() as work:
        return [
            len(work.session.scalars(select(column)).all())
            for column in (AuditEntry.seq, IncidentEntry.id, StoredFile.hash)
        ]


def sound(db):
    with db.read() as work:
        broken = [one.code for one in invariants.examine(work) if not one.ok]
    return not broken and verify(db).ok


class Disk:
    """Lets the database's file not grow while it is full."""

    def __init__(self, db):
        self._db = db
        self.full = False
        event.listen(db.engine, "connect", self._limit)

    def fill(self, full):
        self.full = full
        self._db.close()

    def _limit(self, connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0] if self.full else 2**30
        connection.execute(f"PRAGMA max_page_count={pages}")


def talked(db, people, number):
    now = db.clock.now()
    record_talk(
        db, people.clerk, Talk(number, Outside.BANK, Mode.PHONE, "工行", "李经理", LONG, now)
    )


def waited(db, people, number):
    begin_wait(db, people.clerk, BeginWait(number, Outside.BANK, "工行", LONG))


def briefed(db, people, number):
    brief(db, people.clerk, Brief(number, "采购部", LONG, recipient="陈", way=Way.PHONE))


def noted(db, people, number):
    cases.write(db, people.clerk, number, Written(LONG, db.clock.now()))


def attached(db, people, number):
    add_evidence(db, people.clerk, AddEvidence(number, Category.LOG, Scan("日志.log", DATA)))


def opened(db, people, _):
    open_incident(db, people.clerk, OpenIncident((), Severity.P2, LONG, "网银打不开"))


@pytest.mark.parametrize("act", [talked, waited, briefed, noted, attached, opened])
def test_that_an_act_on_a_full_disk_changes_nothing(founded, people, number, act):  # B5.1 B5.2
    disk, before = Disk(founded), state(founded)
    disk.fill(True)
    with pytest.raises(DiskFull, match="空间已满"):
        act(founded, people, number)
    assert state(founded) == before
    assert sound(founded)
    disk.fill(False)
    act(founded, people, number)
    assert state(founded) != before


def test_that_a_report_on_a_full_disk_is_not_half_prepared(founded, people, resolved):  # B5.4
    disk, before = Disk(founded), state(founded)
    disk.fill(True)
    with pytest.raises(DiskFull):
        reporting.prepare_report(founded, people.clerk, resolved)
    assert state(founded) == before
    assert reporting.report_lines(founded, people.clerk, resolved) == []
    disk.fill(False)
    assert reporting.prepare_report(founded, people.clerk, resolved) == 1


def full(_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_that_a_package_on_a_full_disk_leaves_no_file(  # B5.4
    founded, people, resolved, tmp_path, monkeypatch
):
    edition = reporting.prepare_report(founded, people.clerk, resolved)
    reporting.review_report(founded, people.checker, resolved, edition, 1)
    reporting.approve_report(founded, people.cfo, resolved, edition, 2)
    folder = tmp_path / "U盘"
    folder.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ExportFailed):
            write_package(founded, people.clerk, resolved, folder / "证据包.zip")
    assert list(folder.iterdir()) == []
    write_package(founded, people.clerk, resolved, folder / "证据包.zip")
    assert verify_package(folder / "证据包.zip", founded).ok


def test_that_a_backup_on_a_full_disk_counts_for_nothing(  # A1.4
    founded, people, number, tmp_path, monkeypatch
):
    from app.incidents.response_view import response

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull):
            acting_on.back_up(founded, people.clerk, number, tmp_path / "备份")
    assert response(founded, people.clerk, number).standing.backups == 0
    assert list((tmp_path / "备份").glob("*.tfbak")) == []
