"""Rows of incidents and inspections."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, text
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

    owned_at, caused_at: when somebody first took it over and first knew the cause: what the clock
    of the response asks. escalated: up to which level of the chain it was told.
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
    owned_at: Mapped[datetime | None]
    caused_at: Mapped[datetime | None]
    escalated: Mapped[int] = mapped_column(Integer, default=0)
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
    was spoken about with. recorded_by: None for the program.
    """

    __tablename__ = "incident_entry"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(String(120), default="")
    person: Mapped[str] = mapped_column(String(60), default="")
    corrects: Mapped[int | None] = mapped_column(ForeignKey("incident_entry.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]


class IncidentStep(Base, Versioned):
    """One of the five steps of an incident: open, done, or skipped with the reason."""

    __tablename__ = "incident_step"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    step: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    said: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime | None]

    __table_args__ = (Index("uq_incident_step", "incident_id", "step", unique=True),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class IncidentCheck(Base, Numbered):
    """What one item of 账户与软件状态检查 showed, written once; the newest of a code counts.

    computed: found by the program, not by a person.
    """

    __tablename__ = "incident_check"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    result: Mapped[str] = mapped_column(String(10))
    said: Mapped[str] = mapped_column(Text)
    computed: Mapped[bool] = mapped_column(Boolean)
    checked_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    checked_at: Mapped[datetime]


class IncidentTask(Base, Versioned):
    """A sub-task: 联系银行核实, 解冻, 授权, 提额, 反洗钱材料 …, with an owner and a day.

    payment: the number of the payment that it is about, "" for none. documents: a list of name,
    state and day of each paper that is asked for (requirement B4.6).
    """

    __tablename__ = "incident_task"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    payment: Mapped[str] = mapped_column(String(30), default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    due_on: Mapped[date] = mapped_column(Date)
    documents: Mapped[Any] = mapped_column(JsonText)
    state: Mapped[str] = mapped_column(String(10))
    result: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class IncidentBackup(Base, Numbered):
    """The backup that was made before anything was repaired (requirement A1.4).

    sha256: of the backup's data; entries: how long the trail was then.
    """

    __tablename__ = "incident_backup"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    path: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int]
    entries: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
