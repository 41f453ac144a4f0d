"""Risk rules on amount, time and payee, at their defaults (domain.md §5.1, §2.7)."""

from datetime import datetime

import pytest

from app.core.codes import StopReason
from app.core.money import Money
from app.payments.diagnosis.rule import Severity, all_rules

RULES = (
    "risk.unusual",
    "risk.first",
    "risk.private",
    "risk.round",
    "risk.hours",
    "risk.report",
)


def yuan(*figures):
    return tuple(Money.parse(figure) for figure in figures)


@pytest.mark.parametrize("code", RULES)
def test_a_usual_payment_is_not_named(healthy, findings_of, code):  # C3.4
    assert findings_of(code, healthy()) == []


@pytest.mark.parametrize(("amount", "found"), [("30000.00", False), ("30000.01", True)])
def test_three_times_the_median_is_still_usual(healthy, findings_of, amount, found):  # E4.2
    known = yuan("1", "2", "10000", "10000", "90000", "95000")
    facts = healthy(amount=Money.parse(amount), payee={"amounts": known})
    assert bool(findings_of("risk.unusual", facts)) is found


@pytest.mark.parametrize(("amount", "found"), [("0.04", False), ("0.05", True)])
def test_the_median_of_an_even_count_is_exact(healthy, findings_of, amount, found):  # E4.2
    # (1 + 2) / 2 fen = 1.5 fen; three times that is 4.5 fen.
    known = yuan("0.01", "0.01", "0.01", "0.02", "0.02", "0.02")
    facts = healthy(amount=Money.parse(amount), payee={"amounts": known})
    assert bool(findings_of("risk.unusual", facts)) is found


def test_an_unusual_amount_is_shown_beside_the_median(healthy, only):  # E4.2
    facts = healthy(payee={"amounts": yuan(*["1000"] * 7)})
    found = only("risk.unusual", facts)
    assert (found.reason, found.severity) == (StopReason.RISK_RULE, Severity.WARNING)
    assert "近 7 笔" in found.summary
    assert found.evidence == {"中位数": "1,000.00 元", "本笔金额": "30,000.00 元"}


@pytest.mark.parametrize(("count", "found"), [(5, False), (6, True)])
def test_five_payments_are_too_few_to_know_a_payee(healthy, findings_of, count, found):  # E4.2
    facts = healthy(payee={"amounts": yuan(*["1"] * count)})
    assert bool(findings_of("risk.unusual", facts)) is found


def test_payments_in_another_currency_are_no_history(healthy, findings_of):  # E4.2
    facts = healthy(payee={"amounts": (Money(1, "USD"),) * 6})
    assert findings_of("risk.unusual", facts) == []


@pytest.mark.parametrize(("amount", "found"), [("99999.99", False), ("100000.00", True)])
def test_a_large_first_payment_begins_at_its_line(healthy, findings_of, amount, found):  # E4.2
    new = {"amounts": (), "proven_accounts": frozenset()}
    facts = healthy(amount=Money.parse(amount), payee=new)
    assert bool(findings_of("risk.first", facts)) is found


def test_a_large_first_payment_stops_and_asks_for_a_call_back(healthy, only):  # E4.2
    facts = healthy(
        amount=Money.parse("100000"), payee={"amounts": (), "proven_accounts": frozenset()}
    )
    found = only("risk.first", facts)
    assert (found.reason, found.severity) == (StopReason.RISK_RULE, Severity.BLOCKING)
    assert found.evidence == {"收款方": "上海华峰机械有限公司", "本笔金额": "100,000.00 元"}
    assert "回拨核实" in [step.label for step in found.next_actions]


def test_a_first_payment_to_a_confirmed_account_goes_on(healthy, findings_of):  # E4.2
    facts = healthy(amount=Money.parse("100000"), payee={"amounts": ()})
    assert findings_of("risk.first", facts) == []


def test_a_payee_that_was_paid_before_is_not_new(healthy, findings_of):  # E4.2
    facts = healthy(
        amount=Money.parse("100000"),
        payee={"amounts": yuan("1"), "proven_accounts": frozenset()},
    )
    assert findings_of("risk.first", facts) == []


@pytest.mark.parametrize(
    ("kind", "amount", "found"),
    [
        ("PERSON", "49999.99", False),
        ("PERSON", "50000.00", True),
        ("COMPANY", "50000.00", False),
    ],
)
def test_a_payment_to_a_person_warns_from_its_line(
    healthy, findings_of, kind, amount, found
):  # E4.2
    facts = healthy(payee_kind=kind, amount=Money.parse(amount))
    severities = [one.severity for one in findings_of("risk.private", facts)]
    assert severities == ([Severity.WARNING] if found else [])


def test_a_payment_to_a_person_shows_its_purpose(healthy, only):  # E4.2
    facts = healthy(payee_kind="PERSON", amount=Money.parse("50000"), purpose="劳务费")
    assert only("risk.private", facts).evidence == {"用途": "劳务费"}


@pytest.mark.parametrize(
    ("amount", "invoice", "found"),
    [
        ("40000", "", False),
        ("50000", "", True),
        ("50000", "FP-1", False),
        ("50000.01", "", False),
        ("55000", "", False),
        ("60000", "", True),
    ],
)
def test_a_round_figure_without_an_invoice_is_told(
    healthy, findings_of, amount, invoice, found
):  # E4.2
    facts = healthy(amount=Money.parse(amount), invoice_no=invoice)
    told = [(one.severity, one.evidence) for one in findings_of("risk.round", facts)]
    assert told == ([(Severity.NOTICE, {"合同号": "HT-1"})] if found else [])


@pytest.mark.parametrize(
    ("made_at", "found"),
    [
        ("2026-03-02 08:29:59", True),
        ("2026-03-02 08:30:00", False),
        ("2026-03-02 17:59:59", False),
        ("2026-03-02 18:00:00", True),
        ("2026-03-01 10:00:00", True),  # a Sunday
        ("2026-02-28 10:00:00", False),  # a Saturday that is worked on
        ("2026-02-23 10:00:00", True),  # a Monday of the festival
    ],
)
def test_working_hours_are_those_of_shanghai_and_of_the_calendar(
    healthy, findings_of, made_at, found
):  # E4.2
    at = datetime.fromisoformat(made_at).replace(tzinfo=healthy().tz)
    assert bool(findings_of("risk.hours", healthy(made_at=at))) is found


def test_an_instruction_made_at_night_names_the_time_and_the_maker(healthy, only):  # E4.2
    at = datetime(2026, 3, 1, 23, 5, tzinfo=healthy().tz)
    found = only("risk.hours", healthy(made_at=at))
    assert (found.reason, found.severity) == (StopReason.RISK_RULE, Severity.NOTICE)
    assert found.evidence == {"制单时间": "2026-03-01 23:05", "经办人": "陈经办"}


def test_a_day_that_no_calendar_knows_is_told_and_not_guessed(healthy, only):  # E4.2
    at = datetime(2035, 3, 5, 10, 0, tzinfo=healthy().tz)
    found = only("risk.hours", healthy(made_at=at))
    assert found.severity is Severity.NOTICE
    assert found.summary.startswith("无法判断是否在工作日制单（R09）：2035 年")


def test_the_night_needs_no_calendar(healthy, only):  # E4.2
    at = datetime(2035, 3, 5, 3, 0, tzinfo=healthy().tz)
    assert only("risk.hours", healthy(made_at=at)).summary == "在非工作时间制单（R09）。"


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("499999.99", None),
        ("500000.00", StopReason.RISK_RULE),
        ("1999999.99", StopReason.RISK_RULE),
        ("2000000.00", StopReason.AML_REVIEW),
    ],
)
def test_large_payments_are_told_once_from_their_line(healthy, findings_of, amount, reason):  # B4.5
    found = findings_of("risk.report", healthy(amount=Money.parse(amount)))
    expected = [] if reason is None else [(reason, Severity.NOTICE)]
    assert [(one.reason, one.severity) for one in found] == expected


def test_a_payment_that_the_bank_reports_names_the_papers_to_have_ready(healthy, only):  # B4.5
    found = only("risk.report", healthy(amount=Money.parse("2000000")))
    assert "2,000,000.00 元" in found.summary
    assert found.evidence["备齐材料"] == "合同、发票、审批单"
    assert "准备并递交材料" in [step.label for step in found.next_actions]


@pytest.mark.parametrize("code", ["risk.first", "risk.private", "risk.round", "risk.report"])
def test_lines_in_yuan_are_not_held_against_other_currencies(healthy, findings_of, code):  # E4.2
    facts = healthy(
        amount=Money.parse("3000000", "USD"),
        payee_kind="PERSON",
        invoice_no="",
        payee={"amounts": (), "proven_accounts": frozenset()},
    )
    assert findings_of(code, facts) == []


@pytest.mark.parametrize("code", RULES)
def test_a_line_in_force_is_used_in_place_of_the_shipped_one(healthy, findings_of, code):  # C3.3
    facts = healthy(
        amount=Money.parse("90000"),
        payee_kind="PERSON",
        invoice_no="",
        made_at=datetime(2026, 3, 1, 10, 0, tzinfo=healthy().tz),
        payee={"amounts": (), "proven_accounts": frozenset()},
        thresholds={"R04.first": "90000", "R01.large": "90000", "R12.private": "90000.01"},
    )
    found = code in {"risk.first", "risk.report", "risk.round", "risk.hours"}
    assert bool(findings_of(code, facts)) is found


def test_no_risk_rule_advises_to_split(healthy, findings_of):  # B4.5
    facts = healthy(
        amount=Money.parse("3000000"),
        payee_kind="PERSON",
        payee={"amounts": (), "proven_accounts": frozenset()},
    )
    told = [one for rule in all_rules() for one in rule.check(facts)]
    assert told
    words = "".join(one.summary + "".join(s.label for s in one.next_actions) for one in told)
    assert "拆" not in words
