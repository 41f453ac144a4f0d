from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.blocks import Align, Cell, Document, Paragraph, Row, Style, Table
from app.documents.fonts import Face, FontBook
from app.documents.layout import Composed, compose
from app.documents.marks import BoxMark, TextMark

STYLE = Style(size=10, leading=14)


class SquareFont:
    """Every character is as wide as it is high."""

    def width(self, _character: str) -> int:
        return 1000


class SquareBook:
    def font(self, _face: Face) -> SquareFont:
        return SquareFont()


BOOK = cast("FontBook", SquareBook())


def set_blocks(*blocks: Table | Paragraph) -> Composed:
    return compose(Document("题名", "公司", blocks), BOOK)


def texts(composed: Composed, page: int) -> list[str]:
    return [mark.text for mark in composed.pages[page] if isinstance(mark, TextMark)]


def a_table(names: list[str]) -> Table:
    rows = tuple(Row((Cell(name, STYLE), Cell("值", STYLE))) for name in names)
    heading = Row((Cell("项目", STYLE), Cell("内容", STYLE)))
    return Table((1, 1), (heading, *rows), heading=1)


def test_a_long_table_keeps_every_row_in_order() -> None:  # C5.4
    names = [f"行{number}" for number in range(200)]
    composed = set_blocks(a_table(names))
    every = [text for page in range(len(composed.pages)) for text in texts(composed, page)]
    assert [text for text in every if text.startswith("行")] == names


def test_the_heading_stands_on_every_page_of_a_table() -> None:  # C5.4
    composed = set_blocks(a_table([f"行{number}" for number in range(200)]))
    assert len(composed.pages) > 2
    assert all(texts(composed, page)[0] == "项目" for page in range(len(composed.pages)))


def test_pages_are_numbered_and_counted() -> None:  # C4.5
    composed = set_blocks(a_table([f"行{number}" for number in range(60)]))
    assert len(composed.pages) == 2
    assert "第 1 页  共 2 页" in texts(composed, 0)
    assert "第 2 页  共 2 页" in texts(composed, 1)


@given(st.integers(1, 6000), st.floats(0.02, 0.9))
def test_a_cell_grows_and_divides_without_losing_text(length: int, share: float) -> None:  # C4.5
    words = "".join(chr(0x4E00 + number) for number in range(length))
    row = Row((Cell("项", STYLE), Cell(words, STYLE)))
    composed = set_blocks(Table((1 - share, share), (row,)))
    wanted = set(words)
    found = [
        mark.text
        for page in composed.pages
        for mark in page
        if isinstance(mark, TextMark) and mark.text[0] in wanted and mark.style is STYLE
    ]
    assert "".join(found).replace("项", "") == words


@given(st.lists(st.text("甲乙，。（）ab1 ", max_size=400), min_size=1, max_size=40))
def test_no_mark_leaves_the_paper(cells: list[str]) -> None:  # C4.5
    composed = set_blocks(a_table(cells))
    width, height = composed.document.page
    for mark in (mark for page in composed.pages for mark in page):
        right = mark.x + (mark.width if isinstance(mark, BoxMark) else len(mark.text) * 10)
        assert mark.x >= 0
        assert right <= width + 0.1
        assert 0 < mark.y < height


def test_right_aligned_amounts_end_at_one_edge() -> None:  # C4.5
    right = STYLE.but(align=Align.RIGHT)
    rows = tuple(Row((Cell(text, right),)) for text in ("1.00", "1,234.50", "325,040.04"))
    composed = set_blocks(Table((1,), rows))
    marks = [m for m in composed.pages[0] if isinstance(m, TextMark)][:3]
    ends = [mark.x + len(mark.text) * 10 for mark in marks]
    assert ends == pytest.approx([ends[0]] * 3)


def test_a_section_title_never_ends_a_page() -> None:  # C4.5
    for filler in range(30, 50):
        rows = [Row((Cell(f"行{number}", STYLE),)) for number in range(filler)]
        title = Row((Cell("一、标题", STYLE),), keep_next=True)
        composed = set_blocks(Table((1,), (*rows, title, Row((Cell("正文", STYLE),)))))
        with_title = next(p for p in range(len(composed.pages)) if "一、标题" in texts(composed, p))
        assert "正文" in texts(composed, with_title)
