"""The account's own limits: the limit itself is allowed, one fen more is not."""

import pytest

from app.core.codes import StopReason
from app.core.money import Money
from app.payments.diagnosis.rule import Severity


@pytest.mark.parametrize("code", ["limits.single", "limits.daily"])
def test_an_account_without_limits_is_not_named(healthy, findings_of, code):  # B4.2
    assert findings_of(code, healthy(payer={"sent_today": Money(10**15)})) == []


@pytest.mark.parametrize(("limit", "found"), [("30000.00", False), ("29999.99", True)])
def test_a_single_payment_may_reach_its_limit(healthy, findings_of, limit, found):  # B4.2
    facts = healthy(payer={"single_limit": Money.parse(limit)})
    assert bool(findings_of("limits.single", facts)) is found


def test_a_single_limit_is_shown_beside_the_amount(healthy, only):  # B4.2
    found = only("limits.single", healthy(payer={"single_limit": Money.parse("20000")}))
    assert (found.reason, found.severity) == (StopReason.LIMIT_EXCEEDED, Severity.BLOCKING)
    assert found.evidence == {
        "付款账户": "6222020200112233445",
        "单笔限额": "20,000.00 元",
        "本笔金额": "30,000.00 元",
    }


@pytest.mark.parametrize(("sent", "found"), [("70000.00", False), ("70000.01", True)])
def test_a_day_may_reach_its_limit(healthy, findings_of, sent, found):  # B4.2
    facts = healthy(payer={"daily_limit": Money.parse("100000"), "sent_today": Money.parse(sent)})
    assert bool(findings_of("limits.daily", facts)) is found


def test_a_daily_limit_is_shown_with_what_was_sent(healthy, only):  # B4.2
    facts = healthy(
        payer={"daily_limit": Money.parse("100000"), "sent_today": Money.parse("90000")}
    )
    found = only("limits.daily", facts)
    assert (found.reason, found.severity) == (StopReason.LIMIT_EXCEEDED, Severity.BLOCKING)
    assert found.evidence == {
        "今日已提交": "90,000.00 元",
        "日累计限额": "100,000.00 元",
        "本笔金额": "30,000.00 元",
    }


@pytest.mark.parametrize("code", ["limits.single", "limits.daily"])
def test_limits_in_another_currency_are_not_compared(healthy, findings_of, code):  # B4.2
    one = Money.parse("1")
    facts = healthy(
        amount=Money.parse("30000", "USD"), payer={"single_limit": one, "daily_limit": one}
    )
    assert findings_of(code, facts) == []


@pytest.mark.parametrize("code", ["limits.single", "limits.daily"])
def test_no_way_out_of_a_limit_advises_to_split(healthy, only, code):  # B4.2
    one = Money.parse("1")
    found = only(code, healthy(payer={"single_limit": one, "daily_limit": one}))
    assert [step.label for step in found.next_actions if "拆" in step.label] == []
