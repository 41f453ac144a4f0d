"""Results that nobody knows yet: asked about, never sent again."""

from datetime import timedelta

import pytest

from app.core.codes import StopReason
from app.payments.diagnosis.facts import AttemptFacts, BankCheckFacts
from app.payments.diagnosis.rule import Severity, all_rules
from app.payments.states import AttemptState, Stage

OPEN = [AttemptState.WRITTEN, AttemptState.PROCESSING, AttemptState.UNKNOWN]


@pytest.fixture
def sent(healthy):
    """A payment that was sent so long ago and has no result."""

    def build(waited, *, state=AttemptState.WRITTEN, stage=Stage.SUBMITTED, code="", text=""):
        attempt = AttemptFacts(1, state, "HVPS", healthy().now - waited, code, text)
        return healthy(stage=stage, attempts=(attempt,))

    return build


def test_a_payment_that_was_never_sent_is_not_named(healthy, findings_of):  # A4.1
    assert findings_of("unknown.result", healthy()) == []


@pytest.mark.parametrize(
    ("waited", "found"),
    [
        (timedelta(minutes=30), False),
        (timedelta(minutes=30, seconds=59), False),
        (timedelta(minutes=31), True),
        (timedelta(0), False),
    ],
)
def test_an_answer_is_waited_for_half_an_hour(sent, findings_of, waited, found):  # A4.1
    assert bool(findings_of("unknown.result", sent(waited))) is found


@pytest.mark.parametrize("state", OPEN)
def test_a_missing_answer_stops_and_forbids_to_send_again(sent, only, state):  # A4.1
    found = only("unknown.result", sent(timedelta(minutes=45), state=state))
    assert (found.reason, found.severity) == (StopReason.BANK_INTERFACE, Severity.BLOCKING)
    assert found.summary == "已提交 45 分钟仍无银行回执，请查询，不要重新提交。"
    assert found.evidence == {
        "提交时间": "2026-03-02 09:15",
        "已等待": "45 分钟",
        "渠道": "HVPS",
        "银行返回": "无回执",
    }


@pytest.mark.parametrize("state", sorted(set(AttemptState) - set(OPEN)))
def test_an_attempt_with_a_result_is_not_waited_for(sent, findings_of, state):  # A4.1
    facts = sent(timedelta(days=2), state=state, stage=Stage.EXECUTED)
    assert findings_of("unknown.result", facts) == []


def test_only_the_newest_attempt_is_asked(healthy, findings_of):  # A4.1
    old, new = (
        AttemptFacts(1, AttemptState.UNKNOWN, "HVPS", healthy().now - timedelta(days=2), "", ""),
        AttemptFacts(2, AttemptState.SUCCEEDED, "HVPS", healthy().now, "7", ""),
    )
    assert findings_of("unknown.result", healthy(attempts=(old, new))) == []


def test_an_unknown_result_stops_at_once_with_the_last_word_of_the_bank(healthy, only):  # A4.1 B4.1
    now = healthy().now
    attempt = AttemptFacts(
        1, AttemptState.UNKNOWN, "DIRECT", now - timedelta(minutes=1), "95", "待核查"
    )
    checks = (
        BankCheckFacts("UNKNOWN", now - timedelta(hours=1), "首次询问"),
        BankCheckFacts("UNKNOWN", now, "李经理：次日回复"),
    )
    facts = healthy(stage=Stage.UNKNOWN, attempts=(attempt,), bank_checks=checks)
    found = only("unknown.result", facts)
    assert (found.reason, found.severity) == (StopReason.BANK_INTERFACE, Severity.BLOCKING)
    assert found.summary == "状态不明，请先向银行核实，不能重新提交。"
    assert found.evidence == {
        "提交时间": "2026-03-02 09:59",
        "已等待": "1 分钟",
        "渠道": "DIRECT",
        "银行返回": "95 待核查",
        "最近核实": "2026-03-02 10:00 李经理：次日回复",
    }


def test_an_unknown_result_leads_to_a_bank_check_first_and_nobody_may_waive_it(
    healthy, only
):  # A4.1 B4.2
    found = only("unknown.result", healthy(stage=Stage.UNKNOWN))
    assert found.next_actions[0].label == "登记银行核实结果"
    [rule] = [one for one in all_rules() if one.code == "unknown.result"]
    assert (rule.gate, rule.waivable) == (True, False)
