"""Rows of evidence."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.incidents.model import Incident
from app.storage.base import Base, Numbered
from app.storage.model import StoredFile


class IncidentEvidence(Base, Numbered):
    """A file that belongs to an incident, written once. The incident's 证据号 is `number`."""

    __tablename__ = "incident_evidence"

    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id), index=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    category: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(ForeignKey(StoredFile.hash), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[datetime]


class EvidenceWithdrawal(Base, Numbered):
    """That a file does not count any more, and why; it stays readable."""

    __tablename__ = "evidence_withdrawal"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("incident_evidence.id"), unique=True)
    why: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    withdrawn_at: Mapped[datetime]
