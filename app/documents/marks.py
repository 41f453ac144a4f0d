"""What stands on a page once a document is set: texts and boxes at their places."""

from dataclasses import dataclass

from app.documents.blocks import Style


@dataclass(frozen=True, slots=True)
class TextMark:
    """A line of text; x, y is the left end of its baseline, y counted down from the top.

    spacing: points added between its characters.
    """

    x: float
    y: float
    text: str
    style: Style
    spacing: float = 0


@dataclass(frozen=True, slots=True)
class BoxMark:
    """An area; left upper corner, width and height, with a frame, a fill or both.

    ink: its fill is drawn over the watermark, as print is, not under it, as a shade is.
    place: the name by which the area is found again in the finished file.
    """

    x: float
    y: float
    width: float
    height: float
    fill: str | None
    framed: bool
    ink: bool = False
    place: str = ""


Mark = TextMark | BoxMark
