"""等待答复: whom an incident waits for, and the day on which they are asked again.

That day moves by asking only. What is written to the incident otherwise, a comment or a contact,
leaves it where it is (anchors: the reason is lost when someone replies).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from sqlalchemy import select

from app.access.guard import Actor, acting, name_of
from app.access.rights import Right
from app.accounts.reading import workdays
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput, Conflict, NotFound
from app.incidents.contacts.model import IncidentWait
from app.incidents.contacts.talks import Talk, talk_in
from app.incidents.model import Incident
from app.incidents.states import OUTSIDE_LABELS, EntryKind, Outside
from app.incidents.writing import said_of, tell, writable
from app.storage.work import Database, ReadWork, UnitOfWork

MOST_DAYS: Final = 30


class Calendar(Protocol):
    def add(self, day: date, count: int) -> date: ...


@dataclass(frozen=True, slots=True)
class BeginWait:
    """Whom the incident of that number waits for, and for what.

    every_days: working days between two questions. until: when they promised to be done.
    """

    number: str
    party: Outside
    organisation: str
    why: str
    every_days: int = 1
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitLine:
    """One waiting as a list shows it. late: it is to be asked about today or since before."""

    wait_id: int
    party: Outside
    organisation: str
    why: str
    since: datetime
    every_days: int
    next_on: date
    until: datetime | None
    asked: int
    late: bool
    broken: bool
    ended_by: str
    ended_at: datetime | None
    ended_why: str
    version: int

    @property
    def open(self) -> bool:
        return self.ended_at is None


def next_question(today: date, every_days: int, calendar: Calendar) -> date:
    """The working day on which they are asked, counted from today. Raises UnknownCalendar."""
    return calendar.add(today, every_days)


def begin_wait(db: Database, actor: Actor, command: BeginWait) -> int:
    """Wait for somebody; returns the waiting's id.

    Raises BadInput without whom and what, for days out of range and a promise that is over,
    UnknownCalendar, Conflict where the incident is closed, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, command.number)
        organisation = said_of(command.organisation, "请填写等待哪个单位答复。")
        why = said_of(command.why, "请填写等待什么。")
        if not 1 <= command.every_days <= MOST_DAYS:
            raise BadInput(f"跟进间隔须为 1 到 {MOST_DAYS} 个工作日。")
        if command.until is not None and command.until <= act.uow.now:
            raise BadInput("答应的时间须晚于现在。", "已过期的，请先联系对方，再登记新的时间。")
        first = next_question(act.uow.today, command.every_days, workdays(act.uow))
        made = IncidentWait(
            incident_id=row.id,
            party=command.party,
            organisation=organisation,
            why=why,
            every_days=command.every_days,
            next_on=first,
            until=command.until,
            made_by=act.person.user_id,
            made_at=act.uow.now,
        )
        act.uow.session.add(made)
        promised = f"，对方答应 {local_text(command.until, act.uow.tz)} 前" if command.until else ""
        tell(
            act,
            row,
            EntryKind.WAIT,
            f"等待{OUTSIDE_LABELS[command.party]}答复：{why}{promised}；{first} 跟进",
            organisation=organisation,
        )
        after = {"waiting_for": organisation, "text": why, "next_on": first.isoformat()}
        act.done(Event("incident.wait_begun", f"incident:{row.number}", after=after))
        return made.id


def ask_again(db: Database, actor: Actor, wait_id: int, talk: Talk, expected_version: int) -> date:
    """Keep that they were asked, and what they said; returns the day of the next question.

    A new promise takes the place of the old one. Raises as record_talk does, UnknownCalendar.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        made, row = _open_one(act.uow, wait_id, expected_version)
        if talk.number != row.number or talk.party != made.party:
            raise BadInput("联系记录与等待的单位不一致。", "请从这条等待登记跟进。")
        _, talked = talk_in(act, row, talk)
        following = next_question(act.uow.today, made.every_days, workdays(act.uow))
        made.asked, made.next_on = made.asked + 1, following
        if talk.promised_until is not None:
            made.until = talk.promised_until
        after = {"waiting_for": made.organisation, "next_on": made.next_on.isoformat()}
        act.done(talked, Event("incident.wait_asked", f"incident:{row.number}", after=after))
        return made.next_on


def end_wait(db: Database, actor: Actor, wait_id: int, why: str, expected_version: int) -> None:
    """Stop waiting: they answered, or it is not needed any more. Raises BadInput, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        made, row = _open_one(act.uow, wait_id, expected_version)
        said = said_of(why, "请写明对方的答复，或不再等待的理由。")
        made.ended_by, made.ended_at, made.ended_why = act.person.user_id, act.uow.now, said
        tell(act, row, EntryKind.WAIT, f"结束等待：{said}", organisation=made.organisation)
        event = Event(
            "incident.wait_ended",
            f"incident:{row.number}",
            after={"waiting_for": made.organisation},
            reason=said,
        )
        act.done(event)


def wait_lines(work: ReadWork, row: Incident) -> list[WaitLine]:
    """What an incident waits and waited for: the open ones first, the most urgent first."""
    rows = work.session.scalars(
        select(IncidentWait).where(IncidentWait.incident_id == row.id).order_by(IncidentWait.id)
    )
    found = [_line(work, one) for one in rows]
    return sorted(found, key=lambda one: (not one.open, one.next_on))


def due_waits(work: ReadWork) -> list[tuple[str, str]]:
    """Incident and words of each waiting that is to be asked about, or whose promise was broken."""
    rows = work.session.execute(
        select(IncidentWait, Incident.number)
        .join(Incident, Incident.id == IncidentWait.incident_id)
        .where(IncidentWait.ended_at.is_(None))
        .order_by(IncidentWait.next_on, IncidentWait.id)
    )
    found = []
    for made, number in rows:
        line = _line(work, made)
        head = f"{number} 等待{line.organisation}：{line.why}"
        if line.broken:
            when = local_text(made.until, work.tz)
            found.append((number, f"{head}，已过对方答应的时间 {when}，请催问。"))
        elif line.late:
            found.append((number, f"{head}，应于 {line.next_on} 跟进，请联系对方。"))
    return found


def _open_one(uow: UnitOfWork, wait_id: int, expected: int) -> tuple[IncidentWait, Incident]:
    made = uow.session.get(IncidentWait, wait_id)
    if made is None:
        raise NotFound("没有这条等待记录。")
    row = writable(uow, uow.session.get_one(Incident, made.incident_id).number)
    if made.ended_at is not None:
        who = name_of(uow, made.ended_by)
        raise Conflict(f"等待“{made.organisation}”已由 {who} 结束。", "请刷新后核对。")
    if made.version != expected:
        raise Conflict(f"等待“{made.organisation}”已被他人修改。", "请刷新后核对，再重新办理。")
    return made, row


def _line(work: ReadWork, made: IncidentWait) -> WaitLine:
    is_open = made.ended_at is None
    return WaitLine(
        made.id,
        Outside(made.party),
        made.organisation,
        made.why,
        made.made_at,
        made.every_days,
        made.next_on,
        made.until,
        made.asked,
        is_open and made.next_on <= work.today,
        is_open and made.until is not None and made.until < work.now,
        name_of(work, made.ended_by),
        made.ended_at,
        made.ended_why,
        made.version,
    )
