"""A subset of a font as one Type 0 font of a PDF, shared by all files of a batch."""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from app.documents.fonts import Font
from app.documents.typefaces import UNITS

ASCENT: Final = 880
DESCENT: Final = -120
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SERIAL = count(1)
_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class _FaceName:
    def __init__(self, name: str) -> None:
        self.name = name


class SubsetFont:
    """What the PDF writer asks of a font, for exactly the characters it was made for.

    Every character has a glyph number of its own, also beyond U+FFFF, so text extracts exactly.
    """

    _multiByte = 0
    _dynamicFont = 1
    shapable = False

    def __init__(self, font: Font, characters: Iterable[str]) -> None:
        self._order = sorted(set(characters))
        self._codes = {character: code for code, character in enumerate(self._order, 1)}
        self._widths = [font.width(character) for character in self._order]
        program = _program([font.typeface(c).outline(c) for c in self._order], self._widths)
        self._length = len(program)
        self._program = zlib.compress(program, 6)
        self._to_unicode = zlib.compress(to_unicode(self._order).encode("ascii"), 6)
        self.base_name = f"{_tag(program)}+{font.chain[0].postscript_name}"
        self.families = sorted({font.typeface(c).family for c in self._order if c.strip()})
        self.fontName = f"subset-{next(_SERIAL)}"
        self.face = _FaceName(self.fontName)

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: ARG002
        return sum(self._widths[self._codes[c] - 1] for c in text) * size / UNITS

    def splitString(self, text: str, _doc: Any) -> list[tuple[int, bytes]]:
        """The text as glyph numbers of subset 0, the only one."""
        return [(0, b"".join(self._codes[c].to_bytes(2, "big") for c in text))]

    def getSubsetInternalName(self, _subset: int, doc: Any) -> str:
        """What the document's pages call this font."""
        if self.fontName not in doc.fontMapping:
            doc.fontMapping[self.fontName] = f"/F{len(doc.fontMapping) + 1}"
            doc.delayedFonts.append(self)
        name: str = doc.fontMapping[self.fontName]
        return name

    def addObjects(self, doc: Any) -> None:
        """Put this font into the document being written."""
        from reportlab.pdfbase import pdfdoc

        name = doc.fontMapping[self.fontName][1:]
        to_map = doc.Reference(_stream(self._to_unicode), f"toUnicode:{name}")
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": f"/{self.base_name}",
                "CIDSystemInfo": "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
                "CIDToGIDMap": "/Identity",
                "DW": UNITS,
                "W": f"[1 [{' '.join(map(str, self._widths))}]]",
                "FontDescriptor": doc.Reference(self._descriptor(doc, name), f"descriptor:{name}"),
            }
        )
        whole = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": f"/{self.base_name}",
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"cid:{name}")]),
                "ToUnicode": to_map,
            }
        )
        doc.idToObject["BasicFonts"].dict[name] = doc.Reference(whole, f"font:{name}")

    def _descriptor(self, doc: Any, name: str) -> Any:
        from reportlab.pdfbase import pdfdoc

        program = _stream(self._program)
        program.dictionary["Length1"] = self._length
        return pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{self.base_name}",
                "Flags": 4,
                "FontBBox": f"[-200 {DESCENT * 3} {UNITS * 2} {UNITS + 200}]",
                "ItalicAngle": 0,
                "Ascent": ASCENT,
                "Descent": DESCENT,
                "CapHeight": 730,
                "StemV": 80,
                "FontFile2": doc.Reference(program, f"fontFile:{name}"),
            }
        )


@contextmanager
def registered(fonts: Iterable[SubsetFont]) -> Iterator[None]:
    """The PDF writer knows these fonts inside the block, and forgets them after it."""
    from reportlab.pdfbase import pdfmetrics

    registry: Any = pdfmetrics
    names = [font.fontName for font in fonts]
    for font in fonts:
        registry.registerFont(font)
    try:
        yield
    finally:
        # The registry offers no public way out; a batch program must not grow for ever.
        for name in names:
            registry._fonts.pop(name, None)  # noqa: SLF001
            registry._dynFaceNames.pop(name, None)  # noqa: SLF001


def to_unicode(order: Iterable[str]) -> str:
    """The map from glyph numbers (from 1 on) back to text, pairs of surrogates included."""
    lines = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(order, 1)
    ]
    parts = [
        f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar\n"
        for chunk in (lines[at : at + 100] for at in range(0, len(lines), 100))
    ]
    return _CMAP_HEAD + "".join(parts) + _CMAP_TAIL


def _program(outlines: list[Any], widths: list[int]) -> bytes:
    """A TrueType font with these glyphs behind an empty .notdef."""
    from io import BytesIO

    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = [".notdef", *(f"g{number}" for number in range(1, len(outlines) + 1))]
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupGlyf(dict(zip(names, [TTGlyphPen(None).glyph(), *outlines], strict=True)))
    table = builder.font["glyf"]
    bearings = [getattr(table[name], "xMin", 0) for name in names]
    pairs = zip([UNITS, *widths], bearings, strict=True)
    builder.setupHorizontalMetrics(dict(zip(names, pairs, strict=True)))
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    # A fixed date: the same characters give the same file.
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    out = BytesIO()
    builder.font.save(out)
    return out.getvalue()


def _stream(compressed: bytes) -> Any:
    from reportlab.pdfbase import pdfdoc

    stream = pdfdoc.PDFStream(content=compressed)
    stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    return stream


def _tag(program: bytes) -> str:
    (number,) = struct.unpack(">Q", hashlib.sha256(program).digest()[:8])
    letters = []
    for _ in range(6):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)
