from pathlib import Path
from typing import Any

import pytest

from app.documents.blocks import Document, Paragraph, Style
from app.documents.fonts import Face, FontBook, book_from
from app.documents.preview import page_text
from app.documents.writing import write_pdf

WORDS = "付款1㛃𬭎☑"


def draw_square(pen: Any, side: int) -> None:
    pen.moveTo((0, 0))
    for point in ((0, side), (side, side), (side, 0)):
        pen.lineTo(point)
    pen.closePath()


def make_font(path: Path, family: str, characters: str, restricted: bool = False) -> None:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = [".notdef", *(f"c{ord(character)}" for character in characters)]
    builder = FontBuilder(256, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"c{ord(c)}" for c in characters})
    glyphs = {}
    for name in names:
        pen = TTGlyphPen(None)
        draw_square(pen, 200)
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (256, 0)))
    builder.setupHorizontalHeader(ascent=220, descent=-36)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": "Own"})
    builder.setupOS2(fsType=2 if restricted else 0)
    builder.setupPost()
    builder.save(path)


def set_words(book: FontBook) -> tuple[str, str]:
    document = Document("题", "公司", (Paragraph(WORDS, Style(face=Face.BODY, size=30)),))
    result = write_pdf(document, book)
    return result.font, page_text(result.data, 0).split("\n")[0]


def test_the_machines_own_face_is_used_and_completed_by_the_shipped_one(
    tmp_path: Path,
) -> None:  # C4.5
    make_font(tmp_path / "simfang.ttf", "FangSong", "付款0123456789 ")
    family, text = set_words(book_from([tmp_path]))
    assert family == "FangSong、Noto Serif SC"
    assert text == WORDS


def test_an_own_face_keeps_its_widths_at_any_units(tmp_path: Path) -> None:  # C4.5
    make_font(tmp_path / "simfang.ttf", "FangSong", "付款")
    assert book_from([tmp_path]).font(Face.BODY).width("付") == 1000


@pytest.mark.parametrize(
    ("name", "family", "restricted"),
    [
        ("simfang.ttf", "FangSong", True),
        ("simfang.ttf", "Somebody Else", False),
        ("other.ttf", "FangSong", False),
    ],
)
def test_a_face_that_may_not_or_does_not_serve_is_passed_over(  # C4.5
    name: str, family: str, restricted: bool, tmp_path: Path
) -> None:
    make_font(tmp_path / name, family, "付款", restricted=restricted)
    assert set_words(book_from([tmp_path])) == ("Noto Serif SC", WORDS)


def test_a_broken_font_file_is_passed_over(tmp_path: Path) -> None:  # C4.5
    (tmp_path / "simsun.ttc").write_bytes(b"not a font")
    (tmp_path / "simfang.ttf").write_bytes(b"")
    assert set_words(book_from([tmp_path])) == ("Noto Serif SC", WORDS)


def test_digits_share_one_width_so_that_amounts_stand_in_columns(book: FontBook) -> None:  # C4.5
    for face in Face:
        assert len({book.font(face).width(digit) for digit in "0123456789"}) == 1
