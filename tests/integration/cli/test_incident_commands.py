"""The report and its package from the command line; a package that was changed is named."""

import hashlib
import zipfile

import pytest

from app.access.people import add_grant, new_user
from app.access.rights import Role
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.incidents import cases
from app.incidents.case_view import incident_lines
from app.incidents.closing import reporting
from app.incidents.closing.reviewing import Review, write_review
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Severity
from tests.support.commands import PASSWORD
from tests.support.incidents import take_on


def version(db, who):
    [line] = incident_lines(db, who)
    return line.version


@pytest.fixture
def approved(founded, people):
    who = people.clerk
    made = open_incident(founded, who, OpenIncident((), Severity.P2, "网银打不开", "网银无法登录"))
    take_on(founded, who, made, "维护")
    cases.resolve(founded, who, made, "已恢复", version(founded, who))
    write_review(founded, who, made, Review("接口中断", "没有备用渠道"))
    edition = reporting.prepare_report(founded, who, made)
    reporting.review_report(founded, people.checker, made, edition, 1)
    reporting.approve_report(founded, people.cfo, made, edition, 2)
    return made


@pytest.fixture
def packer(founded):
    """Somebody whose password opens a command."""
    with founded.write() as uow:
        user = new_user(uow, "packer", "吴审计", PASSWORD)
        add_grant(uow, user, Role.AUDITOR, uow.today, None, SYSTEM_ACTOR, "test")
        record(uow, SYSTEM_ACTOR, Event("test.made", "people"))
        uow.commit()
    return "packer"


def test_that_a_package_is_written_and_verified(  # B5.4
    run, any_database_url, founded, approved, packer, tmp_path, monkeypatch
):
    monkeypatch.setenv("TINGFU_PASSWORD", PASSWORD)
    packed, paper = tmp_path / "证据包.zip", tmp_path / "报告.pdf"
    base = ("--db", any_database_url, "--as", packer)
    code, told = run(*base, "incident", "package", approved, str(packed))
    assert code == 0, told
    assert told["files"] == 3
    code, _ = run(*base, "incident", "report", approved, str(paper))
    assert code == 0
    assert paper.read_bytes().startswith(b"%PDF-")
    code, told = run("--db", any_database_url, "audit", "verify", "--package", str(packed))
    assert (code, told["ok"], told["sealed"]) == (0, True, True)
    code, told = run("audit", "verify", "--package", str(packed))
    assert (code, told["ok"], told["sealed"]) == (0, True, None)
    with zipfile.ZipFile(packed) as old:
        held = {name: old.read(name) for name in old.namelist()}
    changed = tmp_path / "改过.zip"
    with zipfile.ZipFile(changed, "w") as new:
        for name, data in held.items():
            new.writestr(name, data.replace("网银".encode(), "网很".encode()))
    code, told = run("--db", any_database_url, "audit", "verify", "--package", str(changed))
    assert (code, told["ok"]) == (1, False)
    assert {one["file"] for one in told["broken"]} >= {"经过.csv"}
    code, told = run("audit", "verify", "--package", str(paper))
    assert (code, told["error"]["code"]) == (2, "PKG-001")


def test_that_the_diagnostic_package_is_written(  # B3.2
    run, any_database_url, founded, approved, tmp_path, monkeypatch
):
    with founded.write() as uow:
        user = new_user(uow, "support", "林出纳", PASSWORD)
        add_grant(uow, user, Role.CASHIER, uow.today, None, SYSTEM_ACTOR, "test")
        record(uow, SYSTEM_ACTOR, Event("test.made", "people"))
        uow.commit()
    monkeypatch.setenv("TINGFU_PASSWORD", PASSWORD)
    dest = tmp_path / "诊断包.zip"
    base = ("--db", any_database_url, "--as", "support", "incident", "diagnostics")
    code, told = run(*base, approved, "--out", str(dest))
    assert code == 0, told
    assert told["sha256"] == hashlib.sha256(dest.read_bytes()).hexdigest()
    with zipfile.ZipFile(dest) as archive:
        assert {one["path"] for one in told["files"]} <= set(archive.namelist())
        assert PASSWORD not in "".join(archive.read(one).decode() for one in archive.namelist())
    code, told = run(*base, "SJ-2026-0099", "--out", str(tmp_path / "keins.zip"))
    assert (code, told["error"]["code"]) == (2, "GEN-404")
    assert not (tmp_path / "keins.zip").exists()
