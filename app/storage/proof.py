"""Proving a backup by restoring it aside."""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, text

from app.storage.archive import BackupDamaged, Manifest, read_manifest, unpack
from app.storage.copying import count_rows
from app.storage.engine import connect, parse_url
from app.storage.errors import DatabaseDamaged, DatabaseNewer, spoken
from app.storage.files import driver_spoken, read_only
from app.storage.schema import OURS, Schema

# Given the restored database: what is wrong with its contents, or None.
Check = Callable[[Engine], str | None]
TRAIL: Final = "audit_entry"


@dataclass(frozen=True, slots=True)
class BackupProof:
    """What restoring the backup aside showed. entries: length of its audit trail."""

    ok: bool
    entries: int
    detail: str


def verify_backup(path: Path, check: Check | None = None, schema: Schema = OURS) -> BackupProof:
    """Restore the backup aside and look at everything in it.

    Raises NotABackup where the file is something else, and DatabaseNewer.
    """
    try:
        with (
            spoken(),
            driver_spoken(),
            tempfile.TemporaryDirectory(prefix="tfbak-") as folder,
        ):
            data = Path(folder, "data.sqlite3")
            manifest = take_out(path, data, schema)
            fault = faults(data, manifest) or _migrated_fault(data, check, schema)
    except (BackupDamaged, DatabaseDamaged) as damage:
        return BackupProof(False, 0, damage.message)
    entries = manifest.rows.get(TRAIL, 0)
    if fault is not None:
        return BackupProof(False, entries, fault)
    total = sum(manifest.rows.values())
    return BackupProof(
        True, entries, f"已在临时库中恢复并核对：{total} 行数据、{entries} 条操作日志，完整无误。"
    )


def take_out(path: Path, data: Path, schema: Schema = OURS) -> Manifest:
    """The data of a backup as a file. Raises NotABackup, BackupDamaged or DatabaseNewer."""
    if read_manifest(path).revision not in schema.revisions:
        raise DatabaseNewer(f"该备份由更新版本的程序生成，本程序不能恢复：{path}")
    return unpack(path, data)


def faults(data: Path, manifest: Manifest) -> str | None:
    """What is wrong with the data as it was taken out, before anything is migrated."""
    with closing(sqlite3.connect(data)) as raw:
        if raw.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            return "备份中的数据库文件已损坏。"
        broken = raw.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            return f"备份中的数据引用不完整：{broken[0]} → {broken[2]}。"
    engine = read_only(data)
    try:
        with engine.connect() as connection:
            return _count_fault(connection, manifest) or _trail_fault(connection, manifest)
    finally:
        engine.dispose()


def _count_fault(connection: Connection, manifest: Manifest) -> str | None:
    counts = count_rows(connection)
    for table in sorted(counts.keys() | manifest.rows.keys()):
        is_, said = counts.get(table, 0), manifest.rows.get(table, 0)
        if is_ != said:
            return f"备份中 {table} 有 {is_} 行，备份说明为 {said} 行。"
    return None


def _trail_fault(connection: Connection, manifest: Manifest) -> str | None:
    head = connection.execute(text("SELECT seq, hash FROM audit_head")).one_or_none()
    if (
        (head.seq, head.hash) != (manifest.audit_seq, manifest.audit_hash)
        if head
        else (manifest.audit_seq != 0)
    ):
        return "备份中操作日志的末尾与备份说明不符。"
    return None


def _migrated_fault(data: Path, check: Check | None, schema: Schema) -> str | None:
    migrate_file(data, schema)
    if check is None:
        return None
    engine = connect(parse_url(str(data)))
    try:
        return check(engine)
    finally:
        engine.dispose()


def migrate_file(data: Path, schema: Schema = OURS) -> None:
    """Bring what was taken out to the newest schema."""
    from app.storage.migrate import migrate

    engine = connect(parse_url(str(data)))
    try:
        migrate(engine, schema=schema)
    finally:
        engine.dispose()
