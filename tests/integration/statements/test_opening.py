"""Archives, locked workbooks, messages of banks abroad: one door for all of them."""

import io
from datetime import date
from pathlib import Path

import pytest
import pyzipper
from openpyxl import Workbook

from app.core.errors import BadInput
from app.statements.locked import PasswordNeeded, WrongPassword
from app.statements.opening import open_statement
from app.statements.parsed import NotAStatement, Proof

CSV = "账号,6200000000001230\n交易日期,收入,支出,余额,对方户名\n2026-03-01,10.00,,110.00,甲公司\n2026-03-02,,4.00,106.00,乙公司\n"
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<{p}Document {x}="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{p}{root}><{p}{holder}>
<{p}Acct><{p}Id><{p}Othr><{p}Id>6200000000001230</{p}Id></{p}Othr></{p}Id><{p}Ccy>CNY</{p}Ccy></{p}Acct>
<{p}Bal><{p}Tp><{p}CdOrPrtry><{p}Cd>OPBD</{p}Cd></{p}CdOrPrtry></{p}Tp><{p}Amt Ccy="CNY">100.00</{p}Amt><{p}CdtDbtInd>CRDT</{p}CdtDbtInd></{p}Bal>
<{p}Bal><{p}Tp><{p}CdOrPrtry><{p}Cd>CLBD</{p}Cd></{p}CdOrPrtry></{p}Tp><{p}Amt Ccy="CNY">96.00</{p}Amt><{p}CdtDbtInd>CRDT</{p}CdtDbtInd></{p}Bal>
<{p}Ntry><{p}Amt Ccy="CNY">4.00</{p}Amt><{p}CdtDbtInd>DBIT</{p}CdtDbtInd><{p}Sts>{booked}</{p}Sts><{p}BookgDt><{p}Dt>2026-03-02</{p}Dt></{p}BookgDt>
<{p}NtryDtls><{p}TxDtls><{p}RltdPties><{p}Cdtr>{name}</{p}Cdtr></{p}RltdPties></{p}TxDtls></{p}NtryDtls></{p}Ntry>
<{p}Ntry><{p}Amt Ccy="CNY">9.00</{p}Amt><{p}CdtDbtInd>DBIT</{p}CdtDbtInd><{p}Sts>{pending}</{p}Sts><{p}BookgDt><{p}Dt>2026-03-03</{p}Dt></{p}BookgDt></{p}Ntry>
</{p}{holder}></{p}{root}></{p}Document>"""
ROOTS = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


@pytest.fixture
def file(tmp_path):
    def write(content, name="流水.dat"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("gb18030"))
        return path

    return write


def workbook():
    book = Workbook()
    for row in CSV.splitlines():
        book.active.append(row.split(","))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def archive(path, members, password=None):
    options = {"compression": pyzipper.ZIP_DEFLATED}
    if password:
        options["encryption"] = pyzipper.WZ_AES
    with pyzipper.AESZipFile(path, "w", **options) as made:
        if password:
            made.setpassword(password.encode())
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_that_an_archive_is_opened(tmp_path):  # E1.3
    path = archive(
        tmp_path / "流水.zip", {"三月/流水.csv": CSV.encode("gb18030"), "__MACOSX/._x": b"x"}
    )
    found = open_statement(path)
    assert (len(found.lines), found.statements[0].proof) == (2, Proof.BALANCED)


def test_that_a_locked_archive_asks_for_its_password(tmp_path):  # E1.3
    path = archive(tmp_path / "流水.zip", {"流水.csv": CSV.encode()}, "123456")
    with pytest.raises(PasswordNeeded, match="设有密码"):
        open_statement(path)
    with pytest.raises(WrongPassword, match="不正确"):
        open_statement(path, password="654321")
    assert len(open_statement(path, password="123456").lines) == 2


def test_that_several_statements_of_an_archive_stand_side_by_side(tmp_path):
    other = CSV.replace("6200000000001230", "6200000000009999")
    path = archive(tmp_path / "流水.zip", {"a.csv": CSV.encode(), "b.csv": other.encode()})
    found = open_statement(path)
    assert [one.number for one in found.statements] == ["6200000000001230", "6200000000009999"]


def test_that_a_path_in_an_archive_leads_nowhere(tmp_path):
    outside = tmp_path / "outside.csv"
    archive(tmp_path / "流水.zip", {"../outside.csv": CSV.encode()})
    assert len(open_statement(tmp_path / "流水.zip").lines) == 2
    assert not outside.exists()


def test_that_a_locked_workbook_asks_for_its_password(file):  # E1.3
    from msoffcrypto.format.ooxml import OOXMLFile

    held = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook())).encrypt("中文密码1", held)
    path = file(held.getvalue(), "流水.xlsx")
    with pytest.raises(PasswordNeeded, match="打开密码"):
        open_statement(path)
    with pytest.raises(WrongPassword):
        open_statement(path, password="x")
    assert len(open_statement(path, password="中文密码1").lines) == 2


@pytest.mark.parametrize("kind", ROOTS)
@pytest.mark.parametrize("version", ["02", "08"])
@pytest.mark.parametrize("prefix", ["", "ns2:"])
def test_that_camt_is_read_in_any_version_and_namespace(file, kind, version, prefix):  # E1.3
    root, holder = ROOTS[kind]
    new = version == "08"
    text = CAMT.format(
        p=prefix,
        x="xmlns:ns2" if prefix else "xmlns",
        kind=kind,
        version=version,
        root=root,
        holder=holder,
        booked=f"<{prefix}Cd>BOOK</{prefix}Cd>" if new else "BOOK",
        pending=f"<{prefix}Cd>PDNG</{prefix}Cd>" if new else "PDNG",
        name=f"<{prefix}Pty><{prefix}Nm>乙公司</{prefix}Nm></{prefix}Pty>"
        if new
        else f"<{prefix}Nm>乙公司</{prefix}Nm>",
    )
    found = open_statement(file(text.encode(), "x.xml"))
    [one] = found.statements
    assert (found.format, one.number, one.proof) == (
        f"camt.{kind}.001.{version}",
        "6200000000001230",
        Proof.BALANCED,
    )
    assert [(line.minor, line.name, line.on) for line in one.lines] == [
        (-400, "乙公司", date(2026, 3, 2))
    ]
    assert ["PDNG" in s.reason for s in found.skipped] == [True]


MT = ":20:A1\r\n:25:ICBKCNBJ/6200000000001230\r\n:28C:1/{page}\r\n:60{o}:C260301CNY{opening}\r\n{lines}:62{c}:C260302CNY{closing}\r\n-\r\n"


def test_that_the_pages_of_a_statement_are_one(file):  # E1.3
    first = MT.format(
        page=1,
        o="F",
        c="M",
        opening="100,00",
        closing="96,00",
        lines=":61:2603010301D4,00NTRFREF12345//B1\r\n:86:货款 乙公司\r\n",
    )
    second = MT.format(
        page=2,
        o="M",
        c="F",
        opening="96,00",
        closing="106,00",
        lines=":61:2603020302RD10,00NTRFNONREF//B2\r\n:86:冲正\r\n",
    )
    found = open_statement(file(first + second, "x.sta"))
    [one] = found.statements
    assert (found.format, one.proof, one.opening, one.closing) == (
        "MT940",
        Proof.BALANCED,
        10000,
        10600,
    )
    # RD takes a debit back: money comes in.
    assert [(line.minor, line.purpose) for line in one.lines] == [
        (-400, "货款 乙公司"),
        (1000, "冲正"),
    ]


def test_that_a_line_that_can_not_be_read_is_named_and_the_others_kept(file):
    text = MT.format(
        page=1,
        o="F",
        c="F",
        opening="100,00",
        closing="96,00",
        lines=":61:2603010301D4,00NTRFREF12345//B1\r\n:86:a\r\n:61:坏行\r\n:86:b\r\n",
    )
    found = open_statement(file(text, "x.sta"))
    assert [line.minor for line in found.lines] == [-400]
    [problem] = [one for one in found.all_problems if one.field == ":61:"]
    assert problem.row == 7


def test_that_an_interim_report_proves_by_its_sums(file):
    text = ":20:A1\n:25:6200000000001230\n:28C:1\n:34F:CNY0,\n:13D:2603021200+0800\n:61:2603010301D4,00NTRFREF12345//B1\n:86:a\n:90D:1CNY4,00\n:90C:0CNY0,00\n"
    found = open_statement(file(text, "x.sta"))
    assert (found.format, [line.minor for line in found.lines], found.all_problems) == (
        "MT942",
        [-400],
        (),
    )


OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260310<LANGUAGE>ENG{intu}</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>CNY
<BANKACCTFROM><BANKID>1<ACCTID>6200000000001230<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260302010000[+8:CST]<TRNAMT>-4.00<FITID>1<NAME>B<MEMO>x</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260303<TRNAMT>10.00<FITID>2<NAME>A</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>106.00<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


@pytest.mark.parametrize(("intu", "kind"), [("", "OFX"), ("<INTU.BID>3000", "QFX")])
def test_that_a_day_is_the_bank_s_own_whatever_its_zone(file, intu, kind):  # E1.3
    found = open_statement(file(OFX.format(intu=intu), "x.ofx"))
    [one] = found.statements
    assert (found.format, one.closing) == (kind, 10600)
    assert [(line.on, line.minor, line.reference) for line in one.lines] == [
        (date(2026, 3, 2), -400, "1"),
        (date(2026, 3, 3), 1000, "2"),
    ]


@pytest.mark.parametrize("content", [b"", b"   \n", b"\x00" * 100, b"hello", b"<xml/>", b":20:x"])
def test_that_what_is_no_statement_is_refused_with_a_cure(file, content):
    with pytest.raises(BadInput) as refusal:
        open_statement(file(content))
    assert refusal.value.hint


def test_that_a_broken_message_says_where(file):
    text = CAMT.format(
        p="",
        x="xmlns",
        kind="053",
        version="02",
        root="BkToCstmrStmt",
        holder="Stmt",
        booked="BOOK",
        pending="BOOK",
        name="",
    )
    with pytest.raises(NotAStatement, match=r"第 \d+ 行"):
        open_statement(file(text[:-200].encode(), "x.xml"))


def test_that_every_sheet_of_a_workbook_is_looked_at(tmp_path):
    book = Workbook()
    book.active.title = "说明"
    book.active.append(["本文件由网银导出"])
    for number in ("6200000000001230", "6200000000009999"):
        sheet = book.create_sheet(number)
        for row in CSV.replace("6200000000001230", number).splitlines():
            sheet.append(row.split(","))
    path = Path(tmp_path, "流水.xlsx")
    book.save(path)
    found = open_statement(path)
    assert [one.number for one in found.statements] == ["6200000000001230", "6200000000009999"]
    assert any("说明" in one.reason for one in found.skipped)


def test_that_a_period_that_can_not_be_read_is_told_by_the_lines(tmp_path):
    sample = Path(__file__).parents[2] / "data" / "statements" / "fi_camt053.xml"
    path = tmp_path / "x.xml"
    path.write_text(
        sample.read_text("utf-8").replace("2009-10-29T21:00", "2009-10-99T21:00"), "utf-8"
    )
    [one] = open_statement(path).statements
    assert one.until == date(2009, 10, 29)


def test_that_a_chain_of_sectors_without_an_end_is_refused_at_once(tmp_path):
    """The reader behind would collect sectors until memory is gone (found by the fuzz)."""
    content = bytearray(
        (Path(__file__).parents[2] / "data" / "statements" / "ccb.xls").read_bytes()
    )
    first = int.from_bytes(content[76:80], "little")
    table = 512 * (first + 1)
    start = int.from_bytes(content[48:52], "little")
    content[table + 4 * start : table + 4 * start + 4] = start.to_bytes(4, "little")
    path = tmp_path / "流水.xls"
    path.write_bytes(bytes(content))
    with pytest.raises(BadInput, match="损坏"):
        open_statement(path)


def test_that_an_archive_whose_content_is_damaged_is_refused(tmp_path):
    """Found by the fuzz: the packing itself is broken, in the middle of a member."""
    path = archive(tmp_path / "流水.zip", {"流水.csv": CSV.encode() * 50})
    content = bytearray(path.read_bytes())
    middle = 30 + len("流水.csv".encode()) + 40
    content[middle : middle + 20] = b"\xff" * 20
    path.write_bytes(bytes(content))
    with pytest.raises(BadInput, match="已损坏"):
        open_statement(path)
