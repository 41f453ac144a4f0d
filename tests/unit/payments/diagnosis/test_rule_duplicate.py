"""Payments that may be for the same debt."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.codes import StopReason
from app.core.money import Money
from app.payments.diagnosis.facts import AttemptFacts, TwinFacts
from app.payments.diagnosis.rule import Severity, all_rules
from app.payments.states import Stage

UNDECIDED = [Stage.SUBMITTED, Stage.BANK_PROCESSING, Stage.UNKNOWN]
WRITTEN = datetime(2026, 3, 2, 1, tzinfo=UTC)
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


def tries(*states):
    return tuple(
        AttemptFacts(ordinal, state, "NETBANK", WRITTEN + timedelta(hours=ordinal), "", "")
        for ordinal, state in enumerate(states, start=1)
    )


def test_two_debits_of_one_payment_are_told_with_their_times(healthy, only):  # E3.2
    found = only("duplicate.attempts", healthy(attempts=tries("SUCCEEDED", "SUCCEEDED")))
    assert found.summary == "第 1 次和第 2 次提交均已扣款：同一笔付款扣了 2 次，须立即追回。"
    assert found.evidence == {
        "第 1 次提交": "2026-03-02 10:00",
        "第 2 次提交": "2026-03-02 11:00",
    }
    assert [action.action for action in found.next_actions] == [
        "contact_bank",
        "record_bank_check",
    ]


@pytest.mark.parametrize("state", ["WRITTEN", "PROCESSING", "UNKNOWN"])
def test_a_late_success_beside_a_try_on_its_way_is_told(healthy, only, state):  # E3.2
    found = only("duplicate.attempts", healthy(attempts=tries("SUCCEEDED", state)))
    assert found.summary.startswith("第 1 次提交已扣款，第 2 次结果未定：")


@pytest.mark.parametrize(
    "states",
    [(), ("SUCCEEDED",), ("FAILED", "SUCCEEDED"), ("FAILED", "WRITTEN"), ("RETURNED", "SUCCEEDED")],
)
def test_one_debit_at_most_is_as_it_should_be(healthy, findings_of, states):  # E3.2
    assert findings_of("duplicate.attempts", healthy(attempts=tries(*states))) == []
