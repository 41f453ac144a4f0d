"""Compares the amount in words with the amount in figures."""

import re
from typing import Final

from app.core.money import Money
from app.payments.intake.values import Unfit, clean

_DIGITS: Final = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS: Final = {"拾": 10, "佰": 100, "仟": 1000}
# Banks take these simplified and traditional forms too.
_USUAL: Final = str.maketrans(
    "圆圓正一二三四五六七八九十百千〇貳參陸萬億", "元元整壹贰叁肆伍陆柒捌玖拾佰仟零贰叁陆万亿"
)
_DIGIT: Final = "[壹贰叁肆伍陆柒捌玖]"
_WHOLE = re.compile(
    rf"(?:([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?零?(?:({_DIGIT})角)?零?(?:({_DIGIT})分)?整?"
)


def check_capitals(words: str, money: Money) -> None:
    """Raises Unfit when the words are no amount, or another one than the figures."""
    if capitals_minor(words) != money.minor:
        raise Unfit(f"金额大写“{words.strip()}”与小写 {money.display()} 不一致，请核对")


def capitals_minor(words: str) -> int:
    """The amount in 分. Raises Unfit when the words break the rules of writing."""
    plain = "".join(clean(words).split()).removeprefix("人民币").lstrip(":：").translate(_USUAL)
    found = _WHOLE.fullmatch(plain)
    if found is None or not any(found.groups()):
        raise _unclear(words)
    yuan, tenths, hundredths = found.groups()
    whole = _whole(yuan, words) if yuan else 0
    return whole * 100 + _DIGITS[tenths or "零"] * 10 + _DIGITS[hundredths or "零"]


def _whole(text: str, words: str) -> int:
    high, hundred_millions, low = text.rpartition("亿")
    if hundred_millions:
        return _whole(high, words) * 10**8 + _whole(low or "零", words)
    high, ten_thousands, low = text.rpartition("万")
    if ten_thousands:
        return _section(high, words) * 10**4 + _section(low, words)
    return _section(text, words)


def _section(text: str, words: str) -> int:
    """Up to four digits with falling units: 壹仟零贰拾伍."""
    total, digit, last_unit = 0, 0, 10_000
    for character in text:
        if character in _DIGITS:
            if digit:
                raise _unclear(words)
            digit = _DIGITS[character]
            continue
        unit = _UNITS.get(character, 0)
        if not digit or not 0 < unit < last_unit:
            raise _unclear(words)
        total, digit, last_unit = total + digit * unit, 0, unit
    return total + digit


def _unclear(words: str) -> Unfit:
    return Unfit(f"金额大写“{words.strip()}”不合书写规范，请改正或清空此栏")
