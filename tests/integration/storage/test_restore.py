"""Restoring gives every row back, on either kind of database, or changes nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.audit.trail import GENESIS
from app.storage.archive import BackupDamaged
from app.storage.backup import create_backup
from app.storage.errors import DatabaseBusy
from app.storage.health import probes
from app.storage.migrate import migrate
from app.storage.restore import TargetNotEmpty, restore_backup
from app.storage.schema import HEAD, SchemaState, state
from app.storage.upgrade import NotOurs, open_database


@pytest.fixture
def backup(founded, people, make_payment, tmp_path):
    for _ in range(3):
        make_payment()
    return create_backup(founded, tmp_path / "一月.tfbak").path


@pytest.fixture(params=["sqlite", "postgresql"])
def target_url(request, tmp_path):
    """An empty database of either kind, whatever the backup was made from."""
    if request.param == "sqlite":
        yield str(tmp_path / "恢复.sqlite3")
        return
    server = request.getfixturevalue("postgres_server")
    url = server.fresh(tmp_path, migrated=False)
    yield url
    server.give_back(url)


def test_every_row_comes_back_on_either_kind(  # F1.4
    backup, founded, target_url, open_url, contents, clock
):
    info = restore_backup(backup, target_url, clock=clock)
    assert (info.revision, info.migrated, info.kept_aside) == (HEAD, False, None)
    restored = open_url(target_url)
    assert contents(restored.engine) == contents(founded.engine)
    assert state(restored.engine) is SchemaState.CURRENT


def test_the_guards_stand_in_the_restored_database(backup, target_url, open_url):  # C4.5
    restore_backup(backup, target_url)
    engine = open_url(target_url).engine
    with pytest.raises(DatabaseError, match="DELETE is refused"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry"))


def test_work_goes_on_in_the_restored_database(backup, target_url, open_url, clock):  # F1.4
    from app.access.model import SavedFilter, User
    from tests.support.rows import save

    restore_backup(backup, target_url)
    db = open_url(target_url)
    with db.read() as work:
        highest = work.session.scalar(text("SELECT max(id) FROM app_user"))
        length = work.session.scalar(text("SELECT seq FROM audit_head"))
    fresh = save(
        db,
        "user:late",
        User(
            username="late", name="后来", password_hash="x", old_hashes=[], created_at=clock.now()
        ),
    )
    # Ids are given on behind those that came back, also in a table that was empty.
    assert fresh.id == highest + 1
    kept = save(db, "f:1", SavedFilter(user_id=fresh.id, list_name="payments", name="我", data={}))
    assert kept.id == 1
    with db.read() as work:
        assert work.session.scalar(text("SELECT seq FROM audit_head")) == length + 2
        previous = work.session.scalar(text("SELECT previous FROM audit_entry WHERE seq = 1"))
    assert previous == GENESIS


def test_a_database_with_data_is_kept_unless_told(  # F1.4
    backup, founded, any_database_url, contents
):
    before = contents(founded.engine)
    with pytest.raises(TargetNotEmpty, match="已有数据"):
        restore_backup(backup, any_database_url)
    assert contents(founded.engine) == before


def test_a_database_without_rows_takes_a_backup(  # F1.4
    backup, new_database_url, open_url, contents, founded
):
    url = new_database_url(migrated=True)
    restore_backup(backup, url)
    assert contents(open_url(url).engine) == contents(founded.engine)


def test_replacing_gives_exactly_the_backup(  # F1.4
    backup, founded, any_database_url, make_payment, contents, clock
):
    at_backup = contents(founded.engine)
    make_payment()
    at_replacing = contents(founded.engine)
    founded.close()
    info = restore_backup(backup, any_database_url, replace=True, clock=clock)
    assert contents(founded.engine) == at_backup
    if founded.dialect == "sqlite":
        assert info.kept_aside is not None
        assert info.kept_aside.name == "tingfu.sqlite3.before-restore-20260302T020000000000Z"
        kept = open_database(str(info.kept_aside), clock)
        assert contents(kept.engine) == at_replacing
        kept.close()


def test_a_damaged_backup_replaces_nothing(  # F1.4
    backup, founded, any_database_url, contents, tmp_path
):
    backup.write_bytes(backup.read_bytes()[:-300])
    before = contents(founded.engine)
    founded.close()
    with pytest.raises(BackupDamaged, match=r"一月\.tfbak"):
        restore_backup(backup, any_database_url, replace=True)
    assert contents(founded.engine) == before


def test_a_restore_that_fails_halfway_changes_nothing(  # F1.4
    backup, founded, any_database_url, contents, failing_schema
):
    before = contents(founded.engine)
    founded.close()
    with pytest.raises(Exception, match="no_such_column"):
        restore_backup(backup, any_database_url, replace=True, schema=failing_schema)
    assert contents(founded.engine) == before
    if founded.dialect == "sqlite":
        folder = Path(founded.engine.url.database).parent
        assert not [
            path for path in folder.iterdir() if "before" in path.name or ".tfbak" in path.name
        ]


def test_an_older_backup_is_migrated_after_the_restore(  # F1.2 F1.4
    backup, target_url, open_url, newer_schema
):
    schema = newer_schema()
    info = restore_backup(backup, target_url, schema=schema)
    assert (info.revision, info.migrated) == (schema.head, True)
    engine = open_url(target_url).engine
    assert state(engine, schema) is SchemaState.CURRENT
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM app_user WHERE desk = username")) == 7


def test_the_database_of_another_program_is_never_replaced(backup, target_url, open_url):  # F1.4
    engine = open_url(target_url).engine
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE cookies (host text)")
        connection.exec_driver_sql("INSERT INTO cookies VALUES ('a')")
    engine.dispose()
    with pytest.raises(NotOurs):
        restore_backup(backup, target_url, replace=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT host FROM cookies")) == "a"


def test_a_file_that_another_desk_has_open_is_not_exchanged(  # F1.4
    backup, sqlite_files, tmp_path, open_url
):
    folder = tmp_path / "used"
    folder.mkdir()
    url = sqlite_files.fresh(folder, migrated=True)
    desk = open_url(url)
    with desk.read() as work:
        assert work.session.scalar(text("SELECT count(*) FROM app_user")) == 0
        with pytest.raises(DatabaseBusy):
            restore_backup(backup, url, replace=True)
    assert sorted(path.name for path in folder.iterdir() if "before" in path.name) == []


def test_a_damaged_file_is_kept_aside_and_replaced(backup, tmp_path, clock, open_url):  # F1.4
    target = tmp_path / "damaged.sqlite3"
    target.write_bytes(b"not a database any more" * 400)
    info = restore_backup(backup, str(target), replace=True, clock=clock)
    assert info.kept_aside is not None
    assert info.kept_aside.read_bytes().startswith(b"not a database")
    assert all(probe.ok for probe in probes(open_url(str(target))) if probe.name != "disk")


def test_a_log_left_beside_a_lost_file_is_not_played_into_the_restored_one(  # F1.4
    backup, tmp_path, open_url, founded, contents
):
    target = tmp_path / "lost.sqlite3"
    with closing(sqlite3.connect(target)) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("CREATE TABLE lost (x)")
        old.execute("INSERT INTO lost VALUES (1)")
        old.commit()
        log = Path(f"{target}-wal").read_bytes()
    target.unlink()
    Path(f"{target}-wal").write_bytes(log)
    restore_backup(backup, str(target))
    assert contents(open_url(str(target)).engine) == contents(founded.engine)


def test_restoring_twice_leaves_one_set_of_guards(  # C4.5
    backup, target_url, open_url
):
    restore_backup(backup, target_url)
    restore_backup(backup, target_url, replace=True)
    migrate(open_url(target_url).engine)
    assert state(open_url(target_url).engine) is SchemaState.CURRENT
