"""Who acts, and whether they may: asked inside the transaction of the act itself."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.access.errors import Denied, FreshSignInNeeded, PasswordChangeNeeded, SignedOut
from app.access.model import Delegation, RoleGrant, SignIn, User
from app.access.rights import RIGHT_LABELS, Right, Role, rights_of
from app.access.rules import Candidate, Span, is_fresh, roles_at
from app.audit.trail import Event, record
from app.core.clock import business_date
from app.storage.work import Database, ReadWork, UnitOfWork

_log = logging.getLogger(__name__)
# What standing in for somebody gives: their decisions, and nothing else of their post.
_DELEGATED: Final = frozenset(
    {
        Right.PAYMENT_APPROVE,
        Right.RESUME_APPROVE,
        Right.HOLD_LIFT_APPROVE,
        Right.BANK_ANSWER_CORRECT,
        Right.CANCEL_APPROVE,
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, as windows and commands hold it; says nothing about rights."""

    user_id: int
    sign_in_id: int
    username: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.username} {self.name}"


@dataclass(frozen=True, slots=True)
class Person:
    """The actor as the database knows them at this moment."""

    user_id: int
    username: str
    name: str
    roles: frozenset[Role]
    rights: frozenset[Right]
    fresh_at: datetime

    @property
    def label(self) -> str:
        return f"{self.username} {self.name}"


@dataclass(frozen=True, slots=True)
class Act:
    """An open unit of work and the person who acts in it."""

    uow: UnitOfWork
    person: Person

    def audit(self, *events: Event) -> int:
        return record(self.uow, self.person.label, *events)

    def done(self, *events: Event) -> None:
        """Write the trail and commit: the last line of every use case."""
        self.audit(*events)
        self.uow.commit()


def identify(work: ReadWork, actor: Actor) -> Person:
    """The person behind the sign-in now. Raises SignedOut or PasswordChangeNeeded."""
    sign_in = work.session.get(SignIn, actor.sign_in_id)
    user = work.session.get(User, actor.user_id)
    if sign_in is None or user is None or sign_in.user_id != user.id or not user.active:
        raise SignedOut("登录已失效或账号已停用。")
    if sign_in.ended_at is not None:
        raise SignedOut("您已退出登录。")
    if user.must_change:
        raise PasswordChangeNeeded("请先修改初始密码。")
    roles = roles_at(spans_of(work, user.id), work.now, work.today)
    rights = rights_held(work, user.id, roles)
    return Person(user.id, user.username, user.name, roles, rights, sign_in.fresh_at)


def name_of(work: ReadWork, user_id: int | None) -> str:
    """The name of whoever that is; "" for nobody."""
    return "" if user_id is None else work.session.get_one(User, user_id).name


def require(work: ReadWork, actor: Actor, right: Right) -> Person:
    """The person, holding that right at this moment. Raises Denied."""
    person = identify(work, actor)
    if right not in person.rights:
        raise Denied(f"{person.name} 当前没有“{RIGHT_LABELS[right]}”权限。")
    return person


def require_fresh(work: ReadWork, person: Person) -> None:
    """Raises FreshSignInNeeded unless the password was proved in the last minutes."""
    if not is_fresh(person.fresh_at, work.now):
        raise FreshSignInNeeded("审批前需要重新确认身份。")


@contextmanager
def acting(db: Database, actor: Actor, right: Right) -> Iterator[Act]:
    """A unit of work for somebody who holds the right; refused attempts on rights are kept.

    Raises Denied after writing the attempt to the trail in a transaction of its own.
    """
    try:
        with db.write() as uow:
            yield Act(uow, require(uow, actor, right))
    except Denied as refusal:
        keep_denial(db, actor, right.value, refusal)
        raise


@contextmanager
def reading(db: Database, actor: Actor, right: Right) -> Iterator[ReadWork]:
    """A view for somebody who may read it. Raises Denied, which is kept in the trail."""
    try:
        with db.read() as work:
            require(work, actor, right)
            yield work
    except Denied as refusal:
        keep_denial(db, actor, right.value, refusal)
        raise


def keep_denial(db: Database, actor: Actor, wanted: str, refusal: Denied) -> None:
    """Write an attempt on rights to the trail."""
    with db.write() as uow:
        record(
            uow,
            actor.label,
            Event(
                "access.denied",
                f"right:{wanted}",
                after={"code": refusal.code},
                reason=refusal.message,
            ),
        )
        uow.commit()
    _log.warning("denied %s to %s: %s", wanted, actor.username, refusal.code)


def spans_of(work: ReadWork, user_id: int) -> list[Span]:
    """Every post that the person was ever given."""
    rows = work.session.scalars(select(RoleGrant).where(RoleGrant.user_id == user_id))
    return [span_of(row) for row in rows]


def span_of(row: RoleGrant) -> Span:
    return Span(Role(row.role), row.valid_from, row.valid_until, row.granted_at, row.ended_at)


def roles_of_user(work: ReadWork, user_id: int, at: datetime) -> frozenset[Role]:
    """The posts that the person held at that instant."""
    return roles_at(spans_of(work, user_id), at, business_date(at, work.tz))


def rights_held(work: ReadWork, user_id: int, roles: frozenset[Role]) -> frozenset[Right]:
    """What somebody with these posts may do now, deciding for those they stand in for included."""
    lent = frozenset[Role]().union(*delegated_to(work, user_id).values())
    return rights_of(roles) | (rights_of(lent) & _DELEGATED)


def candidate(work: ReadWork, person: Person) -> Candidate:
    """The person with what was delegated to them and is valid today."""
    return Candidate(person.user_id, person.roles, delegated_to(work, person.user_id))


def delegated_to(work: ReadWork, user_id: int) -> dict[int, frozenset[Role]]:
    """For whom the person stands in today, in which posts; a post that was lost lends nothing."""
    delegated: dict[int, set[Role]] = {}
    for row in _delegations_to(work, user_id):
        giver = work.session.get(User, row.from_id)
        role = Role(row.role)
        if giver is not None and giver.active and role in roles_of_user(work, giver.id, work.now):
            delegated.setdefault(row.from_id, set()).add(role)
    return {who: frozenset(roles) for who, roles in delegated.items()}


def _delegations_to(work: ReadWork, user_id: int) -> Iterable[Delegation]:
    return work.session.scalars(
        select(Delegation).where(
            Delegation.to_id == user_id,
            Delegation.ended_at.is_(None),
            Delegation.valid_from <= work.today,
            Delegation.valid_until >= work.today,
        )
    )
