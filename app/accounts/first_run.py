"""Founding a company with its first bank accounts: one transaction, as the first-run wizard asks."""

from collections.abc import Sequence

from app.access.founding import Found, found_in
from app.accounts.service import AddAccount, add_default_channels, new_account
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.storage.work import Database


def found_company(db: Database, command: Found, accounts: Sequence[AddAccount] = ()) -> None:
    """The company, its administrator, the usual channels and its first accounts, or nothing.

    Raises Conflict when the database has a company, BadInput or WeakPassword.
    """
    with db.write() as uow:
        found_in(uow, command)
        add_default_channels(uow)
        for each in accounts:
            account = new_account(uow, each)
            record(
                uow,
                SYSTEM_ACTOR,
                Event(
                    "account.added",
                    f"account:{account.number}",
                    after={"name": account.name, "bank": account.bank},
                ),
            )
        uow.commit()
