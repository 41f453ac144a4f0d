import pytest

from app.documents.blocks import Document, Paragraph, Style
from app.documents.errors import UnreadablePdf
from app.documents.fonts import FontBook
from app.documents.preview import find_text, page_count, page_sizes, render_page
from app.documents.resume_approval import ResumeApprovalSheet, resume_approval_pdf
from app.documents.writing import write_pdf


@pytest.fixture(scope="module")
def data(book: FontBook) -> bytes:
    words = "上海䶮𬭎轴承制造有限公司 INV-2026 inv-2026"
    return write_pdf(
        Document("题", "公司", (Paragraph(words, Style(size=20, leading=20)),)), book
    ).data


def test_a_page_is_drawn_black_on_opaque_white(data: bytes) -> None:  # C4.5
    image = render_page(data, 0, 72)
    assert (image.width, image.height) == (596, 842)
    assert len(image.rgba) == 596 * 842 * 4
    pixels = {image.rgba[at : at + 4] for at in range(0, len(image.rgba), 4)}
    assert b"\xff\xff\xff\xff" in pixels
    assert min(pixel[0] for pixel in pixels) < 60
    assert {pixel[3] for pixel in pixels} == {255}


def test_twice_the_resolution_is_twice_the_size(data: bytes) -> None:  # C4.5
    image = render_page(data, 0, 144)
    assert (image.width, image.height) == (1191, 1684)


def test_rare_characters_are_found_where_they_stand(data: bytes) -> None:  # C4.5
    (hit,) = find_text(data, "䶮𬭎")
    ((left, top, right, bottom),) = hit.boxes
    # Left margin 24 mm = 68 points, then two characters of 20 points; top margin 51 points.
    assert hit.page == 0
    assert 106 <= left < right <= 150
    assert 50 <= top < bottom <= 80


def test_searching_ignores_case_and_blanks(data: bytes) -> None:  # C4.5
    assert len(find_text(data, "Inv-2026")) == 2
    assert len(find_text(data, "公司inv")) == 1
    assert find_text(data, "不存在") == []
    assert find_text(data, " ") == []


def test_words_are_found_across_a_line_end(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    paper = resume_approval_pdf(sheet, book).data
    (hit,) = find_text(paper, "中国工商银行股份有限公司苏州工业园区支行")
    assert len(hit.boxes) == 2


def test_pages_are_a4(data: bytes) -> None:  # C4.5
    assert page_count(data) == 1
    assert page_sizes(data) == [pytest.approx((595.28, 841.89), abs=0.01)]


@pytest.mark.parametrize("broken", [b"", b"not a pdf", b"%PDF-1.4\n%%EOF"])
def test_a_broken_file_is_refused(broken: bytes) -> None:  # C4.5
    with pytest.raises(UnreadablePdf):
        page_count(broken)


def test_a_page_that_is_not_there_is_refused(data: bytes) -> None:  # C4.5
    with pytest.raises(UnreadablePdf, match="没有第 2 页"):
        render_page(data, 1, 72)
