"""The paying account: its status, and restrictions on all or part of it."""

from datetime import UTC, date, datetime

import pytest

from app.accounts.rules import AccountStatus, Restriction
from app.core.codes import StopReason
from app.core.money import Money
from app.payments.diagnosis.rule import Severity

# domain.md §2.4 and §2.5
STATUSES = {
    AccountStatus.FROZEN: ("冻结", StopReason.ACCOUNT_FROZEN),
    AccountStatus.BLOCKED: ("止付", StopReason.ACCOUNT_BLOCKED),
    AccountStatus.CREDIT_ONLY: ("只收不付", StopReason.ACCOUNT_BLOCKED),
    AccountStatus.NO_CREDIT_NO_DEBIT: ("不收不付", StopReason.ACCOUNT_BLOCKED),
    AccountStatus.LOSS_REPORTED: ("挂失", StopReason.ACCOUNT_LOSS_REPORTED),
    AccountStatus.DORMANT: ("久悬", StopReason.ACCOUNT_DORMANT),
    AccountStatus.INACTIVE: ("待激活", StopReason.ACCOUNT_DORMANT),
    AccountStatus.CLOSED: ("销户", StopReason.ACCOUNT_CLOSED),
}


def frozen(amount=None, *, authority="浦东法院", ends_on=date(2026, 8, 31)):
    return Restriction(
        AccountStatus.FROZEN,
        None if amount is None else Money.parse(amount),
        authority,
        date(2026, 2, 1),
        ends_on,
        "(2026)沪0115执12号",
    )


def test_every_status_but_normal_is_covered():  # B2.3
    assert set(STATUSES) == set(AccountStatus) - {AccountStatus.NORMAL}


@pytest.mark.parametrize("status", STATUSES)
def test_an_account_that_is_not_normal_stops_and_says_since_when(healthy, only, status):  # B2.3
    label, reason = STATUSES[status]
    since = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    found = only("account.status", healthy(payer={"status": status, "status_since": since}))
    assert (found.reason, found.severity) == (reason, Severity.BLOCKING)
    assert found.evidence == {
        "付款账户": "6222020200112233445",
        "状态": label,
        "自": "2026-03-01 00:30",
    }


@pytest.mark.parametrize("code", ["account.status", "account.restriction", "account.partial"])
def test_a_normal_account_is_not_named(healthy, findings_of, code):  # B2.3
    assert findings_of(code, healthy()) == []


def test_a_restriction_on_the_whole_account_stops(healthy, findings_of, only):  # B2.3
    facts = healthy(payer={"restrictions": (frozen(),)})
    found = only("account.restriction", facts)
    assert (found.reason, found.severity) == (StopReason.ACCOUNT_FROZEN, Severity.BLOCKING)
    assert found.evidence == {
        "付款账户": "6222020200112233445",
        "类型": "冻结",
        "机关": "浦东法院",
        "金额": "全额",
        "期限": "2026-02-01 至 2026-08-31",
        "说明": "(2026)沪0115执12号",
    }
    assert findings_of("account.partial", facts) == []


def test_a_restriction_on_a_sum_only_warns(healthy, findings_of, only):  # B2.3
    facts = healthy(payer={"restrictions": (frozen("8000", authority="", ends_on=None),)})
    found = only("account.partial", facts)
    assert (found.reason, found.severity) == (StopReason.ACCOUNT_FROZEN, Severity.WARNING)
    assert found.evidence["金额"] == "8,000.00 元"
    assert found.evidence["机关"] == "未登记"
    assert found.evidence["期限"] == "2026-02-01 至 未定"
    assert findings_of("account.restriction", facts) == []


def test_each_of_several_restrictions_is_named(healthy, findings_of):  # B2.3
    facts = healthy(payer={"restrictions": (frozen(), frozen("1"), frozen("2"), frozen())})
    assert len(findings_of("account.restriction", facts)) == 2
    assert len(findings_of("account.partial", facts)) == 2


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 1, 31), False),
        (date(2026, 2, 1), True),
        (date(2026, 8, 31), True),
        (date(2026, 9, 1), False),
    ],
)
def test_a_restriction_holds_from_its_first_to_its_last_day(day, holds):  # B2.3
    assert frozen().holds_on(day) is holds


def test_a_restriction_without_an_end_holds_on(healthy):  # B2.3
    assert frozen(ends_on=None).holds_on(date(2030, 1, 1))


def test_an_amount_in_another_currency_stops(healthy, findings_of, only):  # A2.2 B2.3
    found = only("account.currency", healthy(amount=Money.parse("30000", "USD")))
    assert (found.reason, found.severity) == (StopReason.OTHER, Severity.BLOCKING)
    assert found.evidence == {
        "付款账户": "6222020200112233445",
        "账户币种": "CNY",
        "本笔金额": "30,000.00 USD",
    }
    assert [step.action for step in found.next_actions] == ["change_payer"]
    assert findings_of("account.currency", healthy()) == []
