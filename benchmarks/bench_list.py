"""Pages of the payment list at any position, filter and sort, against the bare SQL of the page.

The floor reads the same columns of the same rows with the driver alone, by a key that it knows.

Run: .venv/bin/python -m benchmarks.bench_list [--payments 1000000] [--runs 5] [--quick]
"""

import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.access.guard import Actor
from app.payments.listing import PaymentFilter, PaymentList, Sort, SortKey, Tab, tab_totals
from app.payments.states import Status
from app.storage.work import Database
from benchmarks import table as tables
from benchmarks.company import company, desk, options
from benchmarks.table import Table

PAGE = 100
COLUMNS = (
    "p.id, p.number, p.status, p.payee_name, p.payee_account, p.amount_minor, p.currency, p.due_on,"
    " p.channel, p.purpose, p.order_no, p.invoice_no, p.contract_no, p.hold_count, p.made_at,"
    " p.next_execution_at, p.version, a.bank, a.number, u.name"
)
JOINED = (
    f"SELECT {COLUMNS} FROM payment p JOIN bank_account a ON a.id = p.account_id"
    " JOIN app_user u ON u.id = p.made_by"
)
COVERS = (
    "SELECT payment_id, reason FROM hold_cover WHERE ended_at IS NULL AND payment_id IN ({marks})"
)
SORTS = {
    SortKey.NUMBER: "number",
    SortKey.DUE: "due_on",
    SortKey.AMOUNT: "amount_minor",
    SortKey.PAYEE: "payee_name",
    SortKey.MADE: "made_at",
}
REACH = 3.0
SEARCH_REACH = 0.005
TABS_REACH = 0.030


# A page takes so little that one alone measures the machine's mood.
TIMES = 10


def seconds(work: Callable[[], Any], runs: int) -> float:
    """The median time of one of several times in a row."""

    def several() -> None:
        for _ in range(TIMES):
            work()

    return tables.seconds(several, runs) / TIMES


@dataclass(frozen=True, slots=True)
class Bare:
    """The driver alone on the same file."""

    raw: sqlite3.Connection

    def page(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a page and the reasons of their holds, as the list shows them."""
        rows = self.raw.execute(f"{JOINED} {sql} LIMIT {PAGE}", values).fetchall()
        marks = ", ".join("?" * len(rows))
        self.raw.execute(COVERS.format(marks=marks), [row[0] for row in rows]).fetchall()
        return rows

    def seek(self, column: str, position: int) -> Callable[[], list[Any]]:
        """A page from a position whose key is known."""
        key, row_id = self.raw.execute(
            f"SELECT {column}, id FROM payment ORDER BY {column} DESC, id DESC LIMIT 1 OFFSET ?",
            (position,),
        ).fetchone()
        sql = f"WHERE (p.{column}, p.id) <= (?, ?) ORDER BY p.{column} DESC, p.id DESC"
        return lambda: self.page(sql, (key, row_id))


class Bench:
    """Measures one after another and prints each line."""

    def __init__(self, path: Path, runs: int, raw: sqlite3.Connection, table: Table) -> None:
        self.db: Database
        self.actor: Actor
        self.db, self.actor = desk(path)
        self.runs = runs
        self.bare = Bare(raw)
        self.table = table

    def first_pages(self) -> None:
        newest = "ORDER BY p.due_on DESC, p.id DESC"
        self._page("open the list", PaymentFilter(), newest)
        for status in (Status.EXECUTED, Status.STOPPED, Status.READY):
            wanted = PaymentFilter(statuses=frozenset({status}))
            self._page(f"status {status}", wanted, f"WHERE p.status = ? {newest}", (str(status),))

        by_amount = PaymentList(
            self.db, self.actor, PaymentFilter(tab=Tab.STOPPED), Sort(SortKey.AMOUNT)
        )
        ours = seconds(lambda: by_amount.page(0, PAGE), self.runs)
        # The driver sorts the few stopped ones too: no index serves both.
        sql = "WHERE p.status = 'STOPPED' ORDER BY +p.amount_minor DESC, p.id DESC"
        floor = seconds(lambda: self.bare.page(sql), self.runs)
        self.table.ratio("tab STOPPED by amount, first page", ours, floor, REACH)

    def sorts_and_positions(self, payments: int) -> None:
        for key, column in SORTS.items():
            listing = PaymentList(self.db, self.actor, PaymentFilter(), Sort(key))
            prepared = tables.seconds(lambda one=listing: one.page(payments // 2, PAGE), 1)  # type: ignore[misc]
            self.table.note(f"sort {key}: first jump to the middle", prepared)
            for percent in (0, 50, 99):
                position = payments * percent // 100
                ours = seconds(lambda one=listing, at=position: one.page(at, PAGE), self.runs)  # type: ignore[misc]
                floor = seconds(self.bare.seek(column, position), self.runs)
                self.table.ratio(f"sort {key}, page at {percent} %", ours, floor, REACH)

    def searches(self) -> None:
        name, initials = self.bare.raw.execute(
            "SELECT name, initials FROM payee ORDER BY id LIMIT 1 OFFSET 20"
        ).fetchone()
        number = self.bare.raw.execute("SELECT max(number) FROM payment").fetchone()[0]
        for label, text in (
            ("two Chinese characters", name[2:4]),
            ("a whole Chinese name", name),
            ("pinyin initials", initials),
            ("a payment number", number),
        ):
            wanted = PaymentFilter(text=text)
            took = seconds(lambda one=wanted: self._list(one).page(0, PAGE), self.runs)  # type: ignore[misc]
            self.table.limit(f"search {label}", took, SEARCH_REACH)

    def tabs(self) -> None:
        everything = seconds(lambda: tab_totals(self.db, self.actor, PaymentFilter()), self.runs)
        self.table.limit("counts and sums of all tabs", everything, TABS_REACH)
        stopped = PaymentList(self.db, self.actor, PaymentFilter(tab=Tab.STOPPED))
        self.table.limit("count and sum of one tab", seconds(stopped.total, self.runs), TABS_REACH)

    def _list(self, wanted: PaymentFilter) -> PaymentList:
        return PaymentList(self.db, self.actor, wanted)

    def _page(self, job: str, wanted: PaymentFilter, sql: str, values: Sequence[Any] = ()) -> None:
        listing = PaymentList(self.db, self.actor, wanted)
        ours = seconds(lambda: listing.page(0, PAGE), self.runs)
        floor = seconds(lambda: self.bare.page(sql, values), self.runs)
        self.table.ratio(f"{job}, first page", ours, floor, REACH)


def main() -> int:
    """Print the table; 1 when something took longer than it shall."""
    chosen = options(__doc__, 1_000_000, 50_000)
    path = company(chosen.payments)
    table = Table()
    with closing(sqlite3.connect(path)) as raw:
        bench = Bench(path, max(chosen.runs, 5), raw, table)
        bench.first_pages()
        bench.searches()
        bench.tabs()
        bench.sorts_and_positions(chosen.payments)
        bench.db.close()
    return 0 if table.reached else 1


if __name__ == "__main__":
    sys.exit(main())
