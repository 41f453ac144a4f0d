"""A statement of many lines into the durable database, against reading it and a bare executemany.

The floor: csv.reader, then sqlite3.executemany of the same columns, WAL and synchronous=FULL, the
same indexes.
"""

import csv
import shutil
import sqlite3
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import select

from app.accounts.model import BankAccount
from app.statements.importing import preview, take_in
from app.statements.opening import open_statement
from benchmarks.company import company, desk, options
from benchmarks.table import Table, seconds

LINES: Final = 100_000
REACH: Final = 1.8
_HEAD: Final = ("交易日期", "收入", "支出", "余额", "对方户名", "对方账号", "摘要", "交易流水号")
_NAMES: Final = [
    f"上海{one}{two}贸易有限公司"
    for one in "华临浦张东明恒中大汇"
    for two in "峰江建方远昌原通陵安"
]


def write_statement(path: Path, account: str, lines: int, seed: int = 1) -> None:
    """A year of one account: running balances, names, accounts, texts, serials."""
    random, balance, first = Random(seed), 50_000_000_00, date(2025, 1, 1)
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(("账号", account))
        out.writerow(("期初余额", f"{balance / 100:.2f}"))
        out.writerow(_HEAD)
        for number in range(lines):
            minor = random.randrange(100, 5_000_000)
            income = random.random() < 0.3
            balance += minor if income else -minor
            text = f"{minor / 100:.2f}"
            at = random.randrange(len(_NAMES))
            out.writerow(
                (
                    (first + timedelta(days=number * 365 // lines)).isoformat(),
                    text if income else "",
                    "" if income else text,
                    f"{balance / 100:.2f}",
                    _NAMES[at],
                    f"31001{at:011d}",
                    f"货款 FK-2025{number:08d}",
                    f"S{number:09d}",
                )
            )


def floor(path: Path, target: Path) -> None:
    """Read the file, and put its rows into a bare table."""
    target.unlink(missing_ok=True)
    with sqlite3.connect(target) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        columns = ", ".join(f"c{at}" for at in range(18))
        db.execute(f"CREATE TABLE line (id INTEGER PRIMARY KEY, {columns})")
        db.execute("CREATE UNIQUE INDEX one ON line (c15)")
        db.execute("CREATE INDEX two ON line (c0, c1)")
        db.execute("CREATE INDEX three ON line (c16)")
        with path.open(encoding="gb18030", newline="") as file:
            rows = [
                (
                    1,
                    row[0],
                    None,
                    None,
                    1,
                    "CNY",
                    1,
                    row[4],
                    row[5],
                    "",
                    row[6],
                    row[6],
                    "",
                    "",
                    row[7],
                    f"{at:064d}",
                    1,
                    at,
                )
                for at, row in enumerate(csv.reader(file))
                if len(row) == len(_HEAD)
            ]
        marks = ", ".join("?" * 18)
        db.executemany(f"INSERT INTO line ({columns}) VALUES ({marks})", rows)


def main() -> int:
    """Print the rows; 1 when a reach was missed."""
    chosen = options(__doc__, LINES, 10_000)
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = folder / "company.sqlite3"
        shutil.copy(company(1_000), made)
        db, actor = desk(made, "clerk")
        with db.read() as work:
            account = work.session.scalars(
                select(BankAccount.number).order_by(BankAccount.id)
            ).first()
        assert account is not None
        path = folder / "流水.csv"
        write_statement(path, account, chosen.payments)
        barest = seconds(lambda: floor(path, folder / "floor.sqlite"), chosen.runs)
        reading = seconds(lambda: open_statement(path), chosen.runs)
        # Once only: a second time nothing is new.
        ours = seconds(lambda: take_in(db, actor, preview(db, actor, path), account), 1)
        again = seconds(lambda: take_in(db, actor, preview(db, actor, path), account), 1)
        job = f"import {chosen.payments:,} lines of a statement"
        table.ratio(job, ours, barest, REACH)
        table.note("... of it reading and proving the file", reading)
        table.note("... the same file once more, all known", again)
        db.close()
    return 0 if table.reached else 1


if __name__ == "__main__":
    sys.exit(main())
