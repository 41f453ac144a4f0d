"""How a file is written does not change what it says; and however it is broken, nothing is lost."""

import csv
import io
from argparse import Namespace
from pathlib import Path

import pytest

from app.core.errors import BadInput
from app.statements.opening import open_statement
from app.tabular.errors import UnreadableTable, WrongType
from benchmarks.fuzz_statements import run

SAMPLES = Path(__file__).parents[2] / "data" / "statements"
TABLES = [
    "boc_debit.csv",
    "cmb_debit.csv",
    "icbc_debit.csv",
    "alipay.csv",
    "made/wechat.csv",
    "made/two_accounts.csv",
    "malformed/01_gbk.csv",
]


def said(path):
    found = open_statement(path)
    return [
        (x.on, x.at, x.minor, x.balance, x.uncounted, x.name, x.payee_account, x.text, x.reference)
        for x in found.lines
    ], [
        (s.number, s.holder, s.opening, s.closing, s.since, s.until, s.proof)
        for s in found.statements
    ]


def decoded(name):
    content = (SAMPLES / name).read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_that_the_encoding_does_not_matter(tmp_path, name, encoding, line_end):  # E1.3
    path = tmp_path / "a.csv"
    path.write_bytes(decoded(name).replace("\r\n", "\n").replace("\n", line_end).encode(encoding))
    assert said(path) == said(SAMPLES / name)


# icbc pads its cells with tabs, which stand for a delimiter where no comma does.
@pytest.mark.parametrize("name", [one for one in TABLES if one != "icbc_debit.csv"])
@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_that_the_delimiter_does_not_matter(tmp_path, name, delimiter, quoting):
    path = tmp_path / "a.txt"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)
    writer.writerows(csv.reader(io.StringIO(decoded(name), newline="")))
    path.write_bytes(out.getvalue().encode("utf-8"))
    assert said(path) == said(SAMPLES / name)


@pytest.mark.parametrize(
    "name", ["cmxl.sta", "made/mt940_pages.sta", "made/ofx2.qfx", "made/camt052.xml"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_that_the_line_ends_of_a_message_do_not_matter(tmp_path, name, line_end):
    path = tmp_path / "a"
    path.write_bytes(
        (SAMPLES / name).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", line_end.encode())
    )
    assert said(path) == said(SAMPLES / name)


def test_that_many_broken_files_are_read_or_refused_and_lose_no_row():
    """The first of the mutations that benchmarks/fuzz_statements.py runs by the hundred thousand."""
    options = Namespace(mutations=1200, seed=1, start=0, only="", keep="")
    tally = run(options)
    assert tally.failed == []
    assert tally.read > 200
    assert tally.refused > 200


# What the fuzz found, kept as it was found.


def test_that_a_damaged_directory_of_an_archive_is_named(tmp_path):
    content = bytearray((SAMPLES / "malformed" / "08_wrong_dimension_A1.xlsx").read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 2] = 9
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(WrongType, match="损坏"):
        open_statement(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    "find", [b"<encryption", b"keyData", b"spinCount", b"encryptedKey", b'saltValue="']
)
def test_that_a_damaged_lock_is_named(tmp_path, find):
    content = (SAMPLES / "made" / "locked.xlsx").read_bytes()
    assert find in content
    (tmp_path / "a.xlsx").write_bytes(content.replace(find, b"<" * len(find)))
    with pytest.raises(UnreadableTable, match="加密方式"):
        open_statement(tmp_path / "a.xlsx", password="Tf-1234")


def test_that_an_endless_lock_is_refused(tmp_path):
    content = (SAMPLES / "made" / "locked.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(
        content.replace(b'spinCount="100000" ', b'spinCount="99999999"')
    )
    with pytest.raises(BadInput):
        open_statement(tmp_path / "a.xlsx", password="Tf-1234")


def test_that_a_cell_far_below_does_not_list_a_million_blank_rows(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["日期", "支出", "摘要"], ["2026-01-05", "5.00", "甲"]):
        book.active.append(row)
    book.active["C300000"] = "完"
    book.save(tmp_path / "a.xlsx")
    found = open_statement(tmp_path / "a.xlsx")
    assert [line.minor for line in found.lines] == [-500]
    assert [(one.row, one.reason) for one in found.skipped] == [
        (3, "空行（至第 299999 行）"),
        (300000, "说明文字"),
    ]
