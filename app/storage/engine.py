"""One engine for each kind of database, with the settings that keep money safe."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from app.core.errors import BadInput

WRITE = "tingfu_write"
_BUSY_SECONDS = 5.0
_ADDRESSES = "请使用 SQLite 文件路径或 postgresql:// 地址。"
_WRITER_LOCK = 0x71_6E_67_66  # one advisory lock: writers queue, as they do on SQLite


def parse_url(text: str) -> URL:
    """The database address: a URL, or a path of an SQLite file. Raises BadInput."""
    if "://" not in text:
        return URL.create("sqlite+pysqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # Without its text: it may hold a password.
        raise BadInput("看不懂数据库地址。", _ADDRESSES) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url.set(drivername="sqlite+pysqlite")
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise BadInput(f"不支持的数据库类型“{backend}”。", _ADDRESSES)


def connect(url: URL, busy_seconds: float = _BUSY_SECONDS) -> Engine:
    """An engine for the address, which waits that long for a lock; nothing is opened yet."""
    sqlite = url.get_backend_name() == "sqlite"
    engine = _sqlite(url, busy_seconds) if sqlite else _postgres(url, busy_seconds)

    @event.listens_for(engine, "checkin")
    def end(connection: Any, record: Any) -> None:
        # A COMMIT that failed leaves its transaction open, and with it the writer's lock.
        try:
            if connection is not None:
                connection.rollback()
        except engine.dialect.loaded_dbapi.Error as error:
            record.invalidate(error)

    return engine


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": busy_seconds})

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _record: Any) -> None:
        # The driver's own transactions are off: BEGIN is said below, so that a writer takes
        # its lock before it reads what it will decide on.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres(url: URL, busy_seconds: float) -> Engine:
    options = f"-c timezone=UTC -c lock_timeout={round(busy_seconds * 1000)}"
    engine = create_engine(
        url, pool_pre_ping=True, connect_args={"connect_timeout": 5, "options": options}
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITE):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")

    return engine
