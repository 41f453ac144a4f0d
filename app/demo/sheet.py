"""Rows on their way into the database: numbered here, so that they can refer to each other."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select

from app.storage.base import Base
from app.storage.model import NumberSeries
from app.storage.models_index import all_tables

_CHUNK: Final = 5_000


@cache
def _blank(model: type[Base]) -> Mapping[str, Any]:
    """Every column with its default, since bulk inserts want the same keys in each row."""
    blank: dict[str, Any] = {}
    for column in model.__table__.columns:
        default: Any = column.default
        blank[column.key] = default.arg if default is not None and default.is_scalar else None
    return blank


class Sheet:
    """Collects rows and writes them in the order in which their tables were first used."""

    def __init__(self) -> None:
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._ids: Counter[type[Base]] = Counter()

    def add(self, model: type[Base], **values: Any) -> int:
        """Put a row down; returns its id (a running number, also where the table has none)."""
        self._ids[model] += 1
        row = {**_blank(model), **values}
        if "id" in row:
            row["id"] = self._ids[model]
        self._rows[model].append(row)
        return self._ids[model]

    def next_id(self, model: type[Base]) -> int:
        """The id that the next row of this table will get."""
        return self._ids[model] + 1

    def amend(self, model: type[Base], row_id: int, **values: Any) -> None:
        """Change a row that is not written yet. Raises KeyError when it is."""
        rows = self._rows[model]
        found = rows[row_id - self._ids[model] - 1]
        if found["id"] != row_id:
            raise KeyError(row_id)
        found.update(values)

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._rows.values())

    def write(self, connection: Connection) -> None:
        """Insert everything collected so far and forget it; the ids run on."""
        for table, rows in self._ordered():
            for start in range(0, len(rows), _CHUNK):
                connection.execute(insert(table), rows[start : start + _CHUNK])
        self._rows.clear()

    def _ordered(self) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
        used = {model.__tablename__: rows for model, rows in self._rows.items()}
        for table in all_tables().sorted_tables:
            if used.get(table.name):
                yield table, used[table.name]


class Numbering:
    """Payment numbers by the day on which they were made, as the program itself gives them."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()

    def payment(self, day: date) -> str:
        """The next number of that day, such as FK-20261123-0001."""
        return self._next(f"FK-{day:%Y%m%d}")

    def yearly(self, prefix: str, year: int) -> str:
        """The next number of a yearly series, such as ZT-2026-0001."""
        return self._next(f"{prefix}-{year}")

    def keep(self, sheet: Sheet) -> None:
        """Put the series down, so that the program numbers on from here."""
        for name, last in self._last.items():
            sheet.add(NumberSeries, name=name, last=last)

    def _next(self, series: str) -> str:
        self._last[series] += 1
        return f"{series}-{self._last[series]:04d}"


def settle_ids(connection: Connection) -> None:
    """On a server, have the ids that it gives next follow the highest that was written here."""
    if connection.dialect.name != "postgresql":
        return
    for table in all_tables().sorted_tables:
        for column in table.primary_key.columns:
            serial = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if serial is not None:
                highest = connection.scalar(select(func.max(column))) or 0
                connection.scalar(select(func.setval(serial, max(highest, 1), highest > 0)))
