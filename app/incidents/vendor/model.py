"""Rows of support tickets."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.incidents.model import Incident
from app.storage.base import Base, JsonText, Versioned


class SupportTicket(Base, Versioned):
    """技术支持工单 of an incident: a draft until it is sent, then written once.

    evidence: numbers of the incident's evidence. accounts: masked, by bank and last four digits.
    vendor: to whom it was sent; vendor_number: under which number they deal with it.
    """

    __tablename__ = "support_ticket"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id), index=True)
    state: Mapped[str] = mapped_column(String(10))
    software: Mapped[str] = mapped_column(Text, default="")
    steps: Mapped[str] = mapped_column(Text, default="")
    symptom: Mapped[str] = mapped_column(Text, default="")
    error_code: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[Any] = mapped_column(JsonText)
    accounts: Mapped[str] = mapped_column(Text, default="")
    happened_at: Mapped[datetime | None]
    contact: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    wanted: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    vendor: Mapped[str] = mapped_column(String(120), default="")
    vendor_number: Mapped[str] = mapped_column(String(60), default="")
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    sent_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012
