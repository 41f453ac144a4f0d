"""The approval matrix: proposed by one person, in force when a second one confirms it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.access.errors import AlreadyDecided, SelfApproval
from app.access.guard import Actor, acting, require_fresh
from app.access.model import ApprovalMatrix
from app.access.rights import Right, Role
from app.access.rules import DEFAULT_TIERS, Tier, check_tiers
from app.audit.trail import Event
from app.core.errors import BadInput, NotFound
from app.core.money import Money
from app.storage.work import Database, ReadWork

PROPOSED, ACTIVE, RETIRED, REFUSED = "PROPOSED", "ACTIVE", "RETIRED", "REFUSED"


def current_tiers(work: ReadWork) -> tuple[Tier, ...]:
    """The tiers in force; the defaults until a matrix was confirmed."""
    row = work.session.scalar(select(ApprovalMatrix).where(ApprovalMatrix.state == ACTIVE))
    return DEFAULT_TIERS if row is None else tiers_from(row.tiers)


def propose(db: Database, actor: Actor, tiers: Sequence[Tier], reason: str) -> int:
    """Put a new matrix up for confirmation; returns its id. Raises MatrixInvalid."""
    check_tiers(tiers)
    with acting(db, actor, Right.MATRIX_PROPOSE) as act:
        if not reason.strip():
            raise BadInput("请填写修改审批矩阵的原因。")
        for row in act.uow.session.scalars(
            select(ApprovalMatrix).where(ApprovalMatrix.state == PROPOSED)
        ):
            row.state = REFUSED
        fresh = ApprovalMatrix(
            state=PROPOSED,
            tiers=tiers_to(tiers),
            reason=reason.strip(),
            proposed_by=act.person.user_id,
            proposed_at=act.uow.now,
        )
        act.uow.session.add(fresh)
        act.uow.session.flush()
        act.done(
            Event(
                "matrix.proposed",
                f"matrix:{fresh.id}",
                before={"tiers": tiers_to(current_tiers(act.uow))},
                after={"tiers": fresh.tiers},
                reason=reason,
            )
        )
        return fresh.id


def confirm(db: Database, actor: Actor, matrix_id: int, accept: bool) -> None:
    """Put a proposed matrix in force, or refuse it. Raises SelfApproval for its proposer."""
    with acting(db, actor, Right.MATRIX_CONFIRM) as act:
        row = act.uow.session.get(ApprovalMatrix, matrix_id)
        if row is None:
            raise NotFound("没有这份审批矩阵。")
        if row.state != PROPOSED:
            raise AlreadyDecided("该审批矩阵已办理。")
        if row.proposed_by == act.person.user_id:
            raise SelfApproval("修改人不能确认自己修改的审批矩阵。")
        require_fresh(act.uow, act.person)
        before = tiers_to(current_tiers(act.uow))
        if accept:
            for old in act.uow.session.scalars(
                select(ApprovalMatrix).where(ApprovalMatrix.state == ACTIVE)
            ):
                old.state = RETIRED
        row.state = ACTIVE if accept else REFUSED
        row.confirmed_by = act.person.user_id
        row.confirmed_at = act.uow.now
        act.uow.session.flush()
        act.done(
            Event(
                "matrix.confirmed" if accept else "matrix.refused",
                f"matrix:{row.id}",
                before={"tiers": before},
                after={"tiers": row.tiers if accept else before},
            )
        )


def tiers_to(tiers: Sequence[Tier]) -> list[dict[str, Any]]:
    """The tiers as they are stored."""
    return [
        {
            "up_to": None if tier.up_to is None else tier.up_to.decimal(),
            "levels": list(tier.levels),
        }
        for tier in tiers
    ]


def tiers_from(stored: Sequence[dict[str, Any]]) -> tuple[Tier, ...]:
    return tuple(
        Tier(
            None if row["up_to"] is None else Money.parse(row["up_to"]),
            tuple(Role(level) for level in row["levels"]),
        )
        for row in stored
    )
