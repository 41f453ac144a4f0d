"""Running migration scripts on a connection; imported only when there is something to migrate."""

import io

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData

from app.storage.engine import WRITE
from app.storage.migrations import cancelled, guards, totals
from app.storage.schema import OURS, Schema


class BrokenReferences(Exception):  # noqa: N818 - says what is broken
    """After the migration some rows refer to rows that don't exist."""


def configuration(
    connection: Connection, schema: Schema = OURS, metadata: MetaData | None = None
) -> Config:
    """Alembic's settings for this connection; nothing is printed and no file is read."""
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(schema.scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def run(connection: Connection, revision: str, schema: Schema = OURS) -> None:
    """Bring the schema up to the revision in the connection's own transaction."""
    command.upgrade(configuration(connection, schema), revision)
    # SQLite loses a table's triggers when a migration rebuilds it.
    guards.install(connection, guards.FOUNDATION)
    totals.install(connection)
    cancelled.install(connection)


def run_down(connection: Connection, revision: str, schema: Schema = OURS) -> None:
    """Bring the schema down to the revision in the connection's own transaction."""
    cancelled.remove(connection)
    totals.remove(connection)
    command.downgrade(configuration(connection, schema), revision)


def migrate(engine: Engine, revision: str | None = None, schema: Schema = OURS) -> None:
    """Bring the database up to the revision, the newest by default, all or nothing."""
    with writer(engine) as connection:
        run(connection, revision or schema.head, schema)
        check_references(connection)
        connection.commit()


def writer(engine: Engine) -> Connection:
    """A connection that is the only writer, with SQLite's reference checks put off.

    A table that is rebuilt is dropped meanwhile, which would delete or refuse what refers to it;
    the setting can't be changed inside a transaction, hence by the driver.
    """
    connection = engine.execution_options(**{WRITE: True}).connect()
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        # Such a connection must not serve anybody else.
        connection.detach()
    return connection


def check_references(connection: Connection) -> None:
    """Raises BrokenReferences where SQLite finds a reference to nothing."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        raise BrokenReferences(", ".join(f"{row[0]}#{row[1]} -> {row[2]}" for row in broken))
