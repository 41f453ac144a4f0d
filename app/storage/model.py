"""Rows that belong to the storage itself."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base, Numbered


class NumberSeries(Base):
    """The last number given in each series; numbers are never given twice."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(Integer, default=0)


class StoredFile(Base):
    """A file as it was kept, under the hash of its bytes (SHA-256, hex): never changed."""

    __tablename__ = "stored_file"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]


class UpgradeLog(Base, Numbered):
    """One upgrade of the schema; without `finished_at` it was interrupted."""

    __tablename__ = "upgrade_log"

    from_revision: Mapped[str | None] = mapped_column(String(40))
    to_revision: Mapped[str] = mapped_column(String(40))
    program_version: Mapped[str] = mapped_column(String(40))
    backup_path: Mapped[str | None] = mapped_column(String(500))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
