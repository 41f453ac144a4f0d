"""What this machine has seen of each trail, kept outside the database it belongs to."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.audit.trail import GENESIS
from app.audit.verify import Broken, Progress, Seen, Verdict, verify
from app.storage.work import Database

_FILE: Final = "audit-anchors.json"


def verify_here(
    db: Database, folder: Path, *, thorough: bool = True, progress: Progress | None = None
) -> Verdict:
    """Verify the trail against what this machine saw before, and remember its end if it is good.

    thorough: from the beginning; else from the last end that this machine verified.
    """
    seen = load(db, folder)
    verdict = verify(db, since=None if thorough else seen, progress=progress)
    if verdict.ok and thorough and seen is not None:
        verdict = _also_seen(db, verdict, seen)
    if verdict.ok:
        remember(db, folder, verdict.head)
    return verdict


def load(db: Database, folder: Path) -> Seen | None:
    """The end of this trail that this machine saw last; None where it saw none."""
    entry = _read(folder).get(_identity(db))
    if not isinstance(entry, dict):
        return None
    return Seen(int(entry["seq"]), str(entry["hash"]))


def remember(db: Database, folder: Path, head: Seen) -> None:
    """Keep the end of the trail; written beside and exchanged, so that it is never half."""
    if head.seq == 0:
        return
    known = dict(_read(folder))
    known[_identity(db)] = {"seq": head.seq, "hash": head.hash}
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{_FILE}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(known, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / _FILE)


def _also_seen(db: Database, verdict: Verdict, seen: Seen) -> Verdict:
    again = verify(db, since=seen)
    if again.ok:
        return verdict
    broken = again.first_broken or Broken(seen.seq, "本机曾验证过的记录被替换。")
    return Verdict(False, verdict.entries, broken, verdict.head, verdict.checked)


def _identity(db: Database) -> str:
    """The first entry's hash names a trail, wherever its database lies."""
    with db.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT hash FROM audit_entry WHERE seq = 1").fetchone()
    return GENESIS if row is None else str(row[0])


def _read(folder: Path) -> Mapping[str, object]:
    try:
        with (folder / _FILE).open(encoding="utf-8") as file:
            known = json.load(file)
    except (FileNotFoundError, json.JSONDecodeError):
        # A lost or damaged note only means that nothing is known of earlier ends.
        return {}
    return known if isinstance(known, dict) else {}
