"""What stands above the lines of a journal: which 科目, which period, which currency, whose books."""

import calendar
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.core.money import MINOR_DIGITS
from app.payments.intake.values import Unfit
from app.statements import figures
from app.statements.preamble import pairs
from app.tabular.model import Row

_SUBJECT: Final = frozenset(
    [
        "科目",
        "会计科目",
        "科目名称",
        "科目编码",
        "科目代码",
        "银行科目",
        "账户",
        "账户名称",
        "银行账户",
        "现金银行科目",
        "现金银行账户",
        "结算账户",
        "资金账户",
        "账簿",
        "账簿名称",
        "银行",
        "开户银行",
        "开户行",
        "明细科目",
        "二级科目",
        "总账科目",
    ]
)
_NUMBER: Final = frozenset(["账号", "银行账号", "银行账户", "账户", "本方账号", "卡号", "开户账号"])
_HOLDER: Final = frozenset(
    [
        "编制单位",
        "核算单位",
        "单位名称",
        "单位",
        "公司",
        "公司名称",
        "会计主体",
        "账套",
        "账套名称",
        "组织",
        "核算组织",
        "企业名称",
        "户名",
    ]
)
_PERIOD: Final = frozenset(
    [
        "期间",
        "会计期间",
        "月份",
        "年月",
        "日期",
        "日期范围",
        "查询期间",
        "查询日期",
        "起止日期",
        "会计年度",
        "年度",
        "起止期间",
        "记账日期",
        "账期",
        "查询条件",
        "时间",
        "日期区间",
        "期间范围",
    ]
)
_CURRENCY: Final = frozenset(["币种", "币别", "货币", "币"])
_OPENING: Final = frozenset(["期初余额", "上期余额", "年初余额", "上年结转", "期初结存"])
_CLOSING: Final = frozenset(["期末余额", "本期余额", "期末结存"])
# When it was printed is not of when it speaks.
_PRINTED = re.compile(r"(打印|制表|导出|输出|查询|生成|操作)(日期|时间)")
_PAGE = re.compile(r"(第\s*\d+\s*页|共\s*\d+\s*页|页码|页次).*")
_UNIT = re.compile(r"(人民币)?[百千万亿]*元|CNY|RMB", re.IGNORECASE)
_OURS: Final = ("本位币", "所有币", "全部币")
_DAY = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_COMPACT_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_MONTH = re.compile(
    r"((?:19|20)\d{2})\s*(?:年度?|[-/.])\s*第?\s*(\d{1,2})(?!\d)\s*(?:月份?|期|个?会计期间)?"
)
_COMPACT_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(?!\d)")
_UP_TO = re.compile(r"(?:至|到|[-—–~])+\s*第?\s*(\d{1,2})(?!\d)\s*(?:月份?|期)?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:\s*年|\s*$|(?=\s*[-/.]))")
# A heading that is nothing but 科目, with its code or with what is below it.
_BARE_SUBJECT = re.compile(r"\(?1002[\d.\-]*\)?\s*\S.*|银行存款\s*[-_—/\\(].+")
_SHORTEST: Final = 9
_MONTHS: Final = 12
_LONG = re.compile(r"(?<!\d)\d(?:[\d*xX \-]{6,38})\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Title:
    """What these rows declare; "" and None where they do not.

    opening, closing: as they are written, until the currency is known. year: where only that is
    said. text: all of it, for what nobody labelled.
    """

    subject: str = ""
    number: str = ""
    holder: str = ""
    currency: str = ""
    unknown_currency: str = ""
    opening: str = ""
    closing: str = ""
    since: date | None = None
    until: date | None = None
    year: int | None = None
    text: str = ""

    def joined(self, later: "Title") -> "Title":
        """This with what the other one adds; what stands first holds."""
        return Title(
            self.subject or later.subject,
            self.number or later.number,
            self.holder or later.holder,
            self.currency or later.currency,
            self.unknown_currency or later.unknown_currency,
            self.opening or later.opening,
            later.closing or self.closing,
            self.since or later.since,
            self.until or later.until,
            self.year or later.year,
            "\n".join(filter(None, (self.text, later.text))),
        )

    def is_other(self, later: "Title") -> bool:
        """Whether the later one is of another account."""
        if later.number and self.number:
            return later.number != self.number
        if later.subject and self.subject:
            return later.subject != self.subject
        return False


def read_title(rows: Iterable[Row]) -> Title:
    """What the rows declare."""
    listed = list(rows)
    found = Title(
        text="\n".join(cell.strip() for row in listed for cell in row.cells if cell.strip())
    )
    subjects: list[str] = []
    for label, said in pairs(listed):
        value = _PAGE.sub("", said).strip()
        if label in _SUBJECT and value and value not in subjects:
            subjects.append(value)
        found = _take(found, label, value)
    found = replace(found, subject=" ".join(subjects) or _bare_subject(listed))
    if not found.number:
        found = replace(found, number=number_in(found.subject))
    return _with_period(found, listed)


def number_in(text: str) -> str:
    """The account number in a text, possibly masked; "" where there is none."""
    for found in _LONG.findall(unicodedata.normalize("NFKC", text)):
        plain = re.sub(r"[\s\-]", "", found)
        if len(plain) >= _SHORTEST:
            return plain
    return ""


def period_in(text: str) -> tuple[date, date] | None:
    """The days of which a text speaks: days, months, or 期 of the books."""
    plain = unicodedata.normalize("NFKC", text)
    days = [one for one in map(_day, (*_DAY.findall(plain), *_COMPACT_DAY.findall(plain))) if one]
    if len(days) > 1:
        return min(days), max(days)
    if days:
        return None
    months = [
        (int(year), int(month))
        for year, month in (*_MONTH.findall(plain), *_COMPACT_MONTH.findall(plain))
        if 1 <= int(month) <= _MONTHS
    ]
    if not months:
        return None
    if len(months) == 1:
        after = plain[plain.rfind(str(months[0][0])) + 4 :]
        ends = _UP_TO.search(after, _past_month(after))
        if ends and 1 <= int(ends[1]) <= _MONTHS:
            months.append((months[0][0], int(ends[1])))
    (first, since), (last, until) = min(months), max(months)
    return date(first, since, 1), date(last, until, calendar.monthrange(last, until)[1])


def _past_month(after: str) -> int:
    """Where the month behind a year ends."""
    found = re.match(r"\s*(?:年度?|[-/.])\s*第?\s*\d{1,2}", after)
    return found.end() if found else 0


def _day(parts: tuple[str, str, str]) -> date | None:
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def _bare_subject(rows: Sequence[Row]) -> str:
    cells = (unicodedata.normalize("NFKC", c).strip() for row in rows for c in row.cells if c)
    return next((one for one in cells if _BARE_SUBJECT.fullmatch(one)), "")


def _take(found: Title, label: str, value: str) -> Title:
    if label in _NUMBER and (number := number_in(value)):
        return replace(found, number=found.number or number)
    if label in _HOLDER and not _UNIT.fullmatch(value):
        return replace(found, holder=found.holder or value)
    if label in _CURRENCY and not found.currency:
        return _with_currency(found, value)
    if label in _OPENING:
        return replace(found, opening=found.opening or value)
    if label in _CLOSING:
        return replace(found, closing=value)
    return found


def _with_currency(found: Title, value: str) -> Title:
    if any(word in value for word in _OURS):
        return replace(found, currency="CNY")
    code = figures.currency(value)
    if code in MINOR_DIGITS:
        return replace(found, currency=code)
    known = not re.search(r"[A-Za-z]{3}|[元币镑]", value)
    return found if known else replace(found, unknown_currency=value)


def _with_period(found: Title, rows: Sequence[Row]) -> Title:
    """The period: of a label, else of a text that is nothing but one, else of the title."""
    said = [value for label, value in pairs(rows) if label in _PERIOD]
    said += [
        cell
        for row in rows
        for cell in row.cells
        if cell.strip() and not _PRINTED.search(cell) and cell not in said
    ]
    for text in said:
        days = period_in(text)
        if days is not None:
            return replace(found, since=days[0], until=days[1], year=days[0].year)
    years = [int(one[1]) for text in said if (one := _YEAR.search(text))]
    return replace(found, year=years[0]) if years else found


def amount_in(text: str, currency: str) -> int | None:
    """A declared amount with its direction, as in 借 1,000.00; None where it is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    sign = -1 if plain.startswith("贷") else 1
    try:
        found = figures.figure(plain.lstrip("借贷平方: "), currency)
    except Unfit:
        return None
    return None if found is None else sign * found
