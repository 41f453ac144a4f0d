"""Funds: available = book − frozen − in transit, to the last fen."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.rules import Funds
from app.core.codes import StopReason
from app.core.money import Money
from app.payments.diagnosis.rule import Severity

RULES = ("funds.available", "funds.unknown", "funds.stale", "funds.due", "funds.reserve")
ANY_MINOR = st.integers(min_value=0, max_value=10**14)


def funds(facts, book, frozen="0", in_transit="0"):
    return Funds(Money.parse(book), Money.parse(frozen), Money.parse(in_transit), facts.now)


@pytest.fixture
def with_funds(healthy):
    def build(book, frozen="0", in_transit="0", *, payer=None, **changes):
        money = funds(healthy(), book, frozen, in_transit)
        return healthy(payer={"funds": money, **(payer or {})}, **changes)

    return build


@pytest.mark.parametrize("code", RULES)
def test_enough_money_of_today_is_not_named(healthy, findings_of, code):  # A2.1
    assert findings_of(code, healthy()) == []


def test_a_gap_stops_and_is_shown_with_all_that_it_comes_from(with_funds, only):  # A2.1 A2.2
    facts = with_funds("50000.00", "12000.00", "9000.00")
    found = only("funds.available", facts)
    assert (found.reason, found.severity) == (StopReason.INSUFFICIENT_FUNDS, Severity.BLOCKING)
    # 50,000 − 12,000 − 9,000 = 29,000; 30,000 wanted.
    assert found.summary == "可用余额 29,000.00 元，本笔 30,000.00 元，缺口 1,000.00 元。"
    assert found.evidence == {
        "付款账户": "6222020200112233445",
        "账面余额": "50,000.00 元",
        "冻结": "12,000.00 元",
        "在途": "9,000.00 元",
        "可用余额": "29,000.00 元",
        "本笔金额": "30,000.00 元",
        "缺口": "1,000.00 元",
        "余额时间": "2026-03-02 10:00",
    }


def test_the_last_fen_is_enough_and_one_less_is_not(with_funds, findings_of, only):  # A2.1 A2.2
    assert findings_of("funds.available", with_funds("30000.00")) == []
    assert only("funds.available", with_funds("29999.99")).evidence["缺口"] == "0.01 元"


def test_an_overdrawn_account_lacks_the_whole_amount_and_more(with_funds, only):  # A2.2
    facts = with_funds("100.00", "300.00")
    assert only("funds.available", facts).evidence["缺口"] == "30,200.00 元"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(book=ANY_MINOR, frozen=ANY_MINOR, in_transit=ANY_MINOR, amount=ANY_MINOR)
def test_a_gap_is_found_exactly_when_the_amount_exceeds_what_is_available(
    healthy, findings_of, book, frozen, in_transit, amount
):  # A2.1 A2.2
    money = Funds(Money(book), Money(frozen), Money(in_transit), healthy().now)
    facts = healthy(payer={"funds": money}, amount=Money(amount))
    assert (findings_of("funds.available", facts) == []) is (amount <= book - frozen - in_transit)


def test_an_account_without_a_balance_is_a_warning_and_never_a_guess(
    healthy, findings_of, only
):  # A2.1
    nothing = Funds(Money(0), Money(0), Money(0), None)
    facts = healthy(payer={"funds": nothing, "reserve": Money(1)})
    found = only("funds.unknown", facts)
    assert (found.reason, found.severity) == (StopReason.INSUFFICIENT_FUNDS, Severity.WARNING)
    assert found.evidence == {"付款账户": "6222020200112233445"}
    assert [code for code in RULES if findings_of(code, facts)] == ["funds.unknown"]


@pytest.mark.parametrize(
    ("age", "found"),
    [
        (timedelta(days=3) - timedelta(microseconds=1), False),
        (timedelta(days=3), True),
        (timedelta(days=4), True),
    ],
)
def test_a_balance_is_old_from_the_third_day_on(healthy, findings_of, age, found):  # A2.1
    now = healthy().now
    facts = healthy(payer={"funds": Funds(Money(10**8), Money(0), Money(0), now - age)})
    assert bool(findings_of("funds.stale", facts)) is found


def test_an_old_balance_tells_its_age_and_time(healthy, only):  # A2.1
    old = healthy().now - timedelta(days=5)
    facts = healthy(payer={"funds": Funds(Money(10**8), Money(0), Money(0), old)})
    found = only("funds.stale", facts)
    assert found.severity is Severity.WARNING
    assert "5 天前" in found.summary
    assert found.evidence["余额时间"] == "2026-02-25 10:00"


def test_what_else_is_due_is_counted_to_the_fen(with_funds, findings_of, only):  # A2.1
    enough = with_funds("80000.00", payer={"due_before": Money.parse("50000.00")})
    assert findings_of("funds.due", enough) == []
    short = with_funds("79999.99", payer={"due_before": Money.parse("50000.00")})
    found = only("funds.due", short)
    assert found.severity is Severity.WARNING
    assert found.summary == "连同 2026-03-02 前待执行的 50,000.00 元，还缺 0.01 元。"
    assert found.evidence["同期待执行"] == "50,000.00 元"


def test_a_payment_that_lacks_money_itself_is_named_once(with_funds, findings_of):  # A2.2
    facts = with_funds(
        "1.00", payer={"due_before": Money.parse("50000"), "reserve": Money.parse("1")}
    )
    assert [code for code in RULES if findings_of(code, facts)] == ["funds.available"]


def test_what_is_left_may_equal_the_reserve_but_not_fall_below(
    with_funds, findings_of, only
):  # A2.1
    reserve = {"reserve": Money.parse("5000.00")}
    assert findings_of("funds.reserve", with_funds("35000.00", payer=reserve)) == []
    found = only("funds.reserve", with_funds("34999.99", payer=reserve))
    assert found.severity is Severity.WARNING
    assert found.summary == "付款后余 4,999.99 元，低于备付线 5,000.00 元。"
    assert found.evidence["备付线"] == "5,000.00 元"


@pytest.mark.parametrize("code", RULES)
def test_an_amount_in_another_currency_is_never_subtracted(healthy, findings_of, code):  # A2.1
    facts = healthy(amount=Money.parse("30000", "USD"), payer={"reserve": Money.parse("1")})
    assert findings_of(code, facts) == []
