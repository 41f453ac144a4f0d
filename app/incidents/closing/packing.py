"""证据包: a ZIP of an approved report with everything that its index names; and its verification."""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.audit.model import AuditEntry
from app.audit.trail import Event
from app.audit.verify import verify
from app.core.errors import Refused
from app.documents.atomic import replacing
from app.incidents.closing.reporting import FORMAT, SEALED, find_report
from app.incidents.writing import find_incident
from app.storage.archive import Cancelled, Progress
from app.storage.kept import kept
from app.storage.work import Database, ReadWork

INDEX: Final = "索引.json"
READ_ME: Final = "说明.txt"
_CHUNK: Final = 1 << 20
_LARGEST_INDEX: Final = 64 * 1024 * 1024
_SAID: Final = """停付管家 证据包

处理报告.pdf 是停止付款事件处理报告；经过.csv、付款.csv 是其中的明细；“证据”文件夹是全部证据。
索引.json 写明每个文件的 SHA-256。批准报告时，索引的 SHA-256 写入了操作日志，任何改动都能查出。

验证（在装有停付管家的电脑上）：
  python3 dev.py run -- --db 数据库 audit verify --package 本文件.zip
不带 --db 时只核对文件与索引是否一致，不能证明索引本身没有被换过。
"""


class NotAPackage(Refused):
    code = "PKG-001"
    remedy = "请选择停付管家导出的证据包（.zip）。"


class PackageCancelled(Refused):
    code = "PKG-002"
    remedy = "可以随时重新导出；没有留下不完整的文件。"


@dataclass(frozen=True, slots=True)
class PackageVerdict:
    """What verifying showed. broken: name and reason; sealed: None where no database was asked.

    entry: the number of the trail's entry that holds the seal.
    """

    ok: bool
    incident: str
    edition: int
    files: int
    broken: tuple[tuple[str, str], ...]
    sealed: bool | None
    entry: int | None


def write_package(
    db: Database,
    actor: Actor,
    number: str,
    dest: Path,
    edition: int = 0,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Write the package of an approved edition (0: the newest); returns how many files it holds.

    It appears whole or not at all. Raises NotFound, ExportFailed, PackageCancelled, Denied.
    """
    with acting(db, actor, Right.INCIDENT_VIEW) as act:
        told = {"file": dest.name, "incident": number}
        act.done(Event("incident.package_begun", f"incident:{number}", after=told))
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        report = find_report(work, find_incident(work, number), edition)
        index = kept(work, report.index_hash)
        files = json.loads(index)["files"]
        with replacing(dest) as target, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr(READ_ME, _SAID)
            made.writestr(INDEX, index)
            for done, one in enumerate(files, start=1):
                if cancelled is not None and cancelled():
                    raise PackageCancelled("导出已取消。")
                made.writestr(one["path"], kept(work, one["sha256"]))
                # One file in memory at a time.
                work.session.expunge_all()
                if progress is not None:
                    progress(done, len(files))
    return len(files)


def verify_package(path: Path, db: Database | None = None) -> PackageVerdict:
    """Hold every file against the index, and the index against the trail of the database.

    Raises NotAPackage.
    """
    with _opened(path) as archive:
        index, told = _index_of(archive)
        broken = list(_faults(archive, told))
    entry, sealed = None, None
    if db is not None:
        with db.read() as work:
            entry = _seal(work, str(told["incident"]), hashlib.sha256(index).hexdigest())
        if entry is None:
            broken.append((INDEX, "操作日志中没有这份索引的封存记录，索引被换过，或不是这个账套的"))
        else:
            fault = verify(db).first_broken
            if fault is not None and fault.entry <= entry:
                broken.append((INDEX, f"操作日志第 {fault.entry} 条：{fault.why}"))
        sealed = entry is not None and not any(name == INDEX for name, _ in broken)
    return PackageVerdict(
        not broken,
        str(told["incident"]),
        int(told["edition"]),
        len(told["files"]),
        tuple(broken),
        sealed,
        entry,
    )


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise NotAPackage(f"“{path.name}”不是证据包，或已损坏。") from error


def _index_of(archive: zipfile.ZipFile) -> tuple[bytes, dict[str, Any]]:
    try:
        if archive.getinfo(INDEX).file_size > _LARGEST_INDEX:
            raise NotAPackage("证据包的索引过大。")
        index = archive.read(INDEX)
        told = json.loads(index)
        known = told["format"] == FORMAT and told["incident"] and told["edition"]
        for one in told["files"]:
            known = known and {"path", "sha256", "size"} <= one.keys()
    except (KeyError, TypeError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise NotAPackage("证据包没有可用的索引（索引.json）。") from error
    if not known:
        raise NotAPackage("证据包的索引不是本程序的格式。")
    return index, told


def _faults(archive: zipfile.ZipFile, told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    held = Counter(archive.namelist())
    wanted = {str(one["path"]): one for one in told["files"]}
    for name, count in held.items():
        if count > 1:
            yield name, "压缩包里有同名的文件"
        elif name not in wanted and name not in {INDEX, READ_ME}:
            yield name, "索引中没有这个文件，是后来加入的"
    for name, one in wanted.items():
        if name not in held:
            yield name, "文件缺失"
        elif archive.getinfo(name).file_size != one["size"]:
            yield name, "大小与索引不符，内容被改动"
        elif _hash(archive, name) != one["sha256"]:
            yield name, "内容被改动（SHA-256 与索引不符）"


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    """Of one file; "" where it can't be unpacked."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
        return ""
    return digest.hexdigest()


def _seal(work: ReadWork, incident: str, index_hash: str) -> int | None:
    rows = work.session.scalars(
        select(AuditEntry).where(
            AuditEntry.act == SEALED, AuditEntry.subject == f"incident:{incident}"
        )
    )
    return next((row.seq for row in rows if json.loads(row.after).get("index") == index_hash), None)
