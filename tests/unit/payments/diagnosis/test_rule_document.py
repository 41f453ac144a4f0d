"""The payment against the paper that it rests on."""

from datetime import date

import pytest

from app.core.codes import StopReason
from app.core.money import Money
from app.payments.diagnosis.rule import Severity

RULES = ("document.amount", "document.payee", "document.account", "document.due")


@pytest.mark.parametrize("code", RULES)
def test_a_payment_that_agrees_with_its_paper_is_not_named(healthy, findings_of, code):  # C2.3
    assert findings_of(code, healthy()) == []


@pytest.mark.parametrize("code", RULES)
def test_a_payment_without_a_paper_has_nothing_to_differ_from(healthy, findings_of, code):  # C2.3
    assert findings_of(code, healthy(document=None)) == []


def test_one_fen_over_the_paper_stops(healthy, only):  # C2.3
    found = only("document.amount", healthy(amount=Money.parse("30000.01")))
    assert (found.reason, found.severity) == (StopReason.RISK_RULE, Severity.BLOCKING)
    assert found.evidence == {
        "单据": "合同 HT-1",
        "单据金额": "30,000.00 元",
        "本笔金额": "30,000.01 元",
    }


def test_one_fen_under_the_paper_is_only_told(healthy, only):  # C2.3
    found = only("document.amount", healthy(amount=Money.parse("29999.99")))
    assert (found.reason, found.severity) == (StopReason.RISK_RULE, Severity.NOTICE)


def test_amounts_in_different_currencies_are_not_compared(healthy, findings_of):  # C2.3
    facts = healthy(document={"amount": Money.parse("1", "USD")})
    assert findings_of("document.amount", facts) == []


def test_another_payee_than_on_the_paper_stops(healthy, only):  # C2.3
    found = only("document.payee", healthy(document={"payee_name": "苏州远达电子有限公司"}))
    assert (found.reason, found.severity) == (StopReason.NAME_MISMATCH, Severity.BLOCKING)
    assert found.evidence == {
        "单据": "合同 HT-1",
        "单据收款方": "苏州远达电子有限公司",
        "指令收款方": "上海华峰机械有限公司",
    }


def test_another_account_than_on_the_paper_stops(healthy, only):  # C2.3
    found = only("document.account", healthy(document={"payee_account": "31001000000000018"}))
    assert (found.reason, found.severity) == (StopReason.PAYEE_ACCOUNT_INVALID, Severity.BLOCKING)
    assert found.evidence == {"单据账号": "31001000000000018", "指令账号": "31001000000000017"}


def test_what_the_paper_leaves_out_is_not_compared(healthy, findings_of):  # C2.3
    facts = healthy(document={"payee_name": "", "payee_account": "", "due_on": None})
    assert [code for code in RULES if findings_of(code, facts)] == []


def test_a_name_typed_in_another_width_is_the_same_payee(healthy, findings_of):  # C2.3
    facts = healthy(document={"payee_name": "上海 华峰机械　有限公司"})
    assert findings_of("document.payee", facts) == []


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        (date(2026, 3, 1), "付款日 2026-03-02 比合同约定的 2026-03-01 晚 1 天。"),
        (date(2026, 3, 3), "付款日 2026-03-02 比合同约定的 2026-03-03 早 1 天。"),
        (date(2026, 4, 1), "付款日 2026-03-02 比合同约定的 2026-04-01 早 30 天。"),
    ],
)
def test_another_day_than_on_the_paper_is_only_told(healthy, only, agreed, said):  # C2.3
    found = only("document.due", healthy(document={"due_on": agreed}))
    assert (found.severity, found.summary) == (Severity.NOTICE, said)
    assert found.evidence == {
        "单据": "合同 HT-1",
        "约定付款日": agreed.isoformat(),
        "本笔付款日": "2026-03-02",
    }
    assert [step.label for step in found.next_actions] == ["核对约定付款日"]


def test_the_agreed_day_itself_is_not_named(healthy, findings_of):  # C2.3
    facts = healthy(document={"due_on": date(2026, 3, 2)})
    assert findings_of("document.due", facts) == []
