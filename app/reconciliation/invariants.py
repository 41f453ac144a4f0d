"""What must hold of matches and tables whatever happened: for tests and self-diagnosis."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import func, select

from app.payments.invariants import Promise
from app.reconciliation.model import BalanceSheet, MatchGroup, MatchMember
from app.reconciliation.sheets import content_hash
from app.reconciliation.states import GroupState, Part, SheetState, Side
from app.storage.work import ReadWork


def examine(work: ReadWork) -> list[Promise]:
    """Every promise about reconciling."""
    return [Promise(code, title, tuple(look(work))) for code, title, look in PROMISES]


def _members_as_their_match(work: ReadWork) -> list[str]:
    """A member is live exactly while its match is."""
    rows = work.session.execute(
        select(MatchGroup.id, MatchGroup.state, MatchMember.live)
        .outerjoin(MatchMember, MatchMember.match_id == MatchGroup.id)
        .distinct()
    )
    return [
        str(row_id)
        for row_id, state, live in rows
        if live is None or live is not (state == GroupState.LIVE)
    ]


def _books_are_even(work: ReadWork) -> list[str]:
    """What is matched in the books is the same sum on both sides."""
    sums = (
        select(
            MatchMember.match_id,
            MatchMember.part,
            func.sum(MatchMember.amount_minor).label("minor"),
        )
        .where(MatchMember.side == Side.BOOKS, MatchMember.live)
        .group_by(MatchMember.match_id, MatchMember.part)
    )
    found: dict[int, int] = {}
    for match_id, part, minor in work.session.execute(sums):
        signed = int(minor) if part == Part.BANK else -int(minor)
        found[match_id] = found.get(match_id, 0) + signed
    return [str(match_id) for match_id, gap in found.items() if gap]


def _tables_as_they_were(work: ReadWork) -> list[str]:
    """A table is what was hashed when it was prepared; a reviewed one balances, by two people."""
    return [
        row.number
        for row in work.session.scalars(select(BalanceSheet))
        if content_hash(row.content) != row.content_hash
        or (
            row.state == SheetState.REVIEWED
            and (row.difference_minor or row.reviewed_by in {None, row.prepared_by})
        )
    ]


PROMISES: Final[tuple[tuple[str, str, Callable[[ReadWork], list[str]]], ...]] = (
    ("matches_whole", "勾对与其成员一致", _members_as_their_match),
    ("books_even", "与日记账的勾对两边相等", _books_are_even),
    ("sheets_frozen", "余额调节表未被改动", _tables_as_they_were),
)
