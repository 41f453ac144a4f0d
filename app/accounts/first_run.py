"""The first act on a new database: company, administrator, channels and accounts at once."""

from collections.abc import Sequence

from app.access.founding import Found, found_in
from app.accounts.service import AddAccount, add_default_channels, new_account
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.storage.work import Database


def found_company(db: Database, company: Found, accounts: Sequence[AddAccount] = ()) -> None:
    """Make a company that can be worked with, or nothing at all.

    Raises Conflict when there is a company already, BadInput or WeakPassword for what was typed.
    """
    with db.write() as uow:
        found_in(uow, company)
        add_default_channels(uow)
        for one in accounts:
            account = new_account(uow, one)
            record(
                uow,
                SYSTEM_ACTOR,
                Event(
                    "account.added",
                    f"account:{account.number}",
                    after={"name": account.name, "bank": account.bank, "branch": account.branch},
                ),
            )
        uow.commit()
