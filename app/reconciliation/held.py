"""Matches as rows: read back for some days, kept, and remembered where somebody refused them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import insert, select

from app.access.model import User
from app.core.parts import parts
from app.reconciliation.items import BankItem, Kind, Match, OurItem, Sureness
from app.reconciliation.keys import bank_key, carried_id, is_line, journal_id, line_key, member_keys
from app.reconciliation.model import MatchGroup, MatchMember
from app.reconciliation.states import GroupState, Part, Side
from app.storage.work import ReadWork, UnitOfWork

T = TypeVar("T")
# So many values are asked for at once; both databases take more.
_PART: Final = 10_000


@dataclass(frozen=True, slots=True)
class Pairing:
    """A match that is kept, or one that is proposed (id None).

    lines: keys of bank items; ours: keys of our items. made_by: "" for the program itself.
    """

    side: Side
    lines: tuple[int, ...]
    ours: tuple[str, ...]
    kind: Kind
    sureness: Sureness
    why: tuple[str, ...]
    id: int | None = None
    version: int = 0
    made_by: str = ""
    made_at: datetime | None = None

    @property
    def keys(self) -> frozenset[str]:
        """The members as they are stored."""
        return member_keys(self.lines, self.ours)


def proposed(side: Side, match: Match) -> Pairing:
    """What the rules found, as it may be kept."""
    return Pairing(side, match.lines, match.ours, match.kind, match.sureness, match.why)


def held(work: ReadWork, account_id: int, side: Side, since: date, until: date) -> list[Pairing]:
    """The live matches with a member of this account in these days, the oldest first."""
    concerned = (
        select(MatchMember.match_id)
        .where(
            MatchMember.account_id == account_id,
            MatchMember.side == side,
            MatchMember.booked_on >= since,
            MatchMember.booked_on <= until,
            MatchMember.live,
        )
        .distinct()
    )
    return _read(work, concerned)


def _read(work: ReadWork, wanted: Any) -> list[Pairing]:
    members: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for match_id, part, item in work.session.execute(
        select(MatchMember.match_id, MatchMember.part, MatchMember.item)
        .where(MatchMember.match_id.in_(wanted), MatchMember.live)
        .order_by(MatchMember.id)
    ):
        members[match_id].append((part, item))
    names = {row[0]: row[1] for row in work.session.execute(select(User.id, User.name))}
    rows = work.session.execute(
        select(
            MatchGroup.id,
            MatchGroup.side,
            MatchGroup.kind,
            MatchGroup.sureness,
            MatchGroup.why,
            MatchGroup.version,
            MatchGroup.made_by,
            MatchGroup.made_at,
        )
        .where(MatchGroup.id.in_(wanted), MatchGroup.state == GroupState.LIVE)
        .order_by(MatchGroup.id)
    )
    return [
        Pairing(
            Side(side),
            tuple(bank_key(item) for part, item in members[row_id] if part == Part.BANK),
            tuple(item for part, item in members[row_id] if part == Part.OURS),
            Kind(kind),
            Sureness(sureness),
            tuple(why),
            row_id,
            version,
            "" if made_by is None else names[made_by],
            made_at,
        )
        for row_id, side, kind, sureness, why, version, made_by, made_at in rows
    ]


def refused(work: ReadWork, account_id: int, side: Side) -> frozenset[frozenset[str]]:
    """The sets of members that somebody said are not the same money."""
    rows = work.session.execute(
        select(MatchMember.match_id, MatchMember.item, MatchMember.line_id, MatchMember.journal_id)
        .join(MatchGroup, MatchGroup.id == MatchMember.match_id)
        .where(
            MatchGroup.account_id == account_id,
            MatchGroup.side == side,
            MatchGroup.state != GroupState.LIVE,
        )
    )
    found: dict[int, set[str]] = defaultdict(set)
    gone: set[int] = set()
    for match_id, item, line_id, journal_row in rows:
        found[match_id].add(item)
        # The row was taken back with its import, and its number may be another row's by now.
        if (is_line(item) and line_id is None) or (journal_id(item) and journal_row is None):
            gone.add(match_id)
    return frozenset(frozenset(keys) for row_id, keys in found.items() if row_id not in gone)


def taken(work: ReadWork, side: Side, keys: Iterable[str]) -> set[str]:
    """Those of the keys that are in a live match."""
    found: set[str] = set()
    for part in parts(list(keys), _PART):
        found.update(
            work.session.scalars(
                select(MatchMember.item).where(
                    MatchMember.item.in_(part), MatchMember.side == side, MatchMember.live
                )
            )
        )
    return found


def keep(
    uow: UnitOfWork,
    account_id: int,
    pairings: Sequence[Pairing],
    lines: Mapping[int, BankItem],
    items: Mapping[str, OurItem],
    made_by: int | None,
    state: GroupState = GroupState.LIVE,
) -> list[int]:
    """Write these matches; returns their ids. Members must be free: the database sees to it."""
    if not pairings:
        return []
    groups = [
        {
            "account_id": account_id,
            "side": one.side,
            "kind": one.kind,
            "sureness": one.sureness,
            "why": list(one.why),
            "state": state,
            "made_by": made_by,
            "made_at": uow.now,
            "undone_why": "",
            "version": 1,
        }
        for one in pairings
    ]
    ids = list(
        uow.session.scalars(
            insert(MatchGroup).returning(MatchGroup.id, sort_by_parameter_order=True), groups
        )
    )
    live = state is GroupState.LIVE
    members = [
        member
        for match_id, one in zip(ids, pairings, strict=True)
        for member in _members(match_id, one, lines, items, live)
    ]
    uow.session.execute(insert(MatchMember), members)
    return ids


def _members(
    match_id: int,
    one: Pairing,
    lines: Mapping[int, BankItem],
    items: Mapping[str, OurItem],
    live: bool,
) -> Iterator[dict[str, Any]]:
    for line in map(lines.__getitem__, one.lines):
        yield _member(match_id, one.side, Part.BANK, line_key(line.key), line, live)
    for item in map(items.__getitem__, one.ours):
        yield _member(match_id, one.side, Part.OURS, item.key, item, live)


def _member(
    match_id: int, side: Side, part: Part, key: str, row: BankItem | OurItem, live: bool
) -> dict[str, Any]:
    line = row.key if isinstance(row, BankItem) and row.key > 0 else None
    return {
        "match_id": match_id,
        "side": side,
        "account_id": row.account,
        "part": part,
        "item": key,
        "booked_on": row.on,
        "amount_minor": row.minor,
        "line_id": line,
        "journal_id": journal_id(key),
        "carried_id": carried_id(key),
        "live": live,
    }
