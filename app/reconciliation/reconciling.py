"""Reconciling one account over some days: computed anew each time, nothing is kept of it yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.model import WatchHit
from app.agreements.watch.states import HitState
from app.core.errors import BadInput, NotFound
from app.payments.states import AttemptState
from app.reconciliation.items import BankItem, Match, OurItem
from app.reconciliation.leftovers import Alarm, OpenKind, alarms, open_items
from app.reconciliation.matching import Matched, match
from app.reconciliation.reading import bank_items, sent_items, unsent_items
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was found. lines, items: everything that took part, by its key."""

    account: str
    currency: str
    since: date
    until: date
    matches: tuple[Match, ...]
    open: dict[OpenKind, list[BankItem | OurItem]]
    alarms: tuple[Alarm, ...]
    lines: dict[int, BankItem]
    items: dict[str, OurItem]


def reconcile(db: Database, actor: Actor, number: str, since: date, until: date) -> Reconciliation:
    """Hold the bank's lines of these days against what was sent from the account.

    Raises NotFound for an account that is not ours, BadInput for days the wrong way round or
    without any line, Denied.
    """
    if until < since:
        raise BadInput(f"截止日 {until} 早于起始日 {since}。", "请核对日期。")
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        account = work.session.scalar(select(BankAccount).where(BankAccount.number == number))
        if account is None:
            raise NotFound(f"没有登记账户“{number}”。", "请核对账号，或先登记该账户。")
        lines = bank_items(work, account.id, since, until)
        if not lines:
            raise BadInput(
                f"{number} 在 {since} 至 {until} 没有导入流水。", "请先导入该期间的银行流水。"
            )
        sent = sent_items(work, account.id, since, until)
        unsent = unsent_items(work, account.id, since, until)
        hits = _hits(work, lines)
    return _reconciled(account, (since, until), lines, sent, unsent, hits)


def _reconciled(
    account: BankAccount,
    days: tuple[date, date],
    lines: list[BankItem],
    sent: dict[str, tuple[OurItem, AttemptState]],
    unsent: list[OurItem],
    hits: set[int],
) -> Reconciliation:
    # What the watch took is no payment of ours.
    others = [line for line in lines if line.key not in hits]
    alive = [item for item, state in sent.values() if state is not AttemptState.FAILED]
    first = match(others, alive)
    # What is left may be what was answered as failed, or what nobody sent.
    failed = [item for item, state in sent.values() if state is AttemptState.FAILED]
    second = match(first.lines, [*failed, *unsent])
    matches = (*first.matches, *second.matches)
    aside = [line for line in lines if line.key in hits]
    whole = Matched(matches, (*second.lines, *aside), first.ours)
    known: dict[str, tuple[OurItem, AttemptState | None]] = {**sent}
    known |= {item.key: (item, None) for item in unsent}
    return Reconciliation(
        account.number,
        account.currency,
        *days,
        matches,
        open_items(_in_days(whole, days)),
        tuple(alarms(whole, known, days[1].toordinal(), hits)),
        {line.key: line for line in lines},
        {key: item for key, (item, _) in known.items()},
    )


def _in_days(matched: Matched, days: tuple[date, date]) -> Matched:
    """Without our items of other days: those are open only in their own period."""
    ours = tuple(item for item in matched.ours if days[0] <= item.on <= days[1])
    return Matched(matched.matches, matched.lines, ours)


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
