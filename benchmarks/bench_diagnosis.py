"""Diagnosing many stopped payments, against only reading the rows that the diagnosis looks at.

Run: .venv/bin/python -m benchmarks.bench_diagnosis [--payments 1000000] [--stopped 10000] [--quick]
"""

import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from app.payments import diagnosing
from app.payments.diagnosis.facts import SystemFacts
from app.payments.diagnosis.rule import diagnose
from app.payments.gather import gather
from app.payments.model import Payment
from benchmarks.company import company, desk, options
from benchmarks.table import Table, seconds

STOPPED = 10_000
# Each payment is looked up with what belongs to it, as anybody would have to.
READS = (
    "SELECT * FROM payment WHERE hold_count > 0",
    "SELECT * FROM hold_cover WHERE ended_at IS NULL",
    "SELECT * FROM hold WHERE state IN ('OPEN', 'LIFTING')",
    "SELECT d.* FROM source_document d JOIN payment p ON p.document_id = d.id WHERE hold_count > 0",
    "SELECT r.* FROM approval_request r JOIN payment p ON p.id = r.subject_id WHERE hold_count > 0",
    "SELECT a.* FROM attempt a JOIN payment p ON p.id = a.payment_id WHERE p.hold_count > 0",
)


def read_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        for sql in READS:
            raw.execute(sql).fetchall()


def main() -> int:
    """Print the table; no reach is set for this job."""
    chosen = options(__doc__, 1_000_000, 50_000)
    source = company(chosen.payments)
    table = Table()
    with tempfile.TemporaryDirectory(prefix="tf-bench-") as folder:
        # The run stores what it finds: the kept company must stay as it is.
        path = Path(shutil.copyfile(source, Path(folder, "company.sqlite3")))
        db, actor = desk(path)
        with db.read() as work:
            numbers = list(
                work.session.scalars(
                    select(Payment.number).where(Payment.hold_count > 0).limit(STOPPED)
                )
            )

        def look() -> None:
            with db.read() as work:
                rows = work.session.scalars(select(Payment).where(Payment.hold_count > 0)).all()
                for _, facts in gather(work, rows[:STOPPED], SystemFacts()):
                    diagnose(facts)

        def run() -> None:
            diagnosing.run(db, actor, SystemFacts(), numbers)

        floor = seconds(lambda: read_alone(path), chosen.runs)
        table.note(f"read what belongs to {len(numbers):,} stopped payments (floor)", floor)
        looked = seconds(look, 1)
        table.note(f"diagnose {len(numbers):,}, keep nothing", looked)
        table.note("… per payment", looked / max(len(numbers), 1))
        kept = seconds(run, 1)
        table.note(f"diagnose {len(numbers):,}, findings, holds and trail kept", kept)
        table.note("… per payment", kept / max(len(numbers), 1))
        again = seconds(run, 1)
        table.note("the same again (nothing new to stop)", again)
        db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
