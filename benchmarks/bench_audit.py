"""Verifying a long trail, against hashing the same bytes and nothing else.

Run: .venv/bin/python -m benchmarks.bench_audit [--entries 1000000] [--runs 3]
"""

import argparse
import hashlib
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.audit.anchor import verify_here
from app.audit.export import export, verify_file
from app.audit.trail import GENESIS, HASHED, SEPARATOR, digest
from app.audit.verify import verify
from app.core.clock import iso
from app.storage.upgrade import open_database
from app.storage.work import Database
from benchmarks.table import Table, seconds

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
ACTS = ("payment.imported", "hold.placed", "diagnosis.run", "resume.requested", "payment.edited")
AFTER = '{"amount":"1234.50","payee_name":"上海华峰机械有限公司","stage":"PENDING_APPROVAL"}'


def chain(entries: int) -> Iterator[tuple[str, ...]]:
    """The values of each entry, hash last, as the trail itself would write them."""
    previous = GENESIS
    for number in range(1, entries + 1):
        row = (
            str(number),
            iso(START + timedelta(seconds=number)),
            "clerk 陈经办",
            "财务一号机",
            ACTS[number % len(ACTS)],
            f"payment:FK-20260105-{number:07d}",
            '{"amount":"1234.05"}',
            AFTER,
            "金额录入有误，按发票更正",
            previous,
        )
        previous = digest(row)
        yield (*row, previous)


def build(path: Path, entries: int) -> Database:
    """A database with a trail of that length."""
    db = open_database(str(path), create=True)
    columns = (*HASHED, "hash")
    marks = ", ".join("?" * len(columns))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        raw.executemany(
            f"INSERT INTO audit_entry ({', '.join(columns)}) VALUES ({marks})", chain(entries)
        )
        raw.execute(
            "INSERT INTO audit_head SELECT 1, seq, hash FROM audit_entry WHERE seq = ?", (entries,)
        )
        raw.commit()
    return db


def texts(path: Path) -> list[bytes]:
    """What is hashed of each entry."""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute(f"SELECT {', '.join(HASHED)} FROM audit_entry ORDER BY seq")
        return [SEPARATOR.join(map(str, row)).encode() for row in rows]


def hash_alone(hashed: list[bytes]) -> None:
    for text in hashed:
        hashlib.sha256(text).hexdigest()


def main() -> int:
    """Print the table; 1 when something took longer than it shall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tf-bench-") as folder:
        path, home = Path(folder, "trail.sqlite3"), Path(folder, "home")
        db = build(path, options.entries)
        hashed = texts(path)
        table = Table()
        name = f"{options.entries:,} entries"
        floor = seconds(lambda: hash_alone(hashed), options.runs)
        hashed.clear()
        ours = seconds(lambda: verify(db), options.runs)
        table.ratio(f"verify {name}", ours, floor, 3)
        verify_here(db, home)
        quick = seconds(lambda: verify_here(db, home, thorough=False), options.runs)
        table.limit("verify since the last checkpoint", quick, 0.1)
        out = Path(folder, "trail.jsonl")
        table.note(f"export {name}", seconds(lambda: export(db, out), 1))
        table.note(f"verify the exported file of {name}", seconds(lambda: verify_file(out), 1))
        db.close()
    return 0 if table.reached else 1


if __name__ == "__main__":
    sys.exit(main())
