"""What a paper consists of: paragraphs and tables. All lengths are points unless named mm."""

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, Self

from app.documents.fonts import Face

MM: Final = 72 / 25.4
A4: Final = (210 * MM, 297 * MM)
# Where a letter bears the seal of the company that sends it.
SEAL_PLACE: Final = "seal"
BLACK: Final = "#000000"
RED: Final = "#C00000"
GREY: Final = "#EFEFEF"


class Align(Enum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text is set; `size` and `leading` in points.

    justified: lines but the last reach both edges, where that takes little.
    """

    face: Face = Face.BODY
    size: float = 10
    leading: float = 14
    align: Align = Align.LEFT
    color: str = BLACK
    justified: bool = False

    def but(self, **changes: object) -> Self:
        """The same style with some things changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a table; `min_height` leaves room for a signature.

    place: the name by which the room under its text is found again in the finished file.
    """

    text: str
    style: Style = Style()
    span: int = 1
    fill: str | None = None
    min_height: float = 0
    top: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells that stand side by side. `keep_next` never ends a page."""

    cells: tuple[Cell, ...]
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text. keep_next: never the last on a page, as a heading."""

    text: str
    style: Style = Style()
    before: float = 0
    after: float = 0
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under shared column weights. The first `heading` rows are repeated on each page.

    together: on one page if any page can hold it.
    """

    weights: tuple[float, ...]
    rows: tuple[Row, ...]
    heading: int = 0
    ruled: bool = True
    before: float = 0
    after: float = 0
    padding: float = 4
    together: bool = False


@dataclass(frozen=True, slots=True)
class QrCode:
    """A square code at the left edge that a camera reads as `text`; size in mm.

    place: the name by which the free room at its right, under the right third, is found again.
    """

    text: str
    size: float = 32
    before: float = 0
    after: float = 0
    place: str = ""


Block = Paragraph | Table | QrCode


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of a letter (信函格式, GB/T 9704-2012): who sends it, and under which number."""

    sender: str
    number: str


class Numbering(Enum):
    """How pages are counted: 第 1 页 共 3 页 on a form, — 2 — on a letter from its second page."""

    FORM = "form"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Document:
    """A paper before it is set. Margins are top, right, bottom, left in mm."""

    title: str
    company: str
    blocks: tuple[Block, ...]
    footer: str = ""
    watermark: str = ""
    landscape: bool = False
    margins: tuple[float, float, float, float] = (18, 16, 18, 24)
    keywords: tuple[str, ...] = field(default=())
    letterhead: Letterhead | None = None
    numbering: Numbering = Numbering.FORM
    size: tuple[float, float] = A4

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of the paper."""
        width, height = self.size
        return (height, width) if self.landscape else (width, height)
