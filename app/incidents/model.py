"""Rows of incidents and inspections."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered, Versioned


class Recheck(Base, Versioned):
    """自动付款状态核查: what was found at one moment, and who signed for it.

    items: code, title, whether it is in order, and what it says; never changed afterwards.
    """

    __tablename__ = "recheck"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    items: Mapped[Any] = mapped_column(JsonText)
    attention: Mapped[int] = mapped_column(Integer)
    remark: Mapped[str] = mapped_column(Text, default="")
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    signed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class Incident(Base, Versioned):
    """停止付款事件. owner_id: who deals with it. cause: a code; cause_why: what shows it.

    resolved_by: who says that it is over; somebody else closes it.
    """

    __tablename__ = "incident"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    severity: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(12), index=True)
    found_at: Mapped[datetime]
    opened_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    cause: Mapped[str] = mapped_column(String(24))
    cause_why: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    resolved_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class IncidentSubject(Base, Numbered):
    """One thing that an incident is about, by its own number.

    open: until the incident is closed; nothing is in two open ones.
    """

    __tablename__ = "incident_subject"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(30))
    open: Mapped[bool] = mapped_column(Boolean, default=True)

    __table_args__ = (
        Index(
            "uq_incident_subject_open",
            "kind",
            "number",
            unique=True,
            sqlite_where=text("open = 1"),
            postgresql_where=text("open"),
        ),
    )


class IncidentEntry(Base, Numbered):
    """A line of an incident's timeline, never changed; corrects: the line that it puts right.

    at: when it happened; recorded_at: when somebody wrote it down. person, organisation: whom it
    was spoken about with.
    """

    __tablename__ = "incident_entry"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(String(120), default="")
    person: Mapped[str] = mapped_column(String(60), default="")
    corrects: Mapped[int | None] = mapped_column(ForeignKey("incident_entry.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]
