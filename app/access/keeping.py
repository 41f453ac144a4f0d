"""Backups and files of the trail, made by somebody who may, and kept in the trail itself."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.audit.anchor import verify_here
from app.audit.export import export
from app.audit.trail import Event
from app.audit.verify import Verdict, verify
from app.storage.backup import BackupInfo, create_backup
from app.storage.proof import BackupProof, verify_backup
from app.storage.work import Database

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def make_backup(
    db: Database,
    actor: Actor,
    dest: Path,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BackupInfo:
    """A backup file of the whole database. Raises Denied and what create_backup raises.

    The trail tells first that it was begun and then that it is there: neither a file without a
    trace nor a trace of a file that never was.
    """
    with acting(db, actor, Right.BACKUP_MAKE) as act:
        act.done(Event("backup.begun", "backup:file", after={"file": dest.name}))
    made = create_backup(db, dest, progress, cancelled, replace=True)
    told = {"file": dest.name, "bytes": made.bytes, "entries": made.entries}
    with acting(db, actor, Right.BACKUP_MAKE) as act:
        act.done(Event("backup.created", "backup:file", after=told))
    return made


def prove_backup(db: Database, actor: Actor, path: Path) -> BackupProof:
    """What restoring the backup aside showed, its trail included. Raises Denied, NotABackup."""
    with reading(db, actor, Right.BACKUP_MAKE):
        pass
    return verify_backup(path, trail_fault)


def export_trail(
    db: Database,
    actor: Actor,
    dest: Path,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """The trail as a file that can be verified alone; returns its number of entries."""
    with acting(db, actor, Right.AUDIT_VIEW) as act:
        act.done(Event("audit.export_begun", "audit:trail", after={"file": dest.name}))
    count = export(db, dest, progress, cancelled)
    with acting(db, actor, Right.AUDIT_VIEW) as act:
        told = {"file": dest.name, "entries": count}
        act.done(Event("audit.exported", "audit:trail", after=told))
    return count


def verify_trail(
    db: Database, actor: Actor, anchors: Path, progress: Progress | None = None
) -> Verdict:
    """Whether the trail is whole, unchanged, and as this machine saw it before. Raises Denied.

    anchors: the folder in which the ends of trails that were verified here are kept.
    """
    with reading(db, actor, Right.AUDIT_VERIFY):
        pass
    verdict = verify_here(db, anchors, progress=progress)
    broken = verdict.first_broken
    found = {"ok": verdict.ok, "entries": verdict.entries}
    with acting(db, actor, Right.AUDIT_VERIFY) as act:
        act.done(
            Event("audit.verified", "audit:trail", after=found, reason=broken.why if broken else "")
        )
    return verdict


def trail_fault(engine: Engine) -> str | None:
    """What is wrong with the trail of a restored backup; None when it is whole."""
    broken = verify(engine).first_broken
    return None if broken is None else f"操作日志第 {broken.entry} 条：{broken.why}"
