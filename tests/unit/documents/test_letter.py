"""Letters of any names, amounts and lengths: nothing outside its place, over another, or lost."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.money import Money
from app.documents.blocks import MM, Align, Style
from app.documents.codes import modules, qr_marks
from app.documents.fonts import shipped_book
from app.documents.layout import compose, text_width
from app.documents.letter import MARGINS, Grid, LetterPaper, letter_document, letter_pdf
from app.documents.letter_template import fill, parse
from app.documents.marks import BoxMark, TextMark
from app.documents.preview import page_count, page_text
from app.letters.kinds import AGREEMENT_COLUMNS, AGREEMENTS, KINDS, sample, shipped_text, slip_of
from app.letters.states import LetterKind

COMPANY = "华东精工制造有限公司"
NAMES = st.text(alphabet="华东精工制造有限公司（张江）㛃䶮𬭎㙍·A1", min_size=1, max_size=60)
NUMBERS = st.text(alphabet="0123456789ABC-", min_size=1, max_size=60)
ROWS = st.tuples(NUMBERS, NAMES, st.integers(1, 10**13), NUMBERS)


def letter(kind, name, rows, reason):
    """A letter of that kind with one agreement a row."""
    made = sample(kind, shipped_text(kind), COMPANY)
    values = {
        "收件单位": name,
        "公司名称": COMPANY,
        "文号": "华精财函〔2026〕12号",
        "发函日期": "2026年3月1日",
        "联系人": name[:10],
        "联系电话": "021-58001234",
        "联系邮箱": "a" * 40 + "@example.com",
        "回复期限": "5",
        "取消原因": reason,
        "终止日": "2026年3月31日",
        "协议份数": str(len(rows)),
        "申请单号": "QK-2026-0001",
        "付款户名": name,
        "付款账号": "1001234509200678901",
        "合同号": "HT-1",
        "合计大写": "人民币壹佰元整",
    }
    texts = tuple(
        (str(at), number, who, account, "户", "电费", Money(minor).display(), "每月20日", "长期")
        for at, (number, who, minor, account) in enumerate(rows, 1)
    )
    return LetterPaper(
        COMPANY,
        False,
        values["文号"],
        fill(parse(shipped_text(kind)), values),
        {**made.pieces, AGREEMENTS: Grid(AGREEMENT_COLUMNS, texts)},
        date(2026, 3, 1),
        KINDS[kind].seals,
        slip_of(kind, COMPANY, values["文号"]),
    )


def lines_on(page):
    return [mark for mark in page if isinstance(mark, TextMark)]


def wide(mark):
    own = text_width(mark.text, mark.style, shipped_book())
    return own + mark.spacing * (len(mark.text) - 1)


def crossing(one, other):
    """Whether two lines of text stand over one another."""
    apart = one.x + wide(one) <= other.x + 0.1 or other.x + wide(other) <= one.x + 0.1
    return not apart and abs(one.y - other.y) < min(one.style.size, other.style.size) * 0.75


@settings(max_examples=2000)
@given(
    st.sampled_from((LetterKind.BANK_END, LetterKind.SUPPLIER_END)),
    NAMES,
    st.lists(ROWS, min_size=1, max_size=30),
    st.text(alphabet="因业务调整，改为（人工）付款。", min_size=1, max_size=120),
)
def test_that_nothing_overflows_overlaps_or_is_lost(kind, name, rows, reason):  # D5.2
    paper = letter(kind, name, rows, reason)
    composed = compose(letter_document(paper), shipped_book())
    width, height = composed.document.page
    for page in composed.pages:
        marks = lines_on(page)
        for mark in marks:
            assert mark.x >= 20 * MM - 0.1
            assert mark.x + wide(mark) <= width - 20 * MM + 0.1
            assert 0 < mark.y < height
        marks.sort(key=lambda mark: mark.y)
        for at, mark in enumerate(marks):
            for other in marks[at + 1 :]:
                if other.y - mark.y > mark.style.size:
                    break
                assert not crossing(mark, other), (mark.text, other.text)
    found = sorted(
        c for page in composed.pages for m in lines_on(page) for c in m.text if c.strip()
    )
    texts = "".join(text for row in paper.pieces[AGREEMENTS].rows for text in row)
    for character in set(texts) - set(" "):
        assert found.count(character) >= texts.count(character)


def test_that_a_table_over_pages_repeats_its_head():  # D5.2
    rows = [("SQ2026", "某公司", 100, "1001")] * 120
    composed = compose(
        letter_document(letter(LetterKind.BANK_END, "工行", rows, "因")), shipped_book()
    )
    heads = [sum(mark.text == "收款单位" for mark in lines_on(page)) for page in composed.pages]
    assert sum(heads) >= 4
    numbers = [m.text for page in composed.pages for m in lines_on(page) if m.text.isdigit()]
    places = [int(one) for one in numbers if len(one) <= 3]
    assert [one for one in places if one <= 120] == sorted(one for one in places if one <= 120)


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_letter_extracts_as_it_was_written(kind):  # D5.2
    pdf = letter_pdf(sample(kind, shipped_text(kind), "㛃䶮𬭎㙍有限公司"), shipped_book())
    said = "".join(page_text(pdf.data, page) for page in range(page_count(pdf.data)))
    plain = said.replace("\n", "").replace(" ", "")
    for wanted in ("㛃䶮𬭎㙍有限公司", "示例财函〔2026〕1号", "回　　执", "☐"):
        assert wanted in plain


def test_that_the_first_page_is_a_letterhead_and_the_others_are_numbered():  # domain.md §3.1
    rows = [("SQ2026", "某公司", 100, "1001")] * 60
    paper = letter(LetterKind.BANK_END, "工行", rows, "因")
    composed = compose(letter_document(paper), shipped_book())
    first, second, third, *_ = composed.pages
    sender = lines_on(first)[0]
    assert (sender.text, sender.style.align) == (COMPANY, Align.CENTER)
    assert sender.y - sender.style.size * 0.88 == pytest.approx(30 * MM)
    rules = [mark for mark in first if isinstance(mark, BoxMark) and mark.ink]
    assert [round(mark.width / MM) for mark in rules] == [170] * 4
    assert rules[0].height > rules[1].height
    assert rules[2].height < rules[3].height
    assert not any("—" in mark.text and mark.style.size == 14 for mark in lines_on(first))
    for page, number, left in ((second, 2, True), (third, 3, False)):
        [mark] = [one for one in lines_on(page) if one.style.size == 14]
        assert mark.text == f"— {number} —"
        assert (mark.x < composed.document.page[0] / 2) is left


def test_that_lines_but_the_last_reach_both_edges():  # domain.md §3.1
    paper = letter(LetterKind.BANK_END, "工行", [("1", "某公司", 1, "1")], "因" * 200)
    composed = compose(letter_document(paper), shipped_book())
    right = composed.document.page[0] - MARGINS[1] * MM
    full = [mark for mark in lines_on(composed.pages[0]) if set(mark.text) == {"因"}]
    assert len(full) > 3
    for mark in full[:-1]:
        assert mark.x + wide(mark) == pytest.approx(right, abs=0.5)


def test_that_a_heading_is_never_the_last_line_of_a_page():
    for count in range(1, 25):
        rows = [("SQ", "某公司", 1, "1")] * count
        composed = compose(
            letter_document(letter(LetterKind.BANK_END, "工行", rows, "因")), shipped_book()
        )
        for page, following in pairwise(composed.pages):
            body = [m for m in lines_on(page) if m.style.size == 15.75]
            last = max(body, key=lambda mark: mark.y, default=None)
            assert last is None or not last.text.strip().startswith(("二、", "三、")), count
            assert lines_on(following)


def test_that_a_code_is_drawn_as_it_was_made():  # D5.4
    text = "TINGFU:123:" + "a" * 64
    squares = modules(text)
    side = len(squares)
    assert all(len(row) == side for row in squares)
    # The three finders that every camera looks for.
    for down, across in ((0, 0), (0, side - 7), (side - 7, 0)):
        assert all(squares[down][across : across + 7])
        assert squares[down + 1][across + 1] is False
    marks = list(qr_marks(text, 10, 20, 100))
    dark = sum(mark.width * mark.height for mark in marks)
    unit = 100 / (side + 8)
    assert dark == pytest.approx(sum(map(sum, squares)) * unit * unit)
    assert min(mark.x for mark in marks) == pytest.approx(10 + 4 * unit)


def test_that_style_changes_leave_the_rest():
    assert Style(size=8).but(justified=True) == Style(size=8, justified=True)
