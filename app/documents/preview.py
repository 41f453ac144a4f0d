"""Finished PDF files looked at: pages as pictures, their text, and where words stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from app.documents.errors import UnreadablePdf

_POINTS_PER_INCH: Final = 72
# The renderer's library is not safe to enter from two threads.
RENDERER: Final = Lock()


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page in pixels; `rgba` holds four bytes for each, rows from the top, no padding."""

    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a searched text stands: page from 0, and a box for each line it runs over.

    A box is left, top, right, bottom in points from the page's upper left corner.
    """

    page: int
    boxes: tuple[tuple[float, float, float, float], ...]


def page_count(data: bytes) -> int:
    """Raises UnreadablePdf."""
    with _opened(data) as document:
        return len(document)


def page_sizes(data: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points. Raises UnreadablePdf."""
    with _opened(data) as document:
        return [document.get_page_size(number) for number in range(len(document))]


def render_page(data: bytes, page: int, dpi: float) -> PageImage:
    """A page (from 0) on white paper. Raises UnreadablePdf."""
    from pypdfium2 import raw

    with _page(data, page) as leaf:
        bitmap = leaf.render(
            scale=dpi / _POINTS_PER_INCH,
            force_bitmap_format=raw.FPDFBitmap_BGRA,
            rev_byteorder=True,
            fill_color=(255, 255, 255, 255),
        )
        try:
            return PageImage(bitmap.width, bitmap.height, bytes(bitmap.buffer))
        finally:
            bitmap.close()


def page_text(data: bytes, page: int) -> str:
    """The text of a page (from 0), a line end between lines. Raises UnreadablePdf."""
    with _page(data, page) as leaf, _text_of(leaf) as text:
        found: str = text.get_text_range()
        return found.replace("\r\n", "\n")


def find_text(data: bytes, words: str) -> list[Hit]:
    """Every place of the words, whatever their case and wherever lines break; none for blanks.

    Raises UnreadablePdf.
    """
    wanted = _units(words)
    hits: list[Hit] = []
    with _opened(data) as document:
        for number in range(len(document) if wanted else 0):
            leaf = document[number]
            try:
                with _text_of(leaf) as text:
                    hits += _hits(text, wanted, number, leaf.get_height())
            finally:
                leaf.close()
    return hits


def _hits(text: Any, wanted: str, page: int, height: float) -> Iterator[Hit]:
    # The library's own search finds nothing beyond U+FFFF and nothing across a line end.
    from pypdfium2 import raw

    every = (chr(raw.FPDFText_GetUnicode(text, at)) for at in range(text.count_chars()))
    units = [(at, unit) for at, unit in enumerate(every) if not unit.isspace()]
    haystack = "".join(unit if len(unit.lower()) != 1 else unit.lower() for _, unit in units)
    start = haystack.find(wanted)
    while start >= 0:
        first, last = units[start][0], units[start + len(wanted) - 1][0]
        count = text.count_rects(first, last - first + 1)
        rects = [text.get_rect(number) for number in range(count)]
        boxes = [(left, height - top, right, height - low) for left, low, right, top in rects]
        yield Hit(page, tuple(boxes))
        start = haystack.find(wanted, start + len(wanted))


def _units(words: str) -> str:
    """The words in the library's own units (UTF-16), without blanks and capitals."""
    packed = "".join(words.lower().split()).encode("utf-16-le")
    return "".join(
        chr(int.from_bytes(packed[at : at + 2], "little")) for at in range(0, len(packed), 2)
    )


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    import pypdfium2

    with RENDERER:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf("该文件不是完整的 PDF，无法预览。") from error
        try:
            # Without it the mark of a signature is not drawn.
            document.init_forms()
            yield document
        finally:
            document.close()


@contextmanager
def _page(data: bytes, number: int) -> Iterator[Any]:
    with _opened(data) as document:
        if not 0 <= number < len(document):
            raise UnreadablePdf(f"该文件共 {len(document)} 页，没有第 {number + 1} 页。")
        leaf = document[number]
        try:
            yield leaf
        finally:
            leaf.close()


@contextmanager
def _text_of(leaf: Any) -> Iterator[Any]:
    text = leaf.get_textpage()
    try:
        yield text
    finally:
        text.close()
