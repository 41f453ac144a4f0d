"""SQLite files as files: where they are, looked at without a trace, and made durable."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from app.storage.errors import translate

# What SQLite keeps beside its file while it is open.
SIDE_FILES = ("-wal", "-shm")


def sqlite_path(url: URL) -> str | None:
    """The path of an SQLite file; None for a server and for a database in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return url.database


def shown(url: URL) -> str:
    """The address as it may be shown: a path, or a URL without its password."""
    return sqlite_path(url) or url.render_as_string(hide_password=True)


def read_only(path: str | Path) -> Engine:
    """An engine that can't change the file, not even its journal mode."""

    def open_file() -> sqlite3.Connection:
        return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)

    return create_engine("sqlite+pysqlite://", creator=open_file, poolclass=NullPool)


@contextmanager
def driver_spoken() -> Iterator[None]:
    """Turns errors of SQLite's own driver into refusals, where they are no bugs."""
    try:
        yield
    except sqlite3.Error as error:
        refusal = translate(DatabaseError(None, None, error))
        if refusal is None:
            raise
        raise refusal from error


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
