"""Every sample that we have, real, malformed and made, through `statement inspect --json`."""

import json
import zipfile
from pathlib import Path

import pytest

from app.cli.parser import parse
from app.cli.run import run_command

SAMPLES = Path(__file__).parents[2] / "data" / "statements"
MALFORMED = SAMPLES / "malformed"
MADE = SAMPLES / "made"
PASSWORD = "Tf-1234"
# One small table, in all its malformed shapes: EXPECTED.tsv.
SAME = (4, "10.00", "11.64", "1985.21", "1983.57", "balanced")
FIELDS = (
    "transaction_count",
    "total_in",
    "total_out",
    "opening_balance",
    "closing_balance",
    "proof",
)
CONTRACT = {
    "file",
    "format",
    "bank",
    "encoding",
    "account",
    "account_name",
    "currency",
    "period",
    "opening_balance",
    "closing_balance",
    "transaction_count",
    "total_in",
    "total_out",
    "proof",
    "problems",
    "skipped",
    "transactions",
}
LINE = {
    "row",
    "booked_at",
    "value_date",
    "amount",
    "balance",
    "counterparty_name",
    "counterparty_account",
    "counterparty_bank",
    "reference",
    "summary",
    "purpose",
    "remark",
}


@pytest.fixture
def inspect(capsys, monkeypatch, tmp_path):
    """Exit code and document of the command, in this process: another one takes a second each."""
    monkeypatch.setenv("TINGFU_HOME", str(tmp_path / "home"))

    def one(path):
        code = run_command(parse(["--json", "statement", "inspect", str(path)]))
        return code, json.loads(capsys.readouterr().out)

    return one


def test_that_scripts_can_rely_on_the_command(run):  # E1.3
    code, found = run("statement", "inspect", SAMPLES / "boc_debit.csv")
    assert (code, found["transaction_count"], found["proof"]) == (0, 17, "balanced")


def figures(found):
    assert found.keys() >= CONTRACT
    assert all(line.keys() >= LINE for line in found["transactions"])
    assert len(found["transactions"]) == found["transaction_count"]
    return tuple(found[field] for field in FIELDS)


@pytest.mark.parametrize(
    ("name", "bank", "code", "expected"),
    [
        (
            "icbc_debit.csv",
            "中国工商银行",
            1,
            (11, "2841.74", "4241.08", None, None, "no_balance"),
        ),
        ("ccb.xls", "中国建设银行", 1, (6, "0.00", "703.26", "2243.91", "1494.65", "unbalanced")),
        (
            "boc_debit.csv",
            "中国银行",
            0,
            (17, "9821.00", "9394.30", "2813.58", "3240.28", "balanced"),
        ),
        (
            "cmb_debit.csv",
            "招商银行",
            1,
            (5, "1234.00", "2013.14", "37.66", "1218.24", "unbalanced"),
        ),
        (
            "bocom_debit.csv",
            "交通银行",
            1,
            (6, "11.25", "114.00", "1333.40", "3154.93", "unbalanced"),
        ),
        ("alipay.csv", "支付宝", 1, (10, "222228.50", "211.64", None, None, "no_balance")),
        ("mbank.sta", "", 0, (3, "0.03", "0.00", "0.40", "0.43", "balanced")),
        ("cmxl.sta", "", 0, (16, "72436.74", "60109.44", None, None, "balanced")),
        (
            "fi_camt053.xml",
            "ESSEFIHX",
            0,
            (12, "23075.00", "9430.17", "10000.00", "23644.83", "balanced"),
        ),
    ],
)
def test_that_real_exports_are_read_to_the_cent(inspect, name, bank, code, expected):  # E1.3
    exit_code, found = inspect(SAMPLES / name)
    assert figures(found) == expected
    assert (exit_code, found["bank"]) == (code, bank)
    assert bool(found["problems"]) == bool(code)


def test_that_icbc_warns_of_its_edited_total_and_keeps_its_masked_number(inspect):
    _, found = inspect(SAMPLES / "icbc_debit.csv")
    assert found["account"] == "1234****9876"
    assert {p["row"] for p in found["problems"]} == {20}
    assert sum(line["amount"].startswith("-") for line in found["transactions"]) == 6


def test_that_ccb_holds_four_balances_of_five_and_names_the_other(inspect):
    _, found = inspect(SAMPLES / "ccb.xls")
    [problem] = found["problems"]
    assert (problem["row"], problem["field"]) == (10, "余额")
    assert "另有" not in problem["message"]


def test_that_alipay_counts_what_is_neither_apart(inspect):
    _, found = inspect(SAMPLES / "alipay.csv")
    assert found["total_not_counted"] == "247.37"
    assert all(p["field"] == "合计" for p in found["problems"])


def test_that_three_currencies_stay_three_statements(inspect):
    _, found = inspect(SAMPLES / "cmxl.sta")
    assert [(s["currency"], s["closing_balance"], s["proof"]) for s in found["statements"]] == [
        ("DEM", "84437.04", "balanced"),
        ("EUR", "4387.95", "balanced"),
        ("PLN", "50040.00", "balanced"),
    ]
    assert found["currency"] == ""


@pytest.mark.parametrize(
    "name",
    [
        "01_gbk.csv",
        "02_utf8bom.csv",
        "05_eq_quoted_tsv_named.xls",
        "06_html_named.xls",
        "08_wrong_dimension_A1.xlsx",
        "11_formula_injection_text.csv",
        "12_merged_two_row_header.xlsx",
        "15_total_and_page_rows.csv",
        "20_newline_in_cell.csv",
    ],
)
def test_that_one_table_is_the_same_in_every_shape(inspect, name):  # E1.3
    code, found = inspect(MALFORMED / name)
    assert (code, figures(found), found["problems"]) == (0, SAME, [])
    assert found["account"] == "6200000000001230"
    assert found["transactions"][0]["counterparty_account"] == "12345678901236500"
    assert found["transactions"][0]["booked_at"] == "2025-12-03T14:06:51+08:00"


def test_that_page_totals_and_headings_are_skipped_by_name(inspect):
    _, found = inspect(MALFORMED / "15_total_and_page_rows.csv")
    assert [(s["row"], s["reason"]) for s in found["skipped"]] == [
        (1, "表头之前的说明"),
        (5, "合计行"),
        (6, "重复的表头"),
        (9, "合计行"),
        (10, "说明文字"),
    ]


def test_that_a_cut_last_character_is_told(inspect):
    code, found = inspect(MALFORMED / "17_truncated_multibyte.csv")
    assert (code, figures(found)) == (1, SAME)
    assert [p["row"] for p in found["problems"]] == [6]


def test_that_two_equal_payments_are_both_kept(inspect):
    code, found = inspect(MALFORMED / "24_two_real_identical_payments.csv")
    assert (code, figures(found)) == (0, (2, "0.00", "1000.00", "2000.00", "1000.00", "balanced"))


def test_that_headings_alone_are_a_message(inspect):
    code, found = inspect(MALFORMED / "29_header_only.csv")
    assert (code, found["transaction_count"]) == (1, 0)
    assert "没有任何交易" in found["problems"][0]["message"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("21_unbalanced_quote.csv", "第 4 行的引号没有成对"),
        ("26_xxe_camt053.xml", "DOCTYPE"),
        ("30_pdf_named.xlsx", "PDF 文档"),
    ],
)
def test_that_what_cannot_be_trusted_is_refused_by_name(inspect, name, says):
    code, found = inspect(MALFORMED / name)
    assert code == 2
    assert found.keys() == {"error"}
    assert says in found["error"]["message"]
    assert found["error"]["code"]
    assert found["error"]["hint"]


def test_that_a_bomb_of_200_mb_is_refused_within_bounds(inspect, tmp_path):
    """25_ratio_bomb_200MB_sheet.xlsx, made anew: it has no place in a repository."""
    bomb = tmp_path / "25_ratio_bomb_200MB_sheet.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        with zipfile.ZipFile(MALFORMED / "08_wrong_dimension_A1.xlsx") as model:
            for name in model.namelist():
                if "sheet1" not in name:
                    archive.writestr(name, model.read(name))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(210):
                sheet.write(b" " * 1_000_000)
    code, found = inspect(bomb)
    assert (code, found["error"]["code"]) == (2, "TAB-004")
    assert "上限" in found["error"]["message"]


@pytest.mark.parametrize(
    ("name", "kind", "account", "expected"),
    [
        ("wechat.csv", "CSV", "", (4, "120.00", "45.50", None, None, "no_balance")),
        (
            "alipay_merchant.csv",
            "CSV",
            "2088000000000000156",
            (3, "100.00", "50.60", "1000.00", "1049.40", "balanced"),
        ),
        (
            "boc_corporate.csv",
            "CSV",
            "456351010089221",
            (3, "700.00", "1200.00", "10000.00", "9500.00", "balanced"),
        ),
        ("two_accounts.csv", "CSV", "", (3, "51.00", "200.00", None, None, "balanced")),
        (
            "mt940_pages.sta",
            "MT940",
            "4563510100892217",
            (4, "1700.50", "1700.50", "10000.00", "10000.00", "balanced"),
        ),
        (
            "mt942.txt",
            "MT942",
            "31001550400050000123",
            (3, "20.00", "88.00", None, None, "no_balance"),
        ),
        (
            "camt052.xml",
            "camt.052.001.08",
            "31001550400050000123",
            (3, "50.00", "200.00", "1000.00", "850.00", "balanced"),
        ),
        (
            "camt053_prefixed.xml",
            "camt.053.001.04",
            "31001550400050000123",
            (3, "50.00", "200.00", "1000.00", "850.00", "balanced"),
        ),
        (
            "camt054.xml",
            "camt.054.001.02",
            "31001550400050000123",
            (3, "50.00", "200.00", None, None, "no_balance"),
        ),
        (
            "ofx1.ofx",
            "OFX",
            "4563510100892217",
            (2, "500.50", "1200.00", None, "9300.50", "no_balance"),
        ),
        ("ofx2.qfx", "QFX", "", (3, "25.00", "13.30", None, None, "no_balance")),
        ("plain.zip", "CSV/MT940", "", (7, "1751.50", "1900.50", None, None, "balanced")),
    ],
)
def test_that_other_kinds_of_statements_are_read(inspect, name, kind, account, expected):
    code, found = inspect(MADE / name)
    assert figures(found) == expected
    assert (code, found["problems"]) == (0, [])
    assert (found["format"], found["account"]) == (kind, account)


@pytest.mark.parametrize("name", ["locked.xlsx", "locked_aes.zip"])
@pytest.mark.parametrize(
    ("key", "code", "error"), [(None, 2, "STM-002"), ("wrong", 2, "STM-003"), (PASSWORD, 0, None)]
)
def test_that_a_locked_file_wants_its_password(monkeypatch, inspect, name, key, code, error):
    monkeypatch.delenv("TINGFU_FILE_PASSWORD", raising=False)
    if key is not None:
        monkeypatch.setenv("TINGFU_FILE_PASSWORD", key)
    exit_code, found = inspect(MADE / name)
    assert exit_code == code
    assert found.get("error", {}).get("code") == error
