"""What the rows of a table are: lines, totals, headings again, balances alone, notices."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.core.errors import Problem
from app.payments.intake.values import Unfit, says_nothing
from app.statements import figures
from app.statements.columns import Layout, heads_again
from app.statements.preamble import minor
from app.tabular.model import Kind, Row, Table

BLANK: Final = "空行"
TOTAL: Final = "合计行"
HEADING: Final = "重复的表头"
REMARK: Final = "说明文字"
NOTHING: Final = "没有金额"
BALANCE_ONLY: Final = "期初或期末余额行"
HEAD: Final = "表头之前的说明"
TOTALS: Final = ("合计", "总计", "小计", "本页", "累计", "总笔数", "total", "subtotal", "共计")
OPENING: Final = ("期初", "承前", "上期", "上页", "上日", "opening")
CLOSING: Final = ("期末", "过次", "本期余额", "closing")
# What a sum speaks of that need not begin with the file.
SPANS: Final = ("本月", "月计", "本季", "本年", "年计", "累计")
# The whole text of a dated row that is a sum or a balance, as journals have them.
_DATED_TOTAL = re.compile(
    r"(?:本[日月季年期页]|当[日月])?(?:合计|累计|小计|总计|发生额合计)|[日月年]计"
)
_DATED_OPENING = re.compile(
    r"(?:期初|上[日月年期页]|年初|月初)(?:余额|结余|结转|结存)|承前页|承上页|openingbalance"
)
_DATED_CLOSING = re.compile(
    r"(?:期末|[日月年]末)(?:余额|结余|结存)|过次页|结转下[页月年]|closingbalance"
)
_MARKS: Final = (_DATED_TOTAL, _DATED_OPENING, _DATED_CLOSING)


def why_skipped(row: Row, layout: Layout) -> str | None:
    """The reason, for a row that is no transaction and not blank; None for one that is."""
    day = layout.cell(row, "day")
    if not is_dated(day):
        return _of_undated(row, layout, day)
    if _marked(row, layout, _MARKS):
        total = _marked(row, layout, (_DATED_TOTAL,))
        return TOTAL if total or says_nothing(layout.cell(row, "balance")) else BALANCE_ONLY
    return NOTHING if _is_empty(row, layout) else None


def _of_undated(row: Row, layout: Layout, day: str) -> str | None:
    if heads_again(row) or _same_heading(row, layout):
        return HEADING
    # A party's name may hold such words too: then the day is one that can't be read.
    first = first_word(row) if says_nothing(day) else day.casefold()
    if any(word in first for word in OPENING + CLOSING) and not says_nothing(
        layout.cell(row, "balance")
    ):
        return BALANCE_ONLY
    if any(word in first for word in TOTALS + OPENING + CLOSING):
        return TOTAL
    return REMARK if _is_empty(row, layout) or not _is_figure(row, layout) else None


def first_word(row: Row) -> str:
    """The first word of a row that is not blank."""
    return next(cell.strip() for cell in row.cells if cell.strip()).casefold()


def total_said(row: Row, layout: Layout) -> str:
    """The words by which a total is known."""
    return _marked(row, layout, (_DATED_TOTAL,)) or first_word(row)


def is_opening(row: Row) -> bool:
    """Whether a row that is a balance or a total is what was brought forward."""
    words = ["".join(cell.split()).casefold() for cell in row.cells if cell.strip()]
    return any(_DATED_OPENING.fullmatch(word) for word in words) or any(
        word in words[0] for word in OPENING
    )


def is_dated(text: str) -> bool:
    try:
        figures.moment(text)
    except Unfit:
        return False
    return True


def _marked(row: Row, layout: Layout, marks: tuple[re.Pattern[str], ...]) -> str:
    """The text of the row that is nothing but such a word, beside no other party."""
    if layout.cell(row, "name") or layout.cell(row, "payee_account"):
        return ""
    for field in ("summary", "purpose", "remark"):
        word = "".join(layout.text(row, field).split()).casefold()
        if any(mark.fullmatch(word) for mark in marks):
            return word
    return ""


def _is_empty(row: Row, layout: Layout) -> bool:
    return all(
        says_nothing(layout.cell(row, one))
        for one in ("income", "expense", "amount")
        if layout.has(one)
    )


def _same_heading(row: Row, layout: Layout) -> bool:
    """Whether at least half of the row's words are the headings of their columns."""
    filled = [(at, cell.strip()) for at, cell in enumerate(row.cells) if cell.strip()]
    same = sum(at < len(layout.headings) and cell in layout.headings[at] for at, cell in filled)
    return same > 1 and same * 2 >= len(filled)


def _is_figure(row: Row, layout: Layout) -> bool:
    for one in ("income", "expense", "amount"):
        text = layout.cell(row, one)
        if says_nothing(text):
            continue
        try:
            figures.figure(text, "CNY")
        except Unfit:
            continue
        return True
    return False


def with_flags(layout: Layout, body: Sequence[Row]) -> Layout:
    """A column of 来账 and 往账 tells the sides of unsigned amounts, whatever it is called (中行)."""
    if layout.has("flag", "income", "expense"):
        return layout
    for at in layout.texts.get("summary", ()):
        words = {_flag_word(row.cell(at)) for row in body if is_dated(layout.cell(row, "day"))}
        if words and words <= {"来账", "往账"}:
            amounts = [layout.cell(row, "amount") for row in body]
            if not any((minor(one, "CNY") or 0) < 0 for one in amounts):
                return replace(layout, columns={**layout.columns, "flag": at})
    return layout


def wide_rows(table: Table, layout: Layout, body: Sequence[Row]) -> frozenset[int]:
    """Rows that a stray delimiter has made longer than the headings, where most are not."""
    if table.kind is not Kind.DELIMITED:
        return frozenset()
    width = len(layout.headings)
    wide = [
        row.number
        for row in body
        if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:])
    ]
    return frozenset(wide) if len(wide) * 2 <= len(body) else frozenset()


def _flag_word(text: str) -> str:
    return text.partition("[")[0].strip()


def lost_digits(row: Row, layout: Layout) -> Iterator[Problem]:
    """A long number that a spreadsheet kept as a figure has lost its last digits."""
    for name, title in (("payee_account", "对方账号"), ("reference", "流水号")):
        if layout.columns.get(name) in row.lossy:
            text = "在 Excel 中以数字保存，末位可能已丢失，请从网银重新导出为文本。"
            yield Problem(row.number, title, text)
