"""What banks really hand out, and what goes wrong in the field, through `statement inspect`."""

import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from app.cli.parser import parse
from app.cli.run import run_command

SAMPLES = Path(__file__).parents[2] / "data" / "statements"
# The expected figures stand in ../shared/samples/README.md, computed apart from this program.
REAL = {
    "icbc_debit.csv": (11, "2841.74", "4241.08", None, None, "no_balance"),
    "ccb.xls": (6, "0.00", "703.26", "2243.91", "1494.65", "unbalanced"),
    "boc_debit.csv": (17, "9821.00", "9394.30", "2813.58", "3240.28", "balanced"),
    "cmb_debit.csv": (5, "1234.00", "2013.14", "37.66", "1218.24", "unbalanced"),
    "bocom_debit.csv": (6, "11.25", "114.00", "1333.40", "3154.93", "unbalanced"),
    "alipay.csv": (10, "222228.50", "211.64", None, None, "no_balance"),
    "mbank.sta": (3, "0.03", "0.00", "0.40", "0.43", "balanced"),
    "cmxl.sta": (16, "72436.74", "60109.44", None, None, "balanced"),
    "fi_camt053.xml": (12, "23075.00", "9430.17", "10000.00", "23644.83", "balanced"),
}
BANKS = {
    "icbc_debit.csv": "中国工商银行",
    "ccb.xls": "中国建设银行",
    "boc_debit.csv": "中国银行",
    "cmb_debit.csv": "招商银行",
    "bocom_debit.csv": "交通银行",
    "alipay.csv": "支付宝",
}
# One small table in many guises: EXPECTED.tsv.
SAME = (
    "01_gbk.csv",
    "02_utf8bom.csv",
    "05_eq_quoted_tsv_named.xls",
    "06_html_named.xls",
    "08_wrong_dimension_A1.xlsx",
    "11_formula_injection_text.csv",
    "12_merged_two_row_header.xlsx",
    "15_total_and_page_rows.csv",
    "17_truncated_multibyte.csv",
    "20_newline_in_cell.csv",
)


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


@pytest.mark.parametrize("name", REAL)
def test_that_what_banks_export_gives_the_expected_figures(inspect, name):  # E1.3 B2.2
    count, total_in, total_out, opening, closing, proof = REAL[name]
    code, found = inspect(SAMPLES / name)
    assert (found["transaction_count"], found["total_in"], found["total_out"]) == (
        count,
        total_in,
        total_out,
    )
    assert (found["opening_balance"], found["closing_balance"]) == (opening, closing)
    assert found["proof"] == proof
    assert code == (0 if proof == "balanced" else 1)
    amounts = [Decimal(one["amount"]) for one in found["transactions"]]
    assert len(amounts) == count
    assert sum(a for a in amounts if a > 0) == Decimal(total_in)
    assert -sum(a for a in amounts if a < 0) == Decimal(total_out)
    assert found["bank"] == BANKS.get(name, found["bank"])


def test_that_what_does_not_prove_names_its_row(inspect):  # B2.2
    _, found = inspect(SAMPLES / "ccb.xls")
    [problem] = found["problems"]
    assert (problem["row"], problem["field"]) == (10, "余额")
    assert "相差 -46.00" in problem["message"]


def test_that_declared_totals_are_held_against_the_rows(inspect):  # B2.2
    _, found = inspect(SAMPLES / "alipay.csv")
    said = " ".join(one["message"] for one in found["problems"])
    assert "收入合计 28.50，逐笔相加为 222,228.50" in said
    assert found["total_not_counted"] == "247.37"


def test_that_each_currency_of_a_file_stands_for_itself(inspect):
    _, found = inspect(SAMPLES / "cmxl.sta")
    assert [
        (one["currency"], one["opening_balance"], one["closing_balance"], one["proof"])
        for one in found["statements"]
    ] == [
        ("DEM", "84349.74", "84437.04", "balanced"),
        ("EUR", "2187.95", "4387.95", "balanced"),
        ("PLN", "40000.00", "50040.00", "balanced"),
    ]


@pytest.mark.parametrize("name", SAME)
def test_that_one_table_in_many_guises_is_read_the_same(inspect, name):  # E1.3
    code, found = inspect(SAMPLES / "malformed" / name)
    assert (
        found["transaction_count"],
        found["total_in"],
        found["total_out"],
        found["opening_balance"],
        found["closing_balance"],
        found["proof"],
        found["account"],
    ) == (4, "10.00", "11.64", "1985.21", "1983.57", "balanced", "6200000000001230")
    warned = name.startswith("17_")
    assert (code, bool(found["problems"])) == (int(warned), warned)
    assert found["transactions"][0]["booked_at"] == "2025-12-03T14:06:51+08:00"


def test_that_totals_page_rows_and_headings_are_named_as_skipped(inspect):  # E1.3
    _, found = inspect(SAMPLES / "malformed" / "15_total_and_page_rows.csv")
    assert [(one["row"], one["reason"]) for one in found["skipped"] if one["row"] > 1] == [
        (5, "合计行"),
        (6, "重复的表头"),
        (9, "合计行"),
        (10, "说明文字"),
    ]


def test_that_two_real_payments_that_are_alike_are_both_kept(inspect):  # E1.2
    code, found = inspect(SAMPLES / "malformed" / "24_two_real_identical_payments.csv")
    assert (code, found["transaction_count"], found["total_out"]) == (0, 2, "1000.00")


def test_that_a_file_without_lines_says_so(inspect):
    code, found = inspect(SAMPLES / "malformed" / "29_header_only.csv")
    assert (code, found["transaction_count"]) == (1, 0)
    assert "没有任何交易" in found["problems"][0]["message"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("21_unbalanced_quote.csv", "第 4 行"),
        ("26_xxe_camt053.xml", "DOCTYPE"),
        ("30_pdf_named.xlsx", "PDF"),
    ],
)
def test_that_what_can_not_be_read_is_refused_with_its_reason(inspect, name, said):
    code, answer = inspect(SAMPLES / "malformed" / name)
    assert code == 2
    assert said in answer["error"]["message"]
    assert answer["error"]["hint"]


def test_that_a_bomb_is_refused_before_it_is_unpacked(inspect, tmp_path):
    path = tmp_path / "流水.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(201):
                member.write(b" " * 1_000_000)
    code, answer = inspect(path)
    assert code == 2
    assert "解压后" in answer["error"]["message"]


def test_that_a_missing_file_is_exit_2(inspect, tmp_path):
    code, answer = inspect(tmp_path / "没有.csv")
    assert (code, "没有.csv" in answer["error"]["message"]) == (2, True)
