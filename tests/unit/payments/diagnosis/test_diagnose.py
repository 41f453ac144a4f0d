"""All causes at once, gravest and most fundamental first; a file in the folder is a rule."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules import AccountStatus
from app.core.codes import StopReason
from app.core.money import Money
from app.payments import diagnosis
from app.payments.diagnosis import rule as ruling
from app.payments.diagnosis.actions import REASON_ACTIONS
from app.payments.diagnosis.rule import (
    SEVERITY_LABELS,
    Finding,
    Rule,
    Severity,
    all_rules,
    diagnose,
)

ROOTS = [
    StopReason.UPGRADE_INCOMPLETE,
    StopReason.SYSTEM_FAULT,
    StopReason.BANK_INTERFACE,
    StopReason.DUPLICATE,
]
NEW_RULE = """
from app.core.codes import StopReason
from app.payments.diagnosis.rule import Finding, Severity, rule


@rule("weather.typhoon", "没有台风停市")
def typhoon(facts):
    yield Finding(StopReason.OTHER, Severity.BLOCKING, "台风停市。", {"付款": facts.number})
"""


def finding_rule(code, *findings):
    return Rule(code, code, lambda _facts: findings, waivable=False, gate=True)


def summaries(ranked):
    return [one.finding.summary for one in ranked]


def test_a_healthy_payment_has_no_cause_at_all(healthy):  # A1.1
    assert diagnose(healthy()) == []


def test_three_causes_at_once_are_all_found_and_ranked(healthy, make_channel):  # A1.1 A2.2 B2.3
    facts = healthy(
        amount=Money.parse("100000.01"),
        payer={"status": AccountStatus.FROZEN},
        channel=make_channel(up=False, state_note="维护"),
        document={"amount": Money.parse("100000.01")},
        payee={"amounts": (Money.parse("100000"),) * 6},
    )
    assert [(one.rank, one.rule.code, one.finding.severity) for one in diagnose(facts)] == [
        (1, "channel.up", Severity.BLOCKING),
        (2, "account.status", Severity.BLOCKING),
        (3, "funds.available", Severity.BLOCKING),
    ]


def test_what_blocks_comes_before_warnings_and_notices_whatever_its_root(healthy):  # A1.1
    facts = healthy(
        system={"errors": ((healthy().now, "连接被拒绝"),)},
        payer={"funds": healthy().payer.funds, "single_limit": Money.parse("1")},
        document={"amount": Money.parse("30000.01")},
    )
    assert [one.rule.code for one in diagnose(facts)] == [
        "limits.single",
        "software.errors",
        "document.amount",
    ]


def test_equally_grave_causes_begin_with_the_root(healthy):  # A1.1
    rules = [
        finding_rule(f"x.{reason}", Finding(reason, Severity.BLOCKING, reason))
        for reason in sorted(StopReason)
    ]
    ranked = diagnose(healthy(), rules)
    assert [one.finding.reason for one in ranked][:4] == ROOTS
    assert ranked[-1].finding.reason is StopReason.OTHER
    assert {one.finding.reason for one in ranked} == set(StopReason)


def test_the_order_of_equal_causes_does_not_depend_on_the_order_of_the_rules(healthy):  # A1.1
    rules = [finding_rule(code, Finding(StopReason.OTHER, Severity.NOTICE, code)) for code in "bca"]
    assert summaries(diagnose(healthy(), rules)) == ["a", "b", "c"]
    assert summaries(diagnose(healthy(), rules[::-1])) == ["a", "b", "c"]


found = st.builds(
    Finding, st.sampled_from(sorted(StopReason)), st.sampled_from(sorted(Severity)), st.text()
)
GRAVITY = {Severity.BLOCKING: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


@given(st.lists(st.lists(found, max_size=3), max_size=6))
def test_ranks_count_from_one_and_no_finding_is_lost(lists):  # A1.1
    rules = [finding_rule(f"r{n}", *findings) for n, findings in enumerate(lists)]
    ranked = diagnose(None, rules)
    assert [one.rank for one in ranked] == list(range(1, sum(map(len, lists)) + 1))
    gravities = [GRAVITY[one.finding.severity] for one in ranked]
    assert gravities == sorted(gravities)
    told = [(one.rule.code, one.finding) for one in ranked]
    for rule, findings in zip(rules, lists, strict=True):
        assert [f for code, f in told if code == rule.code and f not in findings] == []
        assert len([code for code, _f in told if code == rule.code]) == len(findings)


@pytest.mark.parametrize("reason", StopReason)
def test_every_reason_leads_to_a_next_action_and_to_whose_it_is(reason):  # A1.1 B1.2
    steps = Finding(reason, Severity.BLOCKING, "").next_actions
    assert steps == REASON_ACTIONS[reason]
    assert steps
    assert all(step.action and step.label and step.who for step in steps)


def test_a_rule_that_knows_better_names_its_own_next_actions():  # A1.1
    [step, *_others] = REASON_ACTIONS[StopReason.OTHER]
    own = Finding(StopReason.DUPLICATE, Severity.BLOCKING, "", actions=(step,))
    assert own.next_actions == (step,)


def test_every_rule_has_a_code_of_its_section_and_a_title():  # A1.1
    rules = all_rules()
    sections = {one.check.__module__.rpartition(".")[2] for one in rules}
    assert {one.code.partition(".")[0] for one in rules} == sections
    assert all(one.title for one in rules)
    assert len({one.title for one in rules}) == len(rules)


def test_every_severity_has_a_label():  # A1.1
    assert set(SEVERITY_LABELS) == set(Severity)


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A folder beside the shipped rules; what is registered from it goes again."""
    # The shipped rules register once per process; their registry must not be the one that goes.
    all_rules()
    monkeypatch.setattr(diagnosis, "__path__", [*diagnosis.__path__, str(tmp_path)])
    monkeypatch.setattr(ruling, "_REGISTRY", dict(ruling._REGISTRY))
    all_rules.cache_clear()
    yield tmp_path
    sys.modules.pop("app.payments.diagnosis.weather", None)
    vars(diagnosis).pop("weather", None)
    all_rules.cache_clear()


def test_a_rule_dropped_into_the_folder_is_found_without_any_other_change(
    healthy, own_folder
):  # A1.1
    shipped = len(all_rules())
    all_rules.cache_clear()
    (own_folder / "weather.py").write_text(NEW_RULE, encoding="utf-8")
    [one] = diagnose(healthy())
    assert (one.rank, one.rule.code) == (1, "weather.typhoon")
    assert one.finding.evidence == {"付款": "FK-20260302-0001"}
    assert len(all_rules()) == shipped + 1


def test_two_rules_under_one_code_are_refused(own_folder):  # A1.1
    all_rules()
    with pytest.raises(ValueError, match=r"funds\.available"):
        ruling.rule("funds.available", "又一个")(lambda _facts: ())


# What only tells of the past, or of something that the payment itself waits for.
ONLY_TOLD = {
    "account.partial",
    "approval.missing",
    "approval.nobody",
    "approval.refused",
    "approval.stuck",
    "bank_answer.refused",
    "bank_answer.review",
    "channel.hours",
    "channel.maintenance",
    "document.due",
    "duplicate.attempts",
    "funds.due",
    "funds.reserve",
    "funds.stale",
    "holds.single",
    "holds.system",
    "payee.bank_class",
    "permissions.fresh",
    "risk.hours",
    "risk.private",
    "risk.report",
    "risk.round",
    "software.errors",
}
# Where a person may answer for a difference: none of money, account, bank, hold or open result.
WAIVABLE = {
    "document.account",
    "document.amount",
    "document.payee",
    "duplicate.same",
    "payee.changed",
    "payee.cnaps",
    "permissions.disabled",
    "permissions.locked",
    "permissions.lost",
    "risk.first",
    "risk.unusual",
}


def test_the_gate_asks_every_rule_but_those_that_only_tell():  # A5.4 C3.3
    assert {one.code for one in all_rules() if not one.gate} == ONLY_TOLD


def test_approvers_may_waive_these_checks_and_no_others():  # C3.3
    assert {one.code for one in all_rules() if one.waivable} == WAIVABLE
