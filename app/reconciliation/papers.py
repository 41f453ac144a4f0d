"""余额调节表 as paper: a kept one exactly as it was kept, a drawn one marked as a draft."""

from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, name_of, reading
from app.access.model import Company
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.core.errors import NotFound
from app.core.money import Money
from app.documents.balance_sheet import balance_sheet_pdf
from app.documents.balance_values import BalanceHead, OpenEntry, Signed
from app.documents.balance_values import BalanceSheet as Sheet
from app.documents.balance_values import OpenKind as EntryKind
from app.documents.balance_values import SheetState as EntryState
from app.documents.writing import PdfResult
from app.reconciliation.balancing import OpenItem
from app.reconciliation.model import BalanceSheet
from app.reconciliation.sheets import items_of
from app.reconciliation.states import SheetState
from app.storage.work import Database, ReadWork

STATES: Final = {
    SheetState.PREPARED: EntryState.PENDING,
    SheetState.SENT_BACK: EntryState.SENT_BACK,
    SheetState.REVIEWED: EntryState.REVIEWED,
    SheetState.VOIDED: EntryState.VOIDED,
}


def sheet_pdf(db: Database, actor: Actor, number: str) -> PdfResult:
    """The kept table of that number. Raises NotFound, Denied, MissingGlyph."""
    return balance_sheet_pdf(sheet_paper(db, actor, number))


def sheet_paper(db: Database, actor: Actor, number: str) -> Sheet:
    """What stands on it. Raises NotFound, Denied."""
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        row = work.session.scalar(select(BalanceSheet).where(BalanceSheet.number == number))
        if row is None:
            raise NotFound(f"没有余额调节表“{number}”。")
        items = tuple(entry_of(one, row.content["currency"]) for one in items_of(row.content))
        return Sheet(head_of(work, row, actor.name), items)


def entry_of(one: OpenItem, currency: str) -> OpenEntry:
    """An open item as papers and workbooks name it."""
    return OpenEntry(
        EntryKind(one.kind),
        one.on,
        one.text,
        one.reference,
        one.name,
        Money(abs(one.minor), currency),
    )


def head_of(work: ReadWork, row: BalanceSheet, by: str) -> BalanceHead:
    """What stands above a kept table."""
    content = row.content
    account = work.session.get_one(BankAccount, row.account_id)
    company = work.session.scalars(select(Company)).one()
    reviewed = row.state in {SheetState.REVIEWED, SheetState.VOIDED}
    return BalanceHead(
        content["company"],
        f"{content['bank']}　{account.branch}",
        content["account"],
        content["currency"],
        row.as_of,
        Money(row.book_minor, content["currency"]),
        Money(row.bank_minor, content["currency"]),
        row.number,
        row.edition,
        STATES[SheetState(row.state)],
        Signed(name_of(work, row.prepared_by), row.prepared_at),
        Signed(name_of(work, row.reviewed_by), row.reviewed_at)
        if reviewed and row.reviewed_at is not None
        else None,
        "",
        (*content["hints"], *([f"本表已作废：{row.voided_why}"] if row.voided_why else [])),
        company.drill,
        work.now,
        by,
    )
