"""What the pages of users, rights, delegations and the matrix show: plain records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from app.access import matrix
from app.access.guard import Actor, identify, span_of
from app.access.model import ApprovalMatrix, Delegation, RoleGrant, SignIn, User
from app.access.rights import Right, Role, conflicts
from app.access.rules import Tier, roles_at
from app.core.clock import business_date
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A post that is held today, with its days."""

    role: Role
    valid_from: date
    valid_until: date | None
    granted_by: str
    cause: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """conflicts: pairs of posts that ought to be held by different people."""

    user_id: int
    username: str
    name: str
    active: bool
    must_change: bool
    locked_until: datetime | None
    grants: tuple[GrantLine, ...]
    last_sign_in: datetime | None
    conflicts: tuple[tuple[Role, Role], ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(grant.role for grant in self.grants)


@dataclass(frozen=True, slots=True)
class RightChangeLine:
    """One change of a person's posts, with what they held before and after."""

    at: datetime
    username: str
    name: str
    role: Role
    given: bool
    by: str
    cause: str
    before: tuple[Role, ...]
    after: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class DelegationLine:
    id: int
    giver: str
    to: str
    role: Role
    valid_from: date
    valid_until: date
    reason: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class ProposedMatrix:
    id: int
    tiers: tuple[Tier, ...]
    by: str
    by_id: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The tiers in force and what waits for a second person."""

    current: tuple[Tier, ...]
    proposed: ProposedMatrix | None


def my_rights(db: Database, actor: Actor) -> frozenset[Right]:
    """What the person may do at this moment."""
    with db.read() as work:
        return identify(work, actor).rights


def people(db: Database, actor: Actor) -> list[PersonLine]:
    """Everybody with their posts of today. Anyone who is signed in may see who holds which post."""
    with db.read() as work:
        identify(work, actor)
        newest = select(SignIn.user_id, func.max(SignIn.at)).group_by(SignIn.user_id)
        last = {user_id: at for user_id, at in work.session.execute(newest)}  # noqa: C416 - typed
        return [
            _person(work, user, last.get(user.id))
            for user in work.session.scalars(select(User).order_by(User.username))
        ]


def right_changes(db: Database, actor: Actor, username: str | None = None) -> list[RightChangeLine]:
    """Every post given or ended, newest first (requirement A3.1)."""
    with db.read() as work:
        identify(work, actor)
        users = select(User) if username is None else select(User).where(User.username == username)
        found = [line for user in work.session.scalars(users) for line in _changes(work, user)]
    return sorted(found, key=lambda line: line.at, reverse=True)


def expiring(db: Database, actor: Actor, within_days: int = 30) -> list[tuple[str, GrantLine]]:
    """Posts that run out soon, by date, unless the same post goes on (requirement C4.3)."""
    with db.read() as work:
        last_day = work.today + timedelta(days=within_days)
        lasting = work.session.scalars(select(RoleGrant).where(RoleGrant.ended_at.is_(None))).all()
    found = [
        (line.name, grant)
        for line in people(db, actor)
        if line.active
        for grant in line.grants
        if grant.valid_until is not None
        and grant.valid_until <= last_day
        and not any(
            _carries_on(row, grant.role, grant.valid_until)
            for row in lasting
            if row.user_id == line.user_id
        )
    ]
    return sorted(found, key=lambda pair: pair[1].valid_until or date.max)


def delegations(db: Database, actor: Actor) -> list[DelegationLine]:
    """Every delegation, newest first."""
    with db.read() as work:
        identify(work, actor)
        names = {user.id: user.name for user in work.session.scalars(select(User))}
        rows = work.session.scalars(select(Delegation).order_by(Delegation.id.desc()))
        return [
            DelegationLine(
                row.id,
                names[row.from_id],
                names[row.to_id],
                Role(row.role),
                row.valid_from,
                row.valid_until,
                row.reason,
                row.made_by,
                row.made_at,
                row.ended_at,
                row.ended_at is None and row.valid_from <= work.today <= row.valid_until,
            )
            for row in rows
        ]


def matrix_state(db: Database, actor: Actor) -> MatrixView:
    """The approval matrix in force and the one that waits."""
    with db.read() as work:
        identify(work, actor)
        row = work.session.scalar(
            select(ApprovalMatrix)
            .where(ApprovalMatrix.state == matrix.PROPOSED)
            .order_by(ApprovalMatrix.id.desc())
        )
        proposed = None
        if row is not None:
            by = work.session.get_one(User, row.proposed_by)
            proposed = ProposedMatrix(
                row.id, matrix.tiers_from(row.tiers), by.name, by.id, row.reason, row.proposed_at
            )
        return MatrixView(matrix.current_tiers(work), proposed)


def _carries_on(row: RoleGrant, role: Role, end: date) -> bool:
    """Whether the grant gives the same post beyond that day without a gap."""
    without_gap = row.valid_from <= end + timedelta(days=1)
    return row.role == role and without_gap and (row.valid_until is None or row.valid_until > end)


def _person(work: ReadWork, user: User, last: datetime | None) -> PersonLine:
    rows = _grants(work, user)
    held = [row for row in rows if span_of(row).holds(work.now, work.today)]
    grants = tuple(
        GrantLine(Role(r.role), r.valid_from, r.valid_until, r.granted_by, r.cause) for r in held
    )
    roles = frozenset(grant.role for grant in grants)
    locked = user.locked_until
    if locked is not None and locked <= work.now:
        locked = None
    return PersonLine(
        user.id,
        user.username,
        user.name,
        user.active,
        user.must_change,
        locked,
        grants,
        last,
        tuple(conflicts(roles)),
    )


def _changes(work: ReadWork, user: User) -> list[RightChangeLine]:
    rows = _grants(work, user)
    found = []
    for row in rows:
        found.append(_change(work, user, rows, row, row.granted_at, given=True))
        if row.ended_at is not None:
            found.append(_change(work, user, rows, row, row.ended_at, given=False))
    return found


def _change(
    work: ReadWork,
    user: User,
    rows: Sequence[RoleGrant],
    row: RoleGrant,
    at: datetime,
    *,
    given: bool,
) -> RightChangeLine:
    spans = [span_of(each) for each in rows]
    just_before = at - timedelta(microseconds=1)
    before = roles_at(spans, just_before, business_date(just_before, work.tz))
    after = roles_at(spans, at, business_date(at, work.tz))
    by, cause = (row.granted_by, row.cause) if given else (row.ended_by, row.end_cause)
    return RightChangeLine(
        at,
        user.username,
        user.name,
        Role(row.role),
        given,
        by or "",
        cause or "",
        tuple(sorted(before)),
        tuple(sorted(after)),
    )


def _grants(work: ReadWork, user: User) -> Sequence[RoleGrant]:
    return work.session.scalars(
        select(RoleGrant).where(RoleGrant.user_id == user.id).order_by(RoleGrant.granted_at)
    ).all()
