"""A large incident through the services, and evidence against bare hashing.

Run: .venv/bin/python -m benchmarks.bench_incident [--payments 5000] [--quick]
"""

import hashlib
import random
import resource
import shutil
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from app.access.guard import Actor
from app.access.sign_in import sign_in
from app.agreements.confirming import Scan
from app.incidents import cases, invariants
from app.incidents.case_view import timeline
from app.incidents.cases import Written
from app.incidents.closing.packing import verify_package, write_package
from app.incidents.closing.reporting import approve_report, prepare_report, review_report
from app.incidents.closing.reviewing import Review, write_review
from app.incidents.evidence.keeping import AddEvidence, Category, add_evidence, evidence_file
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.response_view import response
from app.incidents.states import Cause, Severity
from app.payments.model import Payment
from app.payments.states import UNDECIDED
from app.storage.upgrade import open_database
from app.storage.work import Database
from benchmarks.company import PASSWORD, SEED, company, options
from benchmarks.table import Table, seconds

ENTRIES, FILES, FILE_BYTES = 1_000, 100, 19_000_000
REACH = 2.0


def main() -> int:
    """Print the table."""
    chosen = options(__doc__, 5_000, 500)
    files, size = (10, 2_000_000) if chosen.quick else (FILES, FILE_BYTES)
    table = Table()
    with tempfile.TemporaryDirectory(prefix="tf-bench-") as name:
        folder = Path(name)
        path = folder / "company.sqlite3"
        shutil.copyfile(company(chosen.payments * 2), path)
        db = open_database(str(path))
        people = {
            one: sign_in(db, one, PASSWORD).actor for one in ("clerk", "checker", "supervisor")
        }
        clerk = people["clerk"]
        with db.read() as work:
            numbers = tuple(
                work.session.scalars(
                    select(Payment.number)
                    .where(Payment.stage.not_in(UNDECIDED))
                    .limit(chosen.payments)
                )
            )
        began = time.perf_counter()
        number = open_incident(
            db, clerk, OpenIncident((), Severity.P1, "大面积停付", payments=numbers)
        )
        table.note(f"open an incident of {len(numbers):,} payments", time.perf_counter() - began)

        def version() -> int:
            return response(db, clerk, number).line.version

        cases.take_over(db, clerk, number, version())
        cases.set_cause(db, clerk, number, Cause.BANK_INTERFACE, "渠道中断", version())
        for place in range(ENTRIES if not chosen.quick else ENTRIES // 10):
            at = db.clock.now() - timedelta(seconds=1)
            cases.write(db, clerk, number, Written(f"第 {place} 次核对", at))
        table.note("… read for the five steps", seconds(lambda: response(db, clerk, number)))
        table.note("… its timeline", seconds(lambda: timeline(db, clerk, number)))
        evidence(table, db, clerk, number, files, size)
        cases.resolve(db, clerk, number, "已恢复", version())
        write_review(db, clerk, number, Review("接口中断", "没有备用渠道"))
        began = time.perf_counter()
        edition = prepare_report(db, clerk, number)
        table.note("prepare its report, through the service", time.perf_counter() - began)
        review_report(db, people["checker"], number, edition, 1)
        approve_report(db, people["supervisor"], number, edition, 2)
        package = folder / "package.zip"
        began = time.perf_counter()
        write_package(db, clerk, number, package)
        table.note("write its package", time.perf_counter() - began)
        table.note("verify its package", seconds(lambda: verify_package(package, db), 1))
        with db.read() as work:
            broken = [one for one in invariants.examine(work) if not one.ok]
        assert not broken, broken
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")
    return 0


def evidence(table: Table, db: Database, clerk: Actor, number: str, files: int, size: int) -> None:
    """Files added one by one, then each read with its hash checked."""
    chance = random.Random(SEED)
    floor = added = checked = 0.0
    for place in range(files):
        data = f"{place}\n".encode() + chance.randbytes(size // 2).hex().encode()
        began = time.perf_counter()
        hashlib.sha256(data).hexdigest()
        floor += time.perf_counter() - began
        scan = Scan(f"日志{place}.log", data)
        began = time.perf_counter()
        made = add_evidence(db, clerk, AddEvidence(number, Category.LOG, scan))
        added += time.perf_counter() - began
        began = time.perf_counter()
        evidence_file(db, clerk, made)
        checked += time.perf_counter() - began
    gigabytes = files * size / 1e9
    table.ratio(f"add {gigabytes:.1f} GB of evidence, to durable", added, floor, 10.0)
    table.ratio("… read with its hash checked", checked, floor, REACH)


if __name__ == "__main__":
    sys.exit(main())
