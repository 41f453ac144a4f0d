"""The head and the red lines of a letter's first page (信函格式, GB/T 9704-2012; domain.md §3.1)."""

from collections.abc import Callable, Iterator
from typing import Final

from app.documents.blocks import MM, RED, Align, Letterhead, Style
from app.documents.fonts import Face
from app.documents.marks import BoxMark, Mark, TextMark

SENDER: Final = Style(face=Face.TITLE, size=26, leading=32, align=Align.CENTER, color=RED)
NUMBER: Final = Style(size=15.75, leading=29)
_TOP: Final = 30 * MM
_GAP: Final = 4 * MM
_LOW: Final = 20 * MM
_LENGTH: Final = 170 * MM
_THICK, _THIN, _APART = 2.25, 0.75, 1.5
_PAIR: Final = _THICK + _APART + _THIN
# The longest line that a name is set in; a longer one is set smaller.
_NAME_WIDTH: Final = 156 * MM

Measure = Callable[[str, Style], float]


def head_marks(
    head: Letterhead, page: tuple[float, float], right: float, measure: Measure
) -> tuple[list[Mark], float]:
    """The marks of the first page's head, and where the text under it begins.

    right: the right edge of the type area; all in points.
    """
    width, height = page
    style = SENDER
    wanted = measure(head.sender, style)
    if wanted > _NAME_WIDTH:
        style = style.but(size=style.size * _NAME_WIDTH / wanted)
    base = _TOP + style.size * 0.88
    marks: list[Mark] = [
        TextMark((width - measure(head.sender, style)) / 2, base, head.sender, style)
    ]
    line = _TOP + style.size + _GAP
    marks += _double(width, line, thick_first=True)
    marks += _double(width, height - _LOW - _PAIR, thick_first=False)
    # Under the line at a distance of 7/8 of a character, at the right edge.
    top = line + _PAIR + NUMBER.size * 7 / 8
    marks.append(
        TextMark(
            right - measure(head.number, NUMBER), top + NUMBER.size * 0.88, head.number, NUMBER
        )
    )
    # The title follows after two empty lines.
    return marks, top + NUMBER.size + NUMBER.leading


def _double(width: float, y: float, *, thick_first: bool) -> Iterator[BoxMark]:
    left = (width - _LENGTH) / 2
    for thickness in (_THICK, _THIN) if thick_first else (_THIN, _THICK):
        yield BoxMark(left, y, _LENGTH, thickness, RED, False, ink=True)
        y += thickness + _APART
