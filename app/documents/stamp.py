"""The mark that a signed paper bears for eyes: who signed it, when, and under which number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.core.clock import SHANGHAI, local_seconds
from app.documents.blocks import MM, RED, Align, Document, Style
from app.documents.fonts import Face, FontBook
from app.documents.layout import Composed, lines_of, text_width
from app.documents.marks import BoxMark, Mark, TextMark
from app.documents.writing import write_composed

_TITLE: Final = "数字签章"
# The largest that is drawn, and the least that is left at each side of its place; points.
_MOST: Final = (52 * MM, 26 * MM)
_CLEAR: Final = 2.0
_THICK, _THIN, _APART, _PADDING = 1.4, 0.4, 1.2, 3.0
_FRAME: Final = _THICK + _APART + _THIN
_INSIDE: Final = _FRAME + _PADDING
_SIZES: Final = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0, 3.5)
_LINES, _READABLE = 5, 7.0
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the mark says beside the signer's name. number: 文号; at: when it is signed."""

    company: str
    number: str
    at: datetime
    tz: ZoneInfo = SHANGHAI


def stamp_size(width: float, height: float) -> tuple[float, float]:
    """How large the mark is in a place of that size."""
    return min(_MOST[0], width - 2 * _CLEAR), min(_MOST[1], height - 2 * _CLEAR)


def stamp_pdf(stamp: Stamp, signer: str, size: tuple[float, float], book: FontBook) -> bytes:
    """The mark as a page of that size, its fonts embedded. Raises MissingGlyph."""
    document = Document(f"{_TITLE} {stamp.number}", stamp.company, (), size=size)
    marks = (*_frame(*size), *_texts(stamp, signer, size, book))
    return write_composed([Composed(document, (marks,))], book)[0].data


def _frame(width: float, height: float) -> Iterator[Mark]:
    """A thick line with a thin one in it, as seals have."""
    for inset, line in ((0.0, _THICK), (_THICK + _APART, _THIN)):
        wide, high = width - 2 * inset, height - 2 * inset
        for x, y, w, h in (
            (inset, inset, wide, line),
            (inset, height - inset - line, wide, line),
            (inset, inset, line, high),
            (width - inset - line, inset, line, high),
        ):
            yield BoxMark(x, y, w, h, RED, False, ink=True)


def _texts(stamp: Stamp, signer: str, size: tuple[float, float], book: FontBook) -> Iterator[Mark]:
    """The lines as large as they fit, spread over the height."""
    width, height = size[0] - 2 * _INSIDE, size[1] - 2 * _INSIDE
    lines = _fitting(stamp, signer, (width, height), book)
    needed = sum(style.leading for _, style in lines)
    spare = max(0.0, height - needed) / len(lines)
    y = _INSIDE + spare / 2
    for text, style in lines:
        free = width - text_width(text, style, book)
        x = _INSIDE + (free / 2 if style.align is Align.CENTER else 0)
        yield TextMark(x, y + style.size * 0.95, text, style)
        y += style.leading + spare


def _fitting(
    stamp: Stamp, signer: str, room: tuple[float, float], book: FontBook
) -> list[tuple[str, Style]]:
    """The lines in the largest size that the room holds, rather a little smaller than broken."""
    every = [_lines(stamp, signer, most, room[0], book) for most in _SIZES]
    fitting = [one for one in every if sum(style.leading for _, style in one) <= room[1]]
    whole = [one for one in fitting if len(one) == _LINES and one[0][1].size >= _READABLE]
    return next(iter((*whole, *fitting)), every[-1])


def _lines(
    stamp: Stamp, signer: str, most: float, width: float, book: FontBook
) -> list[tuple[str, Style]]:
    head = Style(Face.HEAD, most, most * 1.25, Align.CENTER, RED)
    name = head.but(size=most * 0.95, leading=most * 1.2)
    small = Style(Face.HEAD, most * 0.78, most * 1.05, color=RED)
    said = (
        (_TITLE, head),
        (stamp.company, name),
        (f"签名人：{_shown(signer)}", small),
        (f"时　间：{local_seconds(stamp.at, stamp.tz)}", small),
        (f"文　号：{stamp.number}", small),
    )
    return [(line, style) for text, style in said for line in lines_of(text, style, width, book)]


def _shown(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
