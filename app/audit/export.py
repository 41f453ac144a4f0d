"""The trail as a file that can be verified without the database."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from app.audit.model import AuditEntry, AuditHead
from app.audit.trail import GENESIS, HASHED, SEPARATOR
from app.audit.verify import Broken, Seen, Verdict
from app.core.errors import BadInput
from app.documents.atomic import replacing
from app.documents.errors import ExportCancelled
from app.storage.work import Database

_EVERY: Final = 1_000
_FIELDS: Final = (*HASHED, "hash")
_HEAD_GONE: Final = {"seq": 0, "hash": GENESIS}
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def export(
    db: Database, out: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> int:
    """Write one JSON document a line, the last one naming the head; returns how many entries.

    The file appears whole or not at all. Raises ExportCancelled or ExportFailed.
    """
    with replacing(out) as file, db.read() as work:
        kept = work.session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
        # Up to the head that was read: others go on writing.
        query = select(*(getattr(AuditEntry, name) for name in _FIELDS)).order_by(AuditEntry.seq)
        if kept is not None:
            query = query.where(AuditEntry.seq <= kept.seq)
        entries = 0
        for rows in work.session.execute(query.execution_options(yield_per=_EVERY)).partitions():
            if cancelled is not None and cancelled():
                raise ExportCancelled("已取消导出。")
            file.write("".join(map(_line, rows)).encode())
            entries += len(rows)
            if progress is not None:
                progress(entries, max(entries, kept.seq if kept else 0))
        head = _HEAD_GONE if kept is None else {"seq": kept.seq, "hash": kept.hash}
        file.write((json.dumps({"entries": entries, "head": head}) + "\n").encode())
    return entries


def _line(row: Any) -> str:
    return _encode(dict(zip(_FIELDS, row, strict=True))) + "\n"


def verify_file(path: Path) -> Verdict:
    """Check an exported file by itself. Raises BadInput where it is something else."""
    seen, head = Seen(0, GENESIS), None
    try:
        for fields in _documents(path):
            if head is not None:
                return _broken(seen, head, "结尾行之后还有内容，是后来添加的。")
            if "head" in fields:
                head = Seen(int(fields["head"]["seq"]), str(fields["head"]["hash"]))
                continue
            fault = _fault(fields, seen)
            if fault:
                return _broken(seen, head, fault)
            seen = Seen(seen.seq + 1, fields["hash"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"“{path.name}”不是操作日志导出文件，或已损坏。", "请选择由“导出操作日志”生成的文件。"
        ) from error
    if head is None:
        return _broken(seen, head, "文件不完整：缺少结尾行。")
    if head != seen:
        return _broken(seen, head, f"文件尾部与登记不符：应到第 {head.seq} 条。")
    return Verdict(True, seen.seq, None, head, seen.seq)


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            fields = json.loads(line)
            if not isinstance(fields, dict):
                raise TypeError(type(fields).__name__)
            yield fields


def _fault(fields: dict[str, Any], seen: Seen) -> str | None:
    if fields["seq"] != seen.seq + 1:
        return f"缺少第 {seen.seq + 1} 条记录。"
    joined = SEPARATOR.join(str(fields[name]) for name in HASHED)
    if hashlib.sha256(joined.encode()).hexdigest() != fields["hash"]:
        return "记录内容与校验值不符：内容被改动。"
    if fields["previous"] != seen.hash:
        return f"与第 {seen.seq} 条记录不衔接：其中一条被改动或替换。"
    return None


def _broken(seen: Seen, head: Seen | None, why: str) -> Verdict:
    return Verdict(False, seen.seq, Broken(seen.seq + 1, why), head or seen, seen.seq)
