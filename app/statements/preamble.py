"""What stands above, between and below the lines: whose account, which days, which totals."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from app.payments.intake.values import Unfit
from app.statements import figures
from app.statements.parsed import Totals
from app.tabular.model import Row

_NUMBER: Final = frozenset(
    [
        "账号",
        "卡号",
        "账户",
        "账户号",
        "账户号码",
        "账/卡号",
        "卡/账号",
        "账号/卡号",
        "卡号/账号",
        "查询账号",
        "查询账户",
        "查询卡号",
        "本方账号",
        "本方账户",
        "客户账号",
        "借记卡号",
        "银行账号",
        "结算账号",
        "账户账号",
        "对账账号",
        "account",
        "accountno",
        "accountno.",
        "accountnumber",
        "支付宝账户",
        "支付宝账号",
        "商户号",
        "账号account",
    ]
)
_HOLDER: Final = frozenset(
    [
        "户名",
        "账户名称",
        "账户名",
        "姓名",
        "客户名称",
        "客户姓名",
        "单位名称",
        "公司名称",
        "账户户名",
        "本方户名",
        "本方名称",
        "户主",
        "企业名称",
        "accountname",
        "账户户名称",
        "微信昵称",
    ]
)
_CURRENCY: Final = frozenset(
    ["币种", "币别", "货币", "货币种类", "币种名称", "交易币种", "记账币种", "currency"]
)
_OPENING: Final = frozenset(
    [
        "期初余额",
        "上期余额",
        "起始余额",
        "承前余额",
        "上月余额",
        "上期结余",
        "期初账户余额",
        "期初结存",
        "openingbalance",
    ]
)
_CLOSING: Final = frozenset(
    ["期末余额", "本期余额", "截止余额", "期末账户余额", "本期结余", "期末结存", "closingbalance"]
)
_SINCE: Final = frozenset(
    [
        "起始日期",
        "开始日期",
        "起始时间",
        "开始时间",
        "查询起始日期",
        "起日期",
        "查询开始日期",
        "起始日",
    ]
)
_UNTIL: Final = frozenset(
    [
        "终止日期",
        "截止日期",
        "结束日期",
        "终止时间",
        "结束时间",
        "截止时间",
        "查询终止日期",
        "查询截止日期",
        "查询结束日期",
        "止日期",
        "截止日",
        "终止日",
    ]
)
_PERIOD: Final = frozenset(
    [
        "日期范围",
        "查询期间",
        "查询时间",
        "查询周期",
        "起止日期",
        "起止时间",
        "查询日期",
        "交易区间",
        "对账期间",
        "账期",
        "时间范围",
        "交易时间段",
        "查询时间段",
        "查询起止日期",
        "交易日期范围",
        "对账单日期",
        "期间",
        "交易期间",
        "查询区间",
    ]
)
_IN_WORDS: Final = "收入|贷方|转入|存入|入账|来账|贷"
_OUT_WORDS: Final = "支出|借方|转出|支取|取出|出账|往账|借"
_AMOUNT_TAIL: Final = "(?:交易)?(?:发生)?(?:总金额|总额|金额合计|合计金额|总计金额|累计金额|总发生额|发生总额|合计|总计|总收|总支|金额)"
_TOTAL_IN = re.compile(rf"(?:总|累计|合计|本期)?(?:{_IN_WORDS}){_AMOUNT_TAIL}")
_TOTAL_OUT = re.compile(rf"(?:总|累计|合计|本期)?(?:{_OUT_WORDS}){_AMOUNT_TAIL}")
_COUNT_IN = re.compile(rf"(?:总|累计|合计|本期)?(?:{_IN_WORDS})(?:交易)?(?:总|合计)?笔数(?:合计)?")
_COUNT_OUT = re.compile(
    rf"(?:总|累计|合计|本期)?(?:{_OUT_WORDS})(?:交易)?(?:总|合计)?笔数(?:合计)?"
)
_COUNT = re.compile(
    r"总笔数|交易总笔数|合计笔数|总记录数|记录总数|总条数|资金流水总笔数|总交易笔数"
)
# What names some currency, known to us or not.
_MONEY = re.compile(r"[A-Z]{3}|\w{1,8}(?:元|币|镑|盾|克朗|比索|卢比|铢|里亚尔|兰特|法郎)")
_LONGEST: Final = 400
_BOTH = re.compile(r"(\d[\d,]*)\s*笔\D{0,6}?([\d,]+(?:\.\d+)?)\s*元?")
_ALL = re.compile(r"共\s*(\d[\d,]*)\s*(?:笔|条)")
_PAIR = re.compile(
    r"([^\s:：，,;；|]{1,16})\s*[:：]\s*([^:：]*?)(?=\s+[^\s:：，,;；|]{1,16}\s*[:：]|[，,;；|]\s*[^\s:：，,;；|]{1,16}\s*[:：]|$)"
)
_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|(?<!\d)\d{8}(?!\d)")
_ACCOUNT = re.compile(r"[0-9*xX][0-9*xX\s\-]{2,}[0-9*xX]|\S+@\S+|\d{4,}")
# The same label once more in English: 账号[ Account No. ].
_LATIN = re.compile(r"(?<=[\u4e00-\u9fff])\s*\[[\x20-\x7e]*\]")
# Labels of two characters that a print sets wide: 户　名.
_WIDE = re.compile(r"([户账帐币卡姓余]) ([名号种额别])(?=\s*:)")
_NOISE = re.compile(r"[\s:：*\[\]【】#`']+")


@dataclass(frozen=True, slots=True)
class Head:
    """What the rows around the lines declare; "" and None where they do not.

    Amounts are kept as they are written until the currency is known.
    """

    number: str = ""
    holder: str = ""
    currency: str = ""
    opening: str = ""
    closing: str = ""
    since: date | None = None
    until: date | None = None
    said: tuple[tuple[str, str], ...] = ()
    unknown_currency: str = ""

    def joined(self, later: "Head") -> "Head":
        """This with what the other one adds; what stands first holds."""
        return Head(
            self.number or later.number,
            self.holder or later.holder,
            self.currency or later.currency,
            self.opening or later.opening,
            later.closing or self.closing,
            self.since or later.since,
            later.until or self.until,
            (*self.said, *later.said),
            self.unknown_currency or later.unknown_currency,
        )

    def totals(self, currency: str) -> Totals | None:
        """The totals that were declared for the whole file; None where there are none."""
        found = Totals()
        for label, value in self.said:
            found = _with(found, label, value, currency)
        return None if found == Totals() else found


def read_head(rows: Iterable[Row]) -> Head:
    """What these rows declare."""
    found = Head()
    listed = list(rows)
    for label, value in (*pairs(listed), *_over_values(listed)):
        found = _take(found, label, value)
    return found


def minor(text: str, currency: str) -> int | None:
    """A declared amount; None where it is empty, masked or no figure."""
    try:
        return figures.figure(text, currency)
    except Unfit:
        return None


def label_of(text: str) -> str:
    """The label without width, blanks and marks."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("帐", "账")
    plain = _LATIN.sub("", plain)
    return re.sub(r"\((?:元|人民币|cny|rmb)\)$", "", _NOISE.sub("", plain))


def pairs(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Labels with their values: in one cell behind a colon, or in the cell beside."""
    for row in rows:
        cells = [unicodedata.normalize("NFKC", cell).strip(" \t\r\n`'#") for cell in row.cells]
        filled = [cell for cell in cells if cell]
        for cell in filled:
            # A label stands near the beginning; what is longer is a notice to the reader.
            for found in _PAIR.finditer(_one_line(cell[:_LONGEST])):
                if found[2].strip():
                    yield label_of(found[1]), found[2].strip(" []")
            whole = _ALL.search(cell)
            if whole:
                yield "总笔数", whole[1]
        for one, other in pairwise(filled):
            if one.endswith(":") or ":" not in one:
                yield label_of(one), other.strip()


def _one_line(cell: str) -> str:
    """The cell with single blanks, none inside a label, and no label said twice."""
    plain = " ".join(_LATIN.sub("", cell).split())
    return _WIDE.sub(r"\1\2", plain)


def _over_values(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Labels in one row, their values in the row below: the foot of merchants' bills."""
    for upper, lower in pairwise(rows):
        labels = [label_of(cell) for cell in upper.cells]
        if sum(_is_total(label) for label in labels) > 1:
            for column, label in enumerate(labels):
                value = lower.cell(column).strip(" `'")
                if label and value:
                    yield label, value


def _take(head: Head, label: str, value: str) -> Head:
    """The head with what this label tells; of most labels what stands first holds."""
    if label in _SINCE | _UNTIL | _PERIOD:
        return _with_days(head, label, value)
    if label in _CLOSING:
        return replace(head, closing=value)
    if _is_total(label) or label in {"收入", "支出"}:
        return replace(head, said=(*head.said, (label, value)))
    if label in _CURRENCY and _MONEY.fullmatch(value) and not figures.currency(value):
        return replace(head, unknown_currency=head.unknown_currency or value)
    return Head(
        head.number or (_account_in(value) if label in _NUMBER else ""),
        head.holder or (value.strip() if label in _HOLDER else ""),
        head.currency or (figures.currency(value) if label in _CURRENCY else ""),
        head.opening or (value if label in _OPENING else ""),
        head.closing,
        head.since,
        head.until,
        head.said,
        head.unknown_currency,
    )


def _account_in(value: str) -> str:
    found = _ACCOUNT.search(value)
    return "" if found is None else re.sub(r"[\s\-]", "", found[0])


def _with_days(head: Head, label: str, value: str) -> Head:
    days = []
    for text in _DAY.findall(value):
        try:
            days.append(figures.moment(text)[0])
        except Unfit:
            continue
    if not days:
        return head
    if label in _SINCE:
        return replace(head, since=days[0])
    if label in _UNTIL:
        return replace(head, until=days[-1])
    return replace(head, since=days[0], until=days[-1]) if len(days) > 1 else head


def _count(digits: str) -> int:
    return int(digits.replace(",", "")[:12] or 0)


def _is_total(label: str) -> bool:
    patterns = (_TOTAL_IN, _TOTAL_OUT, _COUNT_IN, _COUNT_OUT, _COUNT)
    return any(pattern.fullmatch(label) for pattern in patterns)


def _with(found: Totals, label: str, value: str, currency: str) -> Totals:
    """The totals with what this label adds: a count, a sum, or both in one value."""
    both = _BOTH.search(value)
    if label in {"收入", "支出"}:
        if both is None:
            return found
        side = "in" if label == "收入" else "out"
        count, amount = _count(both[1]), minor(both[2], currency)
        return replace(found, **{f"count_{side}": count, f"total_{side}": amount})
    for pattern, name in ((_COUNT_IN, "count_in"), (_COUNT_OUT, "count_out"), (_COUNT, "count")):
        digits = re.search(r"\d[\d,]*", value)
        if pattern.fullmatch(label) and digits is not None:
            return replace(found, **{name: _count(digits[0])})
    counted = re.match(r"\s*(?:共\s*)?(\d[\d,]*)\s*笔[\s,]*(?:共计?)?\s*", value)
    amount = minor(value[counted.end() :] if counted else value, currency)
    for pattern, side in ((_TOTAL_IN, "in"), (_TOTAL_OUT, "out")):
        if pattern.fullmatch(label) and amount is not None:
            found = replace(found, **{f"total_{side}": abs(amount)})
            if counted:
                found = replace(found, **{f"count_{side}": _count(counted[1])})
            break
    return found
