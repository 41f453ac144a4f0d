"""What every act on an incident needs: the row as it may be changed, and its timeline's line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access.guard import Act, name_of
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput, Conflict, NotFound
from app.incidents.model import Incident, IncidentEntry
from app.incidents.states import EntryKind, IncidentState
from app.storage.work import ReadWork


def find_incident(work: ReadWork, number: str) -> Incident:
    """The row. Raises NotFound."""
    row = work.session.scalar(select(Incident).where(Incident.number == number))
    if row is None:
        raise NotFound(f"没有应急事件“{number}”。")
    return row


def writable(work: ReadWork, number: str) -> Incident:
    """The row of an incident that is not closed. Raises NotFound, Conflict."""
    row = find_incident(work, number)
    if row.state == IncidentState.CLOSED:
        who = name_of(work, row.closed_by)
        raise Conflict(f"{number} 已由 {who} 于 {local_text(row.closed_at)} 关闭，不能再修改。")
    return row


def at_version(work: ReadWork, number: str, expected: int) -> Incident:
    """The row as the person saw it. Raises NotFound, Conflict with who changed it since."""
    row = writable(work, number)
    if row.version != expected:
        last = work.session.scalars(
            select(IncidentEntry)
            .where(IncidentEntry.incident_id == row.id)
            .order_by(IncidentEntry.id.desc())
            .limit(1)
        ).one()
        who, when = name_of(work, last.recorded_by), local_text(last.recorded_at)
        raise Conflict(f"{number} 已被 {who} 于 {when} 修改。", "请刷新后核对，再重新办理。")
    return row


def tell(
    act: Act,
    row: Incident,
    kind: EntryKind,
    text: str,
    *,
    at: datetime | None = None,
    organisation: str = "",
    person: str = "",
    corrects: int | None = None,
) -> IncidentEntry:
    """Add a line to the timeline. at: when it happened; None for now."""
    entry = IncidentEntry(
        incident_id=row.id,
        kind=kind,
        at=at or act.uow.now,
        text=text,
        organisation=organisation.strip(),
        person=person.strip(),
        corrects=corrects,
        recorded_by=act.person.user_id,
        recorded_at=act.uow.now,
    )
    act.uow.session.add(entry)
    act.uow.session.flush()
    return entry


def changed(
    act: Act,
    row: Incident,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    why: str = "",
) -> None:
    """Write the trail's entry of a change to the incident, and commit."""
    act.done(Event(what, f"incident:{row.number}", before=before, after=after, reason=why))


def said_of(text: str, what: str) -> str:
    """The text without its margins. Raises BadInput with `what` where there is none."""
    if not text.strip():
        raise BadInput(what)
    return text.strip()
