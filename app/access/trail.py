"""The trail for people who may see it."""

from dataclasses import dataclass

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.audit.queries import AuditFilter, AuditLine, count, entries, page
from app.audit.trail import change_counter
from app.storage.work import Database

_EVERYTHING = AuditFilter()


@dataclass
class TrailList:
    """The entries under one filter, newest first; use it from one worker at a time.

    `total()` comes before `page()`. Entries written later don't move the positions of a list of
    everything.
    """

    db: Database
    actor: Actor
    filter: AuditFilter
    _newest: int = 0

    def total(self) -> int:
        """How many entries fit."""
        with reading(self.db, self.actor, Right.AUDIT_VIEW) as work:
            self._newest = change_counter(work)
            # The numbers have no gaps, so there is nothing to count.
            return self._newest if self.filter == _EVERYTHING else count(work, self.filter)

    def page(self, start: int, size: int) -> list[AuditLine]:
        """The entries from position `start` on, at most `size` of them."""
        with reading(self.db, self.actor, Right.AUDIT_VIEW) as work:
            if self.filter == _EVERYTHING:
                return entries(work, self.filter, self._newest - start + 1, size)
            return page(work, self.filter, start, size)
