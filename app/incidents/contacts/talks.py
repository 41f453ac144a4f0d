"""联系记录: what was said with whom, what was promised, and which measure holds until then."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput
from app.incidents.contacts.model import IncidentTalk
from app.incidents.model import Incident, IncidentEntry
from app.incidents.states import OUTSIDE_LABELS, EntryKind, Outside
from app.incidents.writing import said_of, tell, writable
from app.storage.work import Database


class Mode(StrEnum):
    """How people spoke (requirement B3.4)."""

    PHONE = "PHONE"
    REMOTE = "REMOTE"
    ONSITE = "ONSITE"
    MAIL = "MAIL"
    COUNTER = "COUNTER"
    MESSAGE = "MESSAGE"


MODE_LABELS: Final[dict[Mode, str]] = {
    Mode.PHONE: "电话",
    Mode.REMOTE: "远程",
    Mode.ONSITE: "现场",
    Mode.MAIL: "邮件",
    Mode.COUNTER: "柜面",
    Mode.MESSAGE: "即时消息",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """One contact. at: when it began; promised_until: by when what was promised is to be done."""

    number: str
    party: Outside
    mode: Mode
    organisation: str
    person: str
    said: str
    at: datetime
    phone: str = ""
    ticket: str = ""
    promised: str = ""
    promised_until: datetime | None = None
    measure: str = ""
    ended_at: datetime | None = None


def record_talk(db: Database, actor: Actor, talk: Talk) -> int:
    """Write a contact to the timeline; returns the id of its line.

    Raises BadInput without organisation, person or text, for a time in the future and for a day by
    which nothing was promised; Conflict where the incident is closed, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        entry, event = talk_in(act, writable(act.uow, talk.number), talk)
        act.done(event)
        return entry.id


def talk_in(act: Act, row: Incident, talk: Talk) -> tuple[IncidentEntry, Event]:
    """record_talk as a part of a larger act: the line of the timeline, and what the trail tells."""
    organisation = said_of(talk.organisation, "请填写联系的单位。")
    person = said_of(talk.person, "请填写对方的姓名或工号。")
    said = said_of(talk.said, "请填写对方说了什么。")
    _refuse_times(talk, act.uow.now)
    entry = tell(
        act,
        row,
        EntryKind.CONTACT,
        _text(talk, said, act.uow.tz),
        at=talk.at,
        organisation=organisation,
        person=person,
    )
    act.uow.session.add(
        IncidentTalk(
            incident_id=row.id,
            entry_id=entry.id,
            party=talk.party,
            mode=talk.mode,
            phone=talk.phone.strip(),
            ticket=talk.ticket.strip(),
            promised=talk.promised.strip(),
            promised_until=talk.promised_until,
            measure=talk.measure.strip(),
            ended_at=talk.ended_at,
        )
    )
    after = {"party": OUTSIDE_LABELS[talk.party], "person": person, "text": said}
    return entry, Event("incident.talked", f"incident:{row.number}", after=after)


def _refuse_times(talk: Talk, now: datetime) -> None:
    if talk.at > now:
        raise BadInput("联系时间不能晚于现在。", "请核对日期和时间。")
    if talk.ended_at is not None and not talk.at <= talk.ended_at <= now:
        raise BadInput("结束时间须在联系时间之后，且不晚于现在。", "请核对日期和时间。")
    if talk.promised_until is not None and not talk.promised.strip():
        raise BadInput("填写了答应的时间，请写明对方答应做什么。")
    if talk.promised_until is not None and talk.promised_until < talk.at:
        raise BadInput("答应的时间不能早于联系时间。", "请核对日期和时间。")


def _text(talk: Talk, said: str, tz: ZoneInfo) -> str:
    parts = [f"{MODE_LABELS[talk.mode]}：{said}"]
    if talk.phone.strip():
        parts.append(f"电话 {talk.phone.strip()}")
    if talk.ticket.strip():
        parts.append(f"工单 {talk.ticket.strip()}")
    if talk.promised.strip():
        until = f"（{local_text(talk.promised_until, tz)} 前）" if talk.promised_until else ""
        parts.append(f"答应{until}：{talk.promised.strip()}")
    if talk.measure.strip():
        parts.append(f"临时措施：{talk.measure.strip()}")
    # What is a sentence of its own ends before the next begins.
    return "；".join([*(one.rstrip("。；") for one in parts[:-1]), parts[-1]])
