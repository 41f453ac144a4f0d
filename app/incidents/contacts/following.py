"""What the page shows of an incident's waiting and its 通报, read in one view."""

from dataclasses import dataclass

from app.access.guard import Actor, identify, reading
from app.access.rights import Right
from app.incidents.contacts.briefings import BriefingLine, briefings_of
from app.incidents.contacts.waiting import WaitLine, wait_lines
from app.incidents.writing import find_incident
from app.storage.work import Database


@dataclass(frozen=True, slots=True)
class Followed:
    """waits, briefings: of one incident."""

    waits: tuple[WaitLine, ...]
    briefings: tuple[BriefingLine, ...]

    @property
    def left(self) -> int:
        """How many of them still want something."""
        waits = sum(one.open for one in self.waits)
        return waits + sum(one.taken_at is None for one in self.briefings)


def followed(db: Database, actor: Actor, number: str) -> Followed:
    """All of it, as of now. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        row = find_incident(work, number)
        return Followed(
            tuple(wait_lines(work, row)),
            tuple(briefings_of(work, row, identify(work, actor).user_id)),
        )
