"""Finds the header of a table and which column holds which field, by the words of the headings."""

import csv
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from itertools import islice
from typing import Final

from app.core.errors import BadInput
from app.core.shipped import data_file
from app.tabular.model import Row, Table

SEARCHED_ROWS: Final = 40
_LONGEST_HEADING: Final = 40
_NUMBER = re.compile(r"[\d,.\s¥￥/年月日:-]+")
_UNIT_REMARK = re.compile(
    r"(单位|(?<!合同)(?<!单据)(?<!发票)(?<!订单)金额).{0,6}[(（:：为/]\s*(人民币)?[百千十]?[万亿百千]元"
)
_NOISE = re.compile(r"[\s*:_\-]+")
# Only remarks that change nothing may go: "(万元)" must stay and so stay unknown.
_REMARK = re.compile(
    r"[(\[](?:元|人民币|人民币元|单位元|cny|rmb|必填|选填|可选|非必填|全称|小写|yyyymmdd|yyyy/mm/dd|下拉选择)[)\]]"
)

# A heading → its field and how weak a name for it that is (0 is the best); None when unknown.
FieldOf = Callable[[str], tuple[str, int] | None]


class NoHeader(BadInput):
    code = "INT-001"
    remedy = "请确认表头行在前 40 行之内，或下载导入模板填写。"


class WrongUnit(BadInput):
    code = "INT-002"
    remedy = "请把金额换算为元，并去掉表中“万元”“千元”等单位说明后重新导入。"


@dataclass(frozen=True, slots=True)
class Header:
    """row: 1-based row after which data begin; columns: field → 0-based column; depth: in rows."""

    row: int
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    depth: int = 1


def find_header(
    table: Table, field_of: FieldOf, required: Collection[str], depth: int = 2
) -> Header:
    """The header of the table: the row, or the pair of rows, that names most of what is required.

    depth: of how many rows it may be. Raises NoHeader for a table without text, WrongUnit when
    amounts are in 万元 or the like.
    """
    head = list(islice(table.rows, SEARCHED_ROWS))
    best = max(
        _candidates(head, field_of, depth),
        key=lambda one: (sum(field in one.columns for field in required), len(one.columns)),
        default=None,
    )
    if best is None or not best.columns:
        best = widest_of_words(head)
    check_unit(head, best)
    return best


@lru_cache(maxsize=4096)
def normal(heading: str) -> str:
    """The heading without width, case, stars, spaces and remarks such as (元)."""
    folded = unicodedata.normalize("NFKC", heading).lower().replace("帐", "账")
    folded = _NOISE.sub("", folded)
    return _REMARK.sub("", folded).removesuffix("/元") or folded


@cache
def aliases_in(name: str) -> Mapping[str, tuple[str, int]]:
    """What a shipped table of aliases says: normal heading → its field and how weak that name is."""
    found: dict[str, tuple[str, int]] = {}
    with data_file(name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for rank, alias in enumerate(row["aliases"].split("|")):
                found.setdefault(normal(alias), (row["field"], rank))
    return found


def _candidates(head: Sequence[Row], field_of: FieldOf, depth: int) -> Iterable[Header]:
    """Each row alone first, then each pair as a header of two rows; the first best wins."""
    for row in head:
        yield header_of(row.number, row.cells, field_of)
    for rows in range(2, depth + 1):
        for last in range(rows - 1, len(head)):
            joined = reduce(_joined, head[last - rows + 1 : last + 1])
            yield header_of(joined.number, joined.cells, field_of, rows)


def header_of(number: int, cells: Sequence[str], field_of: FieldOf, depth: int = 1) -> Header:
    """What the words of this row say, taken as headings."""
    ranks: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(cells):
        found = field_of(cell) if cell and len(cell) <= _LONGEST_HEADING else None
        if found is not None:
            field, rank = found
            ranks[field] = min(ranks.get(field, (rank, column)), (rank, column))
    columns = {field: column for field, (_, column) in ranks.items()}
    return Header(number, tuple(cell.strip() for cell in cells), columns, depth)


def _joined(upper: Row, lower: Row) -> Row:
    """A header of two rows as one: a merged group name stands before each of its columns."""
    width = max(len(upper.cells), len(lower.cells))
    group = ""
    joined: list[str] = []
    for column in range(width):
        above, below = upper.cell(column).strip(), lower.cell(column).strip()
        group = above or group
        joined.append(group + below if below else above)
    return Row(lower.number, tuple(joined))


def widest_of_words(head: Sequence[Row]) -> Header:
    """The widest row of words, for a clerk to map by hand. Raises NoHeader where there are none."""

    def words(row: Row) -> int:
        return sum(bool(c.strip()) and not _NUMBER.fullmatch(c.strip()) for c in row.cells)

    widest = max(head, key=words, default=None)
    if widest is None or not words(widest):
        raise NoHeader("表格里找不到表头。")
    return Header(widest.number, tuple(cell.strip() for cell in widest.cells), {})


def check_unit(head: Sequence[Row], header: Header) -> None:
    """Raises WrongUnit where the rows down to the headings say that amounts are in 万元."""
    for row in head:
        if row.number > header.row:
            return
        for cell in row.cells:
            if _UNIT_REMARK.search(cell):
                raise WrongUnit(f"第 {row.number} 行注明“{cell.strip()}”，本系统的金额单位是元。")
