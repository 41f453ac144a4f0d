"""Whatever goes wrong with the database is said in words, and changes nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from app.storage.engine import connect, parse_url
from app.storage.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DiskFull,
    NoDatabase,
)
from app.storage.health import integrity, probes
from app.storage.model import NumberSeries
from app.storage.upgrade import open_database
from app.storage.work import Database
from tests.support.rows import save

PAGE = 4096


def series(name="S"):
    return NumberSeries(name=name, last=1)


def write(db, end):
    """Changes a row, then ends as told."""
    with db.write() as uow:
        uow.session.add(series())
        uow.session.flush()
        end(uow)


@pytest.fixture
def sqlite_url(sqlite_files, tmp_path):
    """A migrated SQLite file: for what only a file can suffer."""
    return sqlite_files.fresh(tmp_path, migrated=True)


@pytest.fixture
def file_db(sqlite_url, open_url):
    return open_url(sqlite_url)


def test_a_desk_that_waits_too_long_for_the_other_is_told(  # B2.4
    founded, any_database_url, clock, contents
):
    before = contents(founded.engine)
    hurried = Database(connect(parse_url(any_database_url), busy_seconds=0.01), clock, "二号机")
    try:
        with founded.write(), pytest.raises(DatabaseBusy) as refused:
            save(hurried, "series:1", series())
        assert "未作任何改动" in refused.value.hint
        assert contents(founded.engine) == before
        save(hurried, "series:1", series())
    finally:
        hurried.close()


def test_reading_goes_on_while_another_desk_writes(founded, any_database_url, open_url):  # B2.4
    other = open_url(any_database_url, "二号机")
    with founded.write() as uow:
        uow.session.add(series())
        uow.session.flush()
        with other.read() as work:
            assert work.session.get(NumberSeries, "S") is None


def test_an_act_that_ends_early_leaves_nothing(founded, contents):  # B2.4
    before = contents(founded.engine)
    with pytest.raises(ZeroDivisionError):
        write(founded, lambda _: 1 / 0)
    assert contents(founded.engine) == before


def test_a_change_without_a_trail_cannot_be_committed(founded, contents):  # C4.5
    before = contents(founded.engine)
    with pytest.raises(RuntimeError, match="without an audit entry"):
        write(founded, lambda uow: uow.commit())
    assert contents(founded.engine) == before


def test_a_full_disk_is_told_and_changes_nothing(file_db, contents):  # B2.4
    before = contents(file_db.engine)
    file_db.close()
    # SQLite itself reports "database or disk is full" when it may not grow the file.
    with file_db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull, match="空间已满"):
        save(file_db, "series:many", *[series(f"S{number:037d}") for number in range(2_000)])
    assert contents(file_db.engine) == before
    assert integrity(file_db, thorough=True).ok


def test_a_full_server_disk_is_told(postgres_server, request, tmp_path, open_url):  # B2.4
    url = postgres_server.fresh(tmp_path, migrated=True)
    request.addfinalizer(lambda: postgres_server.give_back(url))
    # What the server says when a write finds no room.
    full = text("DO $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END$$")
    with pytest.raises(DiskFull, match="空间已满"), open_url(url).read() as work:
        work.session.execute(full)


def damage(path, needle):
    """Overwrite the middle of the page that holds the text, as a failing disk does."""
    content = bytearray(Path(path).read_bytes())
    page = content.index(needle.encode()) // PAGE
    assert page > 0
    content[page * PAGE : page * PAGE + PAGE // 2] = b"\xa5" * (PAGE // 2)
    Path(path).write_bytes(content)


def test_a_damaged_page_is_told_when_it_is_read(file_db, sqlite_url):  # B2.4
    save(file_db, "series:1", series("S-needle-in-the-page"))
    file_db.close()
    damage(sqlite_url, "S-needle-in-the-page")
    with pytest.raises(DatabaseDamaged, match="损坏") as refused, file_db.read() as work:
        work.session.execute(text("SELECT * FROM number_series NOT INDEXED")).all()
    assert "恢复" in refused.value.hint
    probe = integrity(file_db)
    assert not probe.ok
    assert "损坏" in probe.detail


@pytest.mark.parametrize("content", [b"\x89PNG\r\n" + b"x" * 8000, b"hello", b"PK\x03\x04" * 2000])
def test_a_file_that_is_no_database_is_refused_untouched(tmp_path, content):  # B2.4
    path = tmp_path / "holiday.png"
    path.write_bytes(content)
    with pytest.raises(DatabaseDamaged, match="不是停付管家的数据库"):
        open_database(str(path), create=True)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["holiday.png"]


def test_a_missing_folder_is_named(tmp_path):  # B2.4
    path = tmp_path / "没有" / "a.sqlite3"
    with pytest.raises(DatabaseUnreachable, match="没有"):
        open_database(str(path), create=True)


def test_a_folder_instead_of_a_file_is_named(tmp_path):  # B2.4
    with pytest.raises(DatabaseUnreachable, match="是文件夹"):
        open_database(str(tmp_path), create=True)


def test_a_missing_file_is_not_made_by_looking(tmp_path):
    path = tmp_path / "a.sqlite3"
    with pytest.raises(NoDatabase, match=r"a\.sqlite3"):
        open_database(str(path))
    assert not path.exists()


def test_a_read_only_file_is_refused_at_the_start(sqlite_url, monkeypatch):  # B2.4
    # The tests may run as root, whom no permission stops: so the system's answer is given.
    import os

    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    with pytest.raises(DatabaseReadOnly, match="只读"):
        open_database(sqlite_url)


def test_a_database_that_became_read_only_is_told(founded, contents):  # B2.4
    before = contents(founded.engine)
    setting = {
        "sqlite": "PRAGMA query_only=ON",
        "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    }[founded.dialect]
    with founded.engine.connect() as connection:
        connection.exec_driver_sql(setting)
        connection.commit()
    with pytest.raises(DatabaseReadOnly, match="只读"):
        save(founded, "series:1", series())
    founded.close()
    assert contents(founded.engine) == before


def test_a_server_that_does_not_answer_is_told(tmp_path):  # B2.4
    url = f"postgresql://clerk:secret-word@/tingfu?host={tmp_path}"
    with pytest.raises(DatabaseUnreachable) as refused:
        open_database(url)
    assert "secret-word" not in refused.value.message


def test_a_connection_that_the_server_cut_is_replaced(  # B2.4
    postgres_server, request, tmp_path, open_url
):
    url = postgres_server.fresh(tmp_path, migrated=True)
    request.addfinalizer(lambda: postgres_server.give_back(url))
    db = open_url(url)
    with db.read() as work:
        server = work.session.scalar(text("SELECT pg_backend_pid()"))
    with open_url(url).read() as other:
        other.session.execute(text(f"SELECT pg_terminate_backend({server}, 5000)"))
    with db.read() as work:
        assert work.session.scalar(text("SELECT count(*) FROM app_user")) == 0


def test_damage_never_stops_the_other_probes(file_db, sqlite_url):  # B2.4
    file_db.close()
    with closing(sqlite3.connect(sqlite_url)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    Path(sqlite_url).write_bytes(b"x" * PAGE)
    found = {probe.name: probe for probe in probes(file_db)}
    assert list(found) == [
        "integrity",
        "references",
        "schema",
        "upgrade",
        "disk",
        "clock",
        "settings",
    ]
    assert not found["integrity"].ok
    assert found["integrity"].cure
    assert found["disk"].detail
