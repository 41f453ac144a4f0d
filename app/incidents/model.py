"""Rows of inspections."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Versioned


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
