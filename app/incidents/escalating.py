"""升级上报: who has to be told because a response takes too long (requirement F4.2)."""

from collections.abc import Iterator

from app.access.guard import name_of
from app.access.rights import ROLE_LABELS
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.incidents.case_view import unresolved
from app.incidents.model import Incident, IncidentEntry
from app.incidents.response_clock import Clock
from app.incidents.standing import limits_of, moments_of
from app.incidents.states import SEVERITY_LABELS, EntryKind, Severity
from app.storage.work import Database, ReadWork


def clocks_of(work: ReadWork, row: Incident) -> tuple[Clock, ...]:
    """The limits of one incident as they stand now. Raises UnknownCalendar."""
    return limits_of(work).clocks(moments_of(row), work.now)


def escalate_due(db: Database) -> list[str]:
    """Write down each step of the chain that was reached; returns the incidents' numbers.

    Each step is written once, however often this runs.
    """
    with db.write() as uow:
        limits = limits_of(uow)
        risen = []
        for row in unresolved(uow):
            found = limits.clocks(moments_of(row), uow.now)
            roles = limits.chain(found)
            for role in roles[row.escalated :]:
                text = f"超过时限，上报{ROLE_LABELS[role]}：{_late(found)}"
                uow.session.add(
                    IncidentEntry(
                        incident_id=row.id,
                        kind=EntryKind.ESCALATION,
                        at=uow.now,
                        text=text,
                        recorded_by=None,
                        recorded_at=uow.now,
                    )
                )
                event = Event(
                    "incident.escalated",
                    f"incident:{row.number}",
                    after={"to": ROLE_LABELS[role]},
                    reason=text,
                )
                record(uow, SYSTEM_ACTOR, event)
            if len(roles) > row.escalated:
                row.escalated = len(roles)
                risen.append(row.number)
        if risen:
            uow.commit()
        return risen


def escalation_notices(work: ReadWork) -> Iterator[tuple[str, str]]:
    """Number and words of each incident that is overdue and not resolved."""
    limits = limits_of(work)
    for row in unresolved(work):
        found = limits.clocks(moments_of(row), work.now)
        if not any(one.late and not one.done for one in found):
            continue
        roles = "、".join(ROLE_LABELS[role] for role in limits.chain(found)) or "负责人"
        head = f"{row.number}（{SEVERITY_LABELS[Severity(row.severity)]}）{row.title}"
        owner = name_of(work, row.owner_id) or "无人负责"
        yield row.number, f"{head}：{_late(found)}，负责人 {owner}，请{roles}过问。"


def _late(found: tuple[Clock, ...]) -> str:
    return "，".join(one.text for one in found if one.late and not one.done)
