"""Where the mapped rows of all matters stand: for making migrations and for testing them only."""

from importlib import import_module
from typing import Final

from sqlalchemy import MetaData

from app.storage.base import Base

# Names instead of imports: storage lies below the matters whose tables it migrates.
MODELS: Final = (
    "app.storage.model",
    "app.audit.model",
    "app.access.model",
    "app.letters.model",
    "app.accounts.model",
    "app.payees.model",
    "app.payments.model",
    "app.agreements.model",
    "app.statements.model",
    "app.reconciliation.model",
    "app.incidents.model",
    "app.incidents.evidence.model",
    "app.incidents.contacts.model",
    "app.incidents.closing.model",
    "app.incidents.planning.model",
    "app.incidents.selfcheck.model",
    "app.incidents.vendor.model",
)


def all_tables() -> MetaData:
    """The tables of every matter."""
    for name in MODELS:
        import_module(name)
    return Base.metadata
