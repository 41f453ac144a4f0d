"""One font file, read a character at a time: widths for layout, outlines for embedding."""

from collections.abc import Callable
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import RLock
from typing import Any, Final

UNITS: Final = 1000
DIGITS: Final = "0123456789"
_RESTRICTED = 0x0002
_BOX = ((80, -60), (920, -60), (920, 780), (80, 780))
_HOLE = ((140, 0), (140, 720), (860, 720), (860, 0))
_TICK = ((230, 385), (290, 445), (430, 290), (720, 610), (780, 550), (430, 165))
_CROSS = (
    ((245, 165), (305, 105), (755, 555), (695, 615)),
    ((245, 555), (695, 105), (755, 165), (305, 615)),
)
# Few Chinese fonts hold ballot boxes; drawn here they also extract as text, unlike lines on a page.
BALLOTS: Final = {
    "☐": (_BOX, _HOLE),
    "☑": (_BOX, _HOLE, _TICK),
    "☒": (_BOX, _HOLE, *_CROSS),
}


class Typeface:
    """A font file whose characters are measured and outlined on demand, each only once.

    Every width and outline is in thousandths of the type size.
    """

    def __init__(self, path: Path, number: int = -1) -> None:
        self.path = path
        self._number = number
        self._lock = RLock()
        self._outlines: dict[str, Any] = {}
        self._widths: dict[str, int] = {}

    @cached_property
    def _font(self) -> Any:
        from fontTools.ttLib import TTFont

        # Mapped rather than opened: no handle stays open for as long as the program runs.
        with self.path.open("rb") as file:
            mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
        return TTFont(mapped, lazy=True, fontNumber=self._number)

    @cached_property
    def _cmap(self) -> dict[int, str]:
        cmap: dict[int, str] = self._font.getBestCmap() or {}
        return cmap

    @cached_property
    def _glyphs(self) -> Any:
        return self._font.getGlyphSet()

    @cached_property
    def _scale(self) -> float:
        return UNITS / float(self._font["head"].unitsPerEm)

    @property
    def family(self) -> str:
        """The family's name as its maker wrote it: "Noto Serif SC"."""
        return str(self._font["name"].getDebugName(1) or self.path.stem)

    @cached_property
    def postscript_name(self) -> str:
        name = str(self._font["name"].getDebugName(6) or "")
        return "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_")) or "Face"

    @property
    def may_be_embedded(self) -> bool:
        """Whether the maker allows embedding, which a filed document needs."""
        return "OS/2" not in self._font or not self._font["OS/2"].fsType & _RESTRICTED

    @property
    def is_truetype(self) -> bool:
        return "glyf" in self._font

    def names(self) -> set[str]:
        """Every family name in the file, in every language."""
        return {str(record) for record in self._font["name"].names if record.nameID in {1, 4, 16}}

    def has(self, character: str) -> bool:
        with self._lock:
            return character in BALLOTS or ord(character) in self._cmap

    def width(self, character: str) -> int:
        """The advance of a character that the face has. Digits share one width, for columns."""
        found = self._widths.get(character)
        if found is None:
            with self._lock:
                found = self._widths[character] = self._measure(character)
        return found

    def _measure(self, character: str) -> int:
        if character in BALLOTS:
            return UNITS
        if character in DIGITS:
            return max(self._advance(digit) for digit in DIGITS if self.has(digit))
        return self._advance(character)

    def _advance(self, character: str) -> int:
        advance, _bearing = self._font["hmtx"].metrics[self._cmap[ord(character)]]
        return round(float(advance) * self._scale)

    def outline(self, character: str) -> Any:
        """The character as a quadratic outline, ready for an embedded TrueType font."""
        with self._lock:
            if character not in self._outlines:
                self._outlines[character] = self._draw(character)
            return self._outlines[character]

    def _draw(self, character: str) -> Any:
        from fontTools.pens.ttGlyphPen import TTGlyphPen

        pen = TTGlyphPen(None)
        if character in BALLOTS:
            draw_ballot(pen, character)
        else:
            self._source(character)(self._adapted(pen, character))
        return pen.glyph()

    def _source(self, character: str) -> Callable[[Any], None]:
        source: Callable[[Any], None] = self._glyphs[self._cmap[ord(character)]].draw
        return source

    def _adapted(self, pen: Any, character: str) -> Any:
        from fontTools.pens.cu2quPen import Cu2QuPen
        from fontTools.pens.filterPen import DecomposingFilterPen
        from fontTools.pens.transformPen import TransformPen

        shift = (self.width(character) - self._advance(character)) / 2
        if not self.is_truetype:
            # Cubic outlines run the other way round than quadratic ones.
            pen = Cu2QuPen(pen, max_err=1.0, reverse_direction=True)
        if self._scale != 1 or shift:
            pen = TransformPen(pen, (self._scale, 0, 0, self._scale, shift, 0))
        return DecomposingFilterPen(pen, self._glyphs)


def draw_ballot(pen: Any, character: str) -> None:
    for outline in BALLOTS[character]:
        pen.moveTo(outline[0])
        for point in outline[1:]:
            pen.lineTo(point)
        pen.closePath()
