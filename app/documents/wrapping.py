"""Breaking text into lines by the rules of Chinese typesetting (禁则)."""

import unicodedata
from collections.abc import Callable
from typing import Final

NO_START: Final = frozenset("，。、；：？！…—～·）】》〉」』”’〕］｝％‰℃°,.;:?!)]}%々ー")
# A box to be ticked stays with what it stands for.
NO_END: Final = frozenset("（【《〈「『“‘〔［｛￥¥$＄#＃([{№☐☑☒")
SPACES: Final = frozenset(" \u3000")
_SEAMS = frozenset("-_/")
_JOINERS = frozenset("-_/.,:@&+*=%'\\~|<>^`\"")

Width = Callable[[str], float]


def clean(text: str) -> str:
    """The text with one kind of line end, tabs as spaces, and the plain space for its kin."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unified.replace("\u00a0", " ")


def wrap(text: str, limit: float, width: Width) -> list[str]:
    """The lines of a text, none wider than `limit` unless one character alone is.

    Nothing but spaces at a break is dropped. `width` and `limit` share any unit.
    """
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        lines += _wrap_paragraph(paragraph, limit, width)
    return lines


def may_break(text: str, at: int) -> bool:
    """Whether 禁则 lets a line end before the character at this place, spaces left aside."""
    before = at - 1
    while before > 0 and text[before] in SPACES:
        before -= 1
    after = at
    while after < len(text) - 1 and text[after] in SPACES:
        after += 1
    if text[before] in NO_END or text[after] in NO_START:
        return False
    return not unicodedata.combining(text[after])


def _wrap_paragraph(text: str, limit: float, width: Width) -> list[str]:
    widths = [width(character) for character in text]
    if sum(widths) <= limit:
        return [text]
    lines = []
    start = 0
    while start < len(text):
        end = _reach(widths, start, limit)
        cut = end if end == len(text) else _cut(text, widths, start, end, limit)
        lines.append(text[start:cut].rstrip(" \u3000") if cut < len(text) else text[start:cut])
        start = cut
        while start < len(text) and text[start] in SPACES:
            start += 1
    return lines or [""]


def _reach(widths: list[float], start: int, limit: float) -> int:
    total = widths[start]
    end = start + 1
    while end < len(widths) and total + widths[end] <= limit:
        total += widths[end]
        end += 1
    return end


def _cut(text: str, widths: list[float], start: int, end: int, limit: float) -> int:
    legal = [at for at in range(end, start, -1) if may_break(text, at)]
    whole = next((at for at in legal if not _inside_word(text, at)), None)
    if whole is not None and not _too_wide(text, widths, whole, limit):
        return whole
    # A word wider than a line (a hash, a long number) has to be cut: after a hyphen if it can.
    half = (start + end) // 2
    seam = next((at for at in legal if at > half and text[at - 1] in _SEAMS), None)
    return seam or (legal[0] if legal else end)


def _inside_word(text: str, at: int) -> bool:
    return _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in _JOINERS)


def _too_wide(text: str, widths: list[float], start: int, limit: float) -> bool:
    end = start
    total = 0.0
    while end < len(text) and _is_word(text[end]) and total <= limit:
        total += widths[end]
        end += 1
    return total > limit
