"""The trail as a file that can be verified without the database."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.audit.model import AuditEntry
from app.audit.trail import GENESIS, HASHED, digest
from app.audit.verify import Broken, Seen, Verdict
from app.core.errors import BadInput
from app.storage.work import Database

_EVERY: Final = 1_000
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class ExportStopped(BadInput):
    code = "AUD-001"
    remedy = "没有写出任何文件；可重新导出。"


def export(
    db: Database, out: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> int:
    """Write one JSON document a line, the last one naming the end; returns how many entries.

    The file appears whole or not at all. Raises ExportStopped.
    """
    fresh = out.with_name(out.name + ".new")
    try:
        with fresh.open("w", encoding="utf-8") as file, db.read() as work:
            total = work.session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc())) or 0
            rows = work.session.scalars(
                select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=_EVERY)
            )
            entries, last = 0, GENESIS
            for row in rows:
                fields = {name: getattr(row, name) for name in (*HASHED, "hash")}
                file.write(json.dumps(fields, ensure_ascii=False) + "\n")
                entries, last = entries + 1, row.hash
                if entries % _EVERY == 0:
                    _between(entries, total, progress, cancelled)
            file.write(json.dumps({"entries": entries, "head": last}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(out)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ExportStopped(f"无法写出“{out}”：{error.strerror}。") from error
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return entries


def verify_file(path: Path) -> Verdict:
    """Check an exported file by itself. Raises BadInput where it is something else."""
    count, previous = 0, GENESIS
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                fields = json.loads(line)
                if "head" in fields:
                    if fields["head"] != previous or fields["entries"] != count:
                        return _broken(count, previous, "文件尾部与记录不符。")
                    return Verdict(True, count, None, Seen(count, previous), count)
                fault = _fault(fields, count + 1, previous)
                if fault:
                    return _broken(count, previous, fault)
                count, previous = count + 1, fields["hash"]
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"“{path.name}”不是操作日志导出文件。") from error
    return _broken(count, previous, "文件不完整，缺少结尾。")


def _fault(fields: dict[str, object], expected: int, previous: str) -> str | None:
    if fields["seq"] != expected:
        return f"缺少第 {expected} 条记录。"
    if fields["previous"] != previous:
        return "与前一条记录不衔接。"
    if digest([str(fields[name]) for name in HASHED]) != fields["hash"]:
        return "记录内容与校验值不符，内容被改动。"
    return None


def _broken(count: int, previous: str, why: str) -> Verdict:
    return Verdict(False, count, Broken(count + 1, why), Seen(count, previous), count)


def _between(done: int, total: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
    if progress is not None:
        progress(done, total)
    if cancelled is not None and cancelled():
        raise ExportStopped("已取消导出。")
