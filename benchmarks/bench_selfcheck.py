"""Self-diagnosis, quick and thorough, against the database's own check and hashing the files.

Run: .venv/bin/python -m benchmarks.bench_selfcheck [--payments 1000000] [--runs 3] [--quick]
"""

import hashlib
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from app.incidents.selfcheck import Check, Outside, selfcheck
from app.storage.backup import create_backup
from app.storage.upgrade import open_database
from app.storage.work import Database
from benchmarks.company import SEED, company, options
from benchmarks.table import Table, seconds

FILES, FILE_BYTES = 200, 1_000_000
QUICK_REACH, THOROUGH_REACH = 5.0, 1.5
SLOWEST = 6


def with_files(company_file: Path, folder: Path) -> Path:
    """A copy of the company that also keeps files, as letters and attachments are kept."""
    path = folder / "company.sqlite3"
    shutil.copyfile(company_file, path)
    made = random.Random(SEED)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        for _ in range(FILES):
            data = made.randbytes(FILE_BYTES)
            name = hashlib.sha256(data).hexdigest()
            raw.execute("INSERT INTO stored_file VALUES (?, ?, ?, 1)", (name, len(data), data))
        raw.commit()
    return path


def pragma(path: Path, name: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        [answer] = raw.execute(f"PRAGMA {name}").fetchone()
    assert answer == "ok", answer


def floor_of_thorough(path: Path) -> None:
    """The database's own check, and every file hashed."""
    pragma(path, "integrity_check")
    with closing(sqlite3.connect(path)) as raw:
        for name, data in raw.execute("SELECT hash, data FROM stored_file"):
            assert hashlib.sha256(data).hexdigest() == name


def sound(checks: list[Check]) -> None:
    """A benchmark of refusals would be worth nothing."""
    wrong = {one.name for one in checks if not one.ok} - {"backup", "disk", "log"}
    assert not wrong, wrong


def slowest(table: Table, db: Database, outside: Outside) -> None:
    checks = selfcheck(db, outside=outside)
    for one in sorted(checks, key=lambda check: -check.seconds)[:SLOWEST]:
        table.note(f"  of it {one.name}", one.seconds)


def main() -> int:
    """Print the table; 1 when something took longer than it shall."""
    chosen = options(__doc__, 1_000_000, 100_000)
    runs = min(chosen.runs, 3)
    table = Table()
    with tempfile.TemporaryDirectory(prefix="tf-bench-") as name:
        folder = Path(name)
        home = folder / "home"
        backups = home / "backups"
        backups.mkdir(parents=True)
        path = with_files(company(chosen.payments), folder)
        outside = Outside(home=home, backups=backups, log=home / "tingfu.log", mounts=list)
        db = open_database(str(path))
        jobs = f"{chosen.payments:,} payments"
        floor = seconds(lambda: pragma(path, "quick_check"), runs)
        ours = seconds(lambda: sound(selfcheck(db, thorough=False, outside=outside)), runs)
        table.ratio(f"quick, {jobs}", ours, floor, QUICK_REACH)
        floor = seconds(lambda: floor_of_thorough(path), runs)
        ours = seconds(lambda: sound(selfcheck(db, outside=outside)), runs)
        table.ratio(f"thorough without a backup, {jobs}", ours, floor, THOROUGH_REACH)
        made = seconds(lambda: create_backup(db, backups / "a.tfbak", replace=True), 1)
        table.note("making a backup", made)
        table.note(
            "thorough, the newest backup restored aside",
            seconds(lambda: sound(selfcheck(db, outside=outside)), 1),
        )
        slowest(table, db, outside)
        db.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {peak // 1024} MB")
    return 0 if table.reached else 1


if __name__ == "__main__":
    sys.exit(main())
