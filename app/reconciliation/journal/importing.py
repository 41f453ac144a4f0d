"""A journal comes in: looked at, then the new lines of each book kept, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, select

from app.access.guard import Act, Actor, acting, reading
from app.access.rights import Right
from app.accounts.finding import find_account
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.errors import BadInput
from app.reconciliation.journal.opening import read_journal
from app.reconciliation.journal.parsed import Book, BookLine, JournalFile
from app.reconciliation.journal.whose import account_of
from app.reconciliation.model import JournalImport, JournalLine
from app.statements.ours import OurAccount
from app.statements.parsed import Skipped
from app.storage.work import Database, ReadWork
from app.tabular.reader import file_hash

KNOWN: Final = "此前已导入"
LEFT_OUT: Final = "-"
_PART: Final = 500
_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class JournalPreview:
    """What a file would bring; nothing is stored yet.

    accounts: ours for each book of the file, "" where the file does not tell.
    """

    path: Path
    file_hash: str
    file: JournalFile
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """Lines that came in before for days of this file, and are not in it any more.

    They were changed or struck out in the books since, or the file holds a part of them only.
    """

    account: str
    count: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class JournalTaken:
    """What came of an import. imports: its number in the list, one for each account."""

    imported: int
    skipped: tuple[Skipped, ...]
    imports: tuple[int, ...]
    gone: tuple[Gone, ...]


def preview(
    db: Database, actor: Actor, path: Path, password: str | None = None, currency: str = "CNY"
) -> JournalPreview:
    """Read a file and say what it would bring.

    Raises what read_journal raises (all BadInput, or NotFound), and Denied.
    """
    with reading(db, actor, Right.RECONCILE_MATCH) as work:
        rows = work.session.execute(select(BankAccount.number, BankAccount.currency))
        ours = [OurAccount(number, currency) for number, currency in rows]
    found = read_journal(path, currency, password)
    accounts = tuple(account_of(one, ours) for one in found.books)
    return JournalPreview(path, file_hash(path), found, accounts)


def take_in(
    db: Database, actor: Actor, seen: JournalPreview, accounts: Sequence[str] = ()
) -> JournalTaken:
    """Keep the new lines of a preview, all of them or none.

    accounts: of each book, as a person chose; "" keeps what the file tells, LEFT_OUT leaves the book
    out. Raises BadInput when there is nothing to keep, an account is missing, of another currency
    or not the one that the file names; NotFound for one not ours.
    """
    chosen = _chosen(seen, accounts)
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        skipped = list(seen.file.skipped)
        kept: list[_Kept] = []
        for book, number in chosen:
            one = _keep(act, book, _account(act.uow, number, book), seen)
            kept.append(one)
            skipped.extend(one.known)
        act.done(*(_event(seen, one) for one in kept))
    return JournalTaken(
        sum(one.fresh for one in kept),
        tuple(sorted(skipped, key=lambda one: one.row or 0)),
        tuple(one.import_id for one in kept),
        tuple(one.gone for one in kept if one.gone is not None),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    book: Book
    account: str
    import_id: int
    fresh: int
    known: tuple[Skipped, ...]
    gone: Gone | None


def _chosen(seen: JournalPreview, accounts: Sequence[str]) -> list[tuple[Book, str]]:
    """The books to keep, each with its account. Raises BadInput."""
    given = accounts or [""] * len(seen.file.books)
    found = []
    for book, named, wanted in zip(seen.file.books, seen.accounts, given, strict=True):
        if not book.lines or wanted == LEFT_OUT:
            continue
        if named and wanted and wanted != named and named == book.number:
            said = f"文件写明的账号是 {named}，不是所选的 {wanted}。"
            raise BadInput(said, "请选择文件所写的账户，或核对是否选错了文件。")
        number = wanted or named
        if not number:
            title = f"“{book.title}”" if book.title else f"“{seen.path.name}”"
            raise BadInput(
                f"日记账{title}不知道属于哪个账户。", "请选择它所属的本公司账户（CLI：--account）。"
            )
        found.append((book, number))
    if not found:
        raise BadInput(
            f"{seen.path.name} 中没有可以导入的分录。", "请核对有问题的行，或选择要导入的科目。"
        )
    return found


def _account(work: ReadWork, number: str, book: Book) -> BankAccount:
    row = find_account(work, number, "请选择本公司的账户，或先登记该账户。")
    if row.currency != book.currency:
        raise BadInput(
            f"{number} 是 {row.currency} 账户，日记账的币种是 {book.currency}。",
            "请选择同币种的账户，或在表头上方写明币种。",
        )
    return row


def _keep(act: Act, book: Book, account: BankAccount, seen: JournalPreview) -> _Kept:
    """The lines that are new, stored; and those that came in before."""
    identities = book.identities(account.number)
    known = _known(act.uow, identities)
    pairs = list(zip(book.lines, identities, strict=True))
    fresh = [(line, identity) for line, identity in pairs if identity not in known]
    gone = _gone(act.uow, book, account, frozenset(identities))
    first, last = _days(act.uow, book)
    brought = JournalImport(
        account_id=account.id,
        file_name=seen.path.name[:200],
        file_hash=seen.file_hash,
        since=first,
        until=last,
        opening_minor=book.opening,
        closing_minor=book.closing,
        proof=book.proof,
        lines=len(book.lines),
        imported=len(fresh),
        problems=[[p.row, p.field, p.message] for p in (*seen.file.problems, *book.problems)],
        imported_by=act.person.user_id,
        imported_at=act.uow.now,
    )
    act.uow.session.add(brought)
    act.uow.session.flush()
    rows = [_row(line, identity, account, brought.id) for line, identity in fresh]
    for start in range(0, len(rows), _ROWS):
        act.uow.session.execute(insert(JournalLine), rows[start : start + _ROWS])
    skipped = tuple(
        Skipped(line.row, _in_sheet(book, KNOWN)) for line, identity in pairs if identity in known
    )
    return _Kept(book, account.number, brought.id, len(fresh), skipped, gone)


def _in_sheet(book: Book, reason: str) -> str:
    return f"工作表“{book.sheet}”：{reason}" if book.sheet else reason


def _days(work: ReadWork, book: Book) -> tuple[date, date]:
    """The days that the book speaks of; a period that was chosen ahead ends today."""
    days = [line.on for line in book.lines]
    first, last = min(days), max(days)
    until = min(book.until or last, work.today)
    return min(first, book.since or first), max(last, until)


def _known(work: ReadWork, identities: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(identities), _PART):
        part = identities[start : start + _PART]
        found.update(
            work.session.scalars(select(JournalLine.identity).where(JournalLine.identity.in_(part)))
        )
    return found


def _gone(
    work: ReadWork, book: Book, account: BankAccount, identities: frozenset[str]
) -> Gone | None:
    """What the books had on these days and have no more."""
    days = [line.on for line in book.lines]
    rows = work.session.execute(
        select(JournalLine.identity, JournalLine.booked_on).where(
            JournalLine.account_id == account.id,
            JournalLine.booked_on >= min(days),
            JournalLine.booked_on <= max(days),
        )
    )
    missing = [on for identity, on in rows if identity not in identities]
    if not missing:
        return None
    return Gone(account.number, len(missing), min(missing), max(missing))


def _row(line: BookLine, identity: str, account: BankAccount, import_id: int) -> dict[str, Any]:
    return {
        "account_id": account.id,
        "booked_on": line.on,
        "amount_minor": line.minor,
        "currency": account.currency,
        "balance_minor": line.balance,
        "voucher": line.voucher,
        "settlement": line.settlement,
        "name": line.name,
        "text": line.text,
        "identity": identity,
        "import_id": import_id,
        "row": line.row,
    }


def _event(seen: JournalPreview, kept: _Kept) -> Event:
    return Event(
        "journal.imported",
        f"account:{kept.account}",
        after={
            "import": kept.import_id,
            "file": seen.path.name,
            "sha256": seen.file_hash,
            "subject": kept.book.title,
            "imported": kept.fresh,
            "skipped": len(kept.known),
            "problems": len(seen.file.problems) + len(kept.book.problems),
            "proof": kept.book.proof,
        },
    )
