"""Finds the header of a payment list and which column holds which field."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Final, Self

from app.core.errors import BadInput
from app.payments.intake.aliases import DEFAULTABLE, LABELS, REQUIRED, Field, field_of, normal
from app.tabular.model import Row, Table

SEARCHED_ROWS: Final = 40
_UNIT_REMARK = re.compile(
    r"(单位|(?<!合同)(?<!单据)(?<!发票)(?<!订单)金额).{0,6}[(（:：为/]\s*(人民币)?[百千十]?[万亿百千]元"
)
_NUMBER = re.compile(r"[\d,.\s¥￥/年月日:-]+")
_LONGEST_HEADING: Final = 40


class NoHeader(BadInput):
    code = "INT-001"
    remedy = "请确认表头行在前 40 行之内，或下载付款导入模板填写。"


class WrongUnit(BadInput):
    code = "INT-002"
    remedy = "请把金额换算为元，并去掉表中“万元”“千元”等单位说明后重新导入。"


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


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    headings: tuple[str, ...]
    columns: Mapping[Field, int]

    def score(self) -> tuple[int, int]:
        return (sum(field in self.columns for field in REQUIRED), len(self.columns))


def recognise(table: Table) -> Recognition:
    """The header of the table and its columns.

    Raises NoHeader for a table without text, WrongUnit when amounts are in 万元 or the like.
    """
    head = list(islice(table.rows, SEARCHED_ROWS))
    best = max(_candidates(head), key=_Candidate.score, default=None)
    if best is None or not best.columns:
        best = _guess(head)
    _check_unit(head, best)
    return Recognition(
        header_row=best.row,
        mapping=HeaderMap(best.row, best.columns),
        missing=_missing(best.columns),
        signature=_signature(best.headings),
        headings=best.headings,
        unmapped=_unmapped(best.headings, best.columns),
    )


def _candidates(head: Sequence[Row]) -> list[_Candidate]:
    """Each row alone first, then each pair as a header of two rows; the first best wins."""
    single = [_candidate(row.number, row.cells) for row in head]
    return single + [
        _candidate(lower.number, _joined(upper, lower)) for upper, lower in pairwise(head)
    ]


def _candidate(number: int, cells: Sequence[str]) -> _Candidate:
    ranks: dict[Field, tuple[int, int]] = {}
    for column, cell in enumerate(cells):
        found = field_of(cell) if cell and len(cell) <= _LONGEST_HEADING else None
        if found is not None:
            field, rank = found
            ranks[field] = min(ranks.get(field, (rank, column)), (rank, column))
    columns = {field: column for field, (_, column) in ranks.items()}
    return _Candidate(number, tuple(cell.strip() for cell in cells), columns)


def _joined(upper: Row, lower: Row) -> tuple[str, ...]:
    """A header of two rows as one: a merged group name stands before each of its columns."""
    width = max(len(upper.cells), len(lower.cells))
    group = ""
    joined: list[str] = []
    for column in range(width):
        above, below = upper.cell(column).strip(), lower.cell(column).strip()
        group = above or group
        joined.append(group + below if below else above)
    return tuple(joined)


def _guess(head: Sequence[Row]) -> _Candidate:
    """The widest row of words, for a clerk to map by hand."""

    def words(row: Row) -> int:
        return sum(bool(c.strip()) and not _NUMBER.fullmatch(c.strip()) for c in row.cells)

    widest = max(head, key=words, default=None)
    if widest is None or not words(widest):
        raise NoHeader("表格里找不到表头。")
    return _Candidate(widest.number, tuple(cell.strip() for cell in widest.cells), {})


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


def _check_unit(head: Sequence[Row], header: _Candidate) -> None:
    for row in head:
        if row.number > header.row:
            return
        for cell in row.cells:
            if _UNIT_REMARK.search(cell):
                raise WrongUnit(f"第 {row.number} 行注明“{cell.strip()}”，本系统的金额单位是元。")


def labels(fields: Sequence[Field]) -> str:
    """The fields as the user knows them: 收款户名、金额."""
    return "、".join(LABELS[field] for field in fields)
