import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.tabular import Kind, Limits, iter_rows, read_table
from app.tabular.errors import BrokenText, EmptyTable, TooLarge, WrongType

HEADER = ["收款户名", "收款账号", "金额"]
PLAIN = "账号,6200000000001230\n顺序号,收款户名,金额\n1,甲公司,3.88\n2,乙公司,10.00\n"

WORDS = st.text("甲乙丙丁公司有限责任货款收付（），。“”", max_size=10)
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
LINES = st.builds("{}\n{}".format, WORDS, WORDS)
CELL = (WORDS | ASCII | LINES).filter(lambda cell: "=" not in cell)
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


def written(rows, encoding, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8),
    st.sampled_from(ENCODINGS),
    st.sampled_from([",", "\t", ";", "|"]),
)
def test_any_table_reads_back_the_same(rows, encoding, delimiter):  # E1.3
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "名单.dat"
        path.write_bytes(written([HEADER, *rows], encoding, delimiter))
        table = read_table(path)
    assert table.kind is Kind.DELIMITED
    assert [list(row.cells) for row in table.rows] == [HEADER, *rows]
    assert [row.number for row in table.rows] == list(range(1, len(rows) + 2))


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("gbk", "gb18030"),
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(tmp_path, encoding, named):  # E1.3
    path = tmp_path / "a.xlsx"
    path.write_bytes(PLAIN.encode(encoding))
    table = read_table(path)
    assert table.encoding == named
    assert table.rows[2].cells == ("1", "甲公司", "3.88")


def test_gbk_that_is_valid_utf8_by_chance_is_read_as_chinese(tmp_path):  # E1.3
    path = tmp_path / "a.csv"
    path.write_bytes("模,1\n".encode("gbk"))
    assert read_table(path).rows[0].cells == ("模", "1")


def test_protected_cells_are_unwrapped_in_a_tab_file_named_xls(tmp_path):  # E1.3
    path = tmp_path / "a.xls"
    path.write_bytes('="账号"\t="6222021234567890123"\n="甲"\t="1"\n'.encode("gbk"))
    assert read_table(path).rows[0].cells == ("账号", "6222021234567890123")


def test_blank_lines_count_as_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("甲,乙\n\n丙,丁\n", encoding="utf-8")
    assert [(row.number, row.blank()) for row in read_table(path).rows] == [
        (1, False),
        (2, True),
        (3, False),
    ]


def test_a_line_that_names_the_delimiter_is_obeyed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\n甲,乙;丙\n1,2;3\n", encoding="utf-8")
    assert [row.cells for row in read_table(path).rows] == [("甲,乙", "丙"), ("1,2", "3")]


def test_newlines_inside_a_quoted_cell_stay_inside(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('甲,乙,丙\n1,2,"第一行\n第二行,含逗号"\n3,4,5\n', encoding="utf-8")
    assert [row.cells[2] for row in read_table(path).rows] == ["丙", "第一行\n第二行,含逗号", "5"]


def test_an_open_quote_is_refused_with_its_line(tmp_path):  # E1.5
    path = tmp_path / "a.csv"
    path.write_text('甲,乙,丙\n1,2,3\n1,2,"未闭合\n1,2,3\n', encoding="utf-8")
    with pytest.raises(BrokenText, match=r"a\.csv.*第 3 行"):
        read_table(path)


def test_a_stray_quote_closed_by_another_does_not_swallow_rows(tmp_path):  # E1.5
    path = tmp_path / "a.csv"
    path.write_text('甲,乙,丙\n1,2,"货\n3,4,款\n5,6,尾"\n7,8,9\n', encoding="utf-8")
    with pytest.raises(BrokenText, match="第 2 行"):
        read_table(path)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_cut_last_character_is_a_named_problem_and_loses_no_row(tmp_path, encoding):  # E1.5
    path = tmp_path / "a.csv"
    path.write_bytes(f"{PLAIN}3,丙,末".encode(encoding)[:-1])
    table = read_table(path)
    assert len(table.rows) == 5
    assert [problem.row for problem in table.problems] == [5]


def test_a_bad_byte_in_the_middle_is_refused_with_its_line(tmp_path):  # E1.5
    path = tmp_path / "a.csv"
    path.write_bytes("收款户名,金额\n甲".encode("gbk") + b"\xff,1\n" + "乙公司,2\n".encode("gbk"))
    with pytest.raises(BrokenText, match="第 2 行"):
        read_table(path)


def test_formulas_in_text_stay_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('甲,"=HYPERLINK(""http://x"",""y"")"\n', encoding="utf-8")
    assert read_table(path).rows[0].cells[1] == '=HYPERLINK("http://x","y")'


def test_oversized_cells_and_rows_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("甲,乙\n" + "x" * 40_000 + ",1\n", encoding="utf-8")
    with pytest.raises(TooLarge, match="第 2 行"):
        read_table(path)
    path.write_text("甲,乙\n" + "," * 600 + "\n", encoding="utf-8")
    with pytest.raises(TooLarge, match="512 列"):
        read_table(path)
    with pytest.raises(TooLarge):
        read_table(path, limits=Limits(max_bytes=100))


def test_empty_and_binary_files_are_named_for_what_they_are(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    with pytest.raises(EmptyTable, match="0 字节"):
        read_table(path)
    path.write_bytes(b" \r\n\r\n")
    with pytest.raises(EmptyTable):
        read_table(path)
    path.write_bytes(bytes(range(1, 30)) * 3 + b"\0\0\0\x01\x02\0\0\x03")
    with pytest.raises(WrongType):
        read_table(path)


def test_rows_come_before_the_file_is_read_to_its_end(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('甲,乙,丙\n1,2,3\n4,5,"未闭合\n', encoding="utf-8")
    rows = iter_rows(path)
    assert next(rows).cells == ("甲", "乙", "丙")
    assert next(rows).number == 2
    with pytest.raises(BrokenText):
        next(rows)
