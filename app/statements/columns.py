"""Which column of a statement holds what: by the words of its headings (domain.md §6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.statements.parsed import NotAStatement, seen, words
from app.tabular.header import Header, aliases_in, find_header, header_of, normal
from app.tabular.model import Row, Table

REQUIRED: Final = ("day", "income", "expense", "amount")
_TEXTS: Final = ("summary", "purpose", "remark")
_TIMES: Final = frozenset(
    ["交易时间", "记账时间", "时间", "入账时间", "发生时间", "time", "transactiontime"]
)
_BOOKED: Final = frozenset(["记账日期", "入账日期", "记账日", "起息日", "起息日期"])
_LATIN = re.compile(r"[\[(][\x20-\x7e]*[\])]")
_IN = re.compile(
    r"(?:(?:发生额|金额)(?:/元)?)?(?:贷方|收入|存入|转入)(?:发生额|金额)?(?:/元)?(?:\([^)]*\))?"
)
_OUT = re.compile(
    r"(?:(?:发生额|金额)(?:/元)?)?(?:借方|支出|支取|取出|转出)(?:发生额|金额)?(?:/元)?(?:\([^)]*\))?"
)
_PARTY = re.compile(
    r"(?:交易对手|对方|对手方?|收付款?方|收\(付\)方)(?:信息)?(名称|户名|账号|开户行|行名)"
)
_PARTY_FIELDS: Final = {
    "名称": "name",
    "户名": "name",
    "账号": "payee_account",
    "开户行": "payee_bank",
    "行名": "payee_bank",
}
_LIKELY: Final = 60
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field of a table stands. row: after which the lines begin; texts: all of a kind.

    currency: that a person gave to all such files; "" where nobody did.
    """

    row: int
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    texts: Mapping[str, tuple[int, ...]]
    currency: str = ""

    def cell(self, row: Row, field: str) -> str:
        at = self.columns.get(field)
        text = "" if at is None else row.cell(at)
        return seen(text).strip(" \t\r\n`") if text else ""

    def text(self, row: Row, field: str) -> str:
        """All columns of that kind, each value once, in one line."""
        places = self.texts.get(field)
        if not places:
            return ""
        said = [words(row.cell(at).strip("`")) for at in places]
        return " ".join(dict.fromkeys(one for one in said if one.strip("-/—")))

    def has(self, *fields: str) -> bool:
        return any(field in self.columns for field in fields)

    @property
    def is_statement(self) -> bool:
        return self.has("day") and self.has("income", "expense", "amount")

    @property
    def by_bank_side(self) -> bool:
        """Whether 借 and 贷 tell the sides, which the bank sees the other way round."""
        named = [self.headings[self.columns[f]] for f in ("income", "expense") if self.has(f)]
        return self.has("flag") or any("借" in one or "贷" in one for one in named)


class UnknownLayout(NotAStatement):
    """A table whose headings are not known; a person may say what its columns are."""

    remedy = (
        "请从网银导出交易明细，须有日期和金额（收入、支出，或发生额和借贷标志）；"
        "确是流水而表头不同的，请在窗口中导入并指明“列对应”。"
    )


def find_layout(table: Table) -> Layout:
    """The layout of a table. Raises UnknownLayout, NoHeader, WrongUnit."""
    layout = likely_layout(table)
    if not layout.is_statement:
        raise UnknownLayout("文件中没有交易日期和金额。")
    return layout


def likely_layout(table: Table) -> Layout:
    """What the words of the likeliest headings tell, much or little. Raises NoHeader, WrongUnit."""
    return layout_of(find_header(table, field_of, REQUIRED))


def layout_at(row: Row) -> Layout:
    """What the words of this row tell, taken as headings."""
    return layout_of(header_of(row.number, row.cells, field_of))


def layout_of(header: Header) -> Layout:
    """The header with what its position tells: a time beside the day, several texts."""
    columns = dict(header.columns)
    plain = [bare(heading) for heading in header.headings]
    day = columns.get("day")
    for at, word in enumerate(plain):
        if at == day:
            continue
        if word in _TIMES:
            columns.setdefault("time", at)
        elif word in _BOOKED:
            columns.setdefault("value_day", at)
    texts: dict[str, list[int]] = {}
    for at, heading in enumerate(header.headings):
        found = field_of(heading)
        if found is not None and found[0] in _TEXTS:
            texts.setdefault(found[0], []).append(at)
    return Layout(
        header.row, header.headings, columns, {key: tuple(at) for key, at in texts.items()}
    )


def bare(heading: str) -> str:
    """The heading without what it says once more in English: 交易日期[ Transaction Date ]."""
    return _LATIN.sub("", normal(heading))


def heads_again(row: Row) -> bool:
    """Whether a row names columns once more, as each page of a print does."""
    fields = {found[0] for cell in row.cells if cell and (found := field_of(cell)) is not None}
    return len(fields) >= _FEWEST and bool(fields & {"day"}) and bool(fields & set(REQUIRED[1:]))


@lru_cache(maxsize=4096)
def field_of(heading: str) -> tuple[str, int] | None:
    """The field that a heading names, and how weak a name for it that is."""
    known = aliases_in("statement_aliases.csv")
    plain = normal(heading)
    found = known.get(plain)
    if found is None:
        found = known.get(bare(heading))
    if found is not None:
        return found
    if _IN.fullmatch(plain):
        return "income", _LIKELY
    if _OUT.fullmatch(plain):
        return "expense", _LIKELY
    party = _PARTY.fullmatch(plain)
    return (_PARTY_FIELDS[party[1]], _LIKELY) if party else None
