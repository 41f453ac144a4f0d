"""Signing in and out, with Argon2, growing lock-out and a trail of every try."""

from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from app.access.errors import LockedOut, SignedOut, SignInFailed, WeakPassword
from app.access.guard import Actor
from app.access.model import SignIn, User
from app.access.rules import check_password, lock_time
from app.audit.trail import Event, record
from app.core.clock import local_text
from app.storage.work import Database, UnitOfWork

_hasher = PasswordHasher()
_KEPT_HASHES = 5


@dataclass(frozen=True, slots=True)
class Welcome:
    """A successful sign-in."""

    actor: Actor
    must_change: bool


def sign_in(db: Database, username: str, password: str) -> Welcome:
    """Open a sign-in. Raises SignInFailed or LockedOut; each try is in the trail."""
    with db.write() as uow:
        user, refusal = _prove(uow, username.strip(), password)
        if user is None:
            uow.commit()
            raise refusal or SignInFailed("用户名或密码不正确。")
        row = SignIn(user_id=user.id, machine=uow.machine, at=uow.now, fresh_at=uow.now)
        uow.session.add(row)
        record(uow, user.label, Event("access.signed_in", f"user:{user.username}"))
        uow.commit()
        return Welcome(Actor(user.id, row.id, user.username, user.name), user.must_change)


def confirm_identity(db: Database, actor: Actor, password: str) -> None:
    """Prove the password again before an approval.

    Raises SignInFailed, LockedOut, or SignedOut when the sign-in has ended meanwhile.
    """
    with db.write() as uow:
        user, refusal = _prove(uow, actor.username, password)
        if user is None:
            uow.commit()
            raise refusal or SignInFailed("密码不正确。")
        row = uow.session.get(SignIn, actor.sign_in_id)
        if row is None or row.user_id != user.id or row.ended_at is not None:
            raise SignedOut("登录已失效，请重新登录。")
        row.fresh_at = uow.now
        record(uow, user.label, Event("access.confirmed_identity", f"user:{user.username}"))
        uow.commit()


def sign_out(db: Database, actor: Actor) -> None:
    """End the sign-in; nothing can be done with it afterwards."""
    with db.write() as uow:
        row = uow.session.get(SignIn, actor.sign_in_id)
        if row is not None and row.ended_at is None:
            row.ended_at = uow.now
        record(uow, actor.label, Event("access.signed_out", f"user:{actor.username}"))
        uow.commit()


def change_password(db: Database, actor: Actor, old: str, new: str) -> None:
    """Replace one's own password. Raises SignInFailed, LockedOut or WeakPassword."""
    with db.write() as uow:
        user, refusal = _prove(uow, actor.username, old)
        if user is None:
            uow.commit()
            raise refusal or SignInFailed("原密码不正确。")
        set_password(user, new)
        user.must_change = False
        record(uow, user.label, Event("access.password_changed", f"user:{user.username}"))
        uow.commit()


def hash_password(username: str, password: str) -> str:
    """The Argon2id hash of an acceptable password. Raises WeakPassword."""
    check_password(username, password)
    return _hasher.hash(password)


def set_password(user: User, password: str) -> None:
    """Give the user a new password. Raises WeakPassword, also for one of the last five."""
    fresh = hash_password(user.username, password)
    used = [user.password_hash, *user.old_hashes]
    if any(_matches(old, password) for old in used):
        raise WeakPassword("新密码与最近用过的密码相同。")
    user.old_hashes = used[:_KEPT_HASHES]
    user.password_hash = fresh


def _prove(
    uow: UnitOfWork, username: str, password: str
) -> tuple[User | None, SignInFailed | LockedOut | None]:
    user = uow.session.scalar(select(User).where(User.username == username))
    if user is None or not user.active:
        _matches(_nobody(), password)
        return None, _failed(uow, username, "用户名或密码不正确。")
    if user.locked_until is not None and uow.now < user.locked_until:
        record(uow, user.label, Event("access.locked_try", f"user:{username}"))
        return None, LockedOut(f"账号已锁定至 {local_text(user.locked_until, uow.tz)}。")
    if not _matches(user.password_hash, password):
        return None, _count_failure(uow, user)
    user.failed_count = 0
    user.locked_until = None
    return user, None


def _count_failure(uow: UnitOfWork, user: User) -> SignInFailed | LockedOut:
    user.failed_count += 1
    wait = lock_time(user.failed_count)
    if not wait:
        return _failed(uow, user.username, "用户名或密码不正确。")
    user.locked_until = uow.now + wait
    record(
        uow,
        user.label,
        Event("access.locked_out", f"user:{user.username}", after={"tries": user.failed_count}),
    )
    return LockedOut(
        f"连续 {user.failed_count} 次密码错误，账号锁定至 {local_text(user.locked_until, uow.tz)}。"
    )


def _failed(uow: UnitOfWork, username: str, message: str) -> SignInFailed:
    record(uow, username or "?", Event("access.sign_in_failed", f"user:{username}"))
    return SignInFailed(message)


@cache
def _nobody() -> str:
    """A hash to verify when the name is unknown, so that it takes as long as a wrong password."""
    return _hasher.hash("nobody")


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
