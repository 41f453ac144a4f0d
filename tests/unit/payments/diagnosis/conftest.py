"""A payment that no rule has anything to say about, to be made ill in one place at a time."""

from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.access.approvals import RequestState
from app.access.rights import Role, rights_of
from app.accounts.rules import AccountStatus, ChannelFacts, Funds, Hours
from app.core.money import Money
from app.core.workdays import Workdays
from app.payments.diagnosis.facts import (
    ApprovalFacts,
    DocumentFacts,
    Facts,
    MakerFacts,
    PayeeFacts,
    PayerFacts,
    SystemFacts,
)
from app.payments.states import Stage
from app.payments.thresholds import defaults

# Monday, 10:00 in Shanghai.
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PAYEE_ACCOUNT = "31001000000000017"
MAKER_RIGHTS = rights_of(frozenset({Role.MAKER}))


def yuan(text):
    return Money.parse(text)


def channel(**changes):
    """大额支付系统: 8:30 to 17:15 on working days, no cap, no certificate."""
    facts = ChannelFacts(
        code="HVPS",
        name="大额支付系统",
        priority=10,
        up=True,
        state_note="",
        state_since=NOW - timedelta(days=60),
        minimum=None,
        maximum=None,
        hours=Hours(time(8, 30), time(17, 15), every_day=False),
        certificate_until=None,
    )
    return replace(facts, **changes)


BASE = Facts(
    now=NOW,
    today=date(2026, 3, 2),
    calendar=Workdays(),
    number="FK-20260302-0001",
    stage=Stage.READY,
    amount=yuan("30000.00"),
    due_on=date(2026, 3, 2),
    made_at=NOW - timedelta(hours=1),
    payee_name="上海华峰机械有限公司",
    payee_account=PAYEE_ACCOUNT,
    payee_bank="中国建设银行上海市分行",
    payee_cnaps="105100000017",
    payee_kind="COMPANY",
    purpose="货款",
    invoice_no="FP-1",
    order_no="DD-1",
    contract_no="HT-1",
    bank="中国工商银行",
    bank_code="",
    bank_text="",
    payer=PayerFacts(
        number="6222020200112233445",
        name="停付测试有限公司",
        status=AccountStatus.NORMAL,
        status_since=NOW - timedelta(days=60),
        restrictions=(),
        funds=Funds(yuan("100000"), yuan("0"), yuan("0"), NOW),
        reserve=yuan("0"),
        single_limit=None,
        daily_limit=None,
        sent_today=yuan("0"),
        due_before=yuan("0"),
    ),
    channel=channel(),
    other_channels=(),
    maker=MakerFacts("clerk", "陈经办", True, None, MAKER_RIGHTS, MAKER_RIGHTS, ()),
    approval=ApprovalFacts(
        RequestState.APPROVED, None, NOW - timedelta(hours=1), NOW, "周复核", "", ()
    ),
    payee=PayeeFacts(
        registered_name="上海华峰机械有限公司",
        known_accounts=frozenset({PAYEE_ACCOUNT}),
        proven_accounts=frozenset({PAYEE_ACCOUNT}),
        account_since=NOW - timedelta(days=400),
        account_doubted_at=None,
        amounts=(yuan("30000"),) * 6,
        company=True,
    ),
    document=DocumentFacts(
        "合同", "HT-1", "上海华峰机械有限公司", PAYEE_ACCOUNT, yuan("30000"), None
    ),
    system=SystemFacts(),
    thresholds=defaults(),
)


def _changed(facts, changes):
    whole = {}
    for name, value in changes.items():
        old = getattr(facts, name)
        nested = isinstance(value, dict)
        if nested and is_dataclass(old):
            whole[name] = _changed(old, value)
        else:
            whole[name] = {**old, **value} if nested else value
    return replace(facts, **whole)


@pytest.fixture
def healthy():
    """Facts without any finding; a dict changes fields of a part: `healthy(payer={"name": "乙"})`."""

    def build(**changes):
        return _changed(BASE, changes)

    return build


@pytest.fixture
def make_channel():
    """大额支付系统 as in the healthy facts, changed: `make_channel(up=False)`."""
    return channel


@pytest.fixture
def spare(make_channel):
    """Three further channels; only 企业网银 takes 30,000.00 and is up."""
    return (
        make_channel(code="EBANK", name="企业网银"),
        make_channel(code="IBPS", name="超级网银", maximum=yuan("29999.99")),
        make_channel(code="COUNTER", name="柜面", up=False),
    )


@pytest.fixture
def findings_of():
    """What the rule of that code finds: `findings_of("funds.available", facts)` -> list."""
    from app.payments.diagnosis.rule import all_rules

    by_code = {rule.code: rule for rule in all_rules()}

    def find(code, facts):
        return list(by_code[code].check(facts))

    return find


@pytest.fixture
def only(findings_of):
    """The one finding of a rule, or a failure."""

    def find(code, facts):
        [finding] = findings_of(code, facts)
        return finding

    return find
