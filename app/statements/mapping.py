"""Which column holds what, as a person says it: checked, found again by the file's headings."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import BadInput
from app.core.money import MINOR_DIGITS
from app.statements.columns import REQUIRED, Layout, layout_at, likely_layout
from app.statements.parsed import words
from app.tabular.header import (
    SEARCHED_ROWS,
    Header,
    NoHeader,
    check_unit,
    normal,
    widest_of_words,
)
from app.tabular.model import Limits, Table

# In the order in which a person looks for them.
FIELD_LABELS: Final[dict[str, str]] = {
    "day": "交易日期",
    "time": "交易时间",
    "income": "收入",
    "expense": "支出",
    "amount": "金额（收支同列）",
    "flag": "借贷标志",
    "balance": "余额",
    "name": "对方户名",
    "payee_account": "对方账号",
    "payee_bank": "对方开户行",
    "summary": "摘要",
    "purpose": "用途",
    "remark": "附言、备注",
    "reference": "流水号",
    "currency": "币种",
    "value_day": "起息日",
    "own_account": "本方账号",
    "own_name": "本方户名",
    "payer_name": "付款人户名",
    "payer_account": "付款人账号",
    "payer_bank": "付款人开户行",
    "receiver_name": "收款人户名",
    "receiver_account": "收款人账号",
    "receiver_bank": "收款人开户行",
}
# Several columns may be of these; each other field has one.
TEXTS: Final = ("summary", "purpose", "remark")
LONGEST_NAME: Final = 60
_FEWEST_HEADINGS: Final = 2
_MOST_COLUMNS: Final = Limits().max_columns

Columns = Mapping[str, tuple[int, ...]]


class BadLayout(BadInput):
    code = "STM-004"
    remedy = "请在“列对应”中改正后再继续。"


@dataclass(frozen=True, slots=True)
class KnownLayout:
    """A layout for every file with these headings; without headings, for the file at hand only.

    columns: field → 0-based places. currency: of such files; "" where the account tells it.
    """

    name: str
    headings: tuple[str, ...]
    columns: Columns
    currency: str = ""

    @property
    def signature(self) -> str:
        return signature(self.headings)

    def at(self, row: int) -> Layout:
        """The layout of a file in which the headings stand in that row; 0: there are none."""
        width = max((at + 1 for places in self.columns.values() for at in places), default=0)
        headings = (*self.headings, *[""] * (width - len(self.headings)))
        single = {field: places[0] for field, places in self.columns.items() if places}
        texts = {field: self.columns[field] for field in TEXTS if self.columns.get(field)}
        return Layout(row, headings, single, texts, self.currency)


def signature(headings: Sequence[str]) -> str:
    """The same for all files with these headings, however they are spaced; "" without headings."""
    names = [normal(words(text)) for text in headings]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest() if names else ""


def checked(known: KnownLayout) -> KnownLayout:
    """The layout with clean texts. Raises BadLayout where its columns or currency don't fit."""
    why = why_not(known.columns)
    if why:
        raise BadLayout(why)
    if known.currency and known.currency not in MINOR_DIGITS:
        raise BadLayout(f"不认识的币种代码“{known.currency}”。", "请使用三位代码，如 CNY、USD。")
    width = len(known.headings) or _MOST_COLUMNS
    if len(known.headings) > _MOST_COLUMNS:
        raise BadLayout(f"表头有 {len(known.headings)} 列，超过上限 {_MOST_COLUMNS} 列。")
    if any(not 0 <= at < width for places in known.columns.values() for at in places):
        raise BadLayout("有的列不在表头的范围内。", "请重新选择表头行和各列。")
    return replace(
        known,
        name=words(known.name)[:LONGEST_NAME],
        headings=tuple(words(text) for text in known.headings),
        columns={field: tuple(at) for field, at in known.columns.items() if at},
    )


def lasting(known: KnownLayout) -> KnownLayout:
    """The checked layout, fit to be remembered. Raises BadLayout without headings or a name."""
    known = checked(known)
    if sum(bool(text) for text in known.headings) < _FEWEST_HEADINGS:
        raise BadLayout(
            "没有表头的文件认不出下一次，列对应不能记住。", "可以不勾选“记住”，只用这一次。"
        )
    if not known.name:
        raise BadLayout("请填写名称。", "例如“某某银行 企业网银明细”。")
    return known


def why_not(columns: Columns) -> str:
    """Why these columns don't make a statement; "" where they do."""
    for field, places in columns.items():
        if field not in FIELD_LABELS:
            return f"不认识的栏目“{words(field)[:40]}”。"
        if len(places) > 1 and field not in TEXTS:
            return f"“{FIELD_LABELS[field]}”只能是一列，现在有 {len(places)} 列。"
    return _twice(columns) or _missing(columns)


def _twice(columns: Columns) -> str:
    used = [at for places in columns.values() for at in places]
    if len(used) != len(set(used)):
        return "同一列不能对应两个栏目。"
    if columns.get("amount") and (columns.get("income") or columns.get("expense")):
        return "“金额（收支同列）”不能与“收入”“支出”同时使用。"
    return ""


def _missing(columns: Columns) -> str:
    if not columns.get("day"):
        return "还没有指明哪一列是“交易日期”。"
    if not any(columns.get(field) for field in REQUIRED[1:]):
        return "还没有指明金额：请指明“收入”“支出”，或“金额（收支同列）”。"
    return ""


def found_in(table: Table, layouts: Iterable[KnownLayout]) -> tuple[KnownLayout, Layout] | None:
    """The first of the layouts whose headings stand in the table, and where. Raises WrongUnit."""
    head = [row for row in table.rows[:SEARCHED_ROWS] if not row.blank()]
    by_signature = {signature(row.cells): row for row in reversed(head)}
    for known in layouts:
        wanted = known.signature
        row = by_signature.get(wanted)
        if not wanted or row is not None:
            layout = known.at(row.number if row is not None else 0)
            check_unit(head, Header(layout.row, layout.headings, layout.columns))
            return known, layout
    return None


def proposed(table: Table) -> tuple[int, Columns]:
    """The likeliest row of headings, 0 for none, and what its words tell of the columns.

    Raises WrongUnit.
    """
    try:
        layout = likely_layout(table)
        if not layout.has(*REQUIRED):
            # 账号 and the like stand above the headings too.
            widest = widest_of_words(table.rows[:SEARCHED_ROWS])
            layout = layout_at(next(row for row in table.rows if row.number == widest.row))
    except NoHeader:
        return 0, {}
    return layout.row, columns_of(layout)


def columns_of(layout: Layout) -> Columns:
    """What a layout that was found by its words says, each column once."""
    found: dict[str, tuple[int, ...]] = {}
    used: set[int] = set()
    for field in FIELD_LABELS:
        places = layout.texts.get(field, ()) if field in TEXTS else ()
        if not places and field in layout.columns:
            places = (layout.columns[field],)
        fresh = tuple(at for at in places if at not in used)
        if fresh and not (field == "amount" and ("income" in found or "expense" in found)):
            found[field] = fresh
            used.update(fresh)
    return found
