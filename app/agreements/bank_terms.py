"""How many working days each bank takes to end an authorisation: seen by all, set by a chief."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.model import BankTerm
from app.agreements.prospects import USUAL_BANK_DAYS
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput, Conflict, NotFound
from app.storage.work import Database, ReadWork

MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class BankTermLine:
    """One bank. own: somebody set its number; accounts: how many of ours it keeps."""

    bank: str
    days: int
    own: bool
    accounts: int
    reason: str
    changed_by: str
    changed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class SetBankTerm:
    """A bank's number as it was seen at `expected_version`. days None: the usual one again."""

    bank: str
    days: int | None
    reason: str
    expected_version: int


def bank_terms(db: Database, actor: Actor) -> list[BankTermLine]:
    """Every bank of our accounts, by name. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        kept = {row.bank: row for row in work.session.scalars(select(BankTerm))}
        counts = _accounts(work)
        return [
            _line(bank, kept.get(bank), counts.get(bank, 0)) for bank in sorted({*kept, *counts})
        ]


def set_bank_term(db: Database, actor: Actor, command: SetBankTerm) -> None:
    """Set a bank's number; requests that were made keep theirs. Raises BadInput, Conflict, Denied."""
    with acting(db, actor, Right.RULE_CHANGE) as act:
        row = act.uow.session.scalar(select(BankTerm).where(BankTerm.bank == command.bank))
        if row is None and command.bank not in _accounts(act.uow):
            raise NotFound(f"没有开户银行“{command.bank}”。")
        if command.expected_version != (0 if row is None else row.version):
            by = "他人" if row is None else row.changed_by
            at = row.changed_at if row is not None else None
            when = "" if at is None else f" 于 {local_text(at, act.uow.tz)}"
            raise Conflict(f"“{command.bank}”的办理天数已被 {by}{when} 修改。")
        if not command.reason.strip():
            raise BadInput("请填写依据。", "如：银行公告、客户经理答复的日期和姓名。")
        if command.days is not None and not 1 <= command.days <= MOST_DAYS:
            raise BadInput(f"办理天数须为 1 到 {MOST_DAYS} 个工作日。")
        if row is None:
            row = BankTerm(bank=command.bank, days=None)
            act.uow.session.add(row)
        before = row.days
        if before == command.days:
            raise BadInput("没有任何修改。", "请修改后再保存。")
        row.days, row.reason = command.days, command.reason.strip()
        row.changed_by, row.changed_at = act.person.label, act.uow.now
        act.done(
            Event(
                "bank_term.changed",
                f"bank:{command.bank}",
                before={"days": before},
                after={"days": command.days},
                reason=row.reason,
            )
        )


def _accounts(work: ReadWork) -> dict[str, int]:
    rows = work.session.execute(select(BankAccount.bank, func.count()).group_by(BankAccount.bank))
    return {bank: count for bank, count in rows if bank}


def _line(bank: str, row: BankTerm | None, accounts: int) -> BankTermLine:
    if row is None:
        return BankTermLine(bank, USUAL_BANK_DAYS, False, accounts, "", "", None, 0)
    days = USUAL_BANK_DAYS if row.days is None else row.days
    return BankTermLine(
        bank,
        days,
        row.days is not None,
        accounts,
        row.reason,
        row.changed_by,
        row.changed_at,
        row.version,
    )
