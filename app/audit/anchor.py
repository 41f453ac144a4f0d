"""What this machine has seen of each trail, kept outside the database it belongs to."""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from app.audit.rows import entry_at
from app.audit.verify import Broken, Progress, Seen, Verdict, verify
from app.documents.atomic import save
from app.documents.errors import ExportFailed
from app.storage.errors import spoken
from app.storage.files import sqlite_path
from app.storage.work import Database

_FOLDER: Final = "anchors"
_NONE: Final = "本机此前没有验证过这份日志，无从发现更早的截断；已从现在起记下。"
_DAMAGED: Final = "本机的检查点文件已损坏，无从发现更早的截断；已重新记下。"
_OTHER: Final = (
    "本机在此位置验证过的是另一份日志（第 {seq} 条为止）。若数据库未曾更换，请通知内审。"
)


@dataclass(frozen=True, slots=True)
class Note:
    """What is known here of a trail's earlier end. remark: why nothing is, in Chinese."""

    seen: Seen | None
    remark: str


def verify_here(
    db: Database, folder: Path, *, thorough: bool = True, progress: Progress | None = None
) -> Verdict:
    """Verify the trail against what this machine saw before, and remember its end if it is good.

    thorough: from the beginning; else from the last end that this machine verified.
    """
    note = look(db, folder)
    verdict = verify(db, since=None if thorough else note.seen, progress=progress)
    if verdict.ok and thorough and note.seen is not None:
        verdict = _also_seen(db, verdict, note.seen)
    remarks = [note.remark]
    if verdict.ok:
        try:
            remember(db, folder, verdict.head)
        except (ExportFailed, OSError) as error:
            remarks.append(f"检查点未能保存：{error}")
    return replace(verdict, detail="".join(remarks))


def look(db: Database, folder: Path) -> Note:
    """What this machine noted of the trail, or why that can't be compared."""
    path = _path(db.engine, folder)
    if not path.is_file():
        return Note(None, _NONE)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        first, seen = str(kept["first"]), Seen(int(kept["seq"]), str(kept["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Note(None, _DAMAGED)
    found = _first(db)
    # An emptied trail is for verifying to name; only another beginning is another trail.
    if found is not None and found != first:
        return Note(None, _OTHER.format(seq=seen.seq))
    return Note(seen, "")


def load(db: Database, folder: Path) -> Seen | None:
    """The end of this trail that this machine saw last; None where it saw none."""
    return look(db, folder).seen


def remember(db: Database, folder: Path, head: Seen) -> None:
    """Keep the end of the trail, unless a later one is kept. Raises ExportFailed or OSError."""
    known, first = load(db, folder), _first(db)
    if first is None or (known is not None and known.seq >= head.seq):
        return
    path = _path(db.engine, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"database": _place(db.engine.url), "first": first, "seq": head.seq, "hash": head.hash}
    save(path, json.dumps(kept, ensure_ascii=False, indent=1).encode())


def forget(db: Database, folder: Path) -> None:
    """Start anew: for whoever has just put other data in this database's place, by a restore."""
    _path(db.engine, folder).unlink(missing_ok=True)


def _also_seen(db: Database, verdict: Verdict, seen: Seen) -> Verdict:
    again = verify(db, since=seen)
    if again.ok:
        return verdict
    broken = again.first_broken or Broken(seen.seq, "本机曾验证过的记录与现在的不同。")
    return replace(verdict, ok=False, first_broken=broken)


def _first(db: Database) -> str | None:
    """The first entry's hash: names a trail among those that lay in one place."""
    with spoken(), db.engine.connect() as connection:
        row = entry_at(connection, 1)
    return None if row is None else row[1].decode(errors="replace")


def _path(engine: Engine, folder: Path) -> Path:
    # A file for each place: two windows that write at once can't lose each other's note.
    name = hashlib.sha256(_place(engine.url).encode()).hexdigest()[:32]
    return folder / _FOLDER / f"{name}.json"


def _place(url: URL) -> str:
    """Where a database lies. Nothing of it stands in the database, where it could be changed."""
    path = sqlite_path(url)
    if path is not None:
        return str(Path(path).resolve())
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}:{url.port or 5432}/{url.database}"
