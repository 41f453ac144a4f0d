"""A file that names no currency is of its account's; what it names is never overruled."""

import pytest
from sqlalchemy import select

from app.core.errors import BadInput
from app.statements.importing import in_account, preview, take_in
from app.statements.mapping import KnownLayout
from app.statements.model import BankLine
from tests.integration.statements.conftest import HEAD

ROW = '2026-03-20,"46,300",,1,某供应商,622,货款,LS1'


@pytest.fixture
def dollars(make_account):
    return make_account(number="6222020200119990001", currency="USD")


@pytest.fixture
def yen(make_account):
    return make_account(number="6222020200119990002", currency="JPY")


@pytest.fixture
def file(tmp_path):
    def make(*rows, name="流水.csv"):
        path = tmp_path / name
        path.write_text("\n".join(rows), encoding="utf-8")
        return path

    return make


def stored(db):
    with db.read() as work:
        rows = select(BankLine.currency, BankLine.amount_minor).order_by(BankLine.id)
        return [tuple(row) for row in work.session.execute(rows)]


def test_that_lines_take_the_currency_of_the_chosen_account(  # E1.3
    founded, people, account, dollars, yen, file
):
    for number in (dollars.number, yen.number, account.number):
        seen = preview(founded, people.clerk, file(HEAD, ROW))
        assert take_in(founded, people.clerk, seen, number).imported == 1
    assert stored(founded) == [("USD", -4630000), ("JPY", -46300), ("CNY", -4630000)]


def test_that_the_account_that_the_file_names_gives_its_currency(
    founded, people, dollars, file
):  # E1.3
    seen = preview(founded, people.clerk, file(f"账号,{dollars.number}", HEAD, ROW))
    assert (seen.account, seen.file.statements[0].currency) == (dollars.number, "USD")


def test_that_a_preview_says_what_an_account_makes_of_it(founded, people, yen, file):  # E1.3
    seen = preview(founded, people.clerk, file(HEAD, ROW, ROW.replace("46,300", "0.50")))
    assert len(seen.file.lines) == 2
    again = in_account(founded, people.clerk, seen, yen.number)
    assert [line.minor for line in again.file.lines] == [-46300]
    assert [one.row for one in again.file.all_problems if one.field == "金额"] == [3]
    assert in_account(founded, people.clerk, seen, "").file == seen.file


@pytest.mark.parametrize(
    ("rows", "layout"),
    [
        (("币种：人民币", HEAD, ROW), None),
        ((f"{HEAD},币种", f"{ROW},CNY"), None),
        ((HEAD, ROW), "CNY"),
    ],
)
def test_that_a_currency_that_is_named_is_never_overruled(  # E1.3
    founded, people, dollars, file, rows, layout
):
    chosen = None
    if layout:
        columns = {"day": (0,), "expense": (1,), "income": (2,)}
        chosen = KnownLayout("", tuple(HEAD.split(",")), columns, layout)
    seen = preview(founded, people.clerk, file(*rows), chosen=chosen)
    with pytest.raises(BadInput, match="是 USD 账户，流水的币种是 CNY"):
        take_in(founded, people.clerk, seen, dollars.number)
    assert stored(founded) == []


def test_that_a_currency_nobody_knows_is_not_taken_for_the_account_s(
    founded, people, dollars, file
):
    seen = preview(founded, people.clerk, file("币种：金币", HEAD, ROW))
    assert any("金币" in one.message for one in seen.file.all_problems)
    with pytest.raises(BadInput, match="USD 账户"):
        take_in(founded, people.clerk, seen, dollars.number)


def test_that_messages_that_name_none_follow_the_account_too(
    founded, people, dollars, file
):  # E1.3
    ofx = (
        "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>{0}<BANKACCTFROM>"
        "<BANKID>1<ACCTID>{1}</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260320"
        "<TRNAMT>-12.50<FITID>1<NAME>X</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    bare = file(ofx.format("", dollars.number), name="a.ofx")
    take_in(founded, people.clerk, preview(founded, people.clerk, bare))
    assert stored(founded) == [("USD", -1250)]
    named = file(ofx.format("<CURDEF>CNY", dollars.number), name="b.ofx")
    seen = preview(founded, people.clerk, named)
    assert (seen.account, seen.file.statements[0].currency) == ("", "CNY")


def test_that_each_statement_of_a_file_follows_its_own_account(  # E1.3
    founded, people, account, dollars, file
):
    rows = (f"账号：{account.number}", HEAD, ROW, f"账号：{dollars.number}", HEAD, ROW)
    seen = preview(founded, people.clerk, file(*rows))
    assert [(one.number, one.currency) for one in seen.file.statements] == [
        (account.number, "CNY"),
        (dollars.number, "USD"),
    ]
    assert take_in(founded, people.clerk, seen).imported == 2
    assert stored(founded) == [("CNY", -4630000), ("USD", -4630000)]
