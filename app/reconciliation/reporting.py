"""The workbook of a reconciliation, filled from the rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, name_of, reading
from app.access.model import Company
from app.access.rights import Right
from app.accounts.finding import find_account
from app.accounts.model import BankAccount
from app.audit.queries import AuditFilter, entries
from app.core.errors import BadInput
from app.core.money import Money
from app.documents.balance_values import BalanceHead, OpenEntry
from app.documents.balance_values import OpenKind as EntryKind
from app.documents.balance_values import SheetState as EntryState
from app.documents.reconciliation_values import (
    DebitAlarm,
    ExecutedPayment,
    ImportRecord,
    MatchedPart,
    MatchRecord,
    ReconciliationBook,
    TrailRecord,
    UnexecutedPayment,
)
from app.reconciliation.clerk_rules import ClerkRule, proposed_entry
from app.reconciliation.drawing import NOTHING_GIVEN, Drawn, draw
from app.reconciliation.held import Pairing
from app.reconciliation.items import BankItem, Kind, OurItem, OurKind
from app.reconciliation.keys import line_key
from app.reconciliation.leftovers import ALARM_LABELS, NEXT_ACTS, OPEN_ACTS, OpenKind
from app.reconciliation.model import BalanceSheet
from app.reconciliation.papers import entry_of, head_of
from app.reconciliation.reconciling import Reconciliation, look
from app.reconciliation.states import (
    KIND_LABELS,
    SURENESS_LABELS,
    SheetState,
    Side,
)
from app.statements.model import BankLine, StatementImport
from app.statements.parsed import PROOF_LABELS, Proof
from app.storage.work import Database, ReadWork

_TRAIL: Final = 5_000
_RESULTS: Final = {
    Kind.SUM: "与其他付款合并记账",
    Kind.SPLIT: "银行分笔记账",
    Kind.RETURN: "付出后退回",
}


def write_workbook(
    db: Database,
    actor: Actor,
    number: str,
    since: date,
    until: date,
    target: Path,
    told: Callable[[int, int], object] | None = None,
) -> None:
    """Write the eight sheets of an account over some days.

    told: rows written and rows in all. Raises what reconcile raises, and ExportFailed.
    """
    from app.documents.reconciliation_book import write_reconciliation_book

    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        book = workbook(work, look(work, number, since, until), actor.name)
    whole = sum(
        map(len, (book.executed, book.open_items, book.alarms, book.unexecuted, book.matches))
    )
    tell = told or (lambda _done, _all: None)
    write_reconciliation_book(target, book, lambda done: tell(done, max(done, whole)))


def workbook(work: ReadWork, found: Reconciliation, by: str) -> ReconciliationBook:
    """Everything that the workbook says, as values."""
    account = find_account(work, found.account)
    company = work.session.scalars(select(Company)).one()
    table = _table(work, account, min(found.until, work.today))
    head = None if table is None else _head(work, account, table, company, by)
    items = _open(found) if table is None else _open_of(table, found.rules)
    return ReconciliationBook(
        company.name,
        f"{account.bank}　{account.branch}",
        account.number,
        account.currency,
        head,
        found.since,
        found.until,
        list(_executed(found)),
        list(items),
        list(_alarms(found)),
        [_unexecuted(found, one) for one in found.left_ours(Side.ORDERS)],
        [_match(found, one) for one in found.pairings],
        list(_imports(work, account, found.since, found.until)),
        list(_trail(work, found.account)),
    )


def _table(work: ReadWork, account: BankAccount, on: date) -> Drawn | None:
    """The table of that day as it is now; None where a side or a balance is missing."""
    try:
        return draw(work, account, on, NOTHING_GIVEN)
    except BadInput:
        return None


def _head(
    work: ReadWork, account: BankAccount, table: Drawn, company: Company, by: str
) -> BalanceHead:
    row = work.session.scalar(
        select(BalanceSheet)
        .where(
            BalanceSheet.account_id == account.id,
            BalanceSheet.as_of == table.on,
            BalanceSheet.state.in_([SheetState.PREPARED, SheetState.REVIEWED]),
            BalanceSheet.bank_minor == table.figures.bank,
            BalanceSheet.book_minor == table.figures.book,
        )
        .order_by(BalanceSheet.edition.desc())
        .limit(1)
    )
    if row is not None:
        return replace(head_of(work, row, by), hints=table.hints)
    return BalanceHead(
        company.name,
        f"{account.bank}　{account.branch}",
        account.number,
        account.currency,
        table.on,
        Money(table.figures.book, account.currency),
        Money(table.figures.bank, account.currency),
        "",
        1,
        EntryState.DRAFT,
        None,
        None,
        "",
        table.hints,
        company.drill,
        work.now,
        by,
    )


def _open_of(table: Drawn, rules: Sequence[ClerkRule]) -> Iterator[OpenEntry]:
    for one in table.items:
        booking = None
        if one.kind in {OpenKind.BANK_CREDIT_NOT_BOOKED, OpenKind.BANK_DEBIT_NOT_BOOKED}:
            line = BankItem(0, 0, one.on, one.minor, one.name, "", one.text, one.reference)
            booking = proposed_entry(rules, line)
        yield replace(
            entry_of(one, table.currency),
            next_action=OPEN_ACTS[one.kind],
            entry=booking.text if booking else "",
        )


def _open(found: Reconciliation) -> Iterator[OpenEntry]:
    for kind, rows in found.open.items():
        for one in rows:
            booking = proposed_entry(found.rules, one) if isinstance(one, BankItem) else None
            yield OpenEntry(
                EntryKind(kind),
                one.on,
                one.text if isinstance(one, BankItem) else "",
                one.reference if isinstance(one, BankItem) else one.key,
                one.name,
                Money(abs(one.minor), found.currency),
                OPEN_ACTS[kind],
                booking.text if booking else "",
            )


def _executed(found: Reconciliation) -> Iterator[ExecutedPayment]:
    for one in found.of(Side.ORDERS):
        lines = [found.lines[key] for key in one.lines]
        bank = -sum(line.minor for line in lines)
        items = [found.items[key] for key in one.ours]
        for item in (item for item in items if item.kind is OurKind.PAYMENT):
            alone = len(items) == 1
            ours = -item.minor
            yield ExecutedPayment(
                item.key,
                item.name,
                Money(ours, found.currency),
                Money(bank if alone else ours, found.currency),
                lines[0].on,
                "、".join(filter(None, (line.reference for line in lines))),
                _result(one, ours, bank if alone else ours),
            )


def _result(one: Pairing, ours: int, bank: int) -> str:
    said = _RESULTS.get(one.kind) or ("相符" if ours == bank else "金额不符")
    return said if one.id is not None else f"{said}（建议，未确认）"


def _unexecuted(found: Reconciliation, item: OurItem) -> UnexecutedPayment:
    late = (found.until - item.on).days
    return UnexecutedPayment(
        item.key,
        item.name,
        Money(abs(item.minor), found.currency),
        item.on,
        "未见银行扣款",
        f"提交后 {late} 天未见流水；核实前不要再付" if late > 0 else "",
    )


def _alarms(found: Reconciliation) -> Iterator[DebitAlarm]:
    for one in found.alarms:
        lines = [found.lines[key] for key in one.lines]
        items = [found.items[key] for key in one.ours]
        first: BankItem | OurItem = lines[0] if lines else items[0]
        yield DebitAlarm(
            ALARM_LABELS[one.kind],
            first.on,
            first.name,
            "、".join(line.reference or line_key(line.key) for line in lines),
            "、".join(item.key for item in items),
            Money(abs(first.minor), found.currency),
            NEXT_ACTS[one.kind],
        )


def _match(found: Reconciliation, one: Pairing) -> MatchRecord:
    by = f"；勾对人 {one.made_by}" if one.made_by else ""
    return MatchRecord(
        "建议" if one.id is None else str(one.id),
        KIND_LABELS[one.kind],
        SURENESS_LABELS[one.sureness],
        "；".join(one.why) + by,
        tuple(
            _part(found, found.lines[key], found.lines[key].reference or line_key(key))
            for key in one.lines
            if key in found.lines
        ),
        tuple(
            _part(found, found.items[key], found.items[key].label or key)
            for key in one.ours
            if key in found.items
        ),
    )


def _part(found: Reconciliation, one: BankItem | OurItem, reference: str) -> MatchedPart:
    return MatchedPart(reference, one.on, one.name, Money(one.minor, found.currency))


def _imports(
    work: ReadWork, account: BankAccount, since: date, until: date
) -> Iterator[ImportRecord]:
    rows = work.session.scalars(
        select(StatementImport)
        .where(
            StatementImport.account_id == account.id,
            StatementImport.undone_at.is_(None),
            StatementImport.since <= until,
            StatementImport.until >= since,
        )
        .order_by(StatementImport.id)
    )
    for row in rows:
        moved = list(
            work.session.scalars(
                select(BankLine.amount_minor).where(
                    BankLine.account_id == account.id,
                    BankLine.booked_on >= row.since,
                    BankLine.booked_on <= row.until,
                )
            )
        )
        money = account.currency
        yield ImportRecord(
            row.file_name,
            row.file_hash,
            row.since,
            row.until,
            None if row.opening_minor is None else Money(row.opening_minor, money),
            Money(sum(minor for minor in moved if minor > 0), money),
            Money(-sum(minor for minor in moved if minor < 0), money),
            None if row.closing_minor is None else Money(row.closing_minor, money),
            row.lines,
            PROOF_LABELS[Proof(row.proof)],
            "；".join(f"第 {at} 行 {message}" for at, _, message in row.problems),
            row.lines - row.imported,
            row.imported_at,
            name_of(work, row.imported_by),
        )


def _trail(work: ReadWork, number: str) -> Iterator[TrailRecord]:
    for one in entries(work, AuditFilter(subject=f"account:{number}"), limit=_TRAIL):
        yield TrailRecord(
            str(one.seq), one.at, one.actor, one.label, one.subject, one.reason, one.hash
        )
