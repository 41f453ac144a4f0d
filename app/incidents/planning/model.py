"""Rows of templates, 应急预案 and 演练."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered, Versioned
from app.storage.model import StoredFile


class Playbook(Base, Numbered):
    """处置模板, one edition, written once; the newest of a cause is in force. "" fits every cause.

    steps: by step of the response, the list of what to do. messages: title and text of each.
    """

    __tablename__ = "playbook"

    cause: Mapped[str] = mapped_column(String(24))
    edition: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))
    steps: Mapped[Any] = mapped_column(JsonText)
    messages: Mapped[Any] = mapped_column(JsonText)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]

    __table_args__ = (Index("uq_playbook_edition", "cause", "edition", unique=True),)


class ResponsePlan(Base, Numbered):
    """应急预案, one edition, written once; the newest of a number is in force.

    review_on: the day by which its owner looks through it again. file_hash: a signed copy, if any.
    """

    __tablename__ = "response_plan"

    number: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    review_on: Mapped[date] = mapped_column(Date)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    file_hash: Mapped[str | None] = mapped_column(ForeignKey(StoredFile.hash))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]

    __table_args__ = (Index("uq_response_plan", "number", "edition", unique=True),)


class Drill(Base, Versioned):
    """演练: that a plan was tried, by whom, how it went, and what has to be better."""

    __tablename__ = "drill"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("response_plan.id"))
    scenario: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date] = mapped_column(Date)
    led_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    participants: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    minutes_to_cause: Mapped[int | None] = mapped_column(Integer)
    minutes_to_resume: Mapped[int | None] = mapped_column(Integer)
    findings: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012
