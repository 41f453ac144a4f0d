"""An import of a journal is taken back as a whole, as long as nothing rests on it."""

from datetime import date

from sqlalchemy import delete, exists, func, select, update

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.errors import BadInput, NotFound, Refused
from app.core.money import Money
from app.reconciliation.model import BalanceSheet, JournalImport, JournalLine, MatchMember
from app.storage.work import Database, ReadWork


class NotUndone(Refused):
    """Something rests on the lines of an import."""

    code = "JRN-010"


def undo(db: Database, actor: Actor, import_id: int, why: str) -> int:
    """Take the lines of an import out again; returns how many there were.

    The import itself stays, with who took it back and why. Raises BadInput without a reason,
    NotFound, NotUndone while its lines are matched, a reviewed 余额调节表 rests on them, a later
    import counts on them, or it was undone before.
    """
    reason = " ".join(why.split())
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        if not reason:
            raise BadInput("请填写撤销导入的原因。")
        row = act.uow.session.get(JournalImport, import_id)
        if row is None:
            raise NotFound(f"没有编号为 {import_id} 的日记账导入。")
        account = act.uow.session.get_one(BankAccount, row.account_id)
        _check(act.uow, row)
        count, ins, outs = _sums(act.uow, row)
        _take_out(act, row)
        row.undone_by, row.undone_at, row.undone_why = act.person.user_id, act.uow.now, reason
        act.done(
            Event(
                "journal.undone",
                f"account:{account.number}",
                before={
                    "import": row.id,
                    "file": row.file_name,
                    "since": row.since.isoformat(),
                    "until": row.until.isoformat(),
                    "lines": count,
                    "total_in": Money(ins, account.currency).decimal(),
                    "total_out": Money(-outs, account.currency).decimal(),
                },
                reason=reason,
            )
        )
        return count


def why_not(work: ReadWork, row: JournalImport) -> NotUndone | None:
    """What keeps an import from being undone; None where nothing does."""
    if row.undone_at is not None:
        return NotUndone(f"导入“{row.file_name}”已经撤销。", "请刷新列表。")
    later = _later(work, row)
    if later is not None:
        return NotUndone(
            f"此后导入的“{later.file_name}”（{later.since} 至 {later.until}）与它的日期重叠，"
            "其中相同的分录没有重复保存。",
            "请先撤销较后的导入，再撤销这一个。",
        )
    matched = _matched(work, row)
    if matched:
        return NotUndone(
            f"该导入有 {matched} 笔分录已经核对。", "请先在对账中取消这些核对，再撤销导入。"
        )
    sheet = _resting(work, row)
    if sheet is not None:
        return NotUndone(
            f"已复核的余额调节表 {sheet.number}（截至 {sheet.as_of}）以这些分录为依据。",
            "请先作废该余额调节表，再撤销导入。",
        )
    return None


def _check(work: ReadWork, row: JournalImport) -> None:
    refusal = why_not(work, row)
    if refusal is not None:
        raise refusal


def _later(work: ReadWork, row: JournalImport) -> JournalImport | None:
    return work.session.scalar(
        select(JournalImport)
        .where(
            JournalImport.account_id == row.account_id,
            JournalImport.id > row.id,
            JournalImport.undone_at.is_(None),
            JournalImport.since <= row.until,
            JournalImport.until >= row.since,
        )
        .order_by(JournalImport.id.desc())
        .limit(1)
    )


def _matched(work: ReadWork, row: JournalImport) -> int:
    return (
        work.session.scalar(
            select(func.count(func.distinct(MatchMember.journal_id)))
            .join(JournalLine, JournalLine.id == MatchMember.journal_id)
            .where(JournalLine.import_id == row.id, MatchMember.live.is_(True))
        )
        or 0
    )


def _resting(work: ReadWork, row: JournalImport) -> BalanceSheet | None:
    first: date | None = work.session.scalar(
        select(func.min(JournalLine.booked_on)).where(JournalLine.import_id == row.id)
    )
    if first is None:
        return None
    return work.session.scalar(
        select(BalanceSheet)
        .where(
            BalanceSheet.account_id == row.account_id,
            BalanceSheet.state == "REVIEWED",
            BalanceSheet.as_of >= first,
        )
        .order_by(BalanceSheet.as_of.desc())
        .limit(1)
    )


def _sums(work: ReadWork, row: JournalImport) -> tuple[int, int, int]:
    """How many lines are left, and Σ of those in and out."""
    amounts = list(
        work.session.scalars(
            select(JournalLine.amount_minor).where(JournalLine.import_id == row.id)
        )
    )
    return len(amounts), sum(a for a in amounts if a > 0), sum(a for a in amounts if a < 0)


def _take_out(act: Act, row: JournalImport) -> None:
    """Delete the lines; matches that were undone before keep what they were of by its key."""
    mine = exists().where(JournalLine.id == MatchMember.journal_id, JournalLine.import_id == row.id)
    session = act.uow.session
    session.execute(
        update(MatchMember)
        .where(MatchMember.live.is_(False), mine)
        .values(journal_id=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(JournalLine)
        .where(JournalLine.import_id == row.id)
        .execution_options(synchronize_session=False)
    )
