"""Statement lines come in: looked at, then kept once each, and the watch looks at the debits."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select

from app.access.guard import Act, Actor, acting, reading
from app.access.rights import Right
from app.accounts.finding import find_account
from app.accounts.model import BankAccount
from app.agreements.model import WatchHit
from app.agreements.watch.keeping import (
    Line,
    earliest_end,
    expectations,
    hit_events,
    look_only,
)
from app.agreements.watch.keeping import look as watch_debits
from app.agreements.watch.rules import Confidence
from app.audit.trail import Event, record
from app.core.errors import BadInput
from app.statements.layouts import kept_layouts
from app.statements.mapping import KnownLayout
from app.statements.model import BankLine, StatementImport
from app.statements.opening import open_statement
from app.statements.ours import OurAccount, own_account
from app.statements.parsed import Skipped, Statement, StatementFile, StatementLine
from app.storage.work import Database, ReadWork
from app.tabular.reader import file_hash

KNOWN: Final = "此前已导入"
_LINES: Final = cast("Table", BankLine.__table__)
# So many values are asked for at once; both databases take more.
_PART: Final = 10_000


@dataclass(frozen=True, slots=True)
class StatementPreview:
    """What a file would bring; nothing is stored yet.

    accounts: ours for each statement of the file, "" where the file does not tell. reread: the file
    once more, in that currency where it names none.
    """

    path: Path
    file_hash: str
    file: StatementFile
    accounts: tuple[str, ...]
    reread: Callable[[str], StatementFile]

    @property
    def account(self) -> str:
        """The one account that all statements are of; "" where they are of several or unknown."""
        return self.accounts[0] if len(set(self.accounts)) == 1 else ""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of an import. alarms: numbers of the hits that want somebody; looks: weak ones."""

    imported: int
    skipped: tuple[Skipped, ...]
    alarms: tuple[str, ...]
    looks: tuple[str, ...]


def preview(
    db: Database,
    actor: Actor,
    path: Path,
    *,
    chosen: KnownLayout | None = None,
    password: str | None = None,
) -> StatementPreview:
    """Read a file and say what it would bring. chosen: a layout that goes before those remembered.

    Raises what open_statement raises (all BadInput, or NotFound), and Denied.
    """
    with reading(db, actor, Right.STATEMENT_IMPORT) as work:
        rows = work.session.execute(select(BankAccount.number, BankAccount.currency))
        ours = [OurAccount(number, currency) for number, currency in rows]
        layouts = (*([chosen] if chosen else []), *kept_layouts(work))

    def read(currency: str) -> StatementFile:
        return open_statement(path, currency, layouts=layouts, password=password)

    found = read("CNY")
    accounts = tuple(own_account(one, found.head, ours) for one in found.statements)
    seen = StatementPreview(path, file_hash(path), found, accounts, read)
    currencies = {one.number: one.currency for one in ours}
    return in_currencies(seen, [currencies.get(number, "") for number in accounts])


def in_currencies(seen: StatementPreview, wanted: Sequence[str]) -> StatementPreview:
    """The preview with each statement that names no currency read in the one wanted for it.

    wanted: for each statement, "" where nothing is known. What a file names is never overruled.
    """
    file = seen.file
    for currency in sorted({*wanted} - {""}):
        places = {
            at
            for at, (one, want) in enumerate(zip(file.statements, wanted, strict=True))
            if want == currency != one.currency and not one.currency_said
        }
        if not places:
            continue
        again = seen.reread(currency)
        if len(again.statements) != len(file.statements):
            # Rows that name a currency and rows that name none: only a person can tell them apart.
            continue
        whole = len(places) == len(file.statements)
        mixed = tuple(
            again.statements[at] if at in places else one for at, one in enumerate(file.statements)
        )
        problems = (*file.problems, *(p for p in again.problems if p not in file.problems))
        file = again if whole else replace(file, statements=mixed, problems=problems)
    return replace(seen, file=file)


def in_account(
    db: Database, actor: Actor, seen: StatementPreview, account: str
) -> StatementPreview:
    """The preview in the currency of the account chosen for its statements. Raises Denied."""
    with reading(db, actor, Right.STATEMENT_IMPORT) as work:
        rows = work.session.execute(select(BankAccount.number, BankAccount.currency))
        currencies = dict(rows.all())
    targets = (
        _target(seen, one, named, account)
        for one, named in zip(seen.file.statements, seen.accounts, strict=True)
    )
    return in_currencies(seen, [currencies.get(number, "") for number in targets])


def take_in(db: Database, actor: Actor, seen: StatementPreview, account: str = "") -> TakenIn:
    """Keep the new lines of a preview, all of them or none, and look at the debits among them.

    account: for statements whose own one the file does not tell. Raises BadInput when there is
    nothing to keep, an account is missing or of another currency, NotFound for one not ours.
    """
    if not seen.file.lines:
        raise BadInput(f"{seen.path.name} 中没有可以导入的交易。", "请核对有问题的行后重新导出。")
    seen = in_account(db, actor, seen, account)
    with acting(db, actor, Right.STATEMENT_IMPORT) as act:
        kept, debits = 0, list[Line]()
        skipped = list(seen.file.skipped)
        events = []
        for one, named in zip(seen.file.statements, seen.accounts, strict=True):
            if not one.lines:
                continue
            row = _account(act.uow, _target(seen, one, named, account), one)
            new, known, out = _keep(act, one, row, seen)
            kept += new
            debits.extend(out)
            skipped.extend(known)
            events.append(_event(seen, one, row.number, new, len(known)))
        found = watch_debits(act, debits)
        act.done(*events, *hit_events(act.uow, found))
        return TakenIn(
            kept,
            tuple(sorted(skipped, key=lambda one: one.row or 0)),
            tuple(one.number for one in found if one.confidence != Confidence.WEAK),
            tuple(one.number for one in found if one.confidence == Confidence.WEAK),
        )


def look_again(db: Database, by: str) -> list[str]:
    """Look once more at lines that came in before it was known that an agreement had ended.

    A bank confirms an end days after it took effect: what was foreseen then is forbidden now.
    Returns the numbers of the new hits.
    """
    with db.write() as uow:
        expected = expectations(uow)
        since = earliest_end(expected)
        if since is None:
            return []
        rows = uow.session.scalars(
            select(BankLine)
            .where(
                BankLine.booked_on >= since,
                BankLine.amount_minor < 0,
                ~select(WatchHit.id).where(WatchHit.line_key == BankLine.id).exists(),
            )
            .order_by(BankLine.id)
        ).all()
        found = look_only(uow, expected, list(_debits(rows)))
        if found:
            record(uow, by, *hit_events(uow, found))
            uow.commit()
        return [one.number for one in found]


def _known(work: ReadWork, identities: Sequence[str]) -> dict[str, int]:
    """Of those that came in before, the import that brought each."""
    found: dict[str, int] = {}
    for start in range(0, len(identities), _PART):
        part = identities[start : start + _PART]
        found.update(
            work.session.execute(
                select(BankLine.identity, BankLine.import_id).where(BankLine.identity.in_(part))
            ).all()
        )
    return found


def _target(seen: StatementPreview, one: Statement, named: str, chosen: str) -> str:
    """The account to keep a statement in: the one it names; a person may say where it does not.

    Raises BadInput where the file says in full that it is of another one.
    """
    if len(seen.file.statements) > 1 or not chosen:
        return named or chosen
    if named and named == one.number and chosen != named:
        said = f"文件写明的账号是 {named}，不是所选的 {chosen}。"
        raise BadInput(said, "请选择文件所写的账户，或核对是否选错了文件。")
    return chosen


def _account(work: ReadWork, number: str, one: Statement) -> BankAccount:
    if not number:
        said = f"账号“{one.number}”" if one.number else "流水"
        raise BadInput(f"{said}不知道属于哪个账户。", "请选择流水所属的本公司账户。")
    row = find_account(work, number, "请选择本公司的账户，或先登记该账户。")
    if row.currency != one.currency:
        raise BadInput(
            f"{number} 是 {row.currency} 账户，流水的币种是 {one.currency}。",
            "请选择同币种的账户。",
        )
    return row


def _keep(
    act: Act, one: Statement, account: BankAccount, seen: StatementPreview
) -> tuple[int, list[Skipped], list[Line]]:
    """How many lines were new and are stored, those that came in before, and the new debits."""
    identities = one.identities(account.number)
    known = _known(act.uow, identities)
    pairs = list(zip(one.lines, identities, strict=True))
    fresh = [(line, identity) for line, identity in pairs if identity not in known]
    brought = StatementImport(
        account_id=account.id,
        file_name=seen.path.name[:200],
        file_hash=seen.file_hash,
        format=seen.file.format,
        bank=seen.file.bank,
        since=one.since,
        until=one.until,
        opening_minor=one.opening,
        closing_minor=one.closing,
        proof=one.proof,
        lines=len(one.lines),
        imported=len(fresh),
        known_from=sorted(set(known.values())),
        problems=[[p.row, p.field, p.message] for p in (*seen.file.problems, *one.problems)],
        imported_by=act.person.user_id,
        imported_at=act.uow.now,
    )
    act.uow.session.add(brought)
    act.uow.session.flush()
    rows = [_row(line, identity, account, brought.id, act.uow.tz) for line, identity in fresh]
    if rows:
        # Past the mapper: it would look at every row once more.
        act.uow.session.connection().execute(insert(_LINES), rows)
    skipped = [Skipped(line.row, KNOWN) for line, identity in pairs if identity in known]
    return len(rows), skipped, list(_debits(_new_debits(act.uow, brought.id)))


def _new_debits(work: ReadWork, import_id: int) -> Sequence[Any]:
    """The money that went out by the lines of an import, as columns."""
    return work.session.execute(
        select(
            BankLine.id,
            BankLine.account_id,
            BankLine.booked_on,
            BankLine.amount_minor,
            BankLine.currency,
            BankLine.name,
            BankLine.payee_account,
            BankLine.text,
            BankLine.reference,
        )
        .where(BankLine.import_id == import_id, BankLine.amount_minor < 0)
        .order_by(BankLine.id)
    ).all()


def _event(seen: StatementPreview, one: Statement, account: str, new: int, known: int) -> Event:
    return Event(
        "statement.imported",
        f"account:{account}",
        after={
            "file": seen.path.name,
            "sha256": seen.file_hash,
            "imported": new,
            "skipped": known + len(seen.file.skipped),
            "problems": len(seen.file.problems) + len(one.problems),
            "proof": one.proof,
        },
    )


def _row(
    line: StatementLine, identity: str, account: BankAccount, import_id: int, zone: ZoneInfo
) -> dict[str, Any]:
    return {
        "account_id": account.id,
        "booked_on": line.on,
        "booked_at": None if line.at is None else datetime.combine(line.on, line.at, zone),
        "value_on": line.value_on,
        "amount_minor": line.minor,
        "currency": account.currency,
        "balance_minor": line.balance,
        "name": line.name,
        "payee_account": line.payee_account,
        "payee_bank": line.payee_bank[:200],
        "text": line.text,
        "summary": line.summary,
        "purpose": line.purpose,
        "remark": line.remark,
        "reference": line.reference,
        "identity": identity,
        "import_id": import_id,
        "row": line.row,
    }


def _debits(rows: Iterable[Any]) -> Iterator[Line]:
    for row in rows:
        if row.amount_minor < 0:
            yield Line(
                row.id,
                row.account_id,
                row.booked_on,
                -row.amount_minor,
                row.currency,
                row.name,
                row.payee_account,
                row.text,
                row.reference,
            )
