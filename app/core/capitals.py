"""Amounts in Chinese capitals, written in one form and read in every permitted one (domain §3.6)."""

import re
from typing import Final

from app.core.errors import BadInput
from app.core.money import Money

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿")
_TRILLIONS: Final = 3
_TOP: Final = 10**16
# Lists typed by hand hold these too; what is written here is always in the full forms.
_SAME: Final = str.maketrans(
    "圆圓正一二三四五六七八九十百千〇貳參叄陸萬億", "元元整壹贰叁肆伍陆柒捌玖拾佰仟零贰叁叁陆万亿"
)
_FORM: Final = re.compile(
    r"(?P<negative>负)?(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?"
    r"零?(?:(?P<jiao>[壹贰叁肆伍陆柒捌玖])角)?零?(?:(?P<fen>[壹贰叁肆伍陆柒捌玖])分)?整?"
)
# Where a 零 may stand or not. After 亿 it must stand if the 万 are empty: 壹亿零柒仟元.
_OPTIONAL: Final = re.compile(
    r"(?<=万)零(?=[^零万亿]仟)|(?<=亿)零(?=[^零万亿]仟[^亿元]*万)|(?<=元)零(?=[^零]角)|(?<=角)整$"
)


class BadCapitals(BadInput):
    code = "INP-012"
    remedy = "请按“壹仟贰佰叁拾肆元伍角整”的格式书写。"


def to_capitals(money: Money, *, prefix: bool = False) -> str:
    """The amount of yuan in capitals, with 人民币 in front where asked; "整" after 元 and 角."""
    if money.currency != "CNY":
        raise BadInput("大写金额只用于人民币。")
    if abs(money.minor) >= _TOP:
        raise BadInput("金额过大，无法写成大写。")
    yuan, cents = divmod(abs(money.minor), 100)
    jiao, fen = divmod(cents, 10)
    text = _whole(yuan) + "元" if yuan or not cents else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif fen and yuan:
        text += "零"
    text += _DIGITS[fen] + "分" if fen else "整"
    return ("人民币" if prefix else "") + ("负" if money.minor < 0 else "") + text


def parse_capitals(text: str) -> Money:
    """The amount that the capitals say, in any permitted form. Raises BadCapitals."""
    plain = "".join(text.split()).removeprefix("人民币").lstrip(":：").translate(_SAME)
    match = _FORM.fullmatch(plain)
    if match is None or not any(match.group("yuan", "jiao", "fen")):
        raise BadCapitals(f"“{text}”不是有效的大写金额。")
    minor = _read(match["yuan"] or "") * 100 + _digit(match["jiao"]) * 10 + _digit(match["fen"])
    if minor >= _TOP:
        raise BadCapitals(f"“{text}”的金额过大。")
    money = Money(-minor if match["negative"] else minor)
    # Digits read loosely are taken only if writing the amount again gives the same words.
    if _OPTIONAL.sub("", to_capitals(money)) != _OPTIONAL.sub("", plain):
        raise BadCapitals(f"“{text}”的书写不合规范。")
    return money


def _whole(yuan: int) -> str:
    if yuan == 0:
        return "零"
    groups: list[int] = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in reversed(range(len(groups))):
        group = groups[place]
        if group == 0:
            gap = True
            continue
        if text and (gap or group < 1000):  # noqa: PLR2004 - its 千位 is empty
            text += "零"
        text += _four(group) + _unit(groups, place)
        gap = group % 10 == 0
    return text


def _unit(groups: list[int], place: int) -> str:
    """万 or 亿; the thousands of 亿 carry their own 亿 only where no 亿 follows."""
    if place == _TRILLIONS:
        return "万" if groups[2] else "万亿"
    return _GROUPS[place]


def _four(group: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
        gap = digit == 0
    return text


def _digit(character: str | None) -> int:
    return 0 if character is None else _DIGITS.index(character)


def _read(whole: str) -> int:
    high = low = section = digit = 0
    for character in whole:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in _PLACES:
            section += digit * 10 ** _PLACES.index(character)
            digit = 0
        elif character == "万":
            low += (section + digit) * 10_000
            section = digit = 0
        else:
            high += (low + section + digit) * 100_000_000
            low = section = digit = 0
    return high + low + section + digit
