"""Payee data: name, account, bank, 联行号, and accounts that nobody called back about."""

from datetime import timedelta

import pytest

from app.core.cnaps import check_digit
from app.core.codes import StopReason
from app.payments.diagnosis.rule import Severity, all_rules

RULES = (
    "payee.name",
    "payee.account",
    "payee.bank",
    "payee.cnaps",
    "payee.bank_class",
    "payee.changed",
)
NEW_ACCOUNT = "31001999999999999"


@pytest.mark.parametrize("code", RULES)
def test_whole_and_right_payee_data_are_not_named(healthy, findings_of, code):  # C3.4
    assert findings_of(code, healthy()) == []


@pytest.mark.parametrize("name", ["", "   ", "长" * 61])
def test_a_name_is_needed_and_has_at_most_sixty_characters(healthy, only, name):  # C3.4
    found = only("payee.name", healthy(payee_name=name))
    assert (found.reason, found.severity) == (StopReason.NAME_MISMATCH, Severity.BLOCKING)
    assert found.summary == "收款户名为空或超过 60 个字。"
    assert found.evidence == {"收款户名": name.strip()}


def test_sixty_characters_are_a_name(healthy, findings_of):  # C3.4
    facts = healthy(payee_name="长" * 60, payee={"registered_name": "长" * 60})
    assert findings_of("payee.name", facts) == []


def test_a_name_unlike_the_registered_one_stops(healthy, only):  # C3.4
    found = only("payee.name", healthy(payee_name="上海华锋机械有限公司"))
    assert (found.reason, found.severity) == (StopReason.NAME_MISMATCH, Severity.BLOCKING)
    assert found.evidence == {
        "指令户名": "上海华锋机械有限公司",
        "登记户名": "上海华峰机械有限公司",
    }


def test_width_of_brackets_and_blanks_make_no_other_name(healthy, findings_of):  # C3.4
    facts = healthy(
        payee_name=" 华峰(上海) 有限公司", payee={"registered_name": "华峰（上海）有限公司"}
    )
    assert findings_of("payee.name", facts) == []


@pytest.mark.parametrize(
    "number", ["", "1" * 7, "1" * 36, "31001-00017000", "３１００１０００", "123456 78"]
)
def test_an_account_number_is_eight_to_thirty_five_digits(healthy, only, number):  # C3.4
    found = only("payee.account", healthy(payee_account=number))
    assert (found.reason, found.severity) == (StopReason.PAYEE_ACCOUNT_INVALID, Severity.BLOCKING)
    assert found.evidence == {"收款账号": number, "位数": str(len(number))}


@pytest.mark.parametrize("length", [8, 35])
def test_the_shortest_and_the_longest_account_number_pass(healthy, findings_of, length):  # C3.4
    assert findings_of("payee.account", healthy(payee_account="1" * length)) == []


def test_bank_or_code_must_be_given(healthy, findings_of, only):  # C3.4
    found = only("payee.bank", healthy(payee_bank=" ", payee_cnaps=" "))
    assert (found.reason, found.severity) == (StopReason.PAYEE_ACCOUNT_INVALID, Severity.BLOCKING)
    assert findings_of("payee.bank", healthy(payee_bank="")) == []
    assert findings_of("payee.bank", healthy(payee_cnaps="")) == []


@pytest.mark.parametrize("code", ["105100000018", "10510000001", "314653617115"])
def test_a_wrong_check_digit_warns_and_does_not_stop(healthy, findings_of, only, code):  # C3.4
    facts = healthy(payee_cnaps=code)
    found = only("payee.cnaps", facts)
    assert (found.reason, found.severity) == (StopReason.PAYEE_ACCOUNT_INVALID, Severity.WARNING)
    assert found.summary == "联行号校验位不符，请核对；确认无误可继续并注明原因。"
    assert found.evidence == {"联行号": code, "开户行": "中国建设银行上海市分行"}
    assert findings_of("payee.bank_class", facts) == []


def test_a_code_of_another_bank_warns(healthy, only):  # C3.4
    found = only("payee.bank_class", healthy(payee_cnaps="308584000013"))
    assert (found.reason, found.severity) == (StopReason.PAYEE_ACCOUNT_INVALID, Severity.WARNING)
    assert found.evidence == {
        "联行号": "308584000013",
        "所属银行": "招商银行",
        "开户行": "中国建设银行上海市分行",
    }


# domain.md §2.2: head offices under the names that their branches carry.
@pytest.mark.parametrize(
    ("code", "bank"),
    [
        ("102100099996", "中国工商银行上海市张江支行"),
        ("103100000026", "中国农业银行北京分行"),
        ("104100000004", "中国银行上海市分行"),
        ("301290000007", "交通银行上海分行"),
        ("310290000013", "上海浦东发展银行张江支行"),
        ("403100000004", "中国邮政储蓄银行北京分行"),
        ("303100000006", "中国光大银行上海分行"),
        ("305100000013", "中国民生银行上海分行"),
        ("306581000003", "广发银行广州分行"),
        ("105100000017", "建行张江支行"),
        ("308584000013", "招行深圳分行"),
    ],
)
def test_the_own_name_of_a_bank_agrees_with_its_code(healthy, findings_of, code, bank):  # C3.4
    assert findings_of("payee.bank_class", healthy(payee_cnaps=code, payee_bank=bank)) == []


@pytest.mark.parametrize("bank", ["中国建设银行上海市分行", "中国工商银行", "交通银行"])
def test_the_bank_of_china_is_not_every_bank_of_china(healthy, findings_of, bank):  # C3.4
    assert findings_of("payee.bank_class", healthy(payee_cnaps="104100000004", payee_bank=bank))


def test_a_class_that_many_banks_share_says_nothing_of_the_name(healthy, findings_of):  # C3.4
    for first in ("31329000001", "31429000001", "40229000001"):
        code = f"{first}{check_digit(first)}"
        facts = healthy(payee_cnaps=code, payee_bank="上海银行浦东支行")
        assert findings_of("payee.bank_class", facts) == []


def test_an_account_that_nobody_confirmed_stops_for_a_known_payee(healthy, only):  # C3.4
    since = healthy().now - timedelta(days=2)
    facts = healthy(payee_account=NEW_ACCOUNT, payee={"account_since": since})
    found = only("payee.changed", facts)
    assert (found.reason, found.severity) == (StopReason.RISK_RULE, Severity.BLOCKING)
    assert found.evidence == {
        "本笔账号": NEW_ACCOUNT,
        "核实过的账号": "31001000000000017",
        "首次出现": "2026-02-28 10:00",
    }


def test_an_account_never_seen_before_stops(healthy, only):  # C3.4
    facts = healthy(payee_account=NEW_ACCOUNT, payee={"account_since": None})
    assert only("payee.changed", facts).evidence["首次出现"] == "本笔"


@pytest.mark.parametrize(
    ("age", "found"),
    [
        (timedelta(days=29), True),
        (timedelta(days=30) - timedelta(microseconds=1), True),
        (timedelta(days=30), False),
        (timedelta(days=31), False),
    ],
)
def test_an_account_is_new_for_thirty_days(healthy, findings_of, age, found):  # C3.4
    facts = healthy(payee_account=NEW_ACCOUNT, payee={"account_since": healthy().now - age})
    assert bool(findings_of("payee.changed", facts)) is found


def test_a_doubted_account_stops_however_old_it_is(healthy, only):  # C3.4
    found = only("payee.changed", healthy(payee={"account_doubted_at": healthy().now}))
    assert (found.reason, found.severity) == (StopReason.RISK_RULE, Severity.BLOCKING)
    assert found.evidence == {
        "本笔账号": "31001000000000017",
        "退回或更正时间": "2026-03-02 10:00",
    }


def test_a_payee_without_any_confirmed_account_is_left_to_the_rule_of_first_payments(
    healthy, findings_of
):  # C3.4
    facts = healthy(payee={"proven_accounts": frozenset(), "account_since": None})
    assert findings_of("payee.changed", facts) == []


def test_what_is_wrong_with_name_account_or_bank_nobody_may_waive():  # C3.4
    waivable = {rule.code for rule in all_rules() if rule.waivable}
    assert waivable & set(RULES) == {"payee.cnaps", "payee.changed"}
