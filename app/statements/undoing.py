"""What came in by which import, and taking a whole import back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.access.guard import Act, Actor, acting, reading
from app.access.model import User
from app.access.rights import Right
from app.accounts.finding import find_account
from app.accounts.model import BankAccount
from app.agreements.model import AgreementDebit, WatchHit
from app.agreements.watch.keeping import TOLD
from app.agreements.watch.states import HIT_LABELS, HitState
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput, NotFound, Refused
from app.statements.model import BankLine, StatementImport
from app.statements.parsed import Proof
from app.storage.errors import is_referred_to
from app.storage.work import Database, ReadWork

_NAMED: Final = 3


class ImportInUse(Refused):
    """Something was done with lines of the import."""

    code = "STM-006"


class ImportUndone(Refused):
    code = "STM-007"
    remedy = "请刷新“导入记录”。同一文件可以重新导入。"


# How the database says that a line is in a match, or under a reviewed 余额调节表.
_GUARD: Final = "bank_line: DELETE is refused"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import of one statement. skipped: lines that were there before; undone_at: None if kept."""

    id: int
    at: datetime
    by: str
    file: str
    format: str
    bank: str
    account: str
    account_name: str
    currency: str
    since: date | None
    until: date | None
    lines: int
    imported: int
    proof: Proof
    problems: int
    undone_at: datetime | None
    undone_by: str
    undone_why: str

    @property
    def skipped(self) -> int:
        return self.lines - self.imported


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: bank lines, and debits that had been noted at agreements for them."""

    account: str
    file: str
    lines: int
    debits: int


def import_lines(db: Database, actor: Actor, account: str = "") -> list[ImportLine]:
    """The imports, the newest first; account: only of that one. Raises NotFound, Denied."""
    with reading(db, actor, Right.STATEMENT_IMPORT) as work:
        if account:
            find_account(work, account, "请核对账号。")
        by, undoer = aliased(User), aliased(User)
        rows = (
            select(StatementImport, BankAccount, by.name, undoer.name)
            .join(BankAccount, BankAccount.id == StatementImport.account_id)
            .join(by, by.id == StatementImport.imported_by)
            .outerjoin(undoer, undoer.id == StatementImport.undone_by)
            .order_by(StatementImport.id.desc())
        )
        if account:
            rows = rows.where(BankAccount.number == account)
        return [_line(*row) for row in work.session.execute(rows)]


def undo_import(db: Database, actor: Actor, import_id: int, reason: str) -> Undone:
    """Take the lines of an import back, all or none; what it said of itself stays, with who and why.

    Raises ImportInUse where something was done with a line, ImportUndone, BadInput without a
    reason, NotFound, Denied.
    """
    try:
        with acting(db, actor, Right.STATEMENT_IMPORT) as act:
            row = act.uow.session.get(StatementImport, import_id)
            if row is None:
                raise NotFound(f"没有编号为 {import_id} 的导入。", "请在“导入记录”中核对编号。")
            if row.undone_at is not None:
                raise ImportUndone(f"“{row.file_name}”的这次导入已被撤销。")
            if not reason.strip():
                raise BadInput("请填写撤销原因。", "写明错在哪里，例如选错账户、文件不完整。")
            _refuse_later(act.uow, row)
            _refuse_hits(act.uow, row)
            return _undo(act, row, reason.strip())
    except IntegrityError as error:
        # Which matter holds on to a line is not known here, only that the database says so.
        if not is_referred_to(error) and _GUARD not in str(error.orig):
            raise
        raise ImportInUse(
            "该次导入的流水已在对账中使用，不能撤销。",
            "请先在“对账”中撤销这些流水的勾对，再撤销导入；余额调节表已复核的，须先作废。",
        ) from error


def _undo(act: Act, row: StatementImport, reason: str) -> Undone:
    session = act.uow.session
    account = session.get_one(BankAccount, row.account_id).number
    debits = _noted(act.uow, row)
    ours = select(BankLine.id).where(BankLine.import_id == row.id)
    # A number that a line had may be given to another one.
    excluded = update(WatchHit).where(WatchHit.line_key.in_(ours)).values(line_key=None)
    session.execute(excluded.execution_options(synchronize_session=False))
    for debit in debits:
        session.delete(debit)
    row.undone_at, row.undone_by, row.undone_why = act.uow.now, act.person.user_id, reason
    # The database lets lines go only where their import is undone.
    session.flush()
    count = session.scalar(
        select(func.count()).select_from(BankLine).where(BankLine.import_id == row.id)
    )
    gone = delete(BankLine).where(BankLine.import_id == row.id)
    session.execute(gone.execution_options(synchronize_session=False))
    found = Undone(account, row.file_name, count or 0, len(debits))
    act.done(
        Event(
            "statement.undone",
            f"account:{account}",
            before={"file": row.file_name, "sha256": row.file_hash, "imported": row.imported},
            after={"undone": found.lines, "debits": found.debits},
            reason=reason,
        )
    )
    return found


def _refuse_later(work: ReadWork, row: StatementImport) -> None:
    """Lines that a later import left out since this one had them would be lost."""
    later = work.session.scalars(
        select(StatementImport)
        .where(
            StatementImport.account_id == row.account_id,
            StatementImport.id > row.id,
            StatementImport.undone_at.is_(None),
        )
        .order_by(StatementImport.id.desc())
    )
    leaning = [one for one in later if row.id in one.known_from]
    if leaning:
        named = "、".join(
            f"“{one.file_name}”（编号 {one.id}，{local_text(one.imported_at, work.tz)}）"
            for one in leaning[:_NAMED]
        )
        more = f"等 {len(leaning)} 次" if len(leaning) > _NAMED else ""
        raise ImportInUse(
            f"之后导入的{named}{more}跳过了本次已有的流水，先撤销本次会丢失这些流水。",
            "请从最近一次起依次撤销，再撤销本次；之后可以重新导入这些文件。",
        )


def _refuse_hits(work: ReadWork, row: StatementImport) -> None:
    """An alarm goes away by who may exclude it, never with the line that it is about."""
    hits = work.session.execute(
        select(WatchHit.number, WatchHit.state, BankLine.row)
        .join(BankLine, BankLine.id == WatchHit.line_key)
        .where(BankLine.import_id == row.id, WatchHit.state != HitState.EXCLUDED)
        .order_by(WatchHit.id)
    ).all()
    if not hits:
        return
    named = "、".join(
        f"第 {place} 行（{number}，{HIT_LABELS[HitState(state)]}）"
        for number, state, place in hits[:_NAMED]
    )
    more = f"等 {len(hits)} 笔" if len(hits) > _NAMED else ""
    raise ImportInUse(
        f"该次导入的流水中，{named}{more}已列为异常扣款，不能撤销。",
        "请在“扣款监控”中核实；确属误导入的，先由有权限的人排除（误报），再撤销导入。"
        "已登记追回的不能撤销。",
    )


def _noted(work: ReadWork, row: StatementImport) -> Sequence[AgreementDebit]:
    """The debits that were noted at agreements for lines of this import and for no other line."""
    noted = work.session.scalars(
        select(AgreementDebit).where(
            AgreementDebit.recorded_at == row.imported_at, AgreementDebit.remark.startswith(TOLD)
        )
    ).all()
    return [debit for debit in noted if _only_here(work, row, debit)]


def _only_here(work: ReadWork, row: StatementImport, debit: AgreementDebit) -> bool:
    alike = work.session.execute(
        select(BankLine.import_id, BankLine.text, BankLine.reference).where(
            BankLine.account_id == row.account_id,
            BankLine.booked_on == debit.debited_on,
            BankLine.amount_minor == -debit.amount_minor,
        )
    ).all()
    ours = any(
        key == row.id and debit.remark == f"{TOLD}{text}" and debit.reference == reference[:60]
        for key, text, reference in alike
    )
    return ours and all(key == row.id for key, _, _ in alike)


def _line(row: StatementImport, account: BankAccount, by: str, undoer: str | None) -> ImportLine:
    return ImportLine(
        row.id,
        row.imported_at,
        by,
        row.file_name,
        row.format,
        row.bank,
        account.number,
        account.name,
        account.currency,
        row.since,
        row.until,
        row.lines,
        row.imported,
        Proof(row.proof),
        len(row.problems),
        row.undone_at,
        undoer or "",
        row.undone_why or "",
    )
