"""What a person says of matches: accepted, made by hand, refused, undone; each leaves a trace."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, update

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.accounts.finding import find_account
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.reconciliation.finding import find_items, find_lines
from app.reconciliation.held import Pairing, keep, taken
from app.reconciliation.items import BankItem, Kind, OurItem, Sureness
from app.reconciliation.model import BalanceSheet, MatchGroup, MatchMember
from app.reconciliation.states import GroupState, SheetState, Side
from app.storage.work import Database, ReadWork

_AGAIN: Final = "请刷新后重试。"


@dataclass(frozen=True, slots=True)
class ByHand:
    """Lines and items that a person says are the same money. why: needed where sums differ."""

    side: Side
    lines: tuple[int, ...]
    ours: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Members:
    lines: dict[int, BankItem]
    items: dict[str, OurItem]

    @property
    def gap(self) -> int:
        """What the bank's side is more than ours, in minor units."""
        bank = sum(line.minor for line in self.lines.values())
        return bank - sum(item.minor for item in self.items.values())


def accept(db: Database, actor: Actor, number: str, pairings: Sequence[Pairing]) -> list[int]:
    """Keep proposals as matches, all or none; returns their ids.

    Raises Conflict where a member was matched meanwhile, NotFound where one is gone, Denied.
    """
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        account = find_account(act.uow, number)
        ids = []
        for one in pairings:
            found = _members(act.uow, account, one.lines, one.ours)
            if one.side is Side.BOOKS:
                _check_even(found, account.currency)
            ids += _keep(act, account, one, found, GroupState.LIVE)
        act.done(_event("reconcile.accepted", number, pairings, ids))
        return ids


def match_by_hand(db: Database, actor: Actor, number: str, command: ByHand) -> int:
    """Make a match that nobody proposed; returns its id.

    Raises BadInput for too few members, or sums that differ: against the journal always, against
    payments where no reason is given; Conflict, NotFound, Denied.
    """
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        account = find_account(act.uow, number)
        found = _members(act.uow, account, command.lines, command.ours)
        why = command.why.strip()
        _check_sums(found, command, account.currency, why)
        said = ("手工勾对", why) if why else ("手工勾对",)
        one = Pairing(command.side, command.lines, command.ours, Kind.HAND, Sureness.SURE, said)
        [row_id] = _keep(act, account, one, found, GroupState.LIVE)
        act.done(_event("reconcile.matched", number, [one], [row_id], why))
        return row_id


def refuse(db: Database, actor: Actor, number: str, pairing: Pairing, why: str = "") -> None:
    """Say that a proposal is not the same money: it is not proposed again. Raises as accept."""
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        account = find_account(act.uow, number)
        found = _members(act.uow, account, pairing.lines, pairing.ours)
        ids = _keep(act, account, pairing, found, GroupState.REFUSED)
        act.done(_event("reconcile.refused", number, [pairing], ids, why))


def undo(db: Database, actor: Actor, ids: Sequence[int], why: str) -> None:
    """Take matches back, all or none; they are not made again by themselves.

    Raises BadInput without a reason, NotFound, Conflict where one was undone meanwhile or is part
    of a reviewed 余额调节表, Denied.
    """
    reason = why.strip()
    if not reason:
        raise BadInput("请写明撤销勾对的理由。")
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        events = []
        for row_id in ids:
            row = act.uow.session.get(MatchGroup, row_id)
            if row is None:
                raise NotFound("该勾对已不存在。", _AGAIN)
            if row.state != GroupState.LIVE:
                raise Conflict("该勾对已被撤销。", _AGAIN)
            _check_not_frozen(act.uow, row)
            row.state = GroupState.UNDONE
            row.undone_by = act.person.user_id
            row.undone_at = act.uow.now
            row.undone_why = reason
            members = _items(act.uow, row_id)
            act.uow.session.execute(
                update(MatchMember).where(MatchMember.match_id == row_id).values(live=False)
            )
            events.append(
                Event(
                    "reconcile.undone",
                    f"match:{row_id}",
                    before={"members": members, "sides": [row.side]},
                    reason=reason,
                )
            )
        act.uow.session.flush()
        act.done(*events)


def _members(
    work: ReadWork, account: BankAccount, lines: Iterable[int], ours: Iterable[str]
) -> _Members:
    found = _Members(find_lines(work, lines), find_items(work, account, ours))
    if found.lines and all(line.account != account.id for line in found.lines.values()):
        raise NotFound(f"所选流水不是账户 {account.number} 的。", _AGAIN)
    return found


def _keep(
    act: Act, account: BankAccount, one: Pairing, found: _Members, state: GroupState
) -> list[int]:
    gone = taken(act.uow, one.side, one.keys)
    if gone:
        said = "、".join(sorted(gone))
        raise Conflict(f"{said} 已与其他记录勾对。", "请刷新；需要改动时先撤销原来的勾对。")
    by = act.person.user_id
    return keep(act.uow, account.id, [one], found.lines, found.items, by, state)


def _check_sums(found: _Members, command: ByHand, currency: str, why: str) -> None:
    if len(command.lines) + len(command.ours) < 2:  # noqa: PLR2004 - a match is of two at least
        raise BadInput("请至少选择两笔：银行一笔、企业一笔，或同一边可以相抵的两笔。")
    if command.side is Side.BOOKS:
        _check_even(found, currency)
    if found.gap and not why:
        gap = Money(found.gap, currency).display()
        raise BadInput(f"两边合计相差 {gap}。", "确属同一笔的，请写明差额的原因。")


def _check_even(found: _Members, currency: str) -> None:
    """The books are to be told of every difference."""
    if found.gap:
        gap = Money(found.gap, currency).display()
        raise BadInput(f"两边合计相差 {gap}，不能勾对。", "请补选其余各笔；手续费等差额应先记账。")


def _check_not_frozen(work: ReadWork, row: MatchGroup) -> None:
    """What a reviewed table was drawn up from stays: it would no longer follow from the rows."""
    if row.side != Side.BOOKS:
        return
    first = work.session.scalar(
        select(MatchMember.booked_on)
        .where(MatchMember.match_id == row.id)
        .order_by(MatchMember.booked_on)
        .limit(1)
    )
    sheet = work.session.scalar(
        select(BalanceSheet)
        .where(
            BalanceSheet.account_id == row.account_id,
            BalanceSheet.state == SheetState.REVIEWED,
            BalanceSheet.as_of >= first,
            BalanceSheet.prepared_at >= row.made_at,
        )
        .limit(1)
    )
    if sheet is not None:
        raise Conflict(
            f"余额调节表 {sheet.number} 已复核，所依据的勾对不能撤销。",
            "确需更正的，请先由复核人作废该表。",
        )


def _items(work: ReadWork, row_id: int) -> list[str]:
    rows = work.session.scalars(
        select(MatchMember.item).where(MatchMember.match_id == row_id).order_by(MatchMember.id)
    )
    return list(rows)


def _event(
    act: str, number: str, pairings: Sequence[Pairing], ids: Sequence[int], why: str = ""
) -> Event:
    after: dict[str, Any] = {
        "match_ids": list(ids),
        "sides": sorted({one.side for one in pairings}),
        "members": ["、".join(sorted(one.keys)) for one in pairings],
    }
    return Event(act, f"account:{number}", after=after, reason=why.strip())
