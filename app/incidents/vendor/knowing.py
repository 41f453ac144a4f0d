"""What the house knows to be confidential, gathered for the redaction of what leaves it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Select, select

from app.access.model import User
from app.access.rights import ROLE_LABELS
from app.accounts.model import BankAccount
from app.agreements.model import Agreement
from app.incidents.vendor.redaction import Known, Redactor, digits_of
from app.letters.model import Correspondent, LetterSetup
from app.payees.model import Payee, PayeeAccount, PayeeContact
from app.payments.model import Payment, SourceDocument
from app.storage.work import ReadWork

_LEAST_DIGITS: Final = 8
# What a person may have put there is a password, whatever it is called elsewhere.
_VARIABLES: Final = ("TINGFU_PASSWORD", "TINGFU_FILE_PASSWORD", "PGPASSWORD")


# Somebody may be called by their post; the word alone tells nothing.
_POSTS: Final = frozenset({*ROLE_LABELS.values()})


def redactor_of(work: ReadWork) -> Redactor:
    """A redactor that knows this database's accounts and names, and this machine's secrets."""
    return Redactor(known_of(work))


def known_of(work: ReadWork) -> Known:
    """Accounts, names and secrets."""
    accounts = {digits_of(one) for one in _texts(work, *_account_columns())}
    return Known(
        frozenset(one for one in accounts if len(one) >= _LEAST_DIGITS),
        frozenset(one for one in _texts(work, *_name_columns()) if one.strip()) - _POSTS,
        frozenset(value for name in _VARIABLES if (value := os.environ.get(name))),
        ((str(Path.home()), "~"),) if Path.home() != Path(Path.home().anchor) else (),
    )


def _account_columns() -> tuple[Select[str], ...]:
    return (
        select(BankAccount.number).distinct(),
        select(PayeeAccount.number).distinct(),
        select(Payment.payee_account).distinct(),
        select(Agreement.payee_account).distinct(),
        select(SourceDocument.payee_account).distinct(),
    )


def _name_columns() -> tuple[Select[str], ...]:
    return (
        select(User.name).distinct(),
        select(Payee.name).distinct(),
        select(Payee.contact).distinct(),
        select(PayeeContact.contact).distinct(),
        select(Payment.payee_name).distinct(),
        select(Agreement.payee_name).distinct(),
        select(Correspondent.contact).distinct(),
        select(LetterSetup.contact),
    )


def _texts(work: ReadWork, *queries: Select[str]) -> Iterator[str]:
    for query in queries:
        yield from (one for one in work.session.scalars(query) if one)
