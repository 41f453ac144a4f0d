"""Reconciling one account over some days: what is kept, what is proposed, what is left.

The bank is held against two things: what we ordered (payments, debits by agreement, transfers)
and, once a journal came in, what we booked. Sure matches are kept by themselves; the rest asks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts.finding import find_account
from app.agreements.model import WatchHit
from app.agreements.watch.states import HitState
from app.audit.trail import Event
from app.core.errors import BadInput
from app.reconciliation.books import look_at_books
from app.reconciliation.clerk_rules import ClerkRule
from app.reconciliation.held import Pairing, keep, taken
from app.reconciliation.items import BankItem, Match, OurItem, Sureness
from app.reconciliation.leftovers import Alarm, OpenKind, alarms, open_items
from app.reconciliation.looking import SideFound
from app.reconciliation.matching import Matched
from app.reconciliation.orders import look_at_orders
from app.reconciliation.reading import bank_items
from app.reconciliation.ruling import active_rules
from app.reconciliation.states import Side
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was found. lines, items: everything that took part, by its key.

    pairings: those kept and those proposed, of both sides. unordered, unbooked: lines that nothing
    was found for on either side; open: the four kinds, of the books where a journal came in.
    """

    account: str
    account_id: int
    currency: str
    since: date
    until: date
    pairings: tuple[Pairing, ...]
    open: dict[OpenKind, list[BankItem | OurItem]]
    alarms: tuple[Alarm, ...]
    lines: dict[int, BankItem]
    items: dict[str, OurItem]
    unordered: tuple[int, ...]
    unbooked: tuple[int, ...] | None
    ours_unordered: tuple[str, ...] = ()
    ours_unbooked: tuple[str, ...] = ()
    rules: tuple[ClerkRule, ...] = ()

    @property
    def books(self) -> bool:
        """Whether there is a journal to compare with."""
        return self.unbooked is not None

    def of(self, side: Side) -> list[Pairing]:
        return [one for one in self.pairings if one.side is side]

    def left_ours(self, side: Side) -> list[OurItem]:
        """Items of ours that nothing was found for on that side."""
        keys = self.ours_unordered if side is Side.ORDERS else self.ours_unbooked
        return [self.items[key] for key in keys]


def reconcile(db: Database, actor: Actor, number: str, since: date, until: date) -> Reconciliation:
    """Hold the bank's lines of these days against what we ordered and booked; nothing is kept.

    Raises NotFound for an account that is not ours, BadInput for days the wrong way round or
    without any line, Denied.
    """
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        return look(work, number, since, until)


def keep_sure(
    db: Database,
    actor: Actor,
    number: str,
    since: date,
    until: date,
    check: Callable[[], object] | None = None,
) -> Reconciliation:
    """The same, and the sure matches are kept from now on. Raises what reconcile raises.

    check: called before anything is written; what it raises ends the work.

    It looks before it takes the writer's lock, so that nobody waits for it; what somebody matched
    meanwhile is left to them.
    """
    with reading(db, actor, Right.RECONCILE_MATCH) as work:
        found = look(work, number, since, until)
    sure = [one for one in found.pairings if one.id is None and one.sureness is Sureness.SURE]
    if check is not None:
        check()
    if not sure:
        return found
    with acting(db, actor, Right.RECONCILE_MATCH) as act:
        gone = {
            side: taken(
                act.uow, side, (key for one in sure if one.side is side for key in one.keys)
            )
            for side in Side
        }
        free = [one for one in sure if gone[one.side].isdisjoint(one.keys)]
        ids = keep(act.uow, found.account_id, free, found.lines, found.items, None)
        after = {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "matches": len(ids),
            "match_ids": [min(ids), max(ids)] if ids else [],
        }
        act.done(Event("reconcile.run", f"account:{number}", after=after))
        now = act.uow.now
    made = {
        (one.side, one.keys): replace(one, id=row_id, version=1, made_at=now)
        for one, row_id in zip(free, ids, strict=True)
    }
    pairings = tuple(made.get((one.side, one.keys), one) for one in found.pairings)
    return replace(found, pairings=pairings)


def look(work: ReadWork, number: str, since: date, until: date) -> Reconciliation:
    """The reconciliation in the caller's view of the database. Raises as reconcile does."""
    if until < since:
        raise BadInput(f"截止日 {until} 早于起始日 {since}。", "请核对日期。")
    account = find_account(work, number)
    lines = bank_items(work, account.id, since, until)
    if not lines:
        raise BadInput(
            f"{number} 在 {since} 至 {until} 没有导入流水。", "请先导入该期间的银行流水。"
        )
    days = (since, until)
    hits = _hits(work, lines)
    rules = active_rules(work)
    ordered = look_at_orders(work, account, days, lines, hits, rules)
    orders, books = ordered.found, look_at_books(work, account, days, lines, rules)
    matched = Matched(tuple(map(_match, orders.pairings)), tuple(orders.lines), tuple(orders.ours))
    return Reconciliation(
        account.number,
        account.id,
        account.currency,
        *days,
        (*orders.pairings, *(books.pairings if books else ())),
        open_items(_left(orders, days) if books is None else _left(books)),
        tuple(alarms(matched, ordered.known, days, hits)),
        orders.seen | (books.seen if books else {}),
        orders.items | (books.items if books else {}),
        tuple(line.key for line in orders.lines),
        None if books is None else tuple(line.key for line in books.lines),
        tuple(item.key for item in _left(orders, days).ours),
        () if books is None else tuple(item.key for item in books.ours),
        tuple(rules),
    )


def _left(found: SideFound, days: tuple[date, date] | None = None) -> Matched:
    """What is left. What we ordered for other days is open only in its own; a book's item stays."""
    ours = [item for item in found.ours if days is None or days[0] <= item.on <= days[1]]
    return Matched((), tuple(found.lines), tuple(ours))


def _match(one: Pairing) -> Match:
    return Match(one.lines, one.ours, one.kind, one.sureness, one.why)


def _hits(work: ReadWork, lines: Iterable[BankItem]) -> set[int]:
    keys = {line.key for line in lines}
    rows = work.session.scalars(
        select(WatchHit.line_key).where(
            WatchHit.state.in_(
                [str(HitState.NEW), str(HitState.CONFIRMED), str(HitState.RECOVERED)]
            )
        )
    )
    return keys & set(rows)
