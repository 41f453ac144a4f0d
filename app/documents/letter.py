"""A letter by GB/T 9704 (信函格式): text of a template, its tables, seals, and the 回执 to tear off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents.blocks import (
    MM,
    RED,
    SEAL_PLACE,
    Align,
    Block,
    Cell,
    Document,
    Letterhead,
    Numbering,
    Paragraph,
    Row,
    Style,
    Table,
)
from app.documents.fonts import Face, FontBook
from app.documents.forms import date_text
from app.documents.letter_template import Line, Part
from app.documents.writing import PdfResult, write_pdf

BODY: Final = Style(size=15.75, leading=29, justified=True)
STRONG: Final = Style(face=Face.HEAD, size=15.75, leading=29, justified=True)
TITLE: Final = Style(face=Face.TITLE, size=22, leading=34, align=Align.CENTER)
CELL: Final = Style(size=7.5, leading=11)
COLUMN: Final = Style(face=Face.HEAD, size=7.5, leading=11, align=Align.CENTER)
RIGHT: Final = BODY.but(align=Align.RIGHT, justified=False)
SEAL: Final = Style(size=10.5, leading=15)
SLIP_TEXT: Final = Style(size=12, leading=22)
DRILL: Final = Style(face=Face.HEAD, size=12, leading=18, align=Align.CENTER, color=RED)
MARGINS: Final = (37.0, 26.0, 35.0, 28.0)
SEAL_HEIGHT: Final = 34 * MM
SLIP_HEIGHT: Final = 22 * MM
_INDENT: Final = "　　"
_CUT: Final = "……………………（沿此线撕下，盖章后寄回或传真）……………………"

SIGN: Final = "落款"
SLIP: Final = "回执"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a letter's table; weight: its share of the width."""

    title: str
    weight: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a letter; total: a last row's texts, under the columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """The 回执 (domain.md §3.3): what the other side ticks, fills in and seals."""

    to: str
    lines: tuple[str, ...]
    seal: str


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """A letter before it is set. seals: the boxes to be stamped; pieces: the tables by name."""

    company: str
    drill: bool
    number: str
    lines: tuple[Line, ...]
    pieces: Mapping[str, Grid]
    dated: date
    seals: tuple[str, ...]
    slip: Slip | None = None

    @property
    def title(self) -> str:
        """The title as it stands in the text."""
        return next((line.text for line in self.lines if line.part is Part.TITLE), "")


def letter_pdf(letter: LetterPaper, book: FontBook | None = None) -> PdfResult:
    """The letter as A4 PDF with every font embedded. Raises MissingGlyph."""
    return write_pdf(letter_document(letter), book)


def letter_document(letter: LetterPaper) -> Document:
    """The letter before it is set."""
    return Document(
        title=f"{letter.title} {letter.number}",
        company=letter.company,
        blocks=tuple(_blocks(letter)),
        watermark="演练" if letter.drill else "",
        margins=MARGINS,
        keywords=(letter.number,),
        letterhead=Letterhead(letter.company, letter.number),
        numbering=Numbering.LETTER,
    )


def _blocks(letter: LetterPaper) -> Iterator[Block]:
    if letter.drill:
        yield Paragraph("【演练】本函由演练数据生成，不得对外使用", DRILL)
    for line in letter.lines:
        match line.part:
            case Part.TITLE:
                yield Paragraph(line.text, TITLE, after=BODY.leading)
            case Part.ADDRESSEE:
                yield Paragraph(line.text, BODY)
            case Part.STRONG:
                yield Paragraph(_INDENT + line.text, STRONG, keep_next=True)
            case Part.TEXT:
                yield Paragraph(_INDENT + line.text, BODY)
            case Part.PIECE:
                yield from _piece(line.text, letter)


def _piece(name: str, letter: LetterPaper) -> Iterator[Block]:
    if name == SIGN:
        yield _signed(letter)
        yield _seals(letter.seals)
    elif name == SLIP:
        if letter.slip is not None:
            yield _slip(letter.slip)
    else:
        yield grid_table(letter.pieces[name])


def grid_table(grid: Grid) -> Table:
    """The table, its head on every page that it runs over."""
    head = Row(tuple(Cell(one.title, COLUMN) for one in grid.columns), keep_next=True)
    last = (grid.total,) if grid.total else ()
    rows = tuple(
        Row(
            tuple(
                Cell(text, CELL.but(align=column.align))
                for text, column in zip(texts, grid.columns, strict=True)
            )
        )
        for texts in (*grid.rows, *last)
    )
    weights = tuple(one.weight for one in grid.columns)
    return Table(weights, (head, *rows), heading=1, before=4, after=6, padding=1.5)


def _signed(letter: LetterPaper) -> Table:
    """Who sends it and when, never parted; the seal covers both."""
    rows = (
        Row((Cell(f"{letter.company}{_INDENT}", RIGHT),), keep_next=True),
        Row((Cell(f"{date_text(letter.dated)}{_INDENT * 2}", RIGHT),)),
    )
    return Table((1,), rows, ruled=False, before=BODY.leading, padding=0, together=True)


def _seals(seals: tuple[str, ...]) -> Table:
    """Boxes to be stamped; the first is the company's own seal, be it ink or a digital one."""
    cells = tuple(
        Cell(one, SEAL, min_height=SEAL_HEIGHT, top=True, place="" if at else SEAL_PLACE)
        for at, one in enumerate(seals)
    )
    return Table((1,) * len(seals), (Row(cells),), before=8, after=4)


def _slip(slip: Slip) -> Table:
    cut = Cell(_CUT, SEAL.but(align=Align.CENTER))
    title = Cell("回　　执", TITLE.but(size=18, leading=30))
    rows = [Row((cut,)), Row((title,)), Row((Cell(slip.to, SLIP_TEXT),))]
    rows += [Row((Cell(_INDENT + line, SLIP_TEXT),)) for line in slip.lines]
    rows.append(Row((Cell(slip.seal, SLIP_TEXT, min_height=SLIP_HEIGHT, top=True),)))
    return Table((1,), tuple(rows), ruled=False, before=10, padding=0, together=True)
