"""Setting a document: blocks become marks at places on pages."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from app.documents.blocks import (
    MM,
    Align,
    Block,
    Cell,
    Document,
    Numbering,
    Paragraph,
    QrCode,
    Row,
    Style,
    Table,
)
from app.documents.codes import qr_marks
from app.documents.fonts import Face, FontBook
from app.documents.letterhead import head_marks
from app.documents.marks import BoxMark, Mark, TextMark
from app.documents.typefaces import UNITS
from app.documents.wrapping import wrap

_ASCENT: Final = 0.88
_FOOTER: Final = Style(size=8.5, leading=12, color="#444444")
_PAGE_NUMBER: Final = Style(face=Face.TITLE, size=14, leading=14)
# Wider than this (in characters a line) a gap is left at the end instead of being shared out.
_MOST_SHARED: Final = 2
# Widths are sums of binary fractions; a hair more than the column still fits.
_SLACK: Final = 0.01


@dataclass(frozen=True, slots=True)
class Composed:
    """A document whose every mark has its page and place."""

    document: Document
    pages: tuple[tuple[Mark, ...], ...]


def compose(document: Document, book: FontBook) -> Composed:
    """Set the document. Raises MissingGlyph when a character can't be drawn."""
    setter = _Setter(document, book)
    for block in document.blocks:
        setter.put(block)
    pages = setter.pages
    feet = (setter.foot(number, len(pages)) for number in range(1, len(pages) + 1))
    return Composed(document, tuple((*page, *foot) for page, foot in zip(pages, feet, strict=True)))


def text_width(text: str, style: Style, book: FontBook) -> float:
    """Points. Raises MissingGlyph."""
    font = book.font(style.face)
    return sum(font.width(character) for character in text) * style.size / UNITS


def lines_of(text: str, style: Style, limit: float, book: FontBook) -> list[str]:
    """The text in lines of at most `limit` points. Raises MissingGlyph."""
    return wrap(text, (limit + _SLACK) * UNITS / style.size, book.font(style.face).width)


@dataclass(frozen=True, slots=True)
class _SetCell:
    cell: Cell
    x: float
    width: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _SetRow:
    cells: tuple[_SetCell, ...]
    side: float
    padding: float
    keep_next: bool = False

    @property
    def height(self) -> float:
        return max(
            max(len(each.lines) * each.cell.style.leading, each.cell.min_height)
            for each in self.cells
        ) + (2 * self.padding)

    def divide(self, height: float) -> tuple["_SetRow", "_SetRow"] | None:
        """This row in two, the first at most `height` high; None when not a line fits."""
        room = height - 2 * self.padding
        counts = [int(room // each.cell.style.leading) for each in self.cells]
        if min(counts) < 1:
            return None
        head = [_part(each, 0, n) for each, n in zip(self.cells, counts, strict=True)]
        tail = [_part(each, n, None) for each, n in zip(self.cells, counts, strict=True)]
        return replace(self, cells=tuple(head)), replace(self, cells=tuple(tail))


def _part(each: _SetCell, start: int, end: int | None) -> _SetCell:
    return replace(
        each, lines=each.lines[start:end], cell=replace(each.cell, min_height=0, top=True)
    )


@dataclass
class _Setter:
    document: Document
    book: FontBook
    pages: list[list[Mark]] = field(default_factory=lambda: [[]])

    def __post_init__(self) -> None:
        top, right, bottom, left = (margin * MM for margin in self.document.margins)
        width, height = self.document.page
        self.left, self.top = left, top
        self.width = width - left - right
        self.bottom = height - bottom
        self.y = top
        if self.document.letterhead is not None:
            marks, self.y = head_marks(
                self.document.letterhead, (width, height), width - right, self._measure
            )
            self.pages[0] += marks

    def put(self, block: Block) -> None:
        if self.y > self.top:
            self.y += block.before
        match block:
            case Paragraph():
                self._paragraph(block)
            case Table():
                self._table(block)
            case QrCode():
                self._code(block)
        self.y += block.after

    def foot(self, number: int, total: int) -> Iterator[Mark]:
        """The page's last line: what the paper is, and 第 x 页 共 y 页; on a letter its number."""
        if self.document.numbering is Numbering.LETTER:
            yield from self._letter_foot(number)
            return
        y = self.bottom + 7 * MM
        style = _FOOTER
        pages = f"第 {number} 页  共 {total} 页"
        width = text_width(pages, style, self.book)
        yield TextMark(self.left + self.width - width, y, pages, style)
        if self.document.footer:
            limit = self.width - width - 6 * MM
            for at, line in enumerate(lines_of(self.document.footer, style, limit, self.book)):
                yield TextMark(self.left, y + at * style.leading, line, style)

    def _letter_foot(self, number: int) -> Iterator[Mark]:
        """— 2 —, one character in from the outer edge; a letter's first page has none."""
        if number == 1:
            return
        style, said = _PAGE_NUMBER, f"— {number} —"
        width = self._measure(said, style)
        odd = number % 2 == 1
        x = self.left + self.width - width - style.size if odd else self.left + style.size
        yield TextMark(x, self.bottom + 7 * MM + style.size * _ASCENT, said, style)

    def _measure(self, text: str, style: Style) -> float:
        return text_width(text, style, self.book)

    def _code(self, block: QrCode) -> None:
        size = block.size * MM
        if self.y + size > self.bottom:
            self._new_page()
        self.pages[-1] += qr_marks(block.text, self.left, self.y, size)
        if block.place:
            third = self.width / 3
            room = (self.left + 2 * third, self.y, third, size)
            self.pages[-1].append(BoxMark(*room, None, False, place=block.place))
        self.y += size

    def _new_page(self) -> None:
        self.pages.append([])
        self.y = self.top

    def _paragraph(self, block: Paragraph) -> None:
        style = block.style
        lines = lines_of(block.text, style, self.width, self.book)
        if block.keep_next and self.y + (len(lines) + 1) * style.leading > self.bottom:
            self._new_page()
        for at, line in enumerate(lines, start=1):
            if self.y + style.leading > self.bottom:
                self._new_page()
            shared = style.justified and at < len(lines)
            self._line(line, style, self.left, self.width, self.y, shared=shared)
            self.y += style.leading

    def _line(
        self, line: str, style: Style, left: float, width: float, y: float, *, shared: bool = False
    ) -> None:
        """A line at its place; shared: what it is short of the width lies between its letters."""
        if not line:
            return
        free = width - self._measure(line, style)
        shift = {Align.LEFT: 0.0, Align.CENTER: free / 2, Align.RIGHT: free}[style.align]
        base = y + (style.leading - style.size) / 2 + style.size * _ASCENT
        few = 0 < free <= _MOST_SHARED * style.size and len(line) > 1
        spacing = free / (len(line) - 1) if shared and few else 0.0
        self.pages[-1].append(TextMark(left + shift, base, line, style, spacing))

    def _table(self, table: Table) -> None:
        rows = [self._set_row(table, row) for row in table.rows]
        heading = rows[: table.heading]
        if sum(row.height for row in heading) > self._full() / 2:
            # Repeated, it would leave no room for the rows themselves.
            heading = []
        whole = sum(row.height for row in rows)
        first = sum(row.height for row in rows[: len(heading) + 1])
        needed = whole if table.together and whole <= self._full() else first
        if self.y + min(needed, self._full()) > self.bottom:
            self._new_page()
        for row in heading:
            self._draw(row, ruled=table.ruled)
        body = rows[len(heading) :]
        for at, row in enumerate(body):
            follower = body[at + 1].height if row.keep_next and at + 1 < len(body) else 0.0
            self._place(row, follower, heading, ruled=table.ruled)

    def _full(self) -> float:
        return self.bottom - self.top

    def _place(self, row: _SetRow, follower: float, heading: list[_SetRow], *, ruled: bool) -> None:
        """Draw a row here or on the next page; one that no page can hold is divided."""
        capacity = self._full() - sum(each.height for each in heading)
        while self.y + row.height > self.bottom and row.height > capacity:
            parts = row.divide(self.bottom - self.y)
            if parts is not None:
                self._draw(parts[0], ruled=ruled)
                row = parts[1]
            self._continue(heading, ruled=ruled)
        if self.y + min(row.height + follower, capacity) > self.bottom:
            self._continue(heading, ruled=ruled)
        self._draw(row, ruled=ruled)

    def _continue(self, heading: list[_SetRow], *, ruled: bool) -> None:
        self._new_page()
        for row in heading:
            self._draw(row, ruled=ruled)

    def _set_row(self, table: Table, row: Row) -> _SetRow:
        unit = self.width / sum(table.weights)
        cells = []
        at = 0
        x = self.left
        for cell in row.cells:
            width = sum(table.weights[at : at + cell.span]) * unit
            inner = width - 2 * table.padding
            lines = lines_of(cell.text, cell.style, inner, self.book)
            cells.append(_SetCell(cell, x, width, tuple(lines)))
            at += cell.span
            x += width
        return _SetRow(tuple(cells), table.padding, table.padding * 0.6, row.keep_next)

    def _draw(self, row: _SetRow, *, ruled: bool) -> None:
        height = row.height
        for each in row.cells:
            if ruled or each.cell.fill:
                box = BoxMark(each.x, self.y, each.width, height, each.cell.fill, ruled)
                self.pages[-1].append(box)
            self._cell_text(each, row, height)
        self.y += height

    def _cell_text(self, each: _SetCell, row: _SetRow, height: float) -> None:
        style = each.cell.style
        free = height - len(each.lines) * style.leading
        y = self.y + (row.padding if each.cell.top else free / 2)
        for line in each.lines:
            self._line(line, style, each.x + row.side, each.width - 2 * row.side, y)
            y += style.leading
        if each.cell.place:
            low = self.y + height - row.padding
            room = (each.x + row.side, y, each.width - 2 * row.side, low - y)
            self.pages[-1].append(BoxMark(*room, None, False, place=each.cell.place))
