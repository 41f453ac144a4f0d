"""Who decided what on a request, and who signed in where: plain records."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.access.approvals import Decision
from app.access.guard import Actor, reading
from app.access.model import ApprovalDecision, SignIn, User
from app.access.rights import Right, Role
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision. place: the level's, from 1. on_behalf_of: who was stood in for, else ""."""

    place: int
    level: Role
    by: str
    on_behalf_of: str
    decision: Decision
    remark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One sign-in; `ended_at` None while it has not been ended."""

    username: str
    name: str
    machine: str
    at: datetime
    ended_at: datetime | None


def decisions_of(work: ReadWork, request_id: int) -> list[DecisionLine]:
    """The decisions on a request, level by level."""
    principal = aliased(User)
    rows = work.session.execute(
        select(ApprovalDecision, User.name, principal.name)
        .join(User, User.id == ApprovalDecision.user_id)
        .outerjoin(principal, principal.id == ApprovalDecision.on_behalf_of)
        .where(ApprovalDecision.request_id == request_id)
        .order_by(ApprovalDecision.position)
    )
    return [
        DecisionLine(
            row.position + 1,
            Role(row.level),
            name,
            giver or "",
            Decision(row.decision),
            row.remark,
            row.at,
        )
        for row, name, giver in rows
    ]


def last_sign_ins(
    db: Database, actor: Actor, username: str | None = None, limit: int = 50
) -> list[SignInLine]:
    """The newest sign-ins of everybody, or of one person. Raises Denied."""
    query = (
        select(User.username, User.name, SignIn.machine, SignIn.at, SignIn.ended_at)
        .join(User, User.id == SignIn.user_id)
        .order_by(SignIn.at.desc(), SignIn.id.desc())
        .limit(limit)
    )
    if username is not None:
        query = query.where(User.username == username)
    with reading(db, actor, Right.AUDIT_VIEW) as work:
        return [SignInLine(*row) for row in work.session.execute(query)]
