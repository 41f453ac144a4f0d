"""The program run as a script would run it, on a company with a few people."""

import pytest

from tests.support.commands import PASSWORD


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
