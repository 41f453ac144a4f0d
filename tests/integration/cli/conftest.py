"""The program run as a script would run it, on a company with a few people."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "Command-pass-7"


@pytest.fixture
def call(tmp_path):
    """Runs the program as a script would: another process, no display, one password."""
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}
    } | {"TINGFU_HOME": str(tmp_path / "home"), "TINGFU_PASSWORD": PASSWORD}

    def one(*arguments):
        return subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return one


@pytest.fixture
def run(call):
    """The exit code and the JSON document of a command."""

    def one(*arguments):
        done = call("--json", *arguments)
        return done.returncode, json.loads(done.stdout)

    return one


@pytest.fixture
def say(call):
    """The exit code of a command and what it says to people, errors included."""

    def one(*arguments):
        done = call(*arguments)
        return done.returncode, done.stdout + done.stderr

    return one


@pytest.fixture
def company(run, any_database_url, open_url):
    """The address of a database with its administrator, a clerk and one account."""
    from app.access.people import add_grant, new_user
    from app.access.rights import Role
    from app.accounts.rules import AccountKind
    from app.accounts.service import AddAccount, new_account
    from app.audit.trail import SYSTEM_ACTOR, Event, record

    code, _ = run("--db", any_database_url, "init", "--company", "命令行公司", "--admin", "boss")
    assert code == 0
    db = open_url(any_database_url)
    with db.write() as uow:
        user = new_user(uow, "clerk", "李敏", PASSWORD)
        for role in (Role.MAKER, Role.CASHIER):
            add_grant(uow, user, role, uow.today, None, SYSTEM_ACTOR, "test")
        new_account(
            uow,
            AddAccount(
                "6222020200112233445", "命令行公司", "工商银行", "工行张江支行", AccountKind.BASIC
            ),
        )
        record(uow, SYSTEM_ACTOR, Event("test.made", "people"))
        uow.commit()
    # A restore in place wants the file for itself.
    db.close()
    return any_database_url
