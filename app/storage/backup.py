"""Making a backup of either kind of database as one file that both can be restored from."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Connection, Engine, inspect, text

from app.core.clock import iso
from app.core.version import VERSION
from app.storage.archive import (
    FORMAT,
    BackupCancelled,
    BackupExists,
    BackupUnwritable,
    Cancelled,
    Manifest,
    Progress,
    disk_spoken,
    pack,
)
from app.storage.copying import copy_rows, count_rows
from app.storage.engine import connect, parse_url
from app.storage.errors import DatabaseDamaged, spoken
from app.storage.files import driver_spoken, read_only, sync_folder
from app.storage.schema import OURS, Schema, revision_of
from app.storage.work import Database

_PAGES: Final = 2_000


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """A finished backup. bytes: size of the file; entries: length of the audit trail."""

    path: Path
    bytes: int
    entries: int
    revision: str
    manifest: Manifest


class _Meter:
    """Adds up what is done and ends the work when the user wants to leave."""

    def __init__(self, progress: Progress | None, cancelled: Cancelled | None) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self._done = self._total = 0

    def expect(self, more: int) -> None:
        self._total += more

    def step(self, done: int) -> None:
        if self._cancelled is not None and self._cancelled():
            raise BackupCancelled("备份已取消。")
        self._done += done
        if self._progress is not None:
            self._progress(self._done, max(self._total, self._done))


def create_backup(
    db: Database,
    dest: Path,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    *,
    replace: bool = False,
    schema: Schema = OURS,
) -> BackupInfo:
    """A backup of one moment of the database at `dest`; others go on working meanwhile.

    progress hears (done, total) in units of its own. Raises BackupExists, BackupUnwritable,
    BackupCancelled or DiskFull; then nothing is left behind.
    """
    if dest.exists() and not replace:
        raise BackupExists(f"文件已存在：{dest}")
    if not dest.parent.is_dir():
        raise BackupUnwritable(f"文件夹不存在：{dest.parent}")
    meter = _Meter(progress, cancelled)
    with spoken(), driver_spoken(), disk_spoken(dest), _scratch(dest.parent) as folder:
        data = folder / "data.sqlite3"
        snapshot(db.engine, data, meter, schema)
        meter.expect(data.stat().st_size)
        with _appears_whole(dest, folder) as file:
            manifest = pack(data, partial(_describe, db, data), file, meter.step)
    return BackupInfo(
        dest, dest.stat().st_size, manifest.rows.get("audit_entry", 0), manifest.revision, manifest
    )


def snapshot(engine: Engine, data: Path, meter: _Meter, schema: Schema = OURS) -> None:
    """The database of one moment as one SQLite file."""
    if engine.dialect.name == "sqlite":
        _copy_pages(engine, data, meter)
    else:
        _copy_server(engine, data, meter, schema)
    # One file, without a log beside it.
    with closing(sqlite3.connect(data)) as made:
        made.execute("PRAGMA journal_mode=DELETE")
        fault = made.execute("PRAGMA quick_check(1)").fetchone()[0]
    if fault != "ok":
        raise DatabaseDamaged("数据库文件已损坏，备份未完成。")


def _copy_pages(engine: Engine, data: Path, meter: _Meter) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(data)) as target:
        # An open read pins the moment: without it each write elsewhere begins the copy anew.
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        target.execute("PRAGMA synchronous=OFF")
        source = connection.connection.driver_connection
        assert source is not None
        copied = 0

        def report(_status: int, remaining: int, total: int) -> None:
            nonlocal copied
            if not copied:
                meter.expect(total)
            meter.step(total - remaining - copied)
            copied = total - remaining

        source.backup(target, pages=_PAGES, progress=report)


def _copy_server(engine: Engine, data: Path, meter: _Meter, schema: Schema) -> None:
    from app.storage.migrate import migrate, writer

    frozen = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    made = connect(parse_url(str(data)))
    try:
        with frozen.connect() as source:
            migrate(made, revision_of(source), schema)
            meter.expect(sum(count_rows(source).values()))
            with writer(made) as target:
                copy_rows(source, target, meter.step)
                target.commit()
    finally:
        made.dispose()


def _describe(db: Database, data: Path, sha256: str, size: int) -> Manifest:
    engine = read_only(data)
    try:
        with engine.connect() as connection:
            seq, head = _audit_head(connection)
            return Manifest(
                format=FORMAT,
                program_version=VERSION,
                revision=revision_of(connection),
                created_at=iso(db.clock.now()),
                company=_company(connection),
                dialect=db.dialect,
                rows=count_rows(connection),
                audit_seq=seq,
                audit_hash=head,
                sha256=sha256,
                bytes=size,
            )
    finally:
        engine.dispose()


def _audit_head(connection: Connection) -> tuple[int, str]:
    row = connection.execute(text("SELECT seq, hash FROM audit_head")).one_or_none()
    return (0, "") if row is None else (row.seq, row.hash)


def _company(connection: Connection) -> str:
    if not inspect(connection).has_table("company"):
        return ""
    return connection.scalar(text("SELECT name FROM company")) or ""


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder on the same disk as the backup, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".tfbak-", dir=folder) as name:
        yield Path(name)


@contextmanager
def _appears_whole(dest: Path, folder: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name only when all of it is on the disk."""
    part = folder / "part"
    with part.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    part.replace(dest)
    sync_folder(dest.parent)
