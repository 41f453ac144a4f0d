"""Rows of letters: how they are set up, what was issued, and how it went out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, JsonText, Numbered, Versioned


class LetterSetup(Base):
    """One row: 机关代字, whom to ask, and the mail server. Its password is not kept here."""

    __tablename__ = "letter_setup"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, default=1, nullable=False)
    word: Mapped[str] = mapped_column(String(20))
    contact: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(120), default="")
    reply_days: Mapped[int] = mapped_column(Integer, default=5)
    smtp_host: Mapped[str] = mapped_column(String(120), default="")
    smtp_port: Mapped[int] = mapped_column(Integer, default=465)
    smtp_security: Mapped[str] = mapped_column(String(10), default="TLS")
    smtp_user: Mapped[str] = mapped_column(String(120), default="")
    sender: Mapped[str] = mapped_column(String(120), default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class LetterTemplate(Base, Numbered):
    """One version of a template as somebody saved it; the newest is in force."""

    __tablename__ = "letter_template"

    kind: Mapped[str] = mapped_column(String(16))
    edition: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]

    __table_args__ = (Index("uq_letter_template_edition", "kind", "edition", unique=True),)


class Letter(Base, Numbered):
    """A letter as it was issued; its file is never changed. subject: the form that it belongs to.

    attempt: 1, one more for each that was voided before. edition: of its template; 0 is the
    shipped one.
    """

    __tablename__ = "letter"

    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(24))
    party: Mapped[str | None] = mapped_column(String(10))
    addressee: Mapped[str] = mapped_column(String(120))
    attempt: Mapped[int] = mapped_column(Integer)
    covers: Mapped[Any] = mapped_column(JsonText)
    edition: Mapped[int] = mapped_column(Integer)
    dated: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(String(200))
    pages: Mapped[int] = mapped_column(Integer)
    font: Mapped[str] = mapped_column(String(120))
    file_hash: Mapped[str] = mapped_column(ForeignKey("stored_file.hash"))
    issued_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    issued_at: Mapped[datetime]

    __table_args__ = (
        Index("uq_letter_once", "subject", "kind", "addressee", "attempt", unique=True),
    )


class LetterVoid(Base, Numbered):
    """That a letter does not count, and why; its number is not given again."""

    __tablename__ = "letter_void"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    voided_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    voided_at: Mapped[datetime]


class LetterSignature(Base, Numbered):
    """That a letter was signed with a certificate. file_hash: the signed file; the letter's stays.

    serial: the certificate's, hex. Neither the certificate file nor its password is ever kept.
    """

    __tablename__ = "letter_signature"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), unique=True)
    file_hash: Mapped[str] = mapped_column(ForeignKey("stored_file.hash"))
    signer: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(Text)
    serial: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[datetime]
    signed_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    signed_at: Mapped[datetime]


class Correspondent(Base, Versioned):
    """Where somebody can be reached; remembered from letter to letter."""

    __tablename__ = "correspondent"

    party: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(120), default="")
    fax: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (Index("uq_correspondent_name", "party", "name", unique=True),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012


class Dispatch(Base, Numbered):
    """That a letter went out, or was asked about again: how, when, to whom. chase: a reminder."""

    __tablename__ = "dispatch"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(10))
    sent_on: Mapped[date] = mapped_column(Date)
    chase: Mapped[bool]
    recipient: Mapped[str] = mapped_column(String(200))
    tracking_no: Mapped[str] = mapped_column(String(60), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]


class Outgoing(Base, Versioned):
    """One paper to one address by mail. about: the number of the letter or of the form.

    message_id: the same at every try, so that a reader's program can tell a second copy.
    files: name and hash of what is attached. retry: the failure may be over at the next try.
    """

    __tablename__ = "outgoing"

    about: Mapped[str] = mapped_column(String(40))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    files: Mapped[Any] = mapped_column(JsonText)
    recipient: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    said: Mapped[str] = mapped_column(Text, default="")
    retry: Mapped[bool]
    made_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("uq_outgoing_once", "about", "recipient", unique=True),
        Index("ix_outgoing_state", "state", "changed_at"),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012
