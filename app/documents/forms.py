"""The pieces that every form of the house shares."""

from datetime import date, datetime
from typing import Final

from app.core.clock import local_text
from app.core.money import Money
from app.documents.blocks import (
    GREY,
    MM,
    RED,
    Align,
    Block,
    Cell,
    Paragraph,
    Row,
    Style,
    Table,
)
from app.documents.fonts import Face

VALUE: Final = Style(size=9.5, leading=12.5)
CENTERED: Final = VALUE.but(align=Align.CENTER)
AMOUNT: Final = VALUE.but(align=Align.RIGHT)
LABEL: Final = Style(face=Face.HEAD, size=9, leading=12.5, align=Align.CENTER)
SECTION: Final = Style(face=Face.HEAD, size=10, leading=13)
TITLE: Final = Style(face=Face.TITLE, size=20, leading=30, align=Align.CENTER)
COMPANY: Final = Style(face=Face.TITLE, size=12, leading=18, align=Align.CENTER)
DRILL: Final = Style(face=Face.HEAD, size=12, leading=18, align=Align.CENTER, color=RED)
NONE: Final = "—"
DRILL_NOTE: Final = "【演练】本文件由演练数据生成，不得作为付款依据"
SIGNATURE_HEIGHT: Final = 17 * MM


def date_text(day: date | None) -> str:
    """The date as papers write it: "2026年3月1日"; a dash for None."""
    return NONE if day is None else f"{day.year}年{day.month}月{day.day}日"


def time_text(at: datetime | None) -> str:
    return local_text(at) or NONE


def capitals(amount: Money) -> str:
    """The amount in capitals, which only the yuan has."""
    from app.core.capitals import to_capitals

    if amount.currency != "CNY":
        return "外币不适用"
    return to_capitals(amount, prefix=True)


def head(company: str, title: str, left: str, right: str, *, drill: bool) -> list[Block]:
    """The form's head: company, title, and a line with something at each side."""
    blocks: list[Block] = [Paragraph(DRILL_NOTE, DRILL)] if drill else []
    blocks += [Paragraph(company, COMPANY), Paragraph(title, TITLE, after=2)]
    line = Row((Cell(left, VALUE), Cell(right, AMOUNT)))
    return [*blocks, Table((1, 1), (line,), ruled=False, padding=0, after=2)]


def label(text: str, span: int = 1) -> Cell:
    return Cell(text, LABEL, span, GREY)


def value(text: str, span: int = 1, style: Style = VALUE) -> Cell:
    """A filled field; a dash shows that it was left empty on purpose."""
    return Cell(text or NONE, style, span)


def section(text: str, span: int) -> Row:
    return Row((Cell(text, SECTION, span, GREY),), keep_next=True)


def pair(left: tuple[str, str], right: tuple[str, str]) -> Row:
    """Two labelled fields in a table of four columns."""
    return Row((label(left[0]), value(left[1]), label(right[0]), value(right[1])))


def wide(name: str, text: str, span: int = 3) -> Row:
    return Row((label(name), value(text, span)))


def headings(names: tuple[str, ...]) -> Row:
    return Row(tuple(label(name) for name in names), keep_next=True)


def signatures(titles: tuple[str, ...]) -> Table:
    """Boxes to be signed by hand, one beside the other, never divided."""
    cells = tuple(
        Cell(
            f"{title}：\n\n\n日期：      年    月    日",
            VALUE,
            min_height=SIGNATURE_HEIGHT,
            top=True,
        )
        for title in titles
    )
    return Table((1,) * len(titles), (Row(cells),), before=6)
