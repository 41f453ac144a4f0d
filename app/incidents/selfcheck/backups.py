"""备份: how old the newest one of this database is, and whether it can be restored."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.access.keeping import trail_fault
from app.audit.model import AuditEntry
from app.audit.queries import AuditFilter, entries
from app.core.clock import local_text
from app.core.errors import Refused
from app.incidents.selfcheck.checks import Asked, Found, Group, Step, bad, good, hint, none
from app.storage.archive import SUFFIX, Manifest, read_manifest
from app.storage.proof import verify_backup
from app.storage.schema import OURS
from app.storage.work import ReadWork

AGE: Final = timedelta(days=7)
# So many files are opened in search of one of this database.
_LOOKED_AT: Final = 20
_MAKE: Final = "请在“系统—备份”中立即备份，另存一份到其他设备。"
_AGAIN: Final = "这份备份不能用于恢复。请立即重新备份并验证，检查存放备份的磁盘；旧备份请勿删除。"


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest backup in the folder. manifest: None where the file does not say of whom it is."""

    file: Path
    at: datetime
    manifest: Manifest | None
    fault: str


def _newest(work: ReadWork, folder: Path) -> _Newest | None:
    """The newest that is of this database, or does not say; others' lie in the same folder."""
    files = [(one.stat().st_mtime, one) for one in folder.glob(f"*{SUFFIX}") if one.is_file()]
    for stamp, file in sorted(files, reverse=True)[:_LOOKED_AT]:
        touched = datetime.fromtimestamp(stamp, UTC)
        try:
            manifest = read_manifest(file)
        except Refused as refusal:
            return _Newest(file, touched, None, refusal.message)
        if _is_ours(work, manifest):
            # A file that was copied looks younger than it is.
            made = datetime.fromisoformat(manifest.created_at)
            return _Newest(file, min(made, touched), manifest, "")
    return None


def _is_ours(work: ReadWork, manifest: Manifest) -> bool:
    kept = work.session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == manifest.audit_seq))
    return manifest.audit_seq == 0 or kept == manifest.audit_hash


def _told(work: ReadWork) -> tuple[str, datetime] | None:
    """File name and time of the last backup that the trail tells of."""
    rows = entries(work, AuditFilter(act="backup.created"), limit=1)
    return (str(rows[0].after.get("file", "")), rows[0].at) if rows else None


def _age(asked: Asked) -> Found:
    folder = asked.outside.backups
    with asked.db.read() as work:
        newest, told, now, zone = _newest(work, folder), _told(work), work.now, work.tz
    elsewhere = told is not None and not (folder / told[0]).is_file()
    if told is not None and elsewhere and (newest is None or told[1] > newest.at):
        at, where = told[1], f"{told[0]}，不在备份文件夹 {folder}"
    elif newest is not None:
        at, where = newest.at, newest.file.name
    else:
        return bad("还没有备份。", _MAKE)
    age = max(timedelta(0), now - at)
    said = f"最近的备份距今 {age.days} 天（{local_text(at, zone)}，{where}）。"
    return bad(said, _MAKE) if age > AGE else good(said)


def _restore(asked: Asked) -> Found:
    folder = asked.outside.backups
    with asked.db.read() as work:
        newest, told = _newest(work, folder), _told(work)
    if newest is None:
        if told is None:
            return none("还没有备份。")
        cure = "请在“系统—备份”中点“验证备份文件…”，选择该文件。"
        return hint(f"最近的备份 {told[0]} 不在备份文件夹 {folder}，没有验证。", cure)
    if newest.manifest is None:
        return bad(f"{newest.file.name}：{newest.fault}", _AGAIN)
    if newest.manifest.revision not in OURS.revisions:
        cure = "请在本机安装与其他电脑相同的程序版本，再验证备份。"
        return bad(f"{newest.file.name} 由更新版本的程序生成，本程序不能恢复。", cure)
    if not asked.thorough:
        rows = sum(newest.manifest.rows.values())
        return good(f"{newest.file.name} 的说明可以读取，共 {rows} 行；全面检查时才恢复验证。")
    proof = verify_backup(newest.file, trail_fault)
    said = f"{newest.file.name}：{proof.detail}"
    return good(said) if proof.ok else bad(said, _AGAIN)


STEPS: Final[tuple[Step, ...]] = (
    Step(
        "backup",
        "数据备份",
        Group.BACKUPS,
        "检查最近一次备份是什么时候做的；数据损坏时只能恢复到那时。",
        _age,
    ),
    Step(
        "backup_restore",
        "备份恢复验证",
        Group.BACKUPS,
        "检查最近的备份能不能真正恢复；全面检查时在临时文件夹恢复一遍并核对。",
        _restore,
    ),
)
