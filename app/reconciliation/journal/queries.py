"""The journals that came in, for lists: newest first."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.access.guard import Actor, reading
from app.access.model import User
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.core.money import Money
from app.reconciliation.journal.undoing import why_not
from app.reconciliation.model import JournalImport
from app.statements.parsed import Proof
from app.storage.work import Database


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import. lines: in the file; imported: of them new then; undone_*: empty while it stands."""

    id: int
    account: str
    bank: str
    file_name: str
    since: date
    until: date
    opening: Money | None
    closing: Money | None
    proof: Proof
    lines: int
    imported: int
    problems: int
    imported_by: str
    imported_at: datetime
    undone_by: str
    undone_at: datetime | None
    undone_why: str


def journal_imports(db: Database, actor: Actor, account: str = "") -> tuple[ImportLine, ...]:
    """All imports, or those of one account, newest first. Raises Denied."""
    undoer = aliased(User)
    query = (
        select(JournalImport, BankAccount, User.name, undoer.name)
        .join(BankAccount, BankAccount.id == JournalImport.account_id)
        .join(User, User.id == JournalImport.imported_by)
        .outerjoin(undoer, undoer.id == JournalImport.undone_by)
        .order_by(JournalImport.id.desc())
    )
    if account:
        query = query.where(BankAccount.number == account)
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        return tuple(
            _line(row, of, by, undone or "") for row, of, by, undone in work.session.execute(query)
        )


def why_not_undone(db: Database, actor: Actor, import_id: int) -> str:
    """Why an import can't be undone, and what to do; "" where it can. Raises Denied."""
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        row = work.session.get(JournalImport, import_id)
        refusal = None if row is None else why_not(work, row)
        return "" if refusal is None else f"{refusal.message}{refusal.hint}"


def _line(row: JournalImport, of: BankAccount, by: str, undone_by: str) -> ImportLine:
    return ImportLine(
        row.id,
        of.number,
        of.bank,
        row.file_name,
        row.since,
        row.until,
        None if row.opening_minor is None else Money(row.opening_minor, of.currency),
        None if row.closing_minor is None else Money(row.closing_minor, of.currency),
        Proof(row.proof),
        row.lines,
        row.imported,
        len(row.problems),
        by,
        row.imported_at,
        undone_by,
        row.undone_at,
        row.undone_why,
    )
