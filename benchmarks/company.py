"""The generated company that the benchmarks measure on: made once, kept between runs."""

import argparse
import tempfile
from pathlib import Path

from app.access.guard import Actor
from app.access.sign_in import sign_in
from app.demo.generate import generate
from app.storage.upgrade import open_database
from app.storage.work import Database

PASSWORD = "bench-pass-2026"
SEED = 1


def options(description: str | None, payments: int, quick: int) -> argparse.Namespace:
    """--payments N, --runs N, --quick: what every benchmark of a company understands."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--payments", type=int, default=payments)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a small company, few runs")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.payments, chosen.runs = min(chosen.payments, quick), 3
    return chosen


def company(payments: int) -> Path:
    """The SQLite file of a company with so many payments, generated when it is missing."""
    folder = Path(tempfile.gettempdir(), "tf-bench-companies")
    folder.mkdir(exist_ok=True)
    path = folder / f"company-{payments}.sqlite3"
    if not path.exists():
        beside = folder / f"company-{payments}.part.sqlite3"
        beside.unlink(missing_ok=True)
        generate(str(beside), payments=payments, lines=0, seed=SEED, password=PASSWORD)
        beside.rename(path)
    return path


def desk(path: Path, username: str = "clerk") -> tuple[Database, Actor]:
    """The open database and somebody signed in."""
    db = open_database(str(path))
    return db, sign_in(db, username, PASSWORD).actor
