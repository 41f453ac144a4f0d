"""Runs of the self-diagnosis: kept as they were found, printed, and never lost for want of keeping."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.access.errors import Denied
from app.audit.queries import AuditFilter, entries
from app.core.errors import NotFound
from app.documents.preview import page_text
from app.incidents.selfcheck import (
    Outside,
    State,
    diagnose,
    find_selfcheck,
    make_selfcheck,
    selfcheck_lines,
    selfcheck_of,
)
from app.incidents.selfcheck.papers import as_text, selfcheck_sheet, sheet_of
from app.storage.errors import DatabaseReadOnly


@pytest.fixture
def outside(tmp_path):
    home = tmp_path / "home"
    return Outside(
        home=home,
        backups=home / "backups",
        log=home / "logs" / "tingfu.log",
        printers=lambda: ["HP LaserJet"],
        memory=lambda: (4 << 30, 8 << 30),
        mounts=list,
    )


@pytest.fixture
def make(founded, outside):
    def one(actor, **changes):
        return make_selfcheck(founded, actor, outside=outside, **changes)

    return one


def words(paper):
    pages = (page_text(paper.data, page) for page in range(paper.pages))
    return "".join("".join(pages).split())


def test_that_a_run_is_kept_as_it_was_found(founded, people, make, clock):  # B2.5 B5.2
    assert make(people.clerk, thorough=False) == "ZD-2026-0001"
    clock.move_to(clock.now() + timedelta(hours=1))
    assert make(people.auditor) == "ZD-2026-0002"
    newest, older = selfcheck_lines(founded, people.supervisor)
    assert (newest.number, newest.made_by, newest.thorough) == ("ZD-2026-0002", "孙内审", True)
    assert (older.number, older.made_by, older.thorough) == ("ZD-2026-0001", "陈经办", False)
    assert newest.machine == founded.machine
    assert "数据备份" in {one.title for one in newest.broken}
    assert not newest.ok
    assert newest.count(State.GOOD) > 30
    assert selfcheck_of(founded, people.clerk, "ZD-2026-0002") == newest
    with founded.read() as work:
        assert find_selfcheck(work, "ZD-2026-0001") == older


def test_that_a_run_leaves_a_trace_that_names_what_failed(founded, people, make):  # C4.5
    number = make(people.admin, thorough=False)
    with founded.read() as work:
        [line] = entries(work, AuditFilter(act="selfcheck."))
    assert (line.label, line.subject) == ("自诊断", f"selfcheck:{number}")
    assert "数据备份" in line.after["failed"]


def test_that_the_database_keeps_what_was_found(founded, people, make):  # B5.1
    make(people.clerk, thorough=False)
    for change in ("DELETE FROM self_diagnosis", "UPDATE self_diagnosis SET ok = NOT ok"):
        with founded.write() as uow, pytest.raises(DatabaseError):
            uow.session.execute(text(change))


def test_that_a_run_needs_the_right(founded, people, make, add_person, sign_in_as):  # E4.4
    add_person("guest", "无岗")
    guest = sign_in_as("guest")
    with pytest.raises(Denied, match="运行自诊断"):
        make(guest)
    with pytest.raises(Denied):
        selfcheck_lines(founded, guest)


def test_that_an_unknown_number_is_told(founded, people):
    with pytest.raises(NotFound, match="ZD-2026-0009"):
        selfcheck_of(founded, people.clerk, "ZD-2026-0009")


def test_that_what_cannot_be_kept_is_shown_all_the_same(founded, people, outside):  # B2.4 B2.5
    setting = {
        "sqlite": "PRAGMA query_only=ON",
        "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    }[founded.dialect]
    with founded.engine.connect() as connection:
        connection.exec_driver_sql(setting)
        connection.commit()
    made = diagnose(founded, people.clerk, thorough=False, outside=outside)
    assert isinstance(made.trouble, DatabaseReadOnly)
    assert (made.line.number, made.line.made_by) == ("", "陈经办")
    assert len(made.line.checks) > 40
    paper = sheet_of(made.line, None, "陈经办", founded.clock.now())
    assert "未存档" in words(paper)
    with pytest.raises(DatabaseReadOnly):
        make_selfcheck(founded, people.clerk, thorough=False, outside=outside)
    founded.close()


def test_that_the_report_says_what_was_found_and_what_to_do(founded, people, make):  # B2.5 B5.4
    number = make(people.clerk, thorough=False)
    paper = selfcheck_sheet(founded, people.clerk, number)
    said = words(paper)
    for part in (
        "停付测试有限公司",
        "自诊断报告",
        number,
        "快速检查",
        "陈经办",
        "2026-03-0210:00",
        "财务一号机",
        "SQLAlchemy",
        "数据库完整性",
        "还没有备份。",
        "立即备份",
        "财务主管：",
    ):
        assert "".join(part.split()) in said, part


def test_that_the_text_for_whoever_helps_has_each_check_on_a_line(founded, people, make):  # B3.2
    line = selfcheck_of(founded, people.clerk, make(people.clerk, thorough=False))
    said = as_text(line).splitlines()
    assert "【数据库】" in said
    assert any(one.startswith("异常  数据备份：还没有备份。  → ") for one in said)
