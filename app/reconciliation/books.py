"""The bank's lines against our journal, over the days and whatever was open before them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.accounts.model import BankAccount
from app.reconciliation.by_text import match_texts
from app.reconciliation.clerk_rules import ClerkRule
from app.reconciliation.coverage import start_of
from app.reconciliation.finding import complete
from app.reconciliation.held import held, proposed, refused
from app.reconciliation.items import BankItem, Kind, Match, OurItem
from app.reconciliation.keys import is_carried
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
from app.reconciliation.reading import bank_items, carried_items, journal_items
from app.reconciliation.refusing import match_again, ruled, without_refused
from app.reconciliation.states import Side
from app.storage.work import ReadWork


def look_at_books(
    work: ReadWork,
    account: BankAccount,
    days: tuple[date, date],
    lines: Sequence[BankItem],
    rules: Sequence[ClerkRule],
) -> SideFound | None:
    """None while no journal came in. Left is what both hold since the first common day."""
    start = start_of(work, account.id)
    if start is None:
        return None
    since, until = days[0] - BOOK_DAYS, days[1]
    banks, books = carried_items(work, account.id, until)
    older = bank_items(work, account.id, since, days[0] - timedelta(days=1))
    ours = [*books, *journal_items(work, account.id, since, until)]
    theirs = [*banks, *older, *lines]
    kept = held(work, account.id, Side.BOOKS, since, until + BOOK_DAYS)
    gone, no = members_of(kept), refused(work, account.id, Side.BOOKS)
    seen = {line.key: line for line in theirs}
    items = {item.key: item for item in ours}
    found = match_again(lines_left(theirs, gone), ours_left(ours, gone), no)
    found = _even(found, seen, items)
    texts = without_refused(match_texts(found.lines, found.ours), no, seen, items)
    whole = Matched((*found.matches, *texts.matches), texts.lines, texts.ours)
    last = ruled(rules, whole, no, seen, items)
    kept = concerned(kept, lines, within(ours, days))
    complete(work, account, kept, seen, items)
    first = min(start, days[0])
    return SideFound(
        [*kept, *(proposed(Side.BOOKS, one) for one in last.matches)],
        [one for one in last.lines if _counts(one, first)],
        [one for one in last.ours if _counts(one, first)],
        seen,
        items,
    )


def _even(found: Matched, seen: Mapping[int, BankItem], items: Mapping[str, OurItem]) -> Matched:
    """Only what is the same sum on both sides: the books are to be told of every difference.

    Of money that came back, the books may hold the payment alone; then the return is still open.
    """
    matches: list[Match] = []
    lines, ours = list(found.lines), list(found.ours)
    for one in found.matches:
        bank = sum(seen[key].minor for key in one.lines)
        booked = sum(items[key].minor for key in one.ours)
        if bank == booked:
            matches.append(one)
        elif one.kind is Kind.RETURN and seen[one.lines[0]].minor == booked:
            matches.append(replace(one, lines=one.lines[:1]))
            lines += [seen[key] for key in one.lines[1:]]
        else:
            lines += [seen[key] for key in one.lines]
            ours += [items[key] for key in one.ours]
    return Matched(tuple(matches), tuple(lines), tuple(ours))


def _counts(one: BankItem | OurItem, start: date) -> bool:
    """Whether it is to be told: what lies before the first common day may be settled long ago."""
    return is_carried(one.key) or one.on >= start
