"""The backup file: a ZIP of data.sqlite3 and a manifest that says what must be in it."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import IO, Final

from app.core.errors import Refused
from app.storage.errors import DiskFull

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

SUFFIX: Final = ".tfbak"
FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_DATA: Final = "data.sqlite3"
_CHUNK: Final = 1 << 20
_ZIP_MAGIC: Final = b"PK\x03\x04"


class NotABackup(Refused):
    code = "BAK-001"
    remedy = "请选择扩展名为 .tfbak 的备份文件。"


class BackupDamaged(Refused):
    code = "BAK-002"
    remedy = "请改用另一份验证通过的备份；现有数据未作任何改动。"


class BackupExists(Refused):
    code = "BAK-003"
    remedy = "请换一个文件名，或确认后覆盖。"


class BackupUnwritable(Refused):
    code = "BAK-004"
    remedy = "请检查目标文件夹是否存在、是否可写。"


class BackupCancelled(Refused):
    code = "BAK-005"
    remedy = "可以随时重新开始；没有留下不完整的文件。"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. created_at: ISO 8601 in UTC; bytes: size of the data."""

    format: int
    program_version: str
    revision: str
    created_at: str
    company: str
    dialect: str
    rows: Mapping[str, int]
    audit_seq: int
    audit_hash: str
    sha256: str
    bytes: int


def pack(
    data: Path,
    manifest: Callable[[str, int], Manifest],
    target: IO[bytes],
    step: Callable[[int], None],
) -> Manifest:
    """Write data and manifest as one ZIP; `step` hears of each piece's bytes and may raise."""
    digest, size = hashlib.sha256(), 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with data.open("rb") as source, archive.open(_DATA, "w", force_zip64=True) as inside:
            while piece := source.read(_CHUNK):
                digest.update(piece)
                inside.write(piece)
                size += len(piece)
                step(len(piece))
        made = manifest(digest.hexdigest(), size)
        archive.writestr(_MANIFEST, json.dumps(asdict(made), ensure_ascii=False, indent=1))
    return made


def read_manifest(path: Path) -> Manifest:
    """What the backup says of itself. Raises NotABackup or BackupDamaged."""
    with _opened(path) as archive:
        return _manifest(archive, path)


def unpack(path: Path, target: Path) -> Manifest:
    """Write the data to `target`, proved against the manifest.

    Raises NotABackup, BackupDamaged, or DiskFull, which leaves no target behind.
    """
    try:
        with _opened(path) as archive, disk_spoken(target):
            manifest = _manifest(archive, path)
            digest = hashlib.sha256()
            with archive.open(_DATA) as inside, target.open("wb") as out:
                while piece := inside.read(_CHUNK):
                    digest.update(piece)
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    if digest.hexdigest() != manifest.sha256:
        target.unlink()
        raise BackupDamaged(f"备份文件已损坏（校验值不符）：{path}")
    return manifest


@contextmanager
def disk_spoken(target: Path) -> Iterator[None]:
    """Turns the system's errors while writing `target` into refusals."""
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT, EFBIG):
            raise DiskFull(f"磁盘空间已满，无法写入 {target}") from error
        raise BackupUnwritable(f"无法写入 {target}：{error.strerror}") from error


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    _refuse_other_types(path)
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BackupDamaged(f"备份文件已损坏或不完整：{path}") from error


def _refuse_other_types(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_ZIP_MAGIC))
    except OSError as error:
        raise NotABackup(f"无法读取备份文件 {path}：{error.strerror}") from error
    if magic != _ZIP_MAGIC:
        raise NotABackup(f"这不是停付管家的备份文件：{path}")


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    if not {_MANIFEST, _DATA} <= set(archive.namelist()):
        raise NotABackup(f"这不是停付管家的备份文件：{path}")
    try:
        manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
    except (ValueError, TypeError) as error:
        raise BackupDamaged(f"备份说明无法读取：{path}") from error
    if manifest.format > FORMAT:
        raise NotABackup(
            f"该备份由更新版本的程序（{manifest.program_version}）生成：{path}",
            "请先升级本机程序，再恢复这份备份。",
        )
    return manifest
