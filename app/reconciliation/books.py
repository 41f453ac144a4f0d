"""The bank's lines against our journal, over the days and whatever was open before them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.model import BankAccount
from app.reconciliation.by_text import match_texts
from app.reconciliation.clerk_rules import match_by_rules
from app.reconciliation.coverage import start_of
from app.reconciliation.finding import complete
from app.reconciliation.held import held, proposed, refused
from app.reconciliation.items import BankItem, Kind, Match, OurItem
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
from app.reconciliation.model import JournalImport
from app.reconciliation.reading import bank_items, carried_items, journal_items
from app.reconciliation.refusing import match_again, members
from app.reconciliation.ruling import active_rules
from app.reconciliation.states import Side
from app.storage.work import ReadWork


def has_journal(work: ReadWork, account_id: int) -> bool:
    """Whether a journal of the account came in and was not undone."""
    row = select(JournalImport.id).where(
        JournalImport.account_id == account_id, JournalImport.undone_at.is_(None)
    )
    return work.session.scalar(row.limit(1)) is not None


def look_at_books(
    work: ReadWork, account: BankAccount, days: tuple[date, date], lines: Sequence[BankItem]
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
    more, last_lines, last_ours = match_texts(found.lines, found.ours)
    good = [one for one in more if members(one) not in no]
    for one in more:
        if members(one) in no:
            last_lines += [seen[key] for key in one.lines]
            last_ours += [items[key] for key in one.ours]
    by_rules = [
        one
        for one in match_by_rules(active_rules(work), last_lines, last_ours)
        if members(one) not in no
    ]
    taken = {key for one in by_rules for key in (*one.lines, *one.ours)}
    last_lines = [one for one in last_lines if one.key not in taken]
    last_ours = [one for one in last_ours if one.key not in taken]
    kept = concerned(kept, lines, within(ours, days))
    complete(work, account, kept, seen, items)
    return SideFound(
        [*kept, *(proposed(Side.BOOKS, one) for one in (*found.matches, *good, *by_rules))],
        [one for one in last_lines if _counts(one, min(start, days[0]))],
        [one for one in last_ours if _counts(one, min(start, days[0]))],
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
    carried = str(one.key).startswith(("C", "-"))
    return carried or one.on >= start
