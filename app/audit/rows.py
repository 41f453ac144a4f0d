"""The trail's rows as they are hashed, put together by the database: the fastest way to read them.

Everything comes as bytes, so that a row that was tampered with can't stop the reading.
"""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

from sqlalchemy import Connection

from app.audit.segment import Fetch
from app.audit.trail import HASHED

_CHUNK: Final = 2_000


def hashed_sql(dialect: str, after: int, until: int | None = None) -> str:
    """The query for (hashed text, hash) of the entries behind `after`, by number."""
    return f"SELECT {_columns(dialect)} {_range(after, until)}"


@contextmanager
def fetcher(connection: Connection, after: int, until: int | None = None) -> Iterator[Fetch]:
    """Gives the next rows of `hashed_sql`; memory stays flat."""
    sql = hashed_sql(connection.dialect.name, after, until)
    if connection.dialect.name == "sqlite":
        # The driver's own cursor: a million row objects less.
        rows: Any = connection.connection.cursor()
        rows.execute(sql)
    else:
        rows = _streamed(connection, sql)
    with closing(rows):
        yield rows.fetchmany


def numbered(connection: Connection, after: int) -> Generator[tuple[int, bytes, bytes], None, None]:
    """Number, hashed text and hash of the entries behind `after`; b"" for what is missing."""
    sql = f"SELECT seq, {_columns(connection.dialect.name)} {_range(after, None)}"
    with closing(_streamed(connection, sql)) as rows:
        for seq, text, kept in rows:
            yield int(seq), bytes(text or b""), bytes(kept or b"")


def _streamed(connection: Connection, sql: str) -> Any:
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_CHUNK)
    return streamed.exec_driver_sql(sql)


def entry_at(connection: Connection, seq: int) -> tuple[bytes, bytes] | None:
    """Hashed text and hash of one entry; None when it isn't there."""
    row = connection.exec_driver_sql(
        hashed_sql(connection.dialect.name, seq - 1, seq)
    ).one_or_none()
    return None if row is None else (bytes(row[0] or b""), bytes(row[1] or b""))


def file_of(connection: Connection) -> str | None:
    """The file that an SQLite connection is on; None for a server or a database in memory."""
    if connection.dialect.name != "sqlite":
        return None
    for _, name, path in connection.exec_driver_sql("PRAGMA database_list"):
        if name == "main":
            return path or None
    return None


def _columns(dialect: str) -> str:
    if dialect == "sqlite":
        return f"CAST({' || char(31) || '.join(HASHED)} AS BLOB), CAST(hash AS BLOB)"
    joined = " || chr(31) || ".join(("seq::text", *HASHED[1:]))
    return f"convert_to({joined}, 'UTF8'), convert_to(hash, 'UTF8')"


def _range(after: int, until: int | None) -> str:
    end = "" if until is None else f"AND seq <= {until} "
    return f"FROM audit_entry WHERE seq > {after} {end}ORDER BY seq"
