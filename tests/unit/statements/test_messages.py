"""MT940, MT942, camt and OFX: what can be read is kept, what can't be is named."""

from datetime import date

import pytest

from app.statements.camt import read_camt
from app.statements.mt940 import is_swift, read_swift
from app.statements.ofx import read_ofx
from app.statements.parsed import NotAStatement, Proof

HEAD = ":20:R1\n:25:31001550400050000123\n:28C:1/1\n:60F:C260104CNY1000,00\n"


def swift(*lines, head=HEAD, foot=""):
    return read_swift("a.sta", head + "".join(f"{line}\n" for line in lines) + foot, "utf-8")


@pytest.mark.parametrize(
    ("mark", "minor"),
    [("C", 500), ("D", -500), ("RC", -500), ("RD", 500), ("d", -500), ("DR", -500), ("CY", 500)],
)
def test_that_a_reversal_turns_the_side(mark, minor):  # E1.3
    found = swift(f":61:2601050105{mark}5,00NTRFREF1//B1", ":86:x")
    assert [line.minor for line in found.lines] == [minor]


def test_that_value_and_booking_day_are_kept_apart_over_the_new_year():
    [line] = swift(":61:2512310102D5,00NTRFREF1//B1").lines
    assert (line.on, line.value_on) == (date(2026, 1, 2), date(2025, 12, 31))
    [line] = swift(":61:260105D5,00NTRFREF1").lines
    assert (line.on, line.value_on) == (date(2026, 1, 5), date(2026, 1, 5))


def test_that_both_references_are_kept():
    [line] = swift(":61:2601050105D5,00NTRFPAY-2026-1//BANK9").lines
    assert (line.reference, line.remark) == ("BANK9", "PAY-2026-1")
    [line] = swift(":61:2601050105D5,00NTRFPAY-2026-1").lines
    assert line.reference == "PAY-2026-1"
    [line] = swift(":61:2601050105D5,00NTRFNONREF").lines
    assert line.reference == ""


def test_that_structured_details_are_taken_apart():
    [line] = swift(
        ":61:2601050105D5,00NTRFNONREF//B1",
        ":86:020?00转账支出?20一月货款?21第二行?3010430010?31622202001?32上海临江?33供电有限公司",
    ).lines
    assert (line.name, line.payee_account, line.payee_bank, line.purpose) == (
        "上海临江供电有限公司",
        "622202001",
        "10430010",
        "一月货款第二行",
    )


def test_that_long_details_are_kept_whole():
    words = ["货款明细" * 15] * 12
    [line] = swift(":61:2601050105D5,00NTRFR//B", ":86:" + "\n".join(words)).lines
    assert line.purpose.replace(" ", "") == "货款明细" * 180


@pytest.mark.parametrize(
    "bad",
    [
        ":61:2613450105D5,00NTRFREF//B",
        ":61:2601050105X5,00NTRFREF//B",
        ":61:2601050105D五元NTRFREF//B",
        ":61:",
        ":61:2602300230D5,00NTRFREF//B",
        ":61:2601050105D5,005NTRFREF//B",
    ],
)
def test_that_a_bad_line_is_named_and_the_others_are_kept(bad):
    found = swift(
        ":61:2601050105D5,00NTRFA//1", ":86:甲", bad, ":86:乙", ":61:2601060106C7,00NTRFB//2"
    )
    assert [(line.row, line.minor) for line in found.lines] == [(5, -500), (9, 700)]
    assert [(p.row, p.field) for p in found.problems] == [(7, ":61:")]


def test_that_pages_are_one_statement():
    found = swift(
        ":61:2601050105D100,00NTRFA//1",
        ":62M:C260105CNY900,00",
        "-",
        ":20:R2",
        ":25:31001550400050000123",
        ":28C:1/2",
        ":60M:C260105CNY900,00",
        ":61:2601060106C50,00NTRFB//2",
        ":62F:C260106CNY950,00",
        "-",
    )
    [one] = found.statements
    assert (one.opening, one.closing, len(one.lines), one.proof) == (
        100000,
        95000,
        2,
        Proof.BALANCED,
    )


def test_that_a_lost_page_is_missed():
    found = swift(
        ":61:2601050105D100,00NTRFA//1",
        ":62F:C260105CNY800,00",
    )
    assert found.statements[0].proof is Proof.UNBALANCED


def test_that_a_message_without_its_first_field_is_kept():
    found = read_swift(
        "a.sta", HEAD.partition("\n")[2] + ":61:2601050105D5,00NTRFA//1\n-\n" + HEAD, ""
    )
    assert [line.minor for line in found.lines] == [-500]
    again = read_swift(
        "a.sta",
        HEAD
        + ":61:2601050105D5,00NTRFA//1\n:62F:C260105CNY995,00\n-\n"
        + ":25:99\n:60F:C260104USD1,00\n:61:2601050105C2,00NTRFB//1\n:62F:C260105USD3,00\n",
        "",
    )
    assert [(s.number, s.currency) for s in again.statements] == [
        ("31001550400050000123", "CNY"),
        ("99", "USD"),
    ]


def test_that_a_bad_balance_is_named_and_the_lines_are_kept():
    found = swift(
        ":61:2601050105D5,00NTRFA//1",
        head=":20:R1\n:25:1\n:28C:1/1\n:60F:C269904CNY1000,00\n",
        foot=":62F:C260105USD995,00\n",
    )
    assert [line.minor for line in found.lines] == [-500]
    assert [(p.row, p.field) for p in found.problems] == [(4, ":60F:")]


def test_that_envelopes_line_ends_and_chinese_do_not_matter():
    body = HEAD + ":61:2601050105D5,00NTRFA//1\n:86:货款\n:62F:C260105CNY995,00\n"
    plain = read_swift("a", body, "")
    wrapped = "{1:F01BKCHCNBJ}{2:O940}{4:\n" + body + "-}{5:{CHK:0}}\n"
    for text in (body.replace("\n", "\r\n"), wrapped, wrapped.replace("\n", "\r\n")):
        found = read_swift("a", text, "")
        assert is_swift(text)
        assert [(line.minor, line.purpose) for line in found.lines] == [(-500, "货款")]
        assert found.statements[0].proof is plain.statements[0].proof is Proof.BALANCED


def test_that_the_totals_of_a_day_so_far_are_checked():
    rows = [":61:2601050105D5,00NTRFA//1", ":61:2601050105C7,00NTRFA//2"]
    head = ":20:R1\n:25:1\n:28C:1/1\n:34F:CNY0,\n:13D:2601051530+0800\n"
    found = swift(*rows, head=head, foot=":90D:1CNY5,00\n:90C:1CNY7,\n")
    assert (found.format, found.all_problems) == ("MT942", ())
    found = swift(*rows, head=head, foot=":90D:2CNY5,00\n:90C:1CNY8,00\n")
    assert len(found.all_problems) == 2


def test_that_a_statement_without_balances_keeps_the_currency_that_it_names():
    found = swift(":61:2601050105D5,00NTRFA//1", head=":20:R1\n:25:1\n:34F:USD0,\n")
    assert found.statements[0].currency == "USD"


# --- camt ----------------------------------------------------------------------------------------


def camt(entries, *, kind="053", version="02", balances=True, summary=""):
    outer, inner = {
        "052": ("BkToCstmrAcctRpt", "Rpt"),
        "053": ("BkToCstmrStmt", "Stmt"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[kind]
    ends = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{amount}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-05</Dt></Dt></Bal>"
        for code, amount in (("OPBD", "100.00"), ("CLBD", "95.00"))
    )
    text = (
        f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}">'
        f"<{outer}><{inner}><Id>1</Id><Acct><Id><Othr><Id>\n 6222 </Id></Othr></Id><Ccy>CNY</Ccy></Acct>"
        f"{ends if balances else ''}{summary}{''.join(entries)}</{inner}></{outer}></Document>"
    )
    return read_camt("a.xml", text.encode())


def entry(
    amount="5.00", side="DBIT", status="<Sts>BOOK</Sts>", inner="", currency="CNY", day="2026-01-05"
):
    return (
        f'\n<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef>{inner}</Ntry>"
    )


@pytest.mark.parametrize("kind", ["052", "053", "054"])
@pytest.mark.parametrize("version", ["02", "03", "04", "06", "08"])
def test_that_every_version_is_read(kind, version):
    status = "<Sts><Cd>BOOK</Cd></Sts>" if version == "08" else "<Sts>BOOK</Sts>"
    found = camt([entry(status=status)], kind=kind, version=version, balances=kind != "054")
    assert found.format == f"camt.{kind}.001.{version}"
    assert [line.minor for line in found.lines] == [-500]
    assert found.statements[0].number == "6222"
    assert found.statements[0].proof is (Proof.NO_BALANCE if kind == "054" else Proof.BALANCED)


@pytest.mark.parametrize(
    "status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts>INFO</Sts>"]
)
def test_that_what_is_not_booked_is_skipped_with_its_reason(status):
    found = camt([entry(), entry("9.00", status=status)])
    assert [line.minor for line in found.lines] == [-500]
    assert "尚未记账" in found.skipped[0].reason
    assert found.statements[0].proof is Proof.BALANCED


@pytest.mark.parametrize(
    "bad",
    [
        entry(currency="USD"),
        entry(amount="五元"),
        entry(amount="1.005"),
        entry(side="BOTH"),
        entry(day="2026-02-30"),
        "\n<Ntry><CdtDbtInd>DBIT</CdtDbtInd></Ntry>",
        "\n<Ntry/>",
    ],
)
def test_that_a_bad_entry_is_named_and_the_others_are_kept(bad):
    found = camt([entry(), bad])
    assert [line.minor for line in found.lines] == [-500]
    assert [(p.row, p.field) for p in found.problems] == [(4, "Ntry")]


def test_that_a_batch_becomes_its_transactions_only_if_they_add_up():
    def detail(ref, amount):
        return (
            f"<TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs><AmtDtls><TxAmt>"
            f'<Amt Ccy="CNY">{amount}</Amt></TxAmt></AmtDtls></TxDtls>'
        )

    def batch(*details):
        return camt([entry(inner=f"<NtryDtls>{''.join(details)}</NtryDtls>")]).lines

    assert [(x.minor, x.reference) for x in batch(detail("A", "3.00"), detail("B", "2.00"))] == [
        (-300, "A"),
        (-200, "B"),
    ]
    assert [x.minor for x in batch(detail("A", "3.00"), detail("B", "2.50"))] == [-500]
    assert [x.minor for x in batch(detail("A", "3.00"), detail("A", "2.00"))] == [-500]


def test_that_a_bad_head_costs_no_entry():
    odd = "<FrToDt><FrDtTm>昨天</FrDtTm><ToDtTm>今天</ToDtTm></FrToDt>"
    found = camt([entry()], summary=odd)
    assert [line.minor for line in found.lines] == [-500]
    found = camt(
        [entry(), "<TxsSummry><TtlNtries><NbOfNtries>²</NbOfNtries></TtlNtries></TxsSummry>"]
    )
    assert found.problems == ()
    found = camt(
        [entry(), "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>"]
    )
    assert "总笔数 2" in found.problems[0].message


def test_that_an_entry_outside_any_statement_is_named():
    found = camt([entry(), "<Txt>" + entry("7.00") + "</Txt>"])
    assert [p.field for p in found.problems] == ["Ntry"]


# --- OFX -----------------------------------------------------------------------------------------


def ofx(*accounts, head="OFXHEADER:100\n\n"):
    return read_ofx("a.ofx", f"{head}<OFX>{''.join(accounts)}</OFX>", "utf-8")


def account(*rows, number="622", kind="STMTRS", balance="100.00"):
    own = "CCACCTFROM" if kind == "CCSTMTRS" else "BANKACCTFROM"
    return (
        f"<{kind}><CURDEF>CNY<{own}><BANKID>102<ACCTID>{number}</{own}><BANKTRANLIST>"
        f"<DTSTART>20260101000000[+8:CST]<DTEND>20260131235959[+8:CST]{''.join(rows)}</BANKTRANLIST>"
        f"<LEDGERBAL><BALAMT>{balance}<DTASOF>20260131</LEDGERBAL></{kind}>"
    )


def row(amount="-5.00", day="20260105", rest=""):
    return f"\n<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>F1<NAME>甲 &amp; 乙{rest}</STMTTRN>"


@pytest.mark.parametrize(
    "day",
    [
        "20260105",
        "20260105003000[+8:CST]",
        "20260105233000.000[-5:EST]",
        "20260105120000",
        "20260105003000.123[+5.5]",
    ],
)
def test_that_the_day_is_the_banks_own(day):
    found = ofx(account(row(day=day)))
    assert [line.on for line in found.lines] == [date(2026, 1, 5)]
    one = found.statements[0]
    assert (one.since, one.until) == (date(2026, 1, 1), date(2026, 1, 31))


def test_that_names_are_plain_and_the_other_account_is_not_ours():
    rest = "<BANKACCTTO><BANKID>103<ACCTID>999</BANKACCTTO><MEMO>房租 < 一月"
    found = ofx(account(row(rest=rest)))
    [line] = found.lines
    assert (
        line.name,
        line.payee_account,
        line.payee_bank,
        line.remark,
    ) == (
        "甲 & 乙",
        "999",
        "103",
        "房租 < 一月",
    )
    assert found.statements[0].number == "622"


def test_that_several_accounts_and_cards_are_several_statements():
    found = ofx(
        account(row()), account(row("7,50"), number="623", kind="CCSTMTRS", balance="-1.00")
    )
    assert [(s.number, s.closing, [x.minor for x in s.lines]) for s in found.statements] == [
        ("622", 10000, [-500]),
        ("623", -100, [750]),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        row(amount="五元"),
        row(amount=""),
        row(day="2026"),
        row(day="20260230"),
        row(rest="<CURRENCY><CURRATE>7<CURSYM>USD</CURRENCY>"),
        "\n<STMTTRN></STMTTRN>",
    ],
)
def test_that_a_bad_transaction_is_named(bad):
    found = ofx(account(row(), bad, row("6.00")))
    assert [line.minor for line in found.lines] == [-500, 600]
    assert [(p.row, p.field) for p in found.problems] == [(5, "STMTTRN")]


def test_that_a_broken_ofx_is_refused_or_named():
    with pytest.raises(NotAStatement):
        ofx()
    with pytest.raises(NotAStatement):
        read_ofx("a.ofx", "OFXHEADER:100", "utf-8")
    assert [p.field for p in ofx(row(), account()).problems] == ["STMTTRN"]
