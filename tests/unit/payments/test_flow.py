"""The order of the resume wizard: what keeps a step, where it leads, what survives a crash."""

import json
from dataclasses import replace
from datetime import date

import pytest

from app.core.errors import BadInput
from app.payments.flow import (
    RULE_STOP,
    Blocking,
    ResumeDraft,
    RuleStop,
    Seen,
    Step,
    changes_of,
    given_rule_change,
    may_leave,
    next_step,
    reopen_at,
)
from app.payments.verification import Item

AMOUNT = Item("amount", "金额", "1,000.00", "1,000.00", differs=False)
PAYEE = Item("payee", "收款方", "甲公司", "乙公司", differs=True)
TICKED = {"amount": "1,000.00", "payee": "甲公司"}
FUNDS = Blocking("funds.gap", "缺口 500.00 元", waivable=False)
RISK = Blocking("risk.large", "大额（R04）", waivable=True)
FULL = ResumeDraft(
    "FK-1",
    ticks=TICKED,
    waivers={"risk.large": "总经理已知悉"},
    rule_change_no="GZ-2026-0001",
    reason="资金已到位",
    measures="补足余额",
    planned_on=date(2026, 3, 4),
    before={"payee_name": "甲公司"},
    seen=Seen(3, (AMOUNT, PAYEE)),
)


def with_seen(draft=FULL, **values):
    return replace(draft, seen=replace(draft.seen, **values))


def fields(problems):
    return [problem.field for problem in problems]


def test_every_item_must_be_ticked_before_the_first_step_is_left():  # C2.2
    draft = replace(FULL, ticks={"amount": "1,000.00"})
    assert fields(may_leave(Step.VERIFY, draft)) == ["payee"]
    assert may_leave(Step.VERIFY, FULL) == ()


def test_a_tick_counts_only_for_the_value_that_was_on_the_screen():  # C2.2
    draft = with_seen(items=(replace(AMOUNT, ours="2,000.00"), PAYEE))
    assert fields(may_leave(Step.VERIFY, draft)) == ["amount"]


def test_an_item_that_differs_may_be_ticked_knowingly():  # C2.3
    assert PAYEE.differs
    assert may_leave(Step.VERIFY, FULL) == ()


def test_a_blocking_cause_keeps_the_second_step():  # C3.5
    assert fields(may_leave(Step.CURE, with_seen(blocking=(FUNDS,)))) == ["funds.gap"]


@pytest.mark.parametrize(("why", "left"), [("总经理已知悉", []), ("  ", ["risk.large"])])
def test_a_waivable_cause_is_passed_over_with_a_written_reason(why, left):  # C3.3
    draft = with_seen(replace(FULL, waivers={"risk.large": why}), blocking=(RISK,))
    assert fields(may_leave(Step.CURE, draft)) == left


def test_a_waiver_does_not_pass_over_what_nobody_may_waive():  # C3.3
    draft = with_seen(replace(FULL, waivers={"funds.gap": "请放行"}), blocking=(FUNDS,))
    assert fields(may_leave(Step.CURE, draft)) == ["funds.gap"]


def test_an_open_wide_hold_keeps_the_second_step():  # C3.5
    assert fields(may_leave(Step.CURE, with_seen(wide_holds=("ZT-2026-0003",)))) == ["ZT-2026-0003"]


@pytest.mark.parametrize(
    ("rule_change", "waivers", "left"),
    [
        ("", {}, ["risk.large", "rule_change"]),
        ("", {"risk.large": " "}, ["risk.large", "rule_change"]),
        ("GZ-2026-0001", {"unusual": "已说明"}, ["risk.large"]),
        ("GZ-2026-0002", {}, ["risk.large", "rule_change"]),
        ("", {"risk.large": "已说明"}, []),
        ("", {RULE_STOP: "已说明"}, ["risk.large"]),
    ],
)
def test_what_a_rule_stopped_needs_a_rule_change_or_a_waiver(rule_change, waivers, left):  # C3.3
    draft = with_seen(
        replace(FULL, rule_change_no=rule_change, waivers=waivers),
        ruled=(RuleStop("大额（R04）", frozenset({"GZ-2026-0001"})),),
        blocking=(RISK,),
    )
    assert fields(may_leave(Step.CURE, draft)) == left


@pytest.mark.parametrize(
    ("stop", "left"),
    [
        ("大额（R04）", []),
        ("与往来不符（R02）", ["rule_change"]),
        ("大额（R04），与往来不符（R02）", ["rule_change"]),
        ("风控停付", ["rule_change"]),
    ],
)
def test_a_waived_check_passes_over_the_stops_of_its_own_rule_only(stop, left):  # C3.3
    draft = with_seen(
        replace(FULL, waivers={"risk.large": "已说明"}), ruled=(RuleStop(stop),), blocking=(RISK,)
    )
    assert fields(may_leave(Step.CURE, draft)) == left


def test_each_of_two_stops_by_rules_wants_its_own_answer():  # C3.3
    stops = (RuleStop("大额（R04）"), RuleStop("来往（R02）", frozenset({"GZ-2026-0001"})))
    draft = replace(FULL, rule_change_no="GZ-2026-0001", waivers={"risk.large": "已说明"})
    assert fields(may_leave(Step.CURE, with_seen(draft, ruled=stops, blocking=(RISK,)))) == []
    assert fields(may_leave(Step.CURE, with_seen(draft, ruled=stops))) == ["rule_change"]


def test_only_what_is_found_now_is_waived():  # C3.3
    draft = replace(FULL, waivers={"risk.large": "已说明", "unusual": "备用", RULE_STOP: "备用"})
    assert draft.given_waivers() == {}
    assert with_seen(draft, blocking=(RISK,)).given_waivers() == {"risk.large": "已说明"}
    assert with_seen(draft, ruled=(RuleStop("大额（R04）"),)).given_waivers() == {RULE_STOP: "备用"}


def test_a_rule_change_that_no_longer_answers_is_not_handed_in():  # C3.3
    assert given_rule_change(FULL) is None
    seen = with_seen(ruled=(RuleStop("大额（R04）", frozenset({"GZ-2026-0001"})),))
    assert given_rule_change(seen) == "GZ-2026-0001"


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ({"reason": " "}, ["reason"]),
        ({"measures": ""}, ["measures"]),
        ({"planned_on": None}, ["planned_on"]),
        ({"reason": "", "measures": "", "planned_on": None}, ["reason", "measures", "planned_on"]),
        ({}, []),
    ],
)
def test_the_request_needs_reason_measures_and_day(values, left):  # C4.2
    assert fields(may_leave(Step.REQUEST, replace(FULL, **values))) == left


def test_the_request_asks_for_the_earlier_steps_again():  # C4.2
    draft = with_seen(replace(FULL, ticks={}), blocking=(FUNDS,))
    assert fields(may_leave(Step.REQUEST, draft)) == ["amount", "payee", "funds.gap"]


def test_the_steps_follow_each_other():  # C4.2
    assert next_step(Step.VERIFY, FULL) is Step.CURE
    assert next_step(Step.CURE, FULL) is Step.REQUEST
    assert next_step(Step.REQUEST, FULL) is Step.DONE
    assert next_step(Step.DONE, FULL) is None
    assert may_leave(Step.DONE, FULL) == ()


def test_a_cure_that_changed_a_verified_item_leads_back_to_it():  # C2.2
    changed = with_seen(items=(AMOUNT, replace(PAYEE, ours="乙公司")))
    assert next_step(Step.CURE, changed) is Step.VERIFY


def test_a_draft_survives_being_written_and_read():  # C5.1
    stored = json.loads(json.dumps(FULL.to_json()))
    assert ResumeDraft.from_json(stored) == replace(FULL, seen=Seen())


def test_an_open_day_survives_too():  # C5.1
    draft = ResumeDraft("FK-1")
    assert ResumeDraft.from_json(draft.to_json()) == draft


@pytest.mark.parametrize(
    "data", [{}, {"number": "FK-1", "ticks": 3}, {"number": "FK-1", "planned_on": "31.2."}]
)
def test_a_draft_that_cannot_be_understood_is_refused_aloud(data):  # C5.1
    with pytest.raises(BadInput, match="草稿"):
        ResumeDraft.from_json(data)


def test_a_kept_draft_goes_on_where_it_was():  # C5.1
    assert reopen_at(Step.REQUEST, FULL) is Step.REQUEST
    assert reopen_at(Step.VERIFY, FULL) is Step.VERIFY
    assert reopen_at(Step.DONE, FULL) is Step.REQUEST
    assert reopen_at(Step.VERIFY, replace(FULL, form_no="HF-2026-0001")) is Step.DONE


def test_a_kept_draft_goes_back_to_what_no_longer_holds():  # C5.1
    assert reopen_at(Step.REQUEST, with_seen(blocking=(FUNDS,))) is Step.CURE
    changed = with_seen(items=(replace(AMOUNT, ours="9.00"), PAYEE), blocking=(FUNDS,))
    assert reopen_at(Step.REQUEST, changed) is Step.VERIFY


def test_the_ticks_are_handed_on_with_their_values():  # C2.2
    assert [(tick.code, tick.ours, tick.ticked) for tick in FULL.as_ticks()] == [
        ("amount", "1,000.00", True),
        ("payee", "甲公司", True),
    ]


def test_only_what_differs_is_listed_as_changed():  # C3.5
    labels = {"amount": "金额", "payee_name": "收款户名", "bank": "开户行"}
    before = {"amount": "1", "payee_name": "甲"}
    after = {"amount": "1", "payee_name": "乙", "bank": "工行"}
    assert changes_of(before, after, labels) == (
        {"field": "收款户名", "before": "甲", "after": "乙"},
    )
