"""A square code for cameras, as boxes on a page."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from app.documents.blocks import BLACK
from app.documents.marks import BoxMark

# So that a code is still read where a fold or a stamp covers 15 of 100 parts of it.
_CORRECTION: Final = "M"
_MARGIN: Final = 4


def qr_marks(text: str, x: float, y: float, size: float) -> Iterator[BoxMark]:
    """The code's dark squares, its quiet margin included in `size` (points)."""
    rows = modules(text)
    unit = size / (len(rows) + 2 * _MARGIN)
    for down, row in enumerate(rows):
        across = 0
        for dark, run in groupby(row):
            count = len(list(run))
            if dark:
                left, top = x + (across + _MARGIN) * unit, y + (down + _MARGIN) * unit
                yield BoxMark(left, top, count * unit, unit, BLACK, False, ink=True)
            across += count


def modules(text: str) -> list[list[bool]]:
    """The squares of the code, row by row; True is dark."""
    from reportlab.graphics.barcode import qrencoder

    level: Any = getattr(qrencoder.QRErrorCorrectLevel, _CORRECTION)
    code: Any = qrencoder.QRCode(None, level)
    code.addData(text)
    code.make()
    return [[bool(dark) for dark in row] for row in code.modules]
