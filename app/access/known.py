"""What may be asked before anybody has signed in."""

from sqlalchemy import select

from app.access.model import User
from app.storage.work import Database


def known_usernames(db: Database) -> frozenset[str]:
    """The names that can sign in, to recognise the demo company by its people."""
    with db.read() as work:
        return frozenset(work.session.scalars(select(User.username).where(User.active)))
