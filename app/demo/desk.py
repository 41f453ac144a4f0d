"""The demo company's people at work: the clock moves, the trail catches up, somebody acts."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from app.access.guard import Actor
from app.access.model import Company, SignIn
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.clock import FixedClock
from app.demo.company import Firm
from app.demo.ledger import Timed
from app.storage.work import Database, UnitOfWork


class Desk:
    """Lets services be called as if at earlier times, in the order of those times."""

    def __init__(
        self, db: Database, clock: FixedClock, firm: Firm, events: Iterable[Timed]
    ) -> None:
        self.db = db
        self.clock = clock
        self._firm = firm
        self._later = sorted(events, key=lambda one: (one[0], one[1]))
        self._actors: dict[str, Actor] = {}

    def write_trail(self, uow: UnitOfWork, until: datetime) -> None:
        """Record what happened up to that time, each thing at its own."""
        due = [one for one in self._later if one[0] <= until]
        self._later = self._later[len(due) :]
        now = uow.now
        for (at, actor), same in groupby(due, key=lambda one: (one[0], one[1])):
            uow.now = at
            record(uow, actor, *(event for _, _, event in same))
        uow.now = now

    def move_to(self, at: datetime) -> None:
        """Go on to a later time; everybody is signed in afresh when they act next."""
        self.clock.move_to(at)
        self._actors.clear()
        with self.db.write() as uow:
            self.write_trail(uow, at)
            if uow.trail_length:
                uow.commit()

    def as_(self, username: str) -> Actor:
        """That person, signed in now."""
        if username not in self._actors:
            with self.db.write() as uow:
                user_id, label = self._firm.users[username], self._firm.labels[username]
                row = SignIn(
                    user_id=user_id,
                    machine=uow.machine,
                    at=uow.now,
                    fresh_at=uow.now,
                    ended_at=None,
                )
                uow.session.add(row)
                record(uow, label, Event("access.signed_in", f"user:{username}"))
                uow.commit()
                self._actors[username] = Actor(user_id, row.id, username, label.split(" ", 1)[1])
        return self._actors[username]

    def finish(self, at: datetime, dataset: str) -> None:
        """Sign everybody out and give the data set its name, by which it counts as built."""
        self.move_to(at)
        with self.db.write() as uow:
            for row in uow.session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))):
                row.ended_at = uow.now
            uow.session.get_one(Company, 1).dataset = dataset
            record(uow, SYSTEM_ACTOR, Event("demo.built", "company:1"))
            uow.commit()
