"""Payments that may be for the same debt."""

from datetime import date

import pytest

from app.core.codes import StopReason
from app.core.money import Money
from app.payments.diagnosis.facts import TwinFacts
from app.payments.diagnosis.rule import Severity, all_rules
from app.payments.states import Stage

UNDECIDED = [Stage.SUBMITTED, Stage.BANK_PROCESSING, Stage.UNKNOWN]
DECIDED = sorted(set(Stage) - set(UNDECIDED))


def twin(stage, number="FK-20260301-0009"):
    return TwinFacts(number, stage, Money.parse("30000"), date(2026, 3, 1), "收款方和发票号")


def test_a_payment_without_a_twin_is_not_named(healthy, findings_of):  # E3.2
    assert findings_of("duplicate.same", healthy()) == []
    assert findings_of("duplicate.undecided", healthy()) == []


@pytest.mark.parametrize("stage", DECIDED)
def test_a_twin_stops_and_is_shown_with_what_it_shares(healthy, findings_of, only, stage):  # E3.2
    facts = healthy(twins=(twin(stage),))
    found = only("duplicate.same", facts)
    assert (found.reason, found.severity) == (StopReason.DUPLICATE, Severity.BLOCKING)
    assert found.evidence["另一笔"] == "FK-20260301-0009"
    assert findings_of("duplicate.undecided", facts) == []


def test_the_evidence_of_a_twin_names_all_of_it(healthy, only):  # E3.2
    found = only("duplicate.same", healthy(twins=(twin(Stage.EXECUTED),)))
    assert found.evidence == {
        "另一笔": "FK-20260301-0009",
        "状态": "已执行",
        "相同": "收款方和发票号",
        "金额": "30,000.00 元",
        "付款日": "2026-03-01",
    }


@pytest.mark.parametrize("stage", UNDECIDED)
def test_a_twin_whose_result_is_open_stops_without_a_way_to_waive(
    healthy, findings_of, only, stage
):  # E3.2
    facts = healthy(twins=(twin(stage),))
    found = only("duplicate.undecided", facts)
    assert (found.reason, found.severity) == (StopReason.DUPLICATE, Severity.BLOCKING)
    assert "不能再次提交" in found.summary
    assert findings_of("duplicate.same", facts) == []
    by_code = {rule.code: rule for rule in all_rules()}
    assert (by_code["duplicate.undecided"].gate, by_code["duplicate.undecided"].waivable) == (
        True,
        False,
    )


def test_each_twin_is_told(healthy, findings_of):  # E3.2
    facts = healthy(twins=(twin(Stage.EXECUTED, "FK-1"), twin(Stage.DRAFT, "FK-2")))
    assert [f.evidence["另一笔"] for f in findings_of("duplicate.same", facts)] == ["FK-1", "FK-2"]
