"""Which bank pays, as the table of answers knows it."""

from app.access.guard import Actor
from app.accounts.choices import paying_choices
from app.storage.work import Database


def bank_of(db: Database, actor: Actor, account_number: str) -> str:
    """The name of the bank of that account; empty for an account that is not registered."""
    accounts = paying_choices(db, actor).accounts
    return next((one.bank for one in accounts if one.number == account_number), "")
