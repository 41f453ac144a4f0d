"""Copying all rows of one database into another one of the same schema, in pieces."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import (
    Connection,
    LargeBinary,
    MetaData,
    Row,
    Table,
    func,
    insert,
    inspect,
    select,
    table,
)

from app.storage.migrations.totals import DERIVED
from app.storage.schema import VERSION_TABLE

_CHUNK: Final = 5_000
# Rows that hold whole files: so few that memory stays flat.
_FILES_CHUNK: Final = 10
_NOT_COPIED: Final = DERIVED | {VERSION_TABLE}


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they stand in the database, those that others refer to first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [each for each in metadata.sorted_tables if each.name not in _NOT_COPIED]


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    names = set(inspect(connection).get_table_names()) - _NOT_COPIED
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in sorted(names)
    }


def copy_rows(
    source: Connection, target: Connection, step: Callable[[int], None] = lambda _: None
) -> dict[str, int]:
    """Copy every row; returns how many of each table. `step` hears of each piece and may raise.

    The target has the same schema and no rows; the caller holds both transactions.
    """
    theirs = {each.name: each for each in tables_of(target)}
    counts = {}
    for ours in tables_of(source):
        counts[ours.name] = 0
        for piece in _pieces(source, ours):
            _write(target, theirs[ours.name], piece)
            counts[ours.name] += len(piece)
            step(len(piece))
    if target.dialect.name == "postgresql":
        _set_sequences(target, theirs)
    return counts


def _pieces(source: Connection, ours: Table) -> Iterator[list[Row[Any]]]:
    ordered = select(ours).order_by(*ours.primary_key.columns)
    holds_files = any(isinstance(column.type, LargeBinary) for column in ours.columns)
    size = _FILES_CHUNK if holds_files else _CHUNK
    result = source.execution_options(yield_per=size).execute(ordered)
    for piece in result.partitions():
        yield list(piece)


def _write(target: Connection, theirs: Table, piece: list[Row[Any]]) -> None:
    if target.dialect.name == "postgresql":
        _stream(target, theirs.name, piece)
    else:
        target.execute(insert(theirs), [dict(row._mapping) for row in piece])  # noqa: SLF001


def _stream(target: Connection, name: str, piece: list[Row[Any]]) -> None:
    """Insert by the server's own bulk way, several times faster than INSERT."""
    columns = ", ".join(f'"{column}"' for column in piece[0]._fields)
    raw = target.connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor, cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
        for row in piece:
            copy.write_row(row)


def _set_sequences(target: Connection, tables: Mapping[str, Table]) -> None:
    """Ids that are given next follow the highest that was copied."""
    for each in tables.values():
        for column in each.primary_key.columns:
            serial = target.scalar(select(func.pg_get_serial_sequence(each.name, column.name)))
            if serial is not None:
                highest = target.scalar(select(func.max(column))) or 0
                target.scalar(select(func.setval(serial, max(highest, 1), highest > 0)))
