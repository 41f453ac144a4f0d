"""One cell → one value, or a Chinese sentence that says how to mend it."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from app.core.errors import BadInput
from app.core.money import MINOR_DIGITS, Money

LOSSY: Final = "{}在 Excel 中以数字保存，末位可能已丢失，请改为文本格式后重新导入"
NAME_LIMIT: Final = 60
PURPOSE_BYTES: Final = 62
SUMMARY_BYTES: Final = 102
REF_LIMIT: Final = 30
NUMBER_LIMIT: Final = 60
BANK_LIMIT: Final = 120
# decimal(15,2): the widest amount that bank messages carry
AMOUNT_LIMIT: Final = 10**15

_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u200b-\u200f\u2060\ufeff]")
_DASHES = re.compile(r"[\s\-‐‑‒–—―−]+")
_ACCOUNT = re.compile(r"\d{8,35}")
_EXPONENT = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
_TRAILING_ZERO = re.compile(r"(\d+)\.0+")
_MONEY_PREFIX = re.compile(r"^(人民币|cny|rmb)", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]+\d{1,2}:.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s+\d{1,2}:.*)?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d*)?")
_EXCEL_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
)
_PLACEHOLDERS: Final = frozenset({"-", "--", "—", "——", "/"})
_KEPT_DIGITS: Final = 15
_CENTURY: Final = (2000, 2099)
_EXCEL_EPOCH: Final = date(1899, 12, 30)

_CURRENCIES: Final = {
    "人民币": "CNY",
    "人民币元": "CNY",
    "RMB": "CNY",
    "元": "CNY",
    "¥": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "港币": "HKD",
    "港元": "HKD",
    "英镑": "GBP",
    "日元": "JPY",
    **{code: code for code in MINOR_DIGITS},
}
_KINDS: Final = {
    **dict.fromkeys(("对公", "公", "公司", "企业", "单位", "2", "COMPANY"), "COMPANY"),
    **dict.fromkeys(("对私", "私", "个人", "自然人", "1", "PERSON"), "PERSON"),
    **dict.fromkeys(("银行内部户", "内部户", "3", "INTERNAL"), "INTERNAL"),
}
_URGENCIES: Final = {
    **dict.fromkeys(("普通", "否", "不加急", "N", "NO", "0", "FALSE", "NORMAL"), "NORMAL"),
    **dict.fromkeys(("加急", "快速", "紧急", "是", "F", "Y", "YES", "1", "TRUE"), "URGENT"),
    "URGENT": "URGENT",
}
_CHANNELS: Final = {
    **dict.fromkeys(("大额", "大额支付", "大额支付系统", "02", "HVPS"), "HVPS"),
    **dict.fromkeys(("小额", "小额支付", "小额支付系统", "03", "BEPS"), "BEPS"),
    **dict.fromkeys(("超级网银", "网上支付跨行清算", "网银跨行", "05", "IBPS"), "IBPS"),
    **dict.fromkeys(("银企直连", "银企直联", "直连", "DIRECT"), "DIRECT"),
    **dict.fromkeys(("网银", "企业网银", "网上银行", "EBANK"), "EBANK"),
    **dict.fromkeys(("柜面", "柜台", "COUNTER"), "COUNTER"),
    **dict.fromkeys(("支票", "转账支票", "CHEQUE"), "CHEQUE"),
}


class Unfit(ValueError):  # noqa: N818 - a finding about a cell, not a fault
    """A cell that can't be used; its text names the cure."""


def says_nothing(text: str) -> bool:
    """Whether the cell is blank, invisible, or holds a dash that stands for nothing."""
    if not text or text.isspace() or text.strip() in _PLACEHOLDERS:
        return True
    return not text.isprintable() and not _INVISIBLE.sub("", text).strip()


def clean(text: str) -> str:
    """The text without invisible characters, with single spaces. Raises Unfit when damaged."""
    plain = " ".join(text.split())
    if not plain.isprintable():
        plain = " ".join(_INVISIBLE.sub("", text).split())
    if "\ufffd" in plain:
        raise Unfit(f"“{plain}”含有无法识别的字符，请对照原件改正")
    if plain.startswith("#") and plain.upper() in _EXCEL_ERRORS:
        raise Unfit(f"单元格是 Excel 错误值 {plain}，请修正公式或直接填写内容")
    return plain


def limited(text: str, characters: int) -> str:
    """Clean text of at most so many characters. Raises Unfit."""
    plain = clean(text)
    if len(plain) > characters:
        raise Unfit(f"有 {len(plain)} 个字，超过 {characters} 个字，请缩短")
    return plain


def payee_name(text: str) -> str:
    """The full name, as long as banks carry. Raises Unfit."""
    return limited(text, NAME_LIMIT)


def within_bytes(text: str, limit: int) -> str:
    """Clean text that fits the bank's field, counted in GBK bytes. Raises Unfit."""
    plain = clean(text)
    size = len(plain.encode("gb18030"))
    if size > limit:
        raise Unfit(f"占 {size} 字节（汉字每字 2 字节），超过银行上限 {limit} 字节，请缩短")
    return plain


def account(text: str, *, lossy: bool = False) -> str:
    """The bare digits of an account. Raises Unfit when digits are lost, hidden or too few."""
    plain = unicodedata.normalize("NFKC", clean(text)).strip("'’‘` ")
    if plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1]
    if lossy or _EXPONENT.fullmatch(plain):
        raise Unfit(LOSSY.format("账号"))
    plain = _DASHES.sub("", plain)
    decimal = _TRAILING_ZERO.fullmatch(plain)
    if decimal:
        if len(decimal[1]) > _KEPT_DIGITS:
            raise Unfit(LOSSY.format("账号"))
        plain = decimal[1]
    if "*" in plain:
        raise Unfit(f"账号“{plain}”含有 *，是遮盖后的账号，请填写完整账号")
    if not (plain.isascii() and _ACCOUNT.fullmatch(plain)):
        raise Unfit(f"账号“{plain}”应为 8 至 35 位数字，请核对")
    return plain


def amount(text: str, currency: str) -> Money:
    """A positive amount. Raises Unfit."""
    plain = _MONEY_PREFIX.sub("", clean(text)).strip()
    plain = plain.removesuffix("元").strip()
    try:
        money = Money.parse(plain, currency)
    except BadInput as error:
        raise Unfit(f"{error.message}{error.hint}") from error
    if money.minor <= 0:
        raise Unfit(f"金额“{plain}”必须大于 0，请核对")
    if money.minor >= AMOUNT_LIMIT:
        raise Unfit(f"金额“{plain}”超过银行报文的上限，请核对")
    return money


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """A date in any usual notation, an Excel serial included. Raises Unfit."""
    plain = unicodedata.normalize("NFKC", clean(text))
    found = _DAY.fullmatch(plain) or _COMPACT.fullmatch(plain)
    serial = _SERIAL.fullmatch(plain)
    try:
        if found:
            value = date(int(found[1]), int(found[2]), int(found[3]))
        elif serial:
            value = _EXCEL_EPOCH + timedelta(days=int(serial[1]))
        else:
            raise Unfit(f"日期“{plain}”无法识别，请写成 2026-11-23 的形式")
    except (ValueError, OverflowError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit(f"日期“{plain}”不存在，请核对") from error
    if not _CENTURY[0] <= value.year <= _CENTURY[1]:
        raise Unfit(f"日期“{plain}”不在 2000 至 2099 年之间，请核对")
    return value


@lru_cache(maxsize=4096)
def cnaps(text: str) -> str:
    """Twelve digits, or nothing. The check digit is judged elsewhere. Raises Unfit."""
    plain = _DASHES.sub("", unicodedata.normalize("NFKC", clean(text)).strip("'’‘` "))
    if plain and not re.fullmatch(r"[0-9]{12}", plain):
        raise Unfit(f"联行号“{plain}”应为 12 位数字，请核对")
    return plain


def currency(text: str) -> str:
    """The ISO code. Raises Unfit."""
    return _chosen(_CURRENCIES, text, "币种", "人民币、美元、欧元、港币、英镑、日元")


def payee_kind(text: str) -> str:
    """COMPANY, PERSON or INTERNAL; COMPANY when blank. Raises Unfit."""
    return _chosen(_KINDS, text, "收款方类型", "对公、对私、银行内部户") or "COMPANY"


def urgency(text: str) -> str:
    """NORMAL or URGENT; NORMAL when blank. Raises Unfit."""
    return _chosen(_URGENCIES, text, "加急", "普通、加急") or "NORMAL"


def channel(text: str) -> str:
    """The channel's code or "". Raises Unfit."""
    return _chosen(_CHANNELS, text, "支付方式", "大额、小额、超级网银、银企直连、网银、柜面、支票")


def _chosen(options: dict[str, str], text: str, label: str, allowed: str) -> str:
    plain = clean(text).upper()
    if not plain:
        return ""
    try:
        return options[plain]
    except KeyError:
        raise Unfit(f"{label}“{plain}”无法识别，请填写：{allowed}") from None
