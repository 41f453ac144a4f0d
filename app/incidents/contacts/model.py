"""Rows of the directory, of what was said, of what is waited for, and of 通报."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.incidents.model import Incident, IncidentEntry
from app.storage.base import Base, JsonText, Numbered, Versioned


class DirectoryContact(Base, Versioned):
    """通讯录: who can be reached, when, and under which contract (requirement F4.3).

    hours: as people say them. response_minutes: what the contract promises; None for nothing.
    """

    __tablename__ = "directory_contact"

    party: Mapped[str] = mapped_column(String(10))
    organisation: Mapped[str] = mapped_column(String(120))
    person: Mapped[str] = mapped_column(String(60), default="")
    post: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    mobile: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    contract_no: Mapped[str] = mapped_column(String(60), default="")
    contract_until: Mapped[date | None] = mapped_column(Date)
    response_minutes: Mapped[int | None] = mapped_column(Integer)
    remark: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    __table_args__ = (
        Index("uq_directory_contact", "party", "organisation", "person", unique=True),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class IncidentTalk(Base, Numbered):
    """What a 联系记录 of the timeline says beside its text, written once with its entry.

    mode: 远程, 电话, 现场 …. promised, promised_until: what the other side promised, and by when.
    measure: a temporary measure until it is mended; ended_at: when the talk or the visit ended.
    """

    __tablename__ = "incident_talk"

    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey(IncidentEntry.id), unique=True)
    party: Mapped[str] = mapped_column(String(10))
    mode: Mapped[str] = mapped_column(String(10))
    phone: Mapped[str] = mapped_column(String(60), default="")
    ticket: Mapped[str] = mapped_column(String(60), default="")
    promised: Mapped[str] = mapped_column(Text, default="")
    promised_until: Mapped[datetime | None]
    measure: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]


class IncidentWait(Base, Versioned):
    """Waiting for vendor, bank or others; they are asked again every so many working days.

    next_on: the next day on which somebody asks. It moves when they are asked, never by what is
    written otherwise: a trigger refuses it. until: when the other side promised to be done.
    """

    __tablename__ = "incident_wait"

    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id), index=True)
    party: Mapped[str] = mapped_column(String(10))
    organisation: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text)
    every_days: Mapped[int] = mapped_column(Integer)
    next_on: Mapped[date] = mapped_column(Date)
    until: Mapped[datetime | None]
    asked: Mapped[int] = mapped_column(Integer, default=0)
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class Briefing(Base, Versioned):
    """通报: what a business department was told, and that it took note (requirement F4.4).

    payments: numbers of the payments that it is about. recipient_id: a person who signs in here;
    None for somebody who does not. taken_by: who took note, or who wrote down that somebody did.
    """

    __tablename__ = "briefing"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id), index=True)
    department: Mapped[str] = mapped_column(String(60))
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(60))
    way: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    payments: Mapped[Any] = mapped_column(JsonText)
    new_date: Mapped[date | None] = mapped_column(Date)
    sent_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    sent_at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    taken_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012
