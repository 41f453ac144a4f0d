import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from app.core.errors import NotFound
from app.tabular import Kind, Limits, read_table
from app.tabular.errors import (
    EmptyTable,
    EncryptedWorkbook,
    TooLarge,
    UnreadableTable,
    UnsafeContent,
    WrongType,
)

BIFF8 = Path(__file__).parents[2] / "data" / "malformed" / "biff8.xls"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org"


def raw_workbook(path, sheet, *, declaration=""):
    """A workbook whose only sheet holds exactly that XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{REL}/package/2006/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{REL}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{REL}/officeDocument/2006/relationships/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{REL}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{REL}/officeDocument/2006/relationships/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{NS}" xmlns:r="{REL}/officeDocument/2006/relationships">'
            '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'{declaration}<worksheet xmlns="{NS}">{sheet}</worksheet>',
        )
    return path


def test_rows_keep_the_numbers_that_the_user_sees(tmp_path):  # E1.3
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"], sheet["A6"] = "甲", "乙"
    book.save(tmp_path / "a.csv")
    table = read_table(tmp_path / "a.csv")
    assert table.kind is Kind.XLSX
    assert [(row.number, row.cells) for row in table.rows if not row.blank()] == [
        (3, ("", "甲")),
        (6, ("乙", "")),
    ]


def test_typed_cells_become_exact_text_and_long_numbers_are_flagged(tmp_path):  # C3.4
    book = openpyxl.Workbook()
    book.active.append(
        [1234.5, 100, 0.3, dt.date(2026, 11, 23), "6222021234567890123", 6222021234567890123]
    )
    book.save(tmp_path / "a.xlsx")
    [row] = read_table(tmp_path / "a.xlsx").rows
    assert row.cells[:5] == ("1234.5", "100", "0.3", "2026-11-23", "6222021234567890123")
    assert row.lossy == {5}


def test_the_first_visible_sheet_with_content_is_read_unless_one_is_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "封面"
    hidden = book.create_sheet("隐藏")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    book.create_sheet("明细").append(["甲"])
    book.create_sheet("其他").append(["乙"])
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")
    assert (table.sheet, table.sheets) == ("明细", ("封面", "明细", "其他"))
    assert read_table(tmp_path / "a.xlsx", sheet="其他").rows[0].cells == ("乙",)
    with pytest.raises(NotFound, match="明细"):
        read_table(tmp_path / "a.xlsx", sheet="隐藏")


def test_an_empty_workbook_is_named_as_such(tmp_path):
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(EmptyTable, match=r"a\.xlsx"):
        read_table(tmp_path / "a.xlsx")


def test_a_wrong_dimension_hides_no_rows(tmp_path):  # E1.3
    rows = "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in (1, 2, 3))
    path = raw_workbook(tmp_path / "a.xlsx", f'<dimension ref="A1"/><sheetData>{rows}</sheetData>')
    assert [row.cells for row in read_table(path).rows] == [("", "1"), ("", "2"), ("", "3")]


def test_an_old_binary_workbook_is_read():  # E1.3
    table = read_table(BIFF8)
    assert table.kind is Kind.XLS
    assert len(table.rows) == 13
    assert table.rows[5].cells[0].strip() == "记账日"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="IV1048576"><v>1</v></c></row>',
        '<row r="1"><c s="1" r="A1"><v>1</v></c><c s="1" r="XFD1"><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 600 + "</row>",
        '<row r="1"><c r="SZ1"><v>1</v></c></row>',
    ],
)
def test_a_few_far_cells_can_not_claim_the_memory_of_the_machine(tmp_path, rows):
    path = raw_workbook(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>")
    with pytest.raises(TooLarge):
        read_table(path)


def test_cells_without_a_place_are_read_in_their_order(tmp_path):
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    path = raw_workbook(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>")
    assert [row.cells for row in read_table(path).rows] == [("1", "2"), ("3", "")]


def test_a_wide_but_short_sheet_is_no_bomb(tmp_path):
    cells = "".join(
        f'<c r="{openpyxl.utils.get_column_letter(n)}1"><v>1</v></c>' for n in range(1, 301)
    )
    path = raw_workbook(tmp_path / "a.xlsx", f'<sheetData><row r="1">{cells}</row></sheetData>')
    assert len(read_table(path).rows[0].cells) == 300


def test_bombs_of_size_and_of_ratio_are_refused_before_they_are_unpacked(tmp_path):
    path = raw_workbook(tmp_path / "a.xlsx", "<!-- " + " " * 12_000_000 + " -->")
    with pytest.raises(TooLarge, match="压缩比"):
        read_table(path)
    with pytest.raises(TooLarge, match="解压后"):
        read_table(path, limits=Limits(max_uncompressed=11_000_000))


def test_a_document_type_inside_a_workbook_is_refused(tmp_path):
    path = raw_workbook(
        tmp_path / "a.xlsx",
        "<sheetData/>",
        declaration='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    )
    with pytest.raises(UnsafeContent):
        read_table(path)


def test_a_cell_longer_than_a_spreadsheet_allows_is_refused(tmp_path):
    cell = f'<c r="A1" t="inlineStr"><is><t>{"x" * 32_768}</t></is></c>'
    path = raw_workbook(tmp_path / "a.xlsx", f'<sheetData><row r="1">{cell}</row></sheetData>')
    with pytest.raises(TooLarge, match="32767"):
        read_table(path)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"%PDF-1.4\n%\xe2\xe3", WrongType, "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", WrongType, "PNG"),
        (OLE + "WordDocument\0".encode("utf-16-le"), WrongType, "Word"),
        (OLE + "EncryptedPackage\0".encode("utf-16-le"), EncryptedWorkbook, "密码"),
        (OLE + "Workbook\0".encode("utf-16-le"), UnreadableTable, "损坏|异常"),
        (b"PK\x03\x04cut off", WrongType, "损坏"),
        (b'<?xml version="1.0"?><Document><a/></Document>', WrongType, "<Document>"),
        (
            b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///x">]><Workbook/>',
            UnsafeContent,
            "DOCTYPE",
        ),
    ],
)
def test_what_is_no_table_is_refused_by_its_real_type(tmp_path, content, error, said):
    path = tmp_path / "付款.xlsx"
    path.write_bytes(content)
    with pytest.raises(error, match=f"付款.xlsx.*({said})"):
        read_table(path)


@pytest.mark.parametrize(
    ("member", "said"), [("word/document.xml", "Word"), ("xl/workbook.bin", "xlsb"), ("a", "ZIP")]
)
def test_other_archives_are_refused_by_their_real_type(tmp_path, member, said):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(WrongType, match=said):
        read_table(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(NotFound, match=r"没有\.xlsx"):
        read_table(tmp_path / "没有.xlsx")
