"""Which column of a journal holds what: by the words of its headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from app.reconciliation.journal.parsed import NotAJournal
from app.statements import figures
from app.statements.columns import Layout
from app.tabular.header import Header, aliases_in, find_header, normal
from app.tabular.model import Kind, Row, Table

# Everything but the headings of amounts may stand in several columns.
_TEXTS: Final = ("summary", "remark", "opposite", "subject")
_REQUIRED: Final = ("day", "month", "mday", "income", "expense", "amount")
_DEPTH: Final = 3
_FEWEST: Final = 3
_LIKELY: Final = 60
_YEAR = re.compile(r"((?:19|20)\d{2})年?度?")
_YEAR_OVER = re.compile(r"(?:(?:19|20)\d{2}|[_\s]*)年?度?(月份?|日|年)")
_BANKS = re.compile(r"(对方|对手).{0,4}(账号|帐号|账户|卡号|开户|行名)|交易流水|交易时间|柜员")
_SIDE = re.compile(
    r"(?:本期|本位币|人民币|本币|发生额|发生|金额|/)*"
    r"(借方|贷方|收入|支出|借|贷|收方|付方)"
    r"(?:本期|本位币|人民币|本币|发生额|发生|金额|合计|/|\((?:收入|支出|增加|减少|元)\))*"
)
_SIDES: Final = {
    **dict.fromkeys(("借方", "收入", "借", "收方"), "income"),
    **dict.fromkeys(("贷方", "支出", "贷", "付方"), "expense"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The layout of one stretch of a journal. heads: the rows of its headings, as they stand.

    year: that of 2026年 over 月 and 日; None where no heading tells.
    """

    layout: Layout
    heads: frozenset[tuple[str, ...]]
    year: int | None

    def cell(self, row: Row, field: str) -> str:
        return self.layout.cell(row, field)

    def text(self, row: Row, field: str) -> str:
        return self.layout.text(row, field)

    def has(self, *fields: str) -> bool:
        return self.layout.has(*fields)

    @property
    def in_parts(self) -> bool:
        """Whether month and day stand in columns of their own."""
        return self.has("mday") and not self.has("day")

    @property
    def two_sided(self) -> bool:
        return self.has("income", "expense")

    @property
    def booked(self) -> bool:
        """Whether the columns are 借方 and 贷方, where a negative figure is a red one."""
        at = self.layout.columns.get("expense")
        return at is None or "贷" in self.layout.headings[at]

    @property
    def banks_heading(self) -> str:
        """A heading that banks write and books do not, where no voucher is; "" for a journal's."""
        if self.has("voucher"):
            return ""
        return next((one for one in self.layout.headings if _BANKS.search(one)), "")

    def lacks(self) -> tuple[str, ...]:
        """What it would need to be a journal."""
        dated = self.has("day") or (self.has("month") and self.has("mday"))
        summed = self.has("income", "expense", "amount")
        return tuple(
            word for word, there in (("日期", dated), ("借方、贷方金额", summed)) if not there
        )


def find_columns(table: Table) -> Columns:
    """The columns of a table. Raises NotAJournal, NoHeader, WrongUnit."""
    header = find_header(table, field_of, _REQUIRED, _DEPTH)
    found = _columns(header, table.rows)
    if found.lacks():
        raise NotAJournal(f"文件的表头中没有{'和'.join(found.lacks())}。")
    return found


def other_columns(rows: Sequence[Row]) -> Columns | None:
    """The columns that headings between lines name; None where they are none."""
    if sum(field_of(cell) is not None for row in rows for cell in row.cells if cell) < _FEWEST:
        return None
    table = Table(Kind.DELIMITED, "", "", rows)
    header = find_header(table, field_of, _REQUIRED, _DEPTH)
    found = _columns(header, rows)
    return None if found.lacks() else found


def for_currency(columns: Columns, *, foreign: bool) -> Columns:
    """The same where amounts in foreign currency stand beside those in ours: which of them count."""
    layout = columns.layout
    held = dict(layout.columns)
    for field in ("income", "expense", "balance"):
        at = held.get(f"{field}_foreign")
        if at is not None and (foreign or field not in held):
            held[field] = at
    return replace(columns, layout=replace(layout, columns=held))


# A figure is looked at several times: is it one, which sum is it of, what does it say.
amount_of = lru_cache(maxsize=1 << 14)(figures.figure)


def heads(row: Row) -> bool:
    """Whether a row names columns, as each page of a print does."""
    fields = {found[0] for cell in row.cells if cell and (found := field_of(cell)) is not None}
    return len(fields) >= _FEWEST


@lru_cache(maxsize=4096)
def field_of(heading: str) -> tuple[str, int] | None:
    """The field that a heading names, and how weak a name for it that is."""
    plain = normal(heading)
    known = aliases_in("journal_aliases.csv").get(plain)
    if known is not None:
        return known
    dated = _YEAR_OVER.fullmatch(plain)
    if dated:
        return {"月": "month", "日": "mday", "年": "year"}[dated[1][0]], _LIKELY
    side = _SIDE.fullmatch(plain)
    return (_SIDES[side[1]], _LIKELY) if side else None


def said(row: Row) -> tuple[str, ...]:
    """What a row says, without where."""
    return tuple("".join(cell.split()) for cell in row.cells if cell.strip())


def _columns(header: Header, rows: Sequence[Row]) -> Columns:
    texts: dict[str, list[int]] = {}
    for at, heading in enumerate(header.headings):
        found = field_of(heading) if heading else None
        if found is not None and found[0] in _TEXTS:
            texts.setdefault(found[0], []).append(at)
    held = dict(header.columns)
    if "flag" not in held and "balance_flag" in held and not ({"income", "expense"} & held.keys()):
        # Beside a single amount the only direction is that of the line.
        held["flag"] = held.pop("balance_flag")
    layout = Layout(
        header.row, header.headings, held, {key: tuple(at) for key, at in texts.items()}
    )
    years = [int(year[1]) for heading in header.headings if (year := _YEAR.match(heading.strip()))]
    above = [row for row in rows if row.number <= header.row][-header.depth :]
    return Columns(layout, frozenset(map(said, above)), years[0] if years else None)
