"""Which schema a database has, compared with the one that this program knows."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from app.storage.errors import spoken

# Has stood in every schema of ours from the first one on.
OUR_MARK: Final = "upgrade_log"
VERSION_TABLE: Final = "alembic_version"


@dataclass(frozen=True, slots=True)
class Schema:
    """The revisions that a program knows, oldest first, and the folder of their scripts."""

    revisions: tuple[str, ...]
    scripts: Path = field(default=Path(__file__).parent / "migrations")

    @property
    def head(self) -> str:
        return self.revisions[-1]


OURS: Final = Schema(("0001",))
HEAD: Final = OURS.head


class SchemaState(StrEnum):
    NEW = "NEW"
    CURRENT = "CURRENT"
    OLDER = "OLDER"
    NEWER = "NEWER"
    FOREIGN = "FOREIGN"


def state(engine: Engine, schema: Schema = OURS) -> SchemaState:
    """What the database holds. Raises a Refused where it can't be read."""
    with spoken(), engine.connect() as connection:
        return state_of(connection, schema)


def state_of(connection: Connection, schema: Schema = OURS) -> SchemaState:
    """The same on an open connection."""
    tables = set(inspect(connection).get_table_names())
    if not tables - {VERSION_TABLE}:
        return SchemaState.NEW
    if not {VERSION_TABLE, OUR_MARK} <= tables:
        return SchemaState.FOREIGN
    revision = revision_of(connection)
    if revision == schema.head:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in schema.revisions else SchemaState.NEWER


def revision_of(connection: Connection) -> str:
    """The revision that is written in a database of ours; empty when none is."""
    return connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) or ""
