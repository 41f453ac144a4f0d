"""Opening the database and signing in for one command."""

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.access.guard import Actor
from app.core import paths
from app.core.errors import BadInput
from app.storage.upgrade import open_database
from app.storage.work import Database

PASSWORD_VARIABLE = "TINGFU_PASSWORD"  # noqa: S105 - the name of a variable


class NoUser(BadInput):
    code = "CLI-001"
    remedy = "请用 --as USER 指明办理人，密码放在环境变量 TINGFU_PASSWORD 或按提示输入。"


def database_address(options: argparse.Namespace) -> str:
    """The database that the command names, else this machine's own."""
    return options.db or str(paths.default_database())


def shown_address(options: argparse.Namespace) -> str:
    """The same for people and logs: without a password."""
    from app.storage.engine import parse_url
    from app.storage.files import shown

    return shown(parse_url(database_address(options)))


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Database]:
    """The open database. Raises NoDatabase and other refusals."""
    db = open_database(database_address(options), backup_dir=paths.backup_folder())
    try:
        yield db
    finally:
        db.close()


@contextmanager
def signed_in(options: argparse.Namespace) -> Iterator[tuple[Database, Actor]]:
    """The open database and who acts. Raises NoUser, SignInFailed, LockedOut."""
    from app.access.errors import PasswordChangeNeeded
    from app.access.sign_in import sign_in, sign_out

    if not options.user:
        raise NoUser("没有指明办理人。")
    with opened(options) as db:
        welcome = sign_in(db, options.user, password(f"{options.user} 的密码："))
        try:
            if welcome.must_change:
                raise PasswordChangeNeeded("请先在窗口中登录并修改初始密码。")
            yield db, welcome.actor
        finally:
            sign_out(db, welcome.actor)


def password(prompt: str) -> str:
    """The password from the environment, else asked for. Raises NoUser where nobody can be asked."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise NoUser("没有密码，也无法询问。")
    return getpass.getpass(prompt)
