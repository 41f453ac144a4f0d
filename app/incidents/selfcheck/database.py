"""数据库: its structure, its trail, its files, and where it lies."""

from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Final

from sqlalchemy import text

from app.audit.anchor import verify_here
from app.incidents.selfcheck.checks import (
    Asked,
    Found,
    Group,
    Mount,
    SingleLook,
    Step,
    bad,
    good,
    hint,
)
from app.incidents.selfcheck.checks import none as not_asked
from app.incidents.selfcheck.files import stored_files
from app.storage import health
from app.storage.files import sqlite_path
from app.storage.health import Probe
from app.storage.work import Database

_MEGA: Final = 1024 * 1024
# Less than this is not worth anybody's evening.
_ROOM_BYTES: Final = 64 * _MEGA
_ROOM_SHARE: Final = 0.25
_REMOTE: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "ncpfs"}
    | {"fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.glusterfs", "glusterfs", "afs"}
)


def of_probe(probe: Callable[[Database], Probe]) -> SingleLook:
    """A probe of the storage as a look."""

    def look(asked: Asked) -> Found:
        seen = probe(asked.db)
        return good(seen.detail) if seen.ok else bad(seen.detail, seen.cure)

    return look


def _integrity(asked: Asked) -> Found:
    return of_probe(lambda db: health.integrity(db, thorough=asked.thorough))(asked)


def _trail(asked: Asked) -> Found:
    verdict = verify_here(asked.db, asked.outside.home, thorough=asked.thorough)
    if verdict.ok:
        return good(f"{verdict.entries} 条记录前后衔接，未被改动。{verdict.detail}")
    broken = verdict.first_broken
    where = f"第 {broken.entry} 条：{broken.why}" if broken else ""
    cure = "请立即停止使用，保留现场，通知内审，并与最近的备份比对。"
    return bad(f"操作日志被改动。{where}", cure)


def _place(asked: Asked) -> Found:
    """WAL needs memory that all who have the file open share: another machine shares none."""
    path = sqlite_path(asked.db.engine.url)
    if path is None:
        return not_asked("使用数据库服务器。")
    folder = Path(path).absolute().parent
    if is_remote(str(folder), asked):
        return bad(
            f"数据库在网络盘上：{folder}",
            "请退出全部电脑上的程序，备份后把数据库恢复到本机磁盘；"
            "多台电脑共用的，请改用 PostgreSQL 数据库服务器。",
        )
    return good(f"数据库在本机磁盘：{folder}")


def is_remote(folder: str, asked: Asked) -> bool:
    """Whether a folder lies on another machine's disk."""
    if folder.startswith(("\\\\", "//")):
        return True
    inside = [one for one in asked.outside.mounts() if _holds(one, folder)]
    nearest = max(inside, key=lambda one: len(one.folder), default=None)
    return nearest is not None and (nearest.remote or nearest.kind.lower() in _REMOTE)


def _holds(mount: Mount, folder: str) -> bool:
    return PurePath(folder).is_relative_to(mount.folder)


def _room(asked: Asked) -> Found:
    if asked.db.dialect != "sqlite":
        return not_asked("由数据库服务器自动整理。")
    with asked.db.read() as work:
        empty, pages, size = (
            int(work.session.scalar(text(f"PRAGMA {name}")) or 0)
            for name in ("freelist_count", "page_count", "page_size")
        )
    said = f"数据库 {pages * size // _MEGA} MB，其中空闲 {empty * size // _MEGA} MB。"
    if empty * size >= _ROOM_BYTES and empty >= pages * _ROOM_SHARE:
        cure = (
            "不影响使用，空闲部分会被新数据用掉。要缩小文件，请先备份，再由技术支持整理（VACUUM）。"
        )
        return hint(said, cure)
    return good(said)


STEPS: Final = (
    Step(
        "integrity",
        "数据库完整性",
        Group.DATABASE,
        "逐页检查数据库文件的结构有没有损坏，例如磁盘坏道、断电、误改文件造成的损坏。",
        _integrity,
    ),
    Step(
        "references",
        "数据引用",
        Group.DATABASE,
        "检查每条记录所引用的其他记录是否都在，例如付款所用的账户、单据的经办人。",
        of_probe(health.references),
    ),
    Step(
        "audit",
        "操作日志",
        Group.DATABASE,
        "逐条验证操作日志的校验值和先后衔接，发现被改动、删除或截断的记录。",
        _trail,
    ),
    Step(
        "files",
        "存档文件",
        Group.DATABASE,
        "检查函件、附件、回执等存档文件是否都在，内容与存入时的校验值是否一致。",
        stored_files,
    ),
    Step(
        "guards",
        "写保护",
        Group.DATABASE,
        "检查数据库自身的写保护是否齐全，没有它们，已存档的记录可能被人绕过程序改动。",
        of_probe(health.write_guards),
    ),
    Step(
        "schema",
        "数据库版本",
        Group.DATABASE,
        "检查数据库的结构版本与本程序是否一致，不一致时可能读错、写错数据。",
        of_probe(health.schema_version),
    ),
    Step(
        "upgrade",
        "升级状态",
        Group.DATABASE,
        "检查有没有做到一半就中断的升级。",
        of_probe(health.unfinished_upgrade),
    ),
    Step(
        "settings",
        "数据库安全设置",
        Group.DATABASE,
        "检查断电时仍能保住已保存数据的设置是否有效。",
        of_probe(health.safe_settings),
    ),
    Step(
        "place",
        "数据库位置",
        Group.DATABASE,
        "检查数据库文件是否放在本机磁盘，放在网络共享盘上可能损坏。",
        _place,
    ),
    Step(
        "room",
        "数据库整理",
        Group.DATABASE,
        "检查数据库文件中有多少空闲空间，空闲过多时可以整理。",
        _room,
    ),
)
