"""What people make of a hit: confirmed, excluded as a false alarm, recovered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, acting, name_of, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.model import Agreement, Suspension, WatchHit
from app.agreements.refunding import Pursuit, pursuits
from app.agreements.watch.rules import BAN_LABELS, MARK_LABELS, Ban, Confidence, Mark
from app.agreements.watch.states import HIT_LABELS, HIT_MOVES, HitState
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.core.states import move
from app.storage.work import Database, ReadWork

# Who dismisses an alarm, or calls the money back, does so with a reason; the chief's right is
# needed, so that nobody hides a debit that they let through.
_RIGHT_FOR: Final[dict[HitState, Right]] = {
    HitState.CONFIRMED: Right.AGREEMENT_MANAGE,
    HitState.EXCLUDED: Right.CANCEL_APPROVE,
    HitState.RECOVERED: Right.AGREEMENT_MANAGE,
}


@dataclass(frozen=True, slots=True)
class HitLine:
    """A debit that was not allowed. marks: why it is taken for that agreement's, in words.

    ban, ended_on: what forbade it, and since when; lifted_on: when a suspension was over.
    pursuit: the letters that ask for it, and what was answered.
    """

    number: str
    state: HitState
    confidence: Confidence
    agreement: str
    payee: str
    ban: Ban
    ended_on: date | None
    lifted_on: date | None
    debited_on: date
    amount: Money
    account: str
    bank: str
    name: str
    payee_account: str
    text: str
    marks: tuple[str, ...]
    remark: str
    decided_by: str
    decided_at: datetime | None
    found_at: datetime
    version: int
    pursuit: Pursuit

    @property
    def since(self) -> str:
        """What forbade it, and when: "2026-03-01 暂停（2026-03-20 恢复）"."""
        said = f"{self.ended_on or '—'} {BAN_LABELS[self.ban]}"
        return said if self.lifted_on is None else f"{said}（{self.lifted_on} 恢复）"

    @property
    def booking(self) -> str:
        """The entry that domain.md §4.1 proposes for a debit that was not allowed."""
        return f"借：其他应收款—待退扣款（{self.payee}） {self.amount.named()}　贷：银行存款 {self.amount.named()}"


@dataclass(frozen=True, slots=True)
class DecideHit:
    """What somebody makes of a hit that they saw at `expected_version`."""

    number: str
    state: HitState
    remark: str
    expected_version: int


def hit_lines(db: Database, actor: Actor) -> list[HitLine]:
    """Every hit, the newest first. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        rows = work.session.scalars(select(WatchHit).order_by(WatchHit.id.desc()))
        asked = pursuits(work)
        return [_line(work, row, asked) for row in rows]


def decide_hit(db: Database, actor: Actor, command: DecideHit) -> HitState:
    """Move a hit on. Raises Conflict, BadInput without a remark, IllegalTransition, Denied."""
    with acting(db, actor, _RIGHT_FOR[command.state]) as act:
        row = find_hit(act.uow, command.number)
        if row.version != command.expected_version:
            label = HIT_LABELS[HitState(row.state)]
            raise Conflict(f"{row.number} 已由 {name_of(act.uow, row.decided_by)} 改为“{label}”。")
        if not command.remark.strip():
            raise BadInput("请填写处理说明。", "写明核实的人、时间和依据。")
        before = row.state
        row.state = move(row.number, HitState(row.state), command.state, HIT_MOVES, HIT_LABELS)
        row.remark = command.remark.strip()
        row.decided_by, row.decided_at = act.person.user_id, act.uow.now
        number = act.uow.session.get_one(Agreement, row.agreement_id).number
        act.done(
            Event(
                "watch.decided",
                f"agreement:{number}",
                before={"state": before},
                after={"hit": row.number, "state": row.state},
                reason=row.remark,
            )
        )
        return HitState(row.state)


def find_hit(work: ReadWork, number: str) -> WatchHit:
    """The row. Raises NotFound."""
    row = work.session.scalar(select(WatchHit).where(WatchHit.number == number))
    if row is None:
        raise NotFound(f"没有异常扣款“{number}”。")
    return row


def open_hits(work: ReadWork) -> list[HitLine]:
    """Alarms that nobody has dealt with, for the daily check."""
    rows = work.session.scalars(
        select(WatchHit)
        .where(
            WatchHit.state.in_([str(HitState.NEW), str(HitState.CONFIRMED)]),
            WatchHit.confidence != Confidence.WEAK,
        )
        .order_by(WatchHit.id)
    )
    asked = pursuits(work)
    return [_line(work, row, asked) for row in rows]


def _lifted_on(work: ReadWork, row: WatchHit) -> date | None:
    """When the suspension that the hit broke was over; None while it lasts."""
    if row.ban != Ban.SUSPENDED:
        return None
    rest = work.session.scalar(
        select(Suspension)
        .where(
            Suspension.agreement_id == row.agreement_id,
            Suspension.from_on == row.ended_on,
        )
        .order_by(Suspension.id.desc())
        .limit(1)
    )
    return None if rest is None else rest.until


def _line(work: ReadWork, row: WatchHit, asked: Mapping[int, Pursuit]) -> HitLine:
    agreement = work.session.get_one(Agreement, row.agreement_id)
    account = work.session.get_one(BankAccount, row.account_id)
    return HitLine(
        row.number,
        HitState(row.state),
        Confidence(row.confidence),
        agreement.number,
        agreement.payee_name,
        Ban(row.ban),
        row.ended_on,
        _lifted_on(work, row),
        row.debited_on,
        Money(row.amount_minor, row.currency),
        account.number,
        account.branch or account.bank,
        row.name,
        row.payee_account,
        row.text,
        tuple(MARK_LABELS[Mark(mark)] for mark in row.marks),
        row.remark,
        name_of(work, row.decided_by),
        row.decided_at,
        row.found_at,
        row.version,
        asked.get(row.id, Pursuit()),
    )
