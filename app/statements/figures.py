"""One cell of a statement → one value: amounts, sides, instants, currencies (domain.md §6)."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.core.errors import BadInput
from app.core.money import MINOR_DIGITS, Money
from app.payments.intake.values import Unfit, says_nothing

_SPACED = re.compile(r"[\s\u00a0]+")
_MINUS: Final = "−–—﹣"
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
_COMMA_DECIMAL = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}")
_TRAILING = re.compile(r"(.*\d)(-|DR|CR|D|C)", re.IGNORECASE)
_LEADING = re.compile(r"(DR|CR)(\d.*)", re.IGNORECASE)
_ISO = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?(?:[\sT\-]+(?P<t>\d.*))?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[\sT]*(?P<t>\d.*))?")
_LATE_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[\sT]+(?P<t>\d.*))?")
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_CLOCK = re.compile(
    r"(\d{1,2})[:.时](\d{1,2})(?:[:.分](\d{1,2}))?(?:[.,:]\d+)?秒?\s*(?:[+-]\d\d:?\d\d|Z)?"
)
# 09:30:00 that a spreadsheet took for a number.
_HOUR_CUT = re.compile(r"\d{5}")
_CLOCK_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{2})?\d*")
_YEARS: Final = (1970, 2099)
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of the wall calendar
# What nearly every cell holds.
_USUAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{2}")
_CENTS: Final = 2
_NOON: Final = 12
_OUT: Final = frozenset(
    [
        "借",
        "借方",
        "借记",
        "D",
        "DR",
        "DEBIT",
        "DBIT",
        "支出",
        "支",
        "付",
        "付款",
        "往账",
        "转出",
        "出",
        "出账",
        "取出",
        "-",
    ]
)
_IN: Final = frozenset(
    [
        "贷",
        "贷方",
        "贷记",
        "C",
        "CR",
        "CREDIT",
        "CRDT",
        "收入",
        "收",
        "收款",
        "来账",
        "转入",
        "进",
        "入账",
        "存入",
        "+",
    ]
)
_NEITHER: Final = frozenset(["不计收支", "中性交易", "其他", "/", "--", "不计"])
_CURRENCIES: Final = {
    **dict.fromkeys(["人民币", "人民币元", "RMB", "元", "¥", "本币", "01", "001", "156"], "CNY"),
    **dict.fromkeys(["美元", "$", "14", "840"], "USD"),
    **dict.fromkeys(["欧元", "€", "978"], "EUR"),
    **dict.fromkeys(["港币", "港元", "344"], "HKD"),
    "英镑": "GBP",
    "日元": "JPY",
    "新加坡元": "SGD",
    "澳元": "AUD",
    "澳大利亚元": "AUD",
    "加元": "CAD",
    "加拿大元": "CAD",
    "瑞士法郎": "CHF",
    "澳门元": "MOP",
    "新台币": "TWD",
    "韩元": "KRW",
    "泰铢": "THB",
    "卢布": "RUB",
    "俄罗斯卢布": "RUB",
    "新西兰元": "NZD",
    "丹麦克朗": "DKK",
    "瑞典克朗": "SEK",
    "挪威克朗": "NOK",
    "林吉特": "MYR",
    "印尼盾": "IDR",
    "菲律宾比索": "PHP",
    "印度卢比": "INR",
    "越南盾": "VND",
    "南非兰特": "ZAR",
    "迪拉姆": "AED",
    "沙特里亚尔": "SAR",
}
_CODE = re.compile("|".join(map(re.escape, sorted({*MINOR_DIGITS, "RMB"}))), re.IGNORECASE)
_PREFIX = re.compile(r"^[¥$€£￥]|人民币|元$")


class Side(StrEnum):
    """Which way money went, as a flag tells."""

    OUT = "OUT"
    IN = "IN"
    NEITHER = "NEITHER"


def figure(text: str, currency: str) -> int | None:
    """An amount in minor units with its sign; None for an empty cell or a dash.

    Understands 1,234.50, (5.00), 5.00-, −5, +5, ￥5, 5元, CNY 5, 5.00DR, 1 234,50 and full-width.
    Raises Unfit.
    """
    if _USUAL.fullmatch(text) and MINOR_DIGITS.get(currency) == _CENTS:
        return int(text.replace(".", ""))
    if says_nothing(text):
        return None
    plain = _plain(text)
    sign = 1
    for pattern, flag, rest in ((_TRAILING, 2, 1), (_LEADING, 1, 2)):
        found = pattern.fullmatch(plain)
        if found:
            sign = -1 if found[flag].upper() in {"-", "DR", "D"} else 1
            plain = found[rest]
            break
    if _COMMA_DECIMAL.fullmatch(plain) and not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        return sign * Money.parse(plain, currency).minor
    except BadInput as error:
        raise Unfit(f"金额“{text.strip()}”无法识别，{error.hint}") from error


def side(text: str) -> Side | None:
    """The side that a flag names; None for an empty one. Raises Unfit."""
    plain = unicodedata.normalize("NFKC", text).strip("`' \t\r\n").upper()
    if not plain or plain.isspace():
        return None
    for word in (plain, plain.split()[0], re.sub(r"\s*[(\[].*", "", plain)):
        if word in _OUT:
            return Side.OUT
        if word in _IN:
            return Side.IN
        if word in _NEITHER:
            return Side.NEITHER
    raise Unfit(f"借贷标志“{text.strip()}”无法识别，应为“借”或“贷”")


@lru_cache(maxsize=8192)
def moment(text: str, *, month_first: bool = False) -> tuple[date, time | None]:
    """The day, and the time where it stands beside it. Raises Unfit.

    month_first: of 03/12/2025 the month stands first; the year never does in that form.
    """
    plain = _SPACED.sub(" ", unicodedata.normalize("NFKC", text)).strip(" `'")
    serial = _SERIAL.fullmatch(plain)
    if serial:
        return _serial(plain)
    found = _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain)
    late = None if found else _LATE_YEAR.fullmatch(plain)
    if found is not None:
        parts, rest = (int(found["y"]), int(found["m"]), int(found["d"])), found["t"]
    elif late is not None:
        first, second = int(late[1]), int(late[2])
        month, day = (first, second) if month_first else (second, first)
        parts, rest = (int(late[3]), month, day), late["t"]
    else:
        raise Unfit(f"日期“{text.strip()}”无法识别，请写成 2026-11-23 的形式")
    try:
        on = date(*parts)
    except ValueError:
        raise Unfit(f"日期“{text.strip()}”不存在，请核对") from None
    if not _YEARS[0] <= on.year <= _YEARS[1]:
        raise Unfit(f"日期“{text.strip()}”的年份不合理，请核对")
    return on, clock(rest) if rest else None


def clock(text: str) -> time | None:
    """A time of day; None where the cell holds none. Raises Unfit for a time that is none."""
    plain = unicodedata.normalize("NFKC", text).strip(" `'")
    if says_nothing(plain):
        return None
    if _HOUR_CUT.fullmatch(plain):
        plain = f"0{plain}"
    found = _CLOCK.fullmatch(plain) or _CLOCK_COMPACT.fullmatch(plain)
    try:
        if found:
            return time(int(found[1]), int(found[2]), int(found[3] or 0))
        return datetime.fromisoformat(plain).time().replace(tzinfo=None, microsecond=0)
    except ValueError:
        raise Unfit(f"时间“{text.strip()}”无法识别，请写成 14:06:51 的形式") from None


def currency(text: str) -> str:
    """The ISO code that a cell names; "" when it names none that is known."""
    plain = unicodedata.normalize("NFKC", text).strip("`' \t").upper()
    if not plain:
        return ""
    known = _CURRENCIES.get(plain) or (plain if plain in MINOR_DIGITS else "")
    if known:
        return known
    code = _CODE.search(plain)
    if code:
        return "CNY" if code[0] == "RMB" else code[0]
    return next((c for word, c in _CURRENCIES.items() if len(word) > 1 and word in plain), "")


def is_month_first(texts: list[str]) -> bool:
    """Whether dates such as 12/31/2025 in a column have the month in front, by a day over 12."""
    for text in texts:
        found = _LATE_YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if found and int(found[2]) > _NOON:
            return True
        if found and int(found[1]) > _NOON:
            return False
    return False


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip("`' \t\r\n")
    for dash in _MINUS:
        plain = plain.replace(dash, "-")
    plain = _CODE.sub("", plain)
    plain = _SPACES.sub("", plain)
    bare = _PREFIX.sub("", plain)
    # The sign may stand before the mark: -¥5.00.
    if bare[:1] in {"+", "-", "("}:
        bare = bare[0] + _PREFIX.sub("", bare[1:])
    return bare.removeprefix("+")


def _serial(plain: str) -> tuple[date, time | None]:
    """An Excel serial, with the part of the day behind the point."""
    found = _EXCEL_EPOCH + timedelta(days=float(plain))
    rounded = (found + timedelta(milliseconds=500)).replace(microsecond=0)
    if not _YEARS[0] <= rounded.year <= _YEARS[1]:
        raise Unfit(f"日期“{plain}”的年份不合理，请核对")
    return rounded.date(), rounded.time() if "." in plain else None
