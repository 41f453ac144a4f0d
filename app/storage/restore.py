"""Restoring a backup into either kind of database."""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, MetaData, text
from sqlalchemy.engine import URL

from app.core.clock import Clock, SystemClock
from app.core.errors import Refused
from app.storage.archive import BackupDamaged, BackupUnwritable, Manifest, disk_spoken
from app.storage.copying import copy_rows
from app.storage.engine import connect, parse_url
from app.storage.errors import DatabaseDamaged, spoken
from app.storage.files import (
    SIDE_FILES,
    driver_spoken,
    read_only,
    shown,
    sqlite_path,
    sync_folder,
)
from app.storage.proof import TRAIL, faults, migrate_file, take_out
from app.storage.schema import OURS, Schema, SchemaState, state_of
from app.storage.upgrade import refuse_strangers


class TargetNotEmpty(Refused):
    code = "BAK-006"
    remedy = "请恢复到新的数据库；如确需替换，请先备份现有数据，再确认替换。"


@dataclass(frozen=True, slots=True)
class RestoreInfo:
    """What a restore did. kept_aside: where the replaced file lies, if there was one."""

    entries: int
    revision: str
    migrated: bool
    kept_aside: Path | None


def restore_backup(
    path: Path,
    url_text: str,
    *,
    replace: bool = False,
    clock: Clock | None = None,
    schema: Schema = OURS,
) -> RestoreInfo:
    """Put the backup into the database at the address, then bring it to the newest schema.

    A database that holds data is replaced only when told: a file is kept aside, a server's rows
    are exchanged in one transaction. Raises TargetNotEmpty, NotABackup, BackupDamaged,
    DatabaseNewer, DatabaseBusy and others; then the target is what it was.
    """
    url = parse_url(url_text)
    target = sqlite_path(url)
    now = (clock or SystemClock()).now()
    # On the target's disk, so that the restored file only needs a new name.
    place = Path(target).absolute().parent if target else None
    if place is not None and not place.is_dir():
        raise BackupUnwritable(f"目标文件夹不存在：{place}", "请检查目标数据库的路径。")
    with (
        spoken(),
        driver_spoken(),
        disk_spoken(Path(target or tempfile.gettempdir())),
        tempfile.TemporaryDirectory(prefix=".tfbak-", dir=place) as folder,
    ):
        data = Path(folder, "data.sqlite3")
        manifest = take_out(path, data, schema)
        fault = faults(data, manifest)
        if fault is not None:
            raise BackupDamaged(f"{fault}（{path}）")
        kept = None
        if target is not None:
            migrate_file(data, schema)
            kept = _exchange_file(data, Path(target).absolute(), url, now, replace, schema)
        else:
            _exchange_rows(data, url, manifest, replace, schema)
    return RestoreInfo(
        manifest.rows.get(TRAIL, 0), schema.head, manifest.revision != schema.head, kept
    )


def _exchange_file(
    data: Path, target: Path, url: URL, now: datetime, replace: bool, schema: Schema
) -> Path | None:
    kept = target.with_name(f"{target.name}.before-restore-{now:%Y%m%dT%H%M%S%f}Z")
    holds_data = target.exists() and target.stat().st_size > 0
    if holds_data:
        _look_at_file(target, url, replace, schema)
    # A log that was left behind would be played into the restored file.
    moved = [(Path(f"{target}{end}"), Path(f"{kept}{end}")) for end in ("", *SIDE_FILES)]
    moved = [(old, new) for old, new in moved if old.exists()]
    for old, new in moved:
        old.replace(new)
    try:
        data.replace(target)
    except OSError:
        for old, new in moved:
            new.replace(old)
        raise
    sync_folder(target.parent)
    return kept if holds_data else None


def _look_at_file(target: Path, url: URL, replace: bool, schema: Schema) -> None:
    """Raises unless the file may be replaced and nobody has it open."""
    try:
        engine = read_only(target)
        try:
            with spoken(), engine.connect() as connection:
                refuse_target(connection, url, replace, schema)
        finally:
            engine.dispose()
        with driver_spoken(), closing(sqlite3.connect(target, timeout=0)) as raw:
            # Only the last one who has it open may leave WAL; so its log is in the file, too.
            raw.execute("PRAGMA journal_mode=DELETE")
    except DatabaseDamaged:
        # The very reason to restore: it is kept aside as it is.
        if not replace:
            raise


def refuse_target(connection: Connection, url: URL, replace: bool, schema: Schema) -> SchemaState:
    """What the target holds. Raises where that must not be replaced."""
    found = state_of(connection, schema)
    refuse_strangers(found, url)
    if found is SchemaState.NEW or replace:
        return found
    if connection.scalar(text(f"SELECT count(*) FROM {TRAIL}")):
        raise TargetNotEmpty(f"目标数据库已有数据：{shown(url)}")
    return found


def _exchange_rows(data: Path, url: URL, manifest: Manifest, replace: bool, schema: Schema) -> None:
    from app.storage.migrate import run, writer

    source_engine, engine = read_only(data), connect(url)
    try:
        with source_engine.connect() as source, writer(engine) as target:
            target.begin()
            if refuse_target(target, url, replace, schema) is not SchemaState.NEW:
                _drop_all(target)
            # The guards come with the tables: they let rows in and nothing out.
            run(target, manifest.revision, schema)
            copy_rows(source, target)
            run(target, schema.head, schema)
            target.commit()
    finally:
        source_engine.dispose()
        engine.dispose()


def _drop_all(connection: Connection) -> None:
    """Take our tables and the guards' functions away, in the caller's transaction."""
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.drop_all(connection)
    names = connection.scalars(
        text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.proname LIKE 'guard\\_%' "
            "AND p.pronamespace = current_schema()::regnamespace"
        )
    )
    for name in names.all():
        connection.exec_driver_sql(f"DROP FUNCTION {name}")
