"""Rows of 复盘, its measures, and the reports that were sealed."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.incidents.model import Incident
from app.storage.base import Base, Versioned
from app.storage.model import StoredFile


class IncidentReview(Base, Versioned):
    """复盘 of one incident: why it could happen, what it cost, and what was learnt.

    fee_minor: late fees and costs in fen.
    """

    __tablename__ = "incident_review"

    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id), unique=True)
    direct_cause: Mapped[str] = mapped_column(Text)
    root_cause: Mapped[str] = mapped_column(Text)
    impact: Mapped[str] = mapped_column(Text, default="")
    fee_minor: Mapped[int] = mapped_column(default=0)
    lessons: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class IncidentMeasure(Base, Versioned):
    """A measure that came out of 复盘: who does it, by when, and whether it is done."""

    __tablename__ = "incident_measure"

    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id), index=True)
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10))
    result: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class IncidentReport(Base, Versioned):
    """停止付款事件处理报告, one edition: prepared by one, reviewed and approved by others.

    file_hash: the PDF. index_hash: of the index of the evidence package (SHA-256, hex), which names
    the hash of every file in it; the trail's entry carries it too.
    """

    __tablename__ = "incident_report"

    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id))
    edition: Mapped[int] = mapped_column(Integer)
    file_hash: Mapped[str] = mapped_column(ForeignKey(StoredFile.hash))
    index_hash: Mapped[str] = mapped_column(ForeignKey(StoredFile.hash))
    state: Mapped[str] = mapped_column(String(10))
    prepared_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    prepared_at: Mapped[datetime]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reviewed_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime | None]

    __table_args__ = (Index("uq_incident_report", "incident_id", "edition", unique=True),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012
