"""Importing a workbook of payments into a durable database, against reading and bare inserting.

Run: .venv/bin/python -m benchmarks.bench_import [--payments 100000] [--quick]
"""

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import python_calamine
from openpyxl import Workbook

from app.access.guard import Actor
from app.payments.importing import look, take_in
from app.storage.work import Database
from benchmarks.company import PASSWORD, SEED, desk, options
from benchmarks.table import Table, seconds

HEADINGS = (
    "付款账号",
    "收款户名",
    "收款账号",
    "收款开户行",
    "联行号",
    "金额",
    "计划付款日",
    "用途",
    "发票号",
    "订单号",
    "合同号",
)
# file → durable database (performance.md): against reading and executemany together.
REACH = 1.8


def write_file(path: Path, rows: int, account: str) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("付款")
    sheet.append(HEADINGS)
    for row in range(rows):
        sheet.append(
            (
                account,
                f"上海第{row % 2_000}号机械配件有限公司",
                f"31050161{row % 2_000:010d}",
                "中国建设银行成都高新支行",
                "105651092386",
                f"{1000 + row % 90_000}.{row % 100:02d}",
                "2026-12-15",
                "货款",
                f"INV-{row:08d}",
                f"PO-{row:08d}",
                f"HT-{row % 500:05d}",
            )
        )
    book.save(path)


def read_alone(path: Path) -> list[list[Any]]:
    return python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()


def insert_alone(path: Path, lines: list[list[Any]]) -> None:
    """What the rows cost with the driver alone, into a table with the same indexes."""
    with closing(sqlite3.connect(path)) as raw:
        (ddl,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'payment'").fetchone()
        indexes = raw.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'payment' AND type = 'index'"
            " AND sql IS NOT NULL"
        ).fetchall()
    with (
        tempfile.TemporaryDirectory(prefix="tf-bench-") as folder,
        closing(sqlite3.connect(Path(folder, "floor.sqlite3"))) as floor,
    ):
        for sql in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", ddl):
            floor.execute(sql)
        for (sql,) in indexes:
            floor.execute(sql)
        _fill(floor, lines)
        floor.commit()


def _fill(floor: sqlite3.Connection, lines: list[list[Any]]) -> None:
    floor.executemany(
        "INSERT INTO payment (number, fingerprint, account_id, payee_id, payee_name,"
        " payee_account, payee_bank, payee_cnaps, payee_city, payee_kind, amount_minor, currency,"
        " purpose, summary, channel, urgent, due_on, invoice_no, order_no, contract_no, stage,"
        " status, hold_count, made_by, made_at, bank_code, bank_text, version)"
        " VALUES (?, ?, 1, ?, ?, ?, ?, ?, '', 'COMPANY', ?, 'CNY', ?, '', 'BEPS', 0, ?, ?, ?, ?,"
        " 'DRAFT', 'DRAFT', 0, 1, 1, '', '', 1)",
        (
            (
                f"FK-20261123-{number:06d}",
                f"{number * 2_654_435_761 % 2**64:064x}",
                number % 2_000,
                row[1],
                row[2],
                row[3],
                row[4],
                int(row[5].replace(".", "")),
                row[7],
                row[6],
                row[8],
                row[9],
                row[10],
            )
            for number, row in enumerate(lines[1:])
        ),
    )


def import_file(db: Database, actor: Actor, path: Path) -> int:
    return take_in(db, actor, look(db, actor, path)).imported


def main() -> int:
    """Print the table; 1 when something took longer than it shall."""
    chosen = options(__doc__, 100_000, 10_000)
    table = Table()
    with tempfile.TemporaryDirectory(prefix="tf-bench-") as folder:
        from app.demo.generate import generate

        home, file = Path(folder, "company.sqlite3"), Path(folder, "payments.xlsx")
        generate(str(home), payments=100, lines=0, seed=SEED, password=PASSWORD)
        db, actor = desk(home)
        with closing(sqlite3.connect(home)) as raw:
            (account,) = raw.execute("SELECT number FROM bank_account ORDER BY id").fetchone()
        write_file(file, chosen.payments, account)
        lines = read_alone(file)
        name = f"{chosen.payments:,} rows"
        reading = seconds(lambda: read_alone(file), chosen.runs)
        inserting = seconds(lambda: insert_alone(home, lines), chosen.runs)
        table.note(f"read {name} with the reader alone (floor)", reading)
        table.note(f"insert {name} with the driver alone (floor)", inserting)
        table.note(f"preview {name}", seconds(lambda: look(db, actor, file), 1))
        imported: list[int] = []
        ours = seconds(lambda: imported.append(import_file(db, actor, file)), 1)
        assert imported == [chosen.payments], imported
        table.ratio(f"import {name}: file to durable", ours, reading + inserting, REACH)
        again = seconds(lambda: look(db, actor, file), 1)
        table.note(f"look at the same {name} again: everything known", again)
        db.close()
    return 0 if table.reached else 1


if __name__ == "__main__":
    sys.exit(main())
