"""The trail's rows: written once, never changed; the database itself refuses."""

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class AuditEntry(Base):
    """One act. Times are ISO text, since the text itself is what is hashed."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(80))
    machine: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "seq"),
        Index("ix_audit_entry_act", "act", "seq"),
        Index("ix_audit_entry_at", "at"),
    )


class AuditHead(Base):
    """Where the trail ends: a trail cut at its tail no longer agrees with this row."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
