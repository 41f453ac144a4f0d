"""A founded company and its people, signed in; passwords are hashed once per session."""

from dataclasses import dataclass
from functools import cache

import pytest
from sqlalchemy import select

COMPANY = "停付测试有限公司"
# Everybody's, the administrator's too.
PASSWORD = "Test-pass-2026"

# By username: the name and the posts.
PEOPLE = {
    "clerk": ("陈经办", ("MAKER", "CASHIER")),
    "checker": ("周复核", ("CHECKER",)),
    "supervisor": ("王主管", ("SUPERVISOR",)),
    "cfo": ("林总监", ("CFO",)),
    "gm": ("赵总经理", ("GM",)),
    "auditor": ("孙内审", ("AUDITOR",)),
}


@dataclass(frozen=True)
class People:
    """The actors of the company, each signed in a moment ago."""

    admin: object
    clerk: object
    checker: object
    supervisor: object
    cfo: object
    gm: object
    auditor: object


@cache
def hashed(username, password):
    from app.access.sign_in import hash_password

    return hash_password(username, password)


@pytest.fixture
def founded(database, monkeypatch):
    """The database with 停付测试有限公司 and its administrator "admin"."""
    from app.access import founding, people

    with monkeypatch.context() as patch:
        # Argon2 is slow by intent.
        patch.setattr(people, "hash_password", hashed)
        founding.found(
            database,
            founding.Found(
                company=COMPANY,
                dataset="测试账套",
                drill=False,
                admin_username="admin",
                admin_name="系统管理员",
                admin_password=PASSWORD,
            ),
        )
    return database


@pytest.fixture
def sign_in_as(founded):
    """Signs a user in on a given or the founded database: `sign_in_as("clerk")` -> Actor."""

    def sign_in(username, db=founded):
        from app.access.guard import Actor
        from app.access.model import SignIn, User
        from app.audit.trail import Event, record

        with db.write() as uow:
            user = uow.session.scalar(select(User).where(User.username == username))
            row = SignIn(user_id=user.id, machine=uow.machine, at=uow.now, fresh_at=uow.now)
            uow.session.add(row)
            record(uow, user.label, Event("access.signed_in", f"user:{username}"))
            uow.commit()
            return Actor(user.id, row.id, user.username, user.name)

    return sign_in


@pytest.fixture
def add_person(founded):
    """Adds a user with posts: `add_person("maker2", "李经办", "MAKER")` -> user id."""

    def add(username, name, *roles):
        from app.access.model import User
        from app.access.people import add_grant
        from app.access.rights import Role
        from app.audit.trail import SYSTEM_ACTOR, Event, record

        with founded.write() as uow:
            user = User(
                username=username,
                name=name,
                password_hash=hashed("anybody", PASSWORD),
                old_hashes=[],
                created_at=uow.now,
            )
            uow.session.add(user)
            uow.session.flush()
            for role in roles:
                add_grant(uow, user, Role(role), uow.today, None, SYSTEM_ACTOR, "测试")
            record(uow, SYSTEM_ACTOR, Event("user.added", f"user:{username}"))
            uow.commit()
            return user.id

    return add


@pytest.fixture
def people(add_person, sign_in_as):
    """Everybody of the company, with password "Test-pass-2026" and signed in."""
    for username, (name, roles) in PEOPLE.items():
        add_person(username, name, *roles)
    return People(**{name: sign_in_as(name) for name in ("admin", *PEOPLE)})
