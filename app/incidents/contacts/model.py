"""Rows of what was said with whom."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.incidents.model import Incident, IncidentEntry
from app.storage.base import Base, Numbered


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
