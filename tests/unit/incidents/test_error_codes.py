"""Every code of ours and of the banks has a meaning and a first thing to do."""

import ast
import csv
from pathlib import Path

import pytest

from app.core.codes import StopReason, classify_answer, known_answers
from app.core.errors import BadInput, Conflict, NotFound
from app.core.shipped import data_file
from app.incidents.vendor.error_codes import (
    Source,
    answer_entry,
    codes_in,
    dictionary,
    entries_of_finding,
    search,
)

ROOT = Path(__file__).resolve().parents[3]
BASES = {"BadInput": BadInput.remedy, "Conflict": Conflict.remedy, "NotFound": NotFound.remedy}
# Raised without a class of their own.
BY_HAND = {"BUG", "CLI-002"}


def refusals():
    """Code, remedy and name of every refusal in the source."""
    for folder in ("app", "ui"):
        for module in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    said = dict(values_of(node))
                    if "code" in said and "-" in said["code"]:
                        base = node.bases[0].id if node.bases else ""
                        yield said["code"], said.get("remedy") or BASES.get(base, ""), node.name


def values_of(node):
    for one in node.body:
        names = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
        name = getattr(names[0], "id", "") if names else ""
        if name in {"code", "remedy"} and isinstance(getattr(one, "value", None), ast.Constant):
            yield name, one.value.value


def test_that_every_refusal_stands_in_the_dictionary_with_its_own_cure():  # B1.3
    listed = {one.code: one for one in dictionary() if one.source is Source.PROGRAM}
    raised = {code: remedy for code, remedy, _ in refusals()}
    assert set(listed) == set(raised) | BY_HAND
    different = {code for code, remedy in raised.items() if remedy and listed[code].cure != remedy}
    assert different == set()


def test_that_no_code_means_two_things():  # B1.3
    found = list(refusals())
    codes = [code for code, _, _ in found]
    assert sorted({one for one in codes if codes.count(one) > 1}) == []


def test_that_every_entry_says_what_it_means_and_what_to_do():  # B1.3
    rows = [one for one in dictionary() if not (one.meaning and one.cure)]
    # A success asks nothing of anybody.
    assert [one.code for one in rows if "已成功" not in one.meaning] == []


def test_that_the_banks_are_told_from_the_table_that_classifies_them():  # B1.3
    with data_file("bank_answers.csv").open(encoding="utf-8", newline="") as file:
        lines = sum(1 for _ in csv.DictReader(file))
    told = [one for one in dictionary() if one.source in {Source.BANK, Source.WORDS}]
    assert len(told) == len(known_answers()) == lines
    banks = {"ICBC", "CMB", "CITIC", "CIB", "YONYOU"}
    assert banks <= {name for one in told for name in one.of.split("|")}


@pytest.mark.parametrize(
    ("bank", "code"),
    [("中国工商银行上海分行", "95"), ("CMB", "fin-b"), ("兴业银行", "3"), ("用友", "6")],
)
def test_that_a_banks_code_is_told_as_it_is_classified(bank, code):  # B1.3
    meaning = classify_answer(bank, code, "")
    [one] = answer_entry(bank, code)
    assert (one.reason, one.cure) == (meaning.reason, meaning.first_action)
    assert one.meaning.endswith(meaning.meaning)


def test_that_the_same_code_of_another_bank_is_not_meant():  # B1.3
    [icbc], [yonyou] = answer_entry("工商银行", "6"), answer_entry("用友", "6")
    assert icbc.meaning != yonyou.meaning
    assert answer_entry("某某银行", "6") == []


def test_that_a_line_of_the_log_is_looked_up():  # B1.3
    found = codes_in("refused PAY-002: FK-20260302-0001 银行返回 FIN-B 余额不足，第 6 次")
    assert [one.code for one in found] == ["PAY-002", "FIN-B", "余额不足、金额不足"]
    assert codes_in("UNKNOWN user, XPAY-0021") == []


def test_that_a_finding_is_looked_up_by_the_banks_answer():  # B1.3
    evidence = {"银行": "招商银行", "返回码": "FIN-F", "银行说明": "户名有误"}
    found = entries_of_finding(StopReason.NAME_MISMATCH, evidence)
    assert [one.code for one in found] == ["FIN-F", "户名不符、户名错、户名有误", "NAME_MISMATCH"]
    [reason] = entries_of_finding(StopReason.ACCOUNT_FROZEN, {})
    assert reason.source is Source.REASON


def test_that_searching_puts_the_code_itself_first():  # B1.3
    assert search("pay-002")[0].code == "PAY-002"
    assert {one.reason for one in search("冻结", Source.WORDS)} == {StopReason.ACCOUNT_FROZEN}
    assert search("没有这个词") == []
    assert len(search("")) == len(dictionary())
