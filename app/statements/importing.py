"""Statement lines come in: looked at, then kept once each, and the watch looks at the debits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
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
from app.core.errors import BadInput, NotFound
from app.payments.intake.drafts import Skipped
from app.statements.model import BankLine
from app.statements.reading import Statement, StatementLine, read
from app.storage.work import Database, ReadWork
from app.tabular.reader import file_hash, read_table

KNOWN: Final = "此前已导入"
CURRENCY: Final = "CNY"
_PART: Final = 500


@dataclass(frozen=True, slots=True)
class StatementPreview:
    """What a file would bring; nothing is stored yet. account: "" where the file names none."""

    path: Path
    file_hash: str
    statement: Statement
    account: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of an import. alarms: numbers of the hits that want somebody; looks: weak ones."""

    imported: int
    skipped: tuple[Skipped, ...]
    alarms: tuple[str, ...]
    looks: tuple[str, ...]


def preview(db: Database, actor: Actor, path: Path) -> StatementPreview:
    """Read a file and say what it would bring.

    Raises UnreadableTable, NoHeader, NotAStatement (all BadInput), NotFound and Denied.
    """
    with reading(db, actor, Right.STATEMENT_IMPORT) as work:
        ours = list(work.session.scalars(select(BankAccount.number)))
    statement = read(read_table(path), CURRENCY, ours)
    named = statement.accounts[0] if len(statement.accounts) == 1 else ""
    return StatementPreview(path, file_hash(path), statement, named)


def take_in(db: Database, actor: Actor, seen: StatementPreview, account: str) -> TakenIn:
    """Keep the new lines of a preview, all of them or none, and look at the debits among them.

    Raises BadInput when there is nothing to keep, NotFound for an account that is not ours.
    """
    if not seen.statement.lines:
        raise BadInput(f"{seen.path.name} 中没有可以导入的交易。", "请核对有问题的行后重新导出。")
    with acting(db, actor, Right.STATEMENT_IMPORT) as act:
        row = act.uow.session.scalar(select(BankAccount).where(BankAccount.number == account))
        if row is None:
            raise NotFound(f"没有登记账户“{account}”。", "请选择本公司的账户，或先登记该账户。")
        if row.currency != CURRENCY:
            raise BadInput(
                f"{account} 是 {row.currency} 账户，暂不能导入外币流水。", "请选择人民币账户。"
            )
        identities = seen.statement.identities(account)
        known = _known(act.uow, identities)
        kept: list[BankLine] = []
        skipped = list(seen.statement.skipped)
        for line, identity in zip(seen.statement.lines, identities, strict=True):
            if identity in known:
                skipped.append(Skipped(line.row, KNOWN))
            else:
                kept.append(_row(line, identity, row, seen, act.person.user_id, act.uow.now))
        act.uow.session.add_all(kept)
        act.uow.session.flush()
        found = watch_debits(act, list(_debits(kept)))
        act.done(
            Event(
                "statement.imported",
                f"account:{account}",
                after={
                    "file": seen.path.name,
                    "sha256": seen.file_hash,
                    "imported": len(kept),
                    "skipped": len(skipped),
                    "problems": len(seen.statement.problems),
                },
            ),
            *hit_events(act.uow, found),
        )
        return TakenIn(
            len(kept),
            tuple(sorted(skipped, key=lambda one: one.row)),
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
                BankLine.id.not_in(select(WatchHit.line_key)),
            )
            .order_by(BankLine.id)
        ).all()
        found = look_only(uow, expected, list(_debits(rows)))
        if found:
            record(uow, by, *hit_events(uow, found))
            uow.commit()
        return [one.number for one in found]


def _known(work: ReadWork, identities: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(identities), _PART):
        part = identities[start : start + _PART]
        found.update(
            work.session.scalars(select(BankLine.identity).where(BankLine.identity.in_(part)))
        )
    return found


def _row(
    line: StatementLine,
    identity: str,
    account: BankAccount,
    seen: StatementPreview,
    user_id: int,
    now: datetime,
) -> BankLine:
    return BankLine(
        account_id=account.id,
        booked_on=line.on,
        amount_minor=line.minor,
        currency=account.currency,
        balance_minor=line.balance,
        name=line.name,
        payee_account=line.payee_account,
        text=line.text,
        reference=line.reference,
        identity=identity,
        file_name=seen.path.name[:200],
        row=line.row,
        imported_by=user_id,
        imported_at=now,
    )


def _debits(rows: Sequence[BankLine]) -> Iterator[Line]:
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
