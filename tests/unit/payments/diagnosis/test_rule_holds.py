"""What people and the program stopped, told with who, when, why and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.core.codes import HoldCause, StopReason
from app.payments.diagnosis.facts import HoldFacts
from app.payments.diagnosis.rule import Severity, all_rules
from app.payments.states import HoldScope

RULES = ("holds.wide", "holds.single", "holds.system")
WIDE = HoldFacts(
    number="ZT-2026-0001",
    scope=HoldScope.PAYEE,
    scope_label="上海华峰机械有限公司",
    reason=StopReason.MANUAL_PAUSE,
    cause=HoldCause.COMMERCIAL_DISPUTE,
    text="质量争议未决",
    placed_by="王主管",
    placed_at=datetime(2026, 3, 1, 23, 15, tzinfo=UTC),
    until=date(2026, 3, 9),
    system=False,
)
SINGLE = replace(WIDE, number="ZT-2026-0002", scope=HoldScope.PAYMENT, until=None)
SYSTEM = replace(
    SINGLE, number="ZT-2026-0003", reason=StopReason.INSUFFICIENT_FUNDS, cause="", system=True
)


def test_a_payment_without_a_hold_is_not_named(healthy, findings_of):  # A5.4
    assert [code for code in RULES if findings_of(code, healthy())] == []


def test_a_hold_tells_who_paused_when_why_and_until_when(healthy, only):  # A5.4
    found = only("holds.wide", healthy(holds=(WIDE,)))
    assert (found.reason, found.severity) == (StopReason.MANUAL_PAUSE, Severity.BLOCKING)
    assert found.summary == "该笔付款已被 王主管 于 2026-03-02 07:15 暂停，原因：质量争议未决。"
    assert found.evidence == {
        "暂停令": "ZT-2026-0001",
        "范围": "收款方 上海华峰机械有限公司",
        "原因类别": "商业争议",
        "有效期": "至 2026-03-09",
    }


@pytest.mark.parametrize("scope", [HoldScope.COMPANY, HoldScope.ACCOUNT, HoldScope.PAYEE])
def test_a_hold_wider_than_the_payment_is_found_by_its_own_rule(
    healthy, findings_of, scope
):  # A5.4
    facts = healthy(holds=(replace(WIDE, scope=scope),))
    assert [code for code in RULES if findings_of(code, facts)] == ["holds.wide"]


def test_a_stop_without_an_end_lasts_until_it_is_lifted(healthy, findings_of, only):  # A5.4
    facts = healthy(holds=(SINGLE,))
    assert only("holds.single", facts).evidence["有效期"] == "至解除"
    assert only("holds.single", facts).severity is Severity.BLOCKING
    assert [code for code in RULES if findings_of(code, facts)] == ["holds.single"]


def test_a_stop_by_the_program_is_a_notice_with_the_reason_it_had(
    healthy, findings_of, only
):  # A2.2
    facts = healthy(holds=(SYSTEM,))
    found = only("holds.system", facts)
    assert (found.reason, found.severity) == (StopReason.INSUFFICIENT_FUNDS, Severity.NOTICE)
    assert found.evidence == {"暂停令": "ZT-2026-0003", "时间": "2026-03-02 07:15"}
    assert [code for code in RULES if findings_of(code, facts)] == ["holds.system"]


def test_each_of_several_holds_is_told(healthy, findings_of):  # A5.4
    facts = healthy(holds=(WIDE, SINGLE, replace(WIDE, number="ZT-2026-0004"), SYSTEM))
    told = {code: [f.evidence["暂停令"] for f in findings_of(code, facts)] for code in RULES}
    assert told == {
        "holds.wide": ["ZT-2026-0001", "ZT-2026-0004"],
        "holds.single": ["ZT-2026-0002"],
        "holds.system": ["ZT-2026-0003"],
    }


def test_only_a_wide_hold_closes_the_gate_of_resuming_and_nobody_may_waive_it():  # A5.4
    by_code = {rule.code: rule for rule in all_rules()}
    assert [code for code in RULES if by_code[code].gate] == ["holds.wide"]
    assert not by_code["holds.wide"].waivable
