"""Rows of 应急预案."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered


class ResponsePlan(Base, Numbered):
    """应急预案, one edition, written once; the newest of a number is in force.

    cause: the cause that it is for; "" for every cause. todo: by step of the response, the list of
    what to do. message: how a 通报 reads, with placeholders. review_on: the day by which its owner
    looks through it again. active: False in the edition that takes it out of force.
    """

    __tablename__ = "response_plan"

    number: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))
    cause: Mapped[str] = mapped_column(String(24))
    todo: Mapped[Any] = mapped_column(JsonText)
    message: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    review_on: Mapped[date] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]

    __table_args__ = (Index("uq_response_plan", "number", "edition", unique=True),)
