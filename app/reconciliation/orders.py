"""The bank's lines against what we ordered: payments, transfers, debits by agreement."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from app.accounts.model import BankAccount
from app.agreements.watch.keeping import Line, allowed
from app.agreements.watch.rules import MARK_LABELS
from app.payments.states import AttemptState
from app.reconciliation.as_items import debit_item
from app.reconciliation.clerk_rules import ClerkRule
from app.reconciliation.finding import complete
from app.reconciliation.held import Pairing, held, proposed, refused, taken
from app.reconciliation.items import BankItem, Kind, Match, OurItem, Sureness, digits
from app.reconciliation.keys import debit_key, line_key
from app.reconciliation.looking import (
    BOOK_DAYS,
    SideFound,
    concerned,
    lines_left,
    members_of,
    ours_left,
    within,
)
from app.reconciliation.matching import Matched
from app.reconciliation.reading import bank_items_of_others, sent_items, unsent_items
from app.reconciliation.refusing import Refused, match_again, members, ruled
from app.reconciliation.states import Side
from app.storage.work import ReadWork

_TRANSFER: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What was found, and what is known of each item: None for what nobody sent."""

    found: SideFound
    known: dict[str, tuple[OurItem, AttemptState | None]]


def look_at_orders(
    work: ReadWork,
    account: BankAccount,
    days: tuple[date, date],
    lines: Sequence[BankItem],
    hits: Collection[int],
    rules: Sequence[ClerkRule],
) -> Ordered:
    """hits: lines that the watch took; they are no payments of ours."""
    sent = sent_items(work, account.id, *days)
    unsent = unsent_items(work, account.id, *days)
    kept = held(work, account.id, Side.ORDERS, days[0] - BOOK_DAYS, days[1] + BOOK_DAYS)
    gone, no = members_of(kept), refused(work, account.id, Side.ORDERS)
    free = lines_left(lines, gone)
    own = {digits(number): key for key, number in _accounts(work)}
    others = [line for line in free if line.key not in hits]
    partners = _partners(work, account, others, own)
    alive = [one for one, state in sent.values() if state is not AttemptState.FAILED]
    found = match_again([*others, *partners], ours_left(alive, gone), no, own)
    mine, left = _of_account(found.matches, found.lines, others)
    # What is left may be what was answered as failed, or what nobody sent.
    failed = [one for one, state in sent.values() if state is AttemptState.FAILED]
    second = match_again(left, ours_left([*failed, *unsent], gone), no)
    debits, items, last = _debits(work, account, second.lines, no)
    known: dict[str, tuple[OurItem, AttemptState | None]] = {**sent}
    known |= {item.key: (item, None) for item in unsent}
    seen = {line.key: line for line in (*lines, *partners)}
    items |= {key: item for key, (item, _) in known.items()}
    told = ruled(rules, Matched(tuple(mine), tuple(last), found.ours), no, seen, items)
    kept = concerned(kept, lines, within(items.values(), days))
    complete(work, account, kept, seen, items)
    pairings = [
        *kept,
        *(proposed(Side.ORDERS, one) for one in (*told.matches, *second.matches)),
        *debits,
    ]
    aside = [line for line in free if line.key in hits]
    return Ordered(SideFound(pairings, [*told.lines, *aside], list(told.ours), seen, items), known)


def _accounts(work: ReadWork) -> list[tuple[int, str]]:
    rows = work.session.execute(select(BankAccount.id, BankAccount.number))
    return [(row_id, number) for row_id, number in rows]


def _partners(
    work: ReadWork, account: BankAccount, lines: Sequence[BankItem], own: dict[str, int]
) -> list[BankItem]:
    """Lines of our other accounts that may be the other end of a transfer from or to this one."""
    if len(own) < 2 or not lines:  # noqa: PLR2004 - a transfer needs two
        return []
    since = min(line.on for line in lines) - _TRANSFER
    until = max(line.on for line in lines) + _TRANSFER
    amounts = {-line.minor for line in lines}
    mine = digits(account.number)
    leaving = {
        (own[digits(line.payee_account)], -line.minor)
        for line in lines
        if line.minor < 0 and digits(line.payee_account) in own
    }
    offered = [
        line
        for line in bank_items_of_others(work, account.id, since, until)
        if line.minor in amounts
        and (digits(line.payee_account) == mine or (line.account, line.minor) in leaving)
    ]
    used = taken(work, Side.ORDERS, map(line_key, (line.key for line in offered)))
    return [line for line in offered if line_key(line.key) not in used]


def _of_account(
    matches: Iterable[Match], left: Iterable[BankItem], lines: Iterable[BankItem]
) -> tuple[list[Match], list[BankItem]]:
    """Without what concerns other accounts only."""
    mine = {line.key for line in lines}
    return (
        [one for one in matches if mine.intersection(one.lines)],
        [line for line in left if line.key in mine],
    )


def _debits(
    work: ReadWork, account: BankAccount, lines: Sequence[BankItem], no: Refused
) -> tuple[list[Pairing], dict[str, OurItem], list[BankItem]]:
    """Lines that are debits which an agreement allows, each with the debit that was expected."""
    out = [
        Line(
            one.key,
            one.account,
            one.on,
            -one.minor,
            account.currency,
            one.name,
            one.payee_account,
            one.text,
            one.reference,
        )
        for one in lines
        if one.minor < 0
    ]
    by_key = {one.key: one for one in lines}
    found, items, used = [], {}, set()
    for line, number, marks in allowed(work, out):
        key = debit_key(number, line.on, line.key)
        why = ("协议允许的扣款", *sorted(MARK_LABELS[mark] for mark in marks))
        match = Match((line.key,), (key,), Kind.AGREEMENT, Sureness.SURE, why)
        if members(match) in no:
            continue
        items[key] = debit_item(by_key[line.key], number, line.on)
        used.add(line.key)
        found.append(proposed(Side.ORDERS, match))
    return found, items, [line for line in lines if line.key not in used]
