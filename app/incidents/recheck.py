"""自动付款状态核查: does what should have stopped really stand still? (requirements E5.1–E5.6)

What the system knows, what banks and payees confirmed, what the statements say, and whether the
program is sound; computed, never ticked by hand, kept as it was found, and signed by another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from app.access.errors import AlreadyDecided, SelfApproval
from app.access.guard import Actor, acting, name_of, reading, require_fresh
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.letter_view import SETTLED, SlotState, slots
from app.agreements.model import Agreement, CancellationItem, Confirmation
from app.agreements.service import state_of
from app.agreements.states import AGREEMENT_LABELS, AgreementState, Answer, ItemState
from app.agreements.watch.deciding import open_hits
from app.audit.trail import Event
from app.core.errors import BadInput, NotFound
from app.core.version import VERSION
from app.incidents.model import Recheck
from app.letters.states import Party
from app.payments.diagnosis.facts import SystemFacts
from app.statements.model import BankLine
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork

# A recheck is due so long after the last one (E5.1: weekly or monthly).
EVERY: Final = timedelta(days=30)
# Statements older than this say nothing of today.
_STALE: Final = timedelta(days=7)
_SHOWN: Final = 8
_SERIES: Final = "HC"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at. ok: nothing has to be done about it."""

    code: str
    title: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class RecheckLine:
    """One recheck as it was found, and who signed for it."""

    number: str
    made_at: datetime
    made_by: str
    items: tuple[Item, ...]
    attention: int
    remark: str
    signed_by: str
    signed_at: datetime | None
    version: int


def make_recheck(db: Database, actor: Actor, system: SystemFacts) -> str:
    """Look at everything now and keep what was found; returns the recheck's number."""
    with acting(db, actor, Right.AGREEMENT_VIEW) as act:
        items = [*computed(act.uow), _software(system)]
        row = Recheck(
            number=yearly(act.uow, _SERIES),
            made_at=act.uow.now,
            made_by=act.person.user_id,
            items=[_stored(one) for one in items],
            attention=sum(not one.ok for one in items),
        )
        act.uow.session.add(row)
        act.uow.session.flush()
        act.done(Event("recheck.made", f"recheck:{row.number}", after={"attention": row.attention}))
        return row.number


def sign_recheck(
    db: Database, actor: Actor, number: str, remark: str, expected_version: int
) -> None:
    """Sign for a recheck, with what is to be done about it.

    Raises SelfApproval for who made it, AlreadyDecided, BadInput without a remark where something
    wants attention, FreshSignInNeeded, NotFound, Denied.
    """
    with acting(db, actor, Right.CANCEL_APPROVE) as act:
        row = _find(act.uow, number)
        if row.signed_at is not None or row.version != expected_version:
            raise AlreadyDecided(f"{number} 已由 {name_of(act.uow, row.signed_by)} 签字。")
        if row.made_by == act.person.user_id:
            raise SelfApproval("核查人与签字人不能为同一人。")
        require_fresh(act.uow, act.person)
        if row.attention and not remark.strip():
            raise BadInput(f"{number} 有 {row.attention} 项待处理，请填写处理意见。")
        row.remark = remark.strip()
        row.signed_by, row.signed_at = act.person.user_id, act.uow.now
        act.done(Event("recheck.signed", f"recheck:{number}", reason=row.remark))


def recheck_lines(db: Database, actor: Actor) -> list[RecheckLine]:
    """Every recheck, the newest first: the trend. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        rows = work.session.scalars(select(Recheck).order_by(Recheck.id.desc()))
        return [_line(work, row) for row in rows]


def recheck_due(work: ReadWork) -> bool:
    """Whether nobody has rechecked for too long, where there is anything to recheck."""
    last = work.session.scalar(select(func.max(Recheck.made_at)))
    any_agreement = work.session.scalar(select(Agreement.id).limit(1)) is not None
    return any_agreement and (last is None or work.now - last > EVERY)


def computed(work: ReadWork) -> Iterator[Item]:
    """What follows from the rows alone."""
    agreements = list(work.session.scalars(select(Agreement).order_by(Agreement.number)))
    states = {row.number: state_of(row, work.today) for row in agreements}
    yield _active(states)
    yield _late(work)
    yield _unproven(work, agreements, states, Party.BANK)
    yield _unproven(work, agreements, states, Party.SUPPLIER)
    yield _letters(work)
    yield _hits(work)
    yield _statements(work)


def _active(states: dict[str, AgreementState]) -> Item:
    """E5.2: what may still be debited, for a person to read."""
    live = [number for number, state in states.items() if state is AgreementState.ACTIVE]
    paused = [number for number, state in states.items() if state is AgreementState.SUSPENDED]
    said = f"生效 {len(live)} 份，已暂停 {len(paused)} 份。"
    # A pause in the program does not stop a bank.
    return Item(
        "active", "系统内仍有效的协议", not paused, said + (_names("已暂停而银行仍可扣款", paused))
    )


def _late(work: ReadWork) -> Item:
    rows = work.session.execute(
        select(Agreement.number, CancellationItem.expected_on)
        .join(CancellationItem, CancellationItem.agreement_id == Agreement.id)
        .where(
            CancellationItem.state == ItemState.DECIDED, CancellationItem.expected_on < work.today
        )
        .order_by(Agreement.number)
    )
    late = [f"{number}（应于 {expected}）" for number, expected in rows]
    return Item(
        "late", "取消申请按期得到银行确认", not late, _names("逾期未确认", late) or "无逾期。"
    )


def _unproven(
    work: ReadWork,
    agreements: Sequence[Agreement],
    states: dict[str, AgreementState],
    party: Party,
) -> Item:
    """E5.3, E5.4: that each side confirmed the end of what is cancelled."""
    said = set(
        work.session.scalars(
            select(Confirmation.agreement_id).where(
                Confirmation.party == party, Confirmation.outcome == Answer.TERMINATED
            )
        )
    )
    over = [row for row in agreements if states[row.number] is AgreementState.CANCELLED]
    missing = [row.number for row in over if row.id not in said]
    who = "银行" if party is Party.BANK else "收款单位"
    label = AGREEMENT_LABELS[AgreementState.CANCELLED]
    detail = _names(f"{label}而{who}未确认", missing) or f"{label} {len(over)} 份，{who}均已确认。"
    return Item(f"confirmed_{party.lower()}", f"{who}确认停用", not missing, detail)


def _letters(work: ReadWork) -> Item:
    waiting = [slot for slot in slots(work) if slot.state not in SETTLED]
    late = [slot.number or slot.addressee for slot in waiting if slot.state is SlotState.LATE]
    detail = f"未得到答复的函件 {len(waiting)} 份。" + _names("逾期未复", late)
    return Item("letters", "函件均有答复", not late, detail)


def _hits(work: ReadWork) -> Item:
    found = open_hits(work)
    names = [f"{hit.number} {hit.payee} {hit.amount.named()}" for hit in found]
    return Item("hits", "终止、暂停后没有扣款", not found, _names("未追回", names) or "没有发现。")


def _statements(work: ReadWork) -> Item:
    """What nobody imported, nobody has looked at: that is unknown, not in order."""
    rows = work.session.execute(
        select(BankLine.account_id, func.max(BankLine.booked_on).label("last")).group_by(
            BankLine.account_id
        )
    )
    newest = {row.account_id: row.last for row in rows}
    used = set(work.session.scalars(select(Agreement.account_id)))
    stale = []
    for account in work.session.scalars(select(BankAccount).order_by(BankAccount.number)):
        last = newest.get(account.id)
        if account.id in used and (last is None or work.today - last > _STALE):
            stale.append(f"{account.bank} {account.number}（{last or '从未导入'}）")
    detail = _names("流水超过 7 天未导入，扣款情况不明", stale) or "各扣款账户的流水均为最近 7 天。"
    return Item("statements", "扣款账户的流水已核对", not stale, detail)


def _software(system: SystemFacts) -> Item:
    """E5.5: version, database, disk, unfinished upgrades."""
    said = (
        system.database_trouble,
        system.upgrade_trouble,
        system.disk_trouble,
        system.clock_trouble,
    )
    trouble = [one for one in said if one]
    detail = "；".join(trouble) or "数据库、磁盘、升级、时钟均正常。"
    return Item("software", "软件状态", not trouble, f"版本 {VERSION}，{detail}")


def _names(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" 等 {len(names)} 项" if len(names) > _SHOWN else ""
    return f"{what}：{'、'.join(names[:_SHOWN])}{more}。"


def _stored(item: Item) -> dict[str, Any]:
    return {"code": item.code, "title": item.title, "ok": item.ok, "detail": item.detail}


def _find(work: ReadWork, number: str) -> Recheck:
    row = work.session.scalar(select(Recheck).where(Recheck.number == number))
    if row is None:
        raise NotFound(f"没有核查记录“{number}”。")
    return row


def _line(work: ReadWork, row: Recheck) -> RecheckLine:
    return RecheckLine(
        row.number,
        row.made_at,
        name_of(work, row.made_by),
        tuple(Item(**one) for one in row.items),
        row.attention,
        row.remark,
        name_of(work, row.signed_by),
        row.signed_at,
        row.version,
    )
