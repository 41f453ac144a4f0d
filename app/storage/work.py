"""Units of work: one act is one transaction, and a change without a trail can't be committed."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.core.clock import SHANGHAI, Clock, SystemClock, business_date
from app.storage.engine import WRITE
from app.storage.errors import spoken


class ReadWork:
    """A consistent view for reading; nothing can be committed through it."""

    def __init__(self, session: Session, now: datetime, tz: ZoneInfo) -> None:
        self.session = session
        self.now = now
        self.tz = tz

    @property
    def today(self) -> date:
        """The company's business date."""
        return business_date(self.now, self.tz)


class UnitOfWork(ReadWork):
    """A transaction that holds the writer's lock from its first moment."""

    def __init__(self, session: Session, now: datetime, tz: ZoneInfo, machine: str) -> None:
        super().__init__(session, now, tz)
        self.machine = machine
        self.trail_length = 0

    def commit(self) -> None:
        """Make everything durable at once. Raises RuntimeError when the trail is missing."""
        if not self.trail_length:
            raise RuntimeError("a change without an audit entry")
        self.session.commit()


class Database:
    """The door to the rows: `read()` and `write()` and nothing else."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock | None = None,
        machine: str | None = None,
        tz: ZoneInfo = SHANGHAI,
    ) -> None:
        self.engine = engine
        self.clock = clock or SystemClock()
        self.machine = machine or socket.gethostname()
        self.tz = tz
        self._writer = engine.execution_options(**{WRITE: True})
        # One view from the first query to the last: SQLite gives that anyway.
        self._reader = (
            engine
            if engine.dialect.name == "sqlite"
            else engine.execution_options(isolation_level="REPEATABLE READ")
        )

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[ReadWork]:
        with spoken(), Session(self._reader, autoflush=False) as session:
            yield ReadWork(session, self.clock.now(), self.tz)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A unit of work; leaving it without `commit()` rolls everything back."""
        with spoken(), Session(self._writer, expire_on_commit=False) as session:
            session.connection()  # the lock comes before the first look
            yield UnitOfWork(session, self.clock.now(), self.tz, self.machine)

    def close(self) -> None:
        self.engine.dispose()
