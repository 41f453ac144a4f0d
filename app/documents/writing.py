"""Writing set documents as PDF: each as a file of its own, or all as one print file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import atan2, degrees, hypot
from typing import Any, Final

from app.documents.blocks import Document
from app.documents.embedding import SubsetFont, registered
from app.documents.fonts import Face, Font, FontBook, default_book
from app.documents.layout import Composed, compose
from app.documents.marks import BoxMark, Mark, TextMark

_RULE: Final = 0.5
_WATERMARK: Final = "#E8E8E8"


@dataclass(frozen=True, slots=True)
class PdfResult:
    """A finished file: its bytes, how many pages, and the families it was set in."""

    data: bytes
    pages: int
    font: str


def write_pdf(document: Document, book: FontBook | None = None) -> PdfResult:
    """One document as one file. Raises MissingGlyph."""
    return write_each([document], book)[0]


def write_each(documents: Iterable[Document], book: FontBook | None = None) -> list[PdfResult]:
    """A file for each document, all sharing the same font subsets. Raises MissingGlyph."""
    book = book or default_book()
    return write_composed([compose(document, book) for document in documents], book)


def write_composed(composed: Sequence[Composed], book: FontBook) -> list[PdfResult]:
    """The same for documents that are set already, in the same book."""
    subsets = subsets_of(composed, book)
    with registered(set(subsets.values())):
        return [_write([each], subsets) for each in composed]


def write_together(documents: Iterable[Document], book: FontBook | None = None) -> PdfResult:
    """All documents as one file for the printer; pages are counted within each document."""
    book = book or default_book()
    composed = [compose(document, book) for document in documents]
    subsets = subsets_of(composed, book)
    with registered(set(subsets.values())):
        return _write(composed, subsets)


def subsets_of(composed: Iterable[Composed], book: FontBook) -> dict[Face, SubsetFont]:
    """A subset of each face with exactly the characters that these documents need."""
    used: dict[Font, set[str]] = {}
    for each in composed:
        if each.document.watermark:
            used.setdefault(book.font(Face.HEAD), set()).update(each.document.watermark)
        for mark in _texts(each):
            used.setdefault(book.font(mark.style.face), set()).update(mark.text)
    made = {font: SubsetFont(font, characters) for font, characters in used.items()}
    return {face: made[book.font(face)] for face in Face if book.font(face) in made}


def _texts(composed: Composed) -> Iterable[TextMark]:
    return (mark for page in composed.pages for mark in page if isinstance(mark, TextMark))


def _write(composed: Sequence[Composed], subsets: dict[Face, SubsetFont]) -> PdfResult:
    from reportlab.pdfgen.canvas import Canvas

    first = composed[0].document
    out = BytesIO()
    # invariant: the same sheet gives the same bytes, so a filed copy can be compared.
    writer: Any = Canvas  # the stubs take a font's name for a number
    canvas: Any = writer(
        out,
        pagesize=first.page,
        invariant=1,
        initialFontName=next(iter(subsets.values())).fontName,
        lang="zh-CN",
    )
    canvas.setTitle(first.title)
    canvas.setAuthor(first.company)
    canvas.setKeywords(list(first.keywords))
    canvas.setCreator("停付管家")
    for each in composed:
        for page in each.pages:
            canvas.setPageSize(each.document.page)
            _draw_page(canvas, each.document, page, subsets)
            _name_places(canvas, page, each.document.page[1])
            canvas.showPage()
    canvas.save()
    return PdfResult(out.getvalue(), sum(len(each.pages) for each in composed), _named(subsets))


def _name_places(canvas: Any, page: Sequence[Mark], height: float) -> None:
    """Let the file tell where its named places are, as destinations that no reader shows."""
    from reportlab.pdfbase import pdfdoc

    doc = canvas._doc  # noqa: SLF001 - the writer itself only writes destinations that are linked to
    for mark in page:
        if isinstance(mark, BoxMark) and mark.place:
            known = getattr(doc.Catalog, "Dests", None) or pdfdoc.PDFDictionary()
            doc.Catalog.Dests = known
            low, high = height - mark.y - mark.height, height - mark.y
            corners = (mark.x, low, mark.x + mark.width, high)
            fit = pdfdoc.PDFName("FitR")
            known[mark.place] = pdfdoc.PDFArray([doc.thisPageRef(), fit, *corners])


def _named(subsets: dict[Face, SubsetFont]) -> str:
    families = {family: None for subset in subsets.values() for family in subset.families}
    return "、".join(families)


def _draw_page(
    canvas: Any, document: Document, page: Sequence[Mark], subsets: dict[Face, SubsetFont]
) -> None:
    height = document.page[1]
    boxes = [mark for mark in page if isinstance(mark, BoxMark)]
    canvas.setLineWidth(_RULE)
    _fill(canvas, (box for box in boxes if not box.ink), height)
    if document.watermark:
        _draw_watermark(canvas, document.watermark, document.page, subsets[Face.HEAD])
    _fill(canvas, (box for box in boxes if box.ink), height)
    for box in boxes:
        if box.framed:
            canvas.rect(box.x, height - box.y - box.height, box.width, box.height)
    _draw_texts(canvas, [mark for mark in page if isinstance(mark, TextMark)], height, subsets)


def _fill(canvas: Any, boxes: Iterable[BoxMark], height: float) -> None:
    for box in boxes:
        if box.fill:
            canvas.setFillColor(_color(box.fill))
            canvas.rect(box.x, height - box.y - box.height, box.width, box.height, stroke=0, fill=1)


def _draw_texts(
    canvas: Any, marks: Sequence[TextMark], height: float, subsets: dict[Face, SubsetFont]
) -> None:
    text = canvas.beginText()
    style = None
    color = None
    spacing = 0.0
    for mark in marks:
        if mark.style.color != color:
            color = mark.style.color
            text.setFillColor(_color(color))
        if mark.style is not style:
            style = mark.style
            text.setFont(subsets[style.face].fontName, style.size)
        if mark.spacing != spacing:
            spacing = mark.spacing
            text.setCharSpace(spacing)
        text.setTextOrigin(mark.x, height - mark.y)
        text.textOut(mark.text)
    canvas.drawText(text)


@lru_cache(maxsize=16)
def _color(name: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(name)


def _draw_watermark(canvas: Any, words: str, page: tuple[float, float], font: SubsetFont) -> None:
    width, height = page
    size = hypot(width, height) / (len(words) + 5)
    canvas.saveState()
    canvas.setFillColor(_color(_WATERMARK))
    canvas.setFont(font.fontName, size)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(degrees(atan2(height, width)))
    canvas.drawString(-font.stringWidth(words, size) / 2, -size * 0.35, words)
    canvas.restoreState()
