"""Finds the header of a payment list and which column holds which field."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from app.payments.intake.aliases import DEFAULTABLE, LABELS, REQUIRED, Field, field_of
from app.tabular.header import find_header, normal
from app.tabular.model import Table


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """Where the data begin and which column holds which field.

    header_row: 1-based row after which data begin; columns: 0-based.
    """

    header_row: int
    columns: Mapping[Field, int]

    def stored(self) -> dict[str, int]:
        """The columns in a form that JSON keeps."""
        return {str(field): column for field, column in self.columns.items()}


@dataclass(frozen=True, slots=True)
class Recognition:
    """What the header says.

    missing: fields without a column that are required (payer_account and due_on may come from
    defaults); signature: the same for every file with this header; unmapped: headings unused.
    """

    header_row: int
    mapping: HeaderMap
    missing: tuple[Field, ...]
    signature: str
    headings: tuple[str, ...]
    unmapped: tuple[str, ...]

    def remembered(self, stored: Mapping[str, int]) -> Self:
        """This recognition with the columns that a clerk once confirmed for its signature."""
        width = len(self.headings)
        columns = {Field(name): column for name, column in stored.items() if column < width}
        return self.with_columns(columns)

    def with_columns(self, columns: Mapping[Field, int]) -> Self:
        return replace(
            self,
            mapping=HeaderMap(self.header_row, dict(columns)),
            missing=_missing(columns),
            unmapped=_unmapped(self.headings, columns),
        )


def recognise(table: Table) -> Recognition:
    """The header of the table and its columns. Raises NoHeader, WrongUnit."""
    header = find_header(table, field_of, REQUIRED)
    columns = {Field(name): column for name, column in header.columns.items()}
    return Recognition(
        header_row=header.row,
        mapping=HeaderMap(header.row, columns),
        missing=_missing(columns),
        signature=_signature(header.headings),
        headings=header.headings,
        unmapped=_unmapped(header.headings, columns),
    )


def _missing(columns: Mapping[Field, int]) -> tuple[Field, ...]:
    return tuple(field for field in (*REQUIRED, *DEFAULTABLE) if field not in columns)


def _unmapped(headings: Sequence[str], columns: Mapping[Field, int]) -> tuple[str, ...]:
    used = set(columns.values())
    return tuple(text for column, text in enumerate(headings) if text and column not in used)


def _signature(headings: Sequence[str]) -> str:
    names = [normal(text) for text in headings]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def labels(fields: Sequence[Field]) -> str:
    """The fields as the user knows them: 收款户名、金额."""
    return "、".join(LABELS[field] for field in fields)
