"""Opening: newer is refused, older is backed up and then migrated, all or nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from app.storage.archive import read_manifest
from app.storage.errors import DatabaseNewer, NoDatabase
from app.storage.health import unfinished_upgrade
from app.storage.migrate import migrate, run_down, writer
from app.storage.proof import verify_backup
from app.storage.schema import HEAD, OURS, SchemaState, state
from app.storage.upgrade import NotOurs, UpgradeFailed, open_database


@pytest.fixture
def opened(clock, tmp_path):
    """Opens an address as the program does; closed after the test."""
    open_ones = []

    def open_one(url, **options):
        options.setdefault("backup_dir", tmp_path / "backups")
        open_ones.append(open_database(url, clock, "财务一号机", **options))
        return open_ones[-1]

    yield open_one
    for each in open_ones:
        each.close()


def backups(tmp_path):
    return sorted((tmp_path / "backups").glob("*")) if (tmp_path / "backups").exists() else []


def test_a_current_database_is_opened_without_a_backup(opened, any_database_url, tmp_path):
    db = opened(any_database_url)
    assert state(db.engine) is SchemaState.CURRENT
    assert backups(tmp_path) == []


def test_nothing_is_made_where_no_database_is(opened, empty_database_url, open_url, backend):
    with pytest.raises(NoDatabase):
        opened(empty_database_url)
    if backend == "postgresql":
        assert inspect(open_url(empty_database_url).engine).get_table_names() == []


def test_an_older_database_is_backed_up_and_then_migrated(  # F1.2
    opened, founded, people, any_database_url, newer_schema, tmp_path
):
    schema = newer_schema()
    db = opened(any_database_url, schema=schema)
    assert state(db.engine, schema) is SchemaState.CURRENT
    with db.engine.connect() as connection:
        desks = connection.execute(text("SELECT username, desk FROM app_user")).all()
        log = connection.execute(text("SELECT * FROM upgrade_log")).mappings().one()
    assert len(desks) == 7
    assert all(desk == username for username, desk in desks)
    (backup,) = backups(tmp_path)
    assert (log["from_revision"], log["to_revision"]) == (HEAD, schema.head)
    assert log["backup_path"] == str(backup)
    assert log["finished_at"] is not None
    assert read_manifest(backup).revision == HEAD
    assert verify_backup(backup).ok


def test_the_guards_stand_after_a_migration_that_rebuilds_tables(  # C4.5
    opened, founded, any_database_url, newer_schema
):
    db = opened(any_database_url, schema=newer_schema())
    with pytest.raises(DatabaseError, match="DELETE"), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry"))


def test_a_failed_upgrade_leaves_the_database_as_it_was(  # F1.2
    opened, founded, people, any_database_url, failing_schema, contents, tmp_path
):
    before = contents(founded.engine)
    with pytest.raises(UpgradeFailed) as refused:
        opened(any_database_url, schema=failing_schema)
    (backup,) = backups(tmp_path)
    assert str(backup) in refused.value.message
    assert contents(founded.engine) == before
    assert verify_backup(backup).ok


def test_an_interrupted_upgrade_is_seen_and_taken_up_again(  # F1.2
    opened, founded, any_database_url, newer_schema
):
    # As a power cut leaves it: the marker is durable, the migration was rolled back.
    with founded.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO upgrade_log (from_revision, to_revision, program_version,"
                " backup_path, started_at) VALUES ('0001', '0002', '9.9', '/backups/b.tfbak', 1)"
            )
        )
    seen = unfinished_upgrade(founded)
    assert not seen.ok
    assert "/backups/b.tfbak" in seen.detail
    db = opened(any_database_url, schema=newer_schema())
    assert unfinished_upgrade(db).ok


def test_a_newer_database_is_refused_and_untouched(  # F1.2
    opened, founded, any_database_url, newer_schema, contents
):
    migrate(founded.engine, schema=newer_schema())
    before = contents(founded.engine)
    with pytest.raises(DatabaseNewer, match="更新版本") as refused:
        opened(any_database_url, create=True)
    assert "安装新版本" in refused.value.hint
    assert contents(founded.engine) == before


def test_the_database_of_another_program_is_refused_and_untouched(  # F1.2
    opened, new_database_url, backend, open_url, contents
):
    url = new_database_url()
    if backend == "sqlite":
        with closing(sqlite3.connect(url)) as foreign:
            foreign.execute("CREATE TABLE cookies (host text)")
        before = bytes_of(url)
        with pytest.raises(NotOurs, match="不是停付管家"):
            opened(url, create=True)
        assert bytes_of(url) == before
        return
    engine = open_url(url).engine
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE cookies (host text)")
    with pytest.raises(NotOurs, match="不是停付管家"):
        opened(url, create=True)
    assert list(contents(engine)) == ["cookies"]


def bytes_of(path):
    return Path(path).read_bytes()


def test_two_desks_may_start_the_same_upgrade(  # F1.2
    opened, founded, any_database_url, newer_schema, monkeypatch
):
    from app.storage import upgrade

    schema = newer_schema()
    real = upgrade._note_start

    def other_desk_first(engine, *arguments):
        # The other desk finishes between our look and our lock.
        migrate(engine, schema=schema)
        real(engine, *arguments)

    monkeypatch.setattr(upgrade, "_note_start", other_desk_first)
    db = opened(any_database_url, schema=schema)
    assert state(db.engine, schema) is SchemaState.CURRENT
    assert unfinished_upgrade(db).ok


def test_up_and_down_keeps_the_rows(founded, people, newer_schema, contents):  # F1.2
    schema = newer_schema()
    before = contents(founded.engine)
    migrate(founded.engine, schema=schema)
    assert contents(founded.engine) != before
    with writer(founded.engine) as connection:
        run_down(connection, OURS.head, schema)
        connection.commit()
    after = contents(founded.engine)
    # The rebuilt table gives its columns in the same order and every row with the same values.
    assert after == before
