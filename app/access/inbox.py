"""What waits for a person's decision, and what became of what they asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.access.approvals import ApprovalKind, RequestState, find_request, voices
from app.access.errors import NotAnApprover, SelfApproval
from app.access.guard import (
    Actor,
    Person,
    candidate,
    identify,
    reading,
    rights_held,
    roles_of_user,
)
from app.access.model import ApprovalDecision, ApprovalRequest, User
from app.access.rights import Right, Role
from app.access.rules import Candidate, authority
from app.core.money import Money
from app.storage.work import Database, ReadWork

# The right that the service of each kind asks for.
DECIDING: Final[Mapping[ApprovalKind, Right]] = {
    ApprovalKind.PAYMENT: Right.PAYMENT_APPROVE,
    ApprovalKind.RESUME: Right.RESUME_APPROVE,
    ApprovalKind.HOLD_LIFT: Right.HOLD_LIFT_APPROVE,
    ApprovalKind.RESULT_CORRECTION: Right.BANK_ANSWER_CORRECT,
    ApprovalKind.PAYEE_CHANGE: Right.PAYEE_CONFIRM,
    ApprovalKind.CANCELLATION: Right.CANCEL_APPROVE,
}
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class InboxLine:
    """An open request at the level that this person can decide; place from 1.

    on_behalf_of: whose level it is when it was delegated, else "".
    """

    id: int
    kind: ApprovalKind
    subject_no: str
    title: str
    amount: Money | None
    level: Role
    place: int
    levels: tuple[Role, ...]
    opened_by: str
    opened_at: datetime
    on_behalf_of: str
    version: int


@dataclass(frozen=True, slots=True)
class SubmittedLine:
    """A request of one's own. waits_for: who could decide now; remark: why it ended."""

    id: int
    kind: ApprovalKind
    subject_no: str
    title: str
    amount: Money | None
    state: RequestState
    level: Role | None
    waits_for: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None
    remark: str


def waiting_for(db: Database, actor: Actor) -> list[InboxLine]:
    """Everything that this person can decide now, oldest first. Raises SignedOut."""
    with db.read() as work:
        person = identify(work, actor)
        decider = candidate(work, person)
        kinds = [kind for kind, right in DECIDING.items() if right in person.rights]
        rows = work.session.scalars(
            select(ApprovalRequest)
            .where(ApprovalRequest.state == RequestState.OPEN, ApprovalRequest.kind.in_(kinds))
            .order_by(ApprovalRequest.opened_at, ApprovalRequest.id)
        ).all()
        decided = _deciders(work, [row.id for row in rows])
        names = _names(work)
        found = []
        for row in rows:
            able, principal = _authority(decider, row, decided.get(row.id, ()))
            if able:
                found.append(_line(row, names, principal))
        return found


def submitted_by(db: Database, actor: Actor) -> list[SubmittedLine]:
    """The newest requests that this person opened, open ones first. Raises SignedOut."""
    with db.read() as work:
        identify(work, actor)
        rows = work.session.scalars(
            select(ApprovalRequest)
            .where(ApprovalRequest.opened_by == actor.user_id)
            .order_by(ApprovalRequest.id.desc())
            .limit(_MOST)
        ).all()
        remarks = _last_remarks(work, [row.id for row in rows])
        decided = _deciders(work, [row.id for row in rows])
        desk = _desk(work) if any(row.state == RequestState.OPEN for row in rows) else []
        lines = [_submitted(row, desk, decided.get(row.id, ()), remarks) for row in rows]
        return sorted(lines, key=lambda line: line.state is not RequestState.OPEN)


def deciders_of(db: Database, actor: Actor, request_id: int) -> tuple[str, ...]:
    """The names of those who could decide on an open request now. Raises NotFound, Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        row = find_request(work, request_id)
        return _who(row, _desk(work), _deciders(work, [row.id]).get(row.id, ()))


def _line(row: ApprovalRequest, names: Mapping[int, str], principal: int | None) -> InboxLine:
    return InboxLine(
        row.id,
        ApprovalKind(row.kind),
        row.subject_no,
        row.title,
        _amount(row),
        Role(row.levels[row.position]),
        row.position + 1,
        tuple(Role(level) for level in row.levels),
        names[row.opened_by],
        row.opened_at,
        "" if principal is None else names[principal],
        row.version,
    )


def _submitted(
    row: ApprovalRequest,
    desk: Iterable[tuple[str, Person, Candidate]],
    decided: Iterable[int],
    remarks: Mapping[int, str],
) -> SubmittedLine:
    is_open = row.state == RequestState.OPEN
    return SubmittedLine(
        row.id,
        ApprovalKind(row.kind),
        row.subject_no,
        row.title,
        _amount(row),
        RequestState(row.state),
        Role(row.levels[row.position]) if is_open else None,
        _who(row, desk, decided) if is_open else (),
        row.opened_at,
        row.closed_at,
        row.closed_why or remarks.get(row.id, ""),
    )


def _who(
    row: ApprovalRequest,
    desk: Iterable[tuple[str, Person, Candidate]],
    decided: Iterable[int],
) -> tuple[str, ...]:
    if row.state != RequestState.OPEN:
        return ()
    right, before = DECIDING[ApprovalKind(row.kind)], tuple(decided)
    return tuple(
        name
        for name, person, one in desk
        if right in person.rights and _authority(one, row, before)[0]
    )


def _authority(
    one: Candidate, row: ApprovalRequest, decided: Iterable[int]
) -> tuple[bool, int | None]:
    try:
        return True, authority(one, Role(row.levels[row.position]), row.makers, decided)
    except (SelfApproval, NotAnApprover):
        # Asked before any act: it is an answer here, no attempt that the trail should keep.
        return False, None


def _desk(work: ReadWork) -> list[tuple[str, Person, Candidate]]:
    found = []
    for user in work.session.scalars(select(User).where(User.active).order_by(User.id)):
        roles = roles_of_user(work, user.id, work.now)
        rights = rights_held(work, user.id, roles)
        person = Person(user.id, user.username, user.name, roles, rights, work.now)
        found.append((user.name, person, candidate(work, person)))
    return found


def _deciders(work: ReadWork, requests: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for start in range(0, len(requests), _MOST):
        rows = work.session.scalars(
            select(ApprovalDecision).where(
                ApprovalDecision.request_id.in_(requests[start : start + _MOST])
            )
        )
        for row in rows:
            found.setdefault(row.request_id, []).extend(voices([row]))
    return found


def _last_remarks(work: ReadWork, requests: list[int]) -> dict[int, str]:
    rows = work.session.scalars(
        select(ApprovalDecision)
        .where(ApprovalDecision.request_id.in_(requests))
        .order_by(ApprovalDecision.position)
    )
    return {row.request_id: row.remark for row in rows}


def _names(work: ReadWork) -> dict[int, str]:
    return {user.id: user.name for user in work.session.scalars(select(User))}


def _amount(row: ApprovalRequest) -> Money | None:
    return Money.of(row.amount_minor, row.currency)
