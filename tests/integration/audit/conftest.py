"""A trail of some length, and a hand that tampers with it as somebody with the file could."""

import pytest
from sqlalchemy import text

from app.audit.trail import SYSTEM_ACTOR, Event, digest, record
from app.storage.migrations import guards


class Tamper:
    """Changes rows behind the program's back: takes the guards off, acts, puts them back."""

    def __init__(self, database):
        self._engine = database.engine

    def __call__(self, *statements, **values):
        with self._engine.connect() as connection:
            guards.remove(connection, guards.FOUNDATION)
            for statement in statements:
                connection.execute(text(statement), values)
            guards.install(connection, guards.FOUNDATION)
            connection.commit()

    def rehash(self, seq, **changes):
        """Changes an entry and gives it the hash that its new content has; returns the hash."""
        with self._engine.connect() as connection:
            row = connection.execute(
                text("SELECT * FROM audit_entry WHERE seq = :seq"), {"seq": seq}
            ).one()
        fields = {**row._mapping, **changes}
        del fields["hash"]
        changes["hash"] = digest([str(value) for value in fields.values()])
        columns = ", ".join(f"{name} = :{name}" for name in changes)
        self(f"UPDATE audit_entry SET {columns} WHERE seq = :seq", seq=seq, **changes)
        return changes["hash"]

    def rewrite_from(self, seq, reason, last=10):
        """Gives an entry another reason and hashes it and all behind it anew, the head too."""
        previous = self.rehash(seq, reason=reason)
        for later in range(seq + 1, last + 1):
            previous = self.rehash(later, previous=previous)
        self("UPDATE audit_head SET hash = :hash", hash=previous)


@pytest.fixture
def tamper(founded):
    return Tamper(founded)


@pytest.fixture
def write_trail(founded):
    """Writes further entries: `write_trail(8)`."""

    def write(count):
        with founded.write() as uow:
            events = [
                Event("hold.placed", f"hold:{number}", after={"单号": number}, reason="疑似错误")
                for number in range(count)
            ]
            record(uow, SYSTEM_ACTOR, *events)
            uow.commit()

    return write


@pytest.fixture
def trail(write_trail, founded):
    """The founded database with exactly ten entries."""
    write_trail(9)
    return founded


@pytest.fixture
def home(tmp_path):
    """Where this machine keeps what it has seen."""
    return tmp_path / "home"
