"""Rows of the self-diagnosis."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered


class SelfDiagnosis(Base, Numbered):
    """One run of the self-diagnosis as it was found; never changed afterwards.

    checks: what each check said, in the order in which they were made. ok: nothing was wrong.
    """

    __tablename__ = "self_diagnosis"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    machine: Mapped[str] = mapped_column(String(80))
    program_version: Mapped[str] = mapped_column(String(40))
    thorough: Mapped[bool] = mapped_column(Boolean)
    ok: Mapped[bool] = mapped_column(Boolean)
    checks: Mapped[Any] = mapped_column(JsonText)
