"""People and their posts; every change of a right is kept with old and new value."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.access.errors import SelfApproval
from app.access.guard import Act, Actor, acting, roles_of_user
from app.access.model import Delegation, RoleGrant, User
from app.access.rights import APPROVAL_RANK, ROLE_LABELS, Right, Role
from app.access.sign_in import hash_password, set_password
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.storage.work import Database, ReadWork, UnitOfWork

_USERNAME = re.compile(r"[A-Za-z0-9_]{2,40}")


@dataclass(frozen=True, slots=True)
class AddUser:
    username: str
    name: str
    password: str
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Days are inclusive; `valid_until` None means without end."""

    username: str
    role: Role
    valid_from: date
    valid_until: date | None
    cause: str


@dataclass(frozen=True, slots=True)
class EndRole:
    username: str
    role: Role
    cause: str


@dataclass(frozen=True, slots=True)
class Delegate:
    """`to` may decide for `giver` at the level of `role` on these days, both included."""

    giver: str
    to: str
    role: Role
    valid_from: date
    valid_until: date
    reason: str


def add_user(db: Database, actor: Actor, command: AddUser) -> int:
    """The id of a new user, who must change the password at first sign-in."""
    with acting(db, actor, Right.USER_MANAGE) as act:
        user = new_user(act.uow, command.username, command.name, command.password)
        user.must_change = True
        for role in command.roles:
            give(act, user, role, act.uow.today, None, "新建用户")
        act.done(
            Event(
                "user.added",
                f"user:{user.username}",
                after={"name": user.name, "posts": _posts(act.uow, user)},
            )
        )
        return user.id


def new_user(uow: UnitOfWork, username: str, name: str, password: str) -> User:
    """A user row in this unit of work. Raises BadInput or WeakPassword."""
    username, name = username.strip(), name.strip()
    if not _USERNAME.fullmatch(username):
        raise BadInput("用户名须为两位以上的英文字母、数字或下划线。")
    if not name:
        raise BadInput("请填写姓名。")
    if uow.session.scalar(select(User.id).where(User.username == username)) is not None:
        raise Conflict(f"用户名“{username}”已存在。", "请换一个用户名。")
    user = User(
        username=username,
        name=name,
        password_hash=hash_password(username, password),
        old_hashes=[],
        created_at=uow.now,
    )
    uow.session.add(user)
    uow.session.flush()
    return user


def grant_role(db: Database, actor: Actor, command: GrantRole) -> None:
    """Give a post. Raises SelfApproval when an administrator would give it to themselves."""
    with acting(db, actor, Right.USER_MANAGE) as act:
        user = find_user(act.uow, command.username)
        _not_oneself(act, user)
        if not command.cause.strip():
            raise BadInput("请填写权限变更的原因。")
        if command.valid_until is not None and command.valid_until < command.valid_from:
            raise BadInput("有效期止日不能早于起日。")
        before = _posts(act.uow, user)
        give(act, user, command.role, command.valid_from, command.valid_until, command.cause)
        act.done(_changed(act, user, before, command.cause))


def end_role(db: Database, actor: Actor, command: EndRole) -> None:
    """Take a post away from now on; what was held before stays known."""
    with acting(db, actor, Right.USER_MANAGE) as act:
        user = find_user(act.uow, command.username)
        _not_oneself(act, user)
        if not command.cause.strip():
            raise BadInput("请填写权限变更的原因。")
        before = _posts(act.uow, user)
        rows = act.uow.session.scalars(
            select(RoleGrant).where(
                RoleGrant.user_id == user.id,
                RoleGrant.role == command.role,
                RoleGrant.ended_at.is_(None),
            )
        ).all()
        if not rows:
            raise NotFound(f"{user.name} 没有“{ROLE_LABELS[command.role]}”岗位。")
        for row in rows:
            row.ended_at = act.uow.now
            row.ended_by = act.person.label
            row.end_cause = command.cause
        act.uow.session.flush()
        act.done(_changed(act, user, before, command.cause))


def set_active(db: Database, actor: Actor, username: str, active: bool, cause: str) -> None:
    """Disable or enable an account."""
    with acting(db, actor, Right.USER_MANAGE) as act:
        user = find_user(act.uow, username)
        _not_oneself(act, user)
        before = user.active
        user.active = active
        act.done(
            Event(
                "user.activated" if active else "user.disabled",
                f"user:{user.username}",
                before={"active": before},
                after={"active": active},
                reason=cause,
            )
        )


def reset_password(db: Database, actor: Actor, username: str, password: str) -> None:
    """Give somebody a first password again and lift the lock-out."""
    with acting(db, actor, Right.USER_MANAGE) as act:
        user = find_user(act.uow, username)
        _not_oneself(act, user)
        set_password(user, password)
        user.must_change = True
        user.failed_count = 0
        user.locked_until = None
        act.done(Event("user.password_reset", f"user:{user.username}"))


def delegate(db: Database, actor: Actor, command: Delegate) -> None:
    """Record that one person stands in for another; only their own post can be passed on."""
    with acting(db, actor, Right.DELEGATION_MAKE) as act:
        giver, to = find_user(act.uow, command.giver), find_user(act.uow, command.to)
        may_for_others = Right.USER_MANAGE in act.person.rights
        if giver.id != act.person.user_id and not may_for_others:
            raise SelfApproval("只能委托本人的权限；他人的委托请由系统管理员登记。")
        if to.id == giver.id:
            raise BadInput("受托人不能是本人。")
        if command.role not in APPROVAL_RANK:
            raise BadInput("只有审批岗位可以委托。")
        if command.role not in roles_of_user(act.uow, giver.id, act.uow.now):
            raise BadInput(f"{giver.name} 当前没有“{ROLE_LABELS[command.role]}”岗位，不能委托。")
        if command.valid_until < command.valid_from or command.valid_until < act.uow.today:
            raise BadInput("委托止日不能早于起日或今天。")
        act.uow.session.add(
            Delegation(
                from_id=giver.id,
                to_id=to.id,
                role=command.role,
                valid_from=command.valid_from,
                valid_until=command.valid_until,
                reason=command.reason,
                made_by=act.person.label,
                made_at=act.uow.now,
            )
        )
        act.done(
            Event(
                "delegation.made",
                f"user:{giver.username}",
                after={
                    "to": to.username,
                    "role": command.role,
                    "from": command.valid_from.isoformat(),
                    "until": command.valid_until.isoformat(),
                },
                reason=command.reason,
            )
        )


def end_delegation(db: Database, actor: Actor, delegation_id: int) -> None:
    """End a delegation now."""
    with acting(db, actor, Right.DELEGATION_MAKE) as act:
        row = act.uow.session.get(Delegation, delegation_id)
        if row is None or row.ended_at is not None:
            raise NotFound("该委托不存在或已结束。")
        if row.from_id != act.person.user_id and Right.USER_MANAGE not in act.person.rights:
            raise SelfApproval("只能结束本人作出的委托。")
        row.ended_at = act.uow.now
        giver = act.uow.session.get_one(User, row.from_id)
        to = act.uow.session.get_one(User, row.to_id)
        act.done(
            Event(
                "delegation.ended",
                f"user:{giver.username}",
                before={
                    "to": to.username,
                    "role": row.role,
                    "from": row.valid_from.isoformat(),
                    "until": row.valid_until.isoformat(),
                },
                reason=row.reason,
            )
        )


def give(
    act: Act, user: User, role: Role, valid_from: date, valid_until: date | None, cause: str
) -> None:
    """Add a grant in this unit of work; ends nothing."""
    add_grant(act.uow, user, role, valid_from, valid_until, act.person.label, cause)


def add_grant(
    uow: UnitOfWork,
    user: User,
    role: Role,
    valid_from: date,
    valid_until: date | None,
    by: str,
    cause: str,
) -> None:
    uow.session.add(
        RoleGrant(
            user_id=user.id,
            role=role,
            valid_from=valid_from,
            valid_until=valid_until,
            granted_at=uow.now,
            granted_by=by,
            cause=cause,
        )
    )
    uow.session.flush()


def find_user(uow: UnitOfWork, username: str) -> User:
    """The user row. Raises NotFound."""
    user = uow.session.scalar(select(User).where(User.username == username))
    if user is None:
        raise NotFound(f"没有用户“{username}”。")
    return user


def _not_oneself(act: Act, user: User) -> None:
    if user.id == act.person.user_id:
        raise SelfApproval("不能变更自己的权限或状态。")


def _changed(act: Act, user: User, before: dict[str, str], cause: str) -> Event:
    return Event(
        "right.changed",
        f"user:{user.username}",
        before={"posts": before},
        after={"posts": _posts(act.uow, user)},
        reason=cause,
    )


def _posts(work: ReadWork, user: User) -> dict[str, str]:
    """The posts that were given and not ended, each with its days: also those that begin later."""
    rows = work.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.role, RoleGrant.id)
    )
    posts: dict[str, list[str]] = {}
    for row in rows:
        until = row.valid_until.isoformat() if row.valid_until else "长期"
        posts.setdefault(row.role, []).append(f"{row.valid_from} 至 {until}")
    return {role: "；".join(days) for role, days in posts.items()}
