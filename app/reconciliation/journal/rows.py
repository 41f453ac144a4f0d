"""What the rows of a journal are besides lines: sums, balances carried, pages, notices."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.payments.intake.values import Unfit, says_nothing
from app.reconciliation.journal.columns import Columns, amount_of
from app.tabular.model import Row

BLANK: Final = "空行"
HEAD: Final = "表头之前的说明"
HEADINGS: Final = "表头"
HEADING: Final = "重复的表头"
REMARK: Final = "说明文字"
NOTHING: Final = "没有金额"
EXAMPLE: Final = "模板的示例行"
OTHER_SUBJECT: Final = "不是银行存款科目的分录"
_NOISE = re.compile(r"[\s:：、.。,，()\[\]【】<>《》]+")
_PREFIX: Final = r"(?:(?:(?:19|20)?\d{2}年度?)?(?:\d{1,2}月份?)?(?:\d{1,2}日)?)?"
_SUM: Final = r"(?:合计|小计|总计|发生额?合计|发生额?及余额|发生额|发生)"


class Mark(StrEnum):
    """What a row that is no line says."""

    OPENING = "期初余额"
    CARRIED = "承前页"
    PAGE = "过次页"
    DAY = "本日合计"
    MONTH = "本月合计"
    PERIOD = "本期合计"
    YEAR = "本年累计"
    ALL = "合计"
    CLOSING = "期末余额"
    NEXT_YEAR = "结转下年"


_PATTERNS: Final = {
    Mark.OPENING: re.compile(
        _PREFIX
        + r"(?:(?:期初|年初|月初|日初|上[年月期日季]|昨日|初始|起初|承前|以前年度)(?:余额|结余|结存|结转|转入|数|"
        r"余额结转)|上[年月期]结转余额|期初|年初|结转上年|上年转来|建账余额|openingbalance)"
    ),
    Mark.CARRIED: re.compile(r"承前页|承上页|接前页|接上页|承前"),
    Mark.PAGE: re.compile(rf"过次页|转下页|转次页|过下页|接次页|接下页|本页{_SUM}|本页累计|页计"),
    Mark.DAY: re.compile(
        rf"(?:[本当今]日|(?:(?:(?:19|20)\d{{2}}年)?\d{{1,2}}月)?\d{{1,2}}日){_SUM}|日计|日结|[本当]日累计"
    ),
    Mark.MONTH: re.compile(
        rf"(?:[本当]月{_SUM}|(?:(?:19|20)?\d{{2}}年)?\d{{1,2}}月份?{_SUM}|月计|月结|当前{_SUM})"
    ),
    Mark.PERIOD: re.compile(rf"[本当]期{_SUM}|本季{_SUM}|季结|季计|期间{_SUM}|小计"),
    Mark.YEAR: re.compile(
        rf"(?:[本当]年|{_PREFIX}本?年)?(?:累计|累计发生额?)|[本当]年{_SUM}|当前累计|年计|年结|"
        r"本[月期]累计|自年初累计|本年累计合计|(?:19|20)\d{2}年累计|截[至止].{0,8}累计"
    ),
    Mark.ALL: re.compile(r"合计|总计|共计|总合计|全部合计|发生额合计|total|grandtotal"),
    Mark.CLOSING: re.compile(
        _PREFIX
        + r"(?:(?:期末|年末|月末|日末|本[年月期日])(?:余额|结余|结存)|余额|结余|当前余额|closingbalance)"
    ),
    Mark.NEXT_YEAR: re.compile(r"结转[下次]年.{0,4}|结转下[月期]|转下年|结转至下年"),
}
# The narrow ones first: 3月合计 is of a month, 合计 of everything.
_ORDER: Final = (
    Mark.OPENING,
    Mark.CARRIED,
    Mark.PAGE,
    Mark.MONTH,
    Mark.PERIOD,
    Mark.ALL,
    Mark.YEAR,
    Mark.DAY,
    Mark.NEXT_YEAR,
    Mark.CLOSING,
)
_SHAPE = re.compile(
    r"[合小总共累]计|[日月年季页]计|[日月年季]结|余额|结余|结存|结转|发生|[前上次下]页|承前|期初|年初|转来|total|balance"
)
_LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Marked:
    mark: Mark
    word: str


def marked(row: Row, columns: Columns) -> Marked | None:
    """What a row that is no line says; None for all others. Beside a voucher it is a line."""
    place = columns.layout.columns
    figures_at = {place[one] for one in ("income", "expense", "amount", "balance") if one in place}
    for at, cell in enumerate(row.cells):
        if at in figures_at or not cell or len(cell) > _LONGEST:
            continue
        if not _may_be_mark(cell):
            continue
        found = mark_of(cell)
        if found is not None and not _is_entry(row, columns, at):
            return Marked(found, "".join(cell.split()))
    return None


@lru_cache(maxsize=1 << 14)
def _may_be_mark(cell: str) -> bool:
    return _SHAPE.search("".join(cell.split()).lower()) is not None


def mark_of(text: str) -> Mark | None:
    """What a text says that is nothing but such a word."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return next((one for one in _ORDER if _PATTERNS[one].fullmatch(plain)), None)


def is_empty(row: Row, columns: Columns) -> bool:
    """Whether no amount stands in the row: blank, a dash or zero."""
    return all(_zero(columns.cell(row, one)) for one in ("income", "expense", "amount"))


def has_figure(row: Row, columns: Columns) -> bool:
    """Whether an amount can be read in the row."""
    return any(_is_figure(columns.cell(row, one)) for one in ("income", "expense", "amount"))


def _is_figure(text: str) -> bool:
    try:
        return amount_of(text, "CNY") is not None
    except Unfit:
        return False


def _zero(text: str) -> bool:
    try:
        return not amount_of(text, "CNY")
    except Unfit:
        return False


def _is_entry(row: Row, columns: Columns, at: int) -> bool:
    """Whether the row has what only an entry has: a voucher, a party, beside that word."""
    place = columns.layout.columns
    held = [place[one] for one in ("voucher", "settlement", "name") if one in place]
    return any(
        other != at and not says_nothing(row.cell(other)) and mark_of(row.cell(other)) is None
        for other in held
    )
