"""The order of the wizard that cancels automatic debits."""

from dataclasses import replace
from datetime import date

import pytest

from app.agreements.checklist import CheckItem
from app.agreements.flow import (
    CancelDraft,
    SeenRow,
    Step,
    may_leave,
    next_step,
    reopen_at,
    subject,
    values_of,
)
from app.agreements.impact import Impact
from app.agreements.states import Method
from app.core.errors import BadInput

TODAY = date(2026, 3, 2)
NOTHING = Impact(None, (), (), None, True, None, None, "", ())
RENT = SeenRow("XY-1", 3, "甲公司", "张江支行", (CheckItem("amount", "金额", "1.00"),), "", NOTHING)
OVER = replace(RENT, number="XY-2", why_not="当前为“已失效”，不需要再取消。")
POWER = replace(RENT, number="XY-3")
FULL = CancelDraft(
    ("XY-1",),
    ticks={"XY-1": values_of(RENT)},
    wished_on=TODAY,
    reason="改为人工",
    owner="clerk",
    typed="XY-1",
    seen=(RENT,),
)


def fields(step, draft):
    return [one.field for one in may_leave(step, draft, TODAY)]


@pytest.mark.parametrize("step", list(Step))
def test_a_filled_in_draft_may_go_on(step):  # D3.4
    assert fields(step, FULL) == []


def test_each_agreement_is_ticked_with_the_values_that_it_has_now():  # D2.3 D3.3
    both = replace(FULL, seen=(RENT, POWER))
    assert fields(Step.VERIFY, both) == ["XY-3"]
    stale = replace(FULL, ticks={"XY-1": {"amount": "2.00"}})
    assert fields(Step.VERIFY, stale) == ["XY-1"]


def test_what_cannot_be_cancelled_is_left_aside():  # D2.4
    assert fields(Step.VERIFY, replace(FULL, seen=(RENT, OVER))) == []
    assert fields(Step.VERIFY, replace(FULL, seen=(OVER,))) == ["rows"]
    assert replace(FULL, seen=(RENT, OVER)).eligible == (RENT,)


@pytest.mark.parametrize("day", [None, date(2026, 3, 1)])
def test_the_wished_day_is_today_or_later(day):  # D4.2
    assert fields(Step.IMPACT, replace(FULL, wished_on=day)) == ["wished_on"]


def test_reason_and_owner_are_needed():  # D4.2
    assert fields(Step.PLAN, replace(FULL, reason=" ", owner="")) == ["reason", "owner"]


def test_one_is_confirmed_by_its_number_and_several_by_the_password():  # D4.1
    assert fields(Step.CONFIRM, replace(FULL, typed="XY-9")) == ["typed"]
    assert fields(Step.CONFIRM, replace(FULL, typed=" XY-1 ")) == []
    both = {"XY-1": values_of(RENT), "XY-3": values_of(POWER)}
    several = replace(FULL, seen=(RENT, POWER), ticks=both, typed="")
    assert fields(Step.CONFIRM, several) == []


def test_the_last_step_asks_for_all_earlier_ones():  # D3.4
    assert fields(Step.CONFIRM, replace(FULL, ticks={}, owner="")) == ["XY-1", "owner"]


def test_the_steps_follow_each_other():  # D3.4
    assert [next_step(step) for step in Step] == [*list(Step)[1:], None]


def test_a_kept_draft_is_what_was_typed_and_not_what_confirms_it():  # D3.4
    draft = replace(FULL, methods={"XY-1": Method.CHEQUE})
    again = CancelDraft.from_json(draft.to_json())
    assert again == replace(draft, typed="", seen=())


@pytest.mark.parametrize(
    "damage", [{"numbers": 3}, {"wished_on": "gestern"}, {"to_bank": "TAUBE"}, {"ticks": []}]
)
def test_a_damaged_draft_is_refused(damage):  # D3.4
    with pytest.raises(BadInput, match="草稿"):
        CancelDraft.from_json({**FULL.to_json(), **damage})


def test_it_goes_on_where_it_was_or_where_it_no_longer_holds():  # D3.4
    assert reopen_at(Step.PLAN, FULL, TODAY) is Step.PLAN
    assert reopen_at(Step.CONFIRM, replace(FULL, ticks={}), TODAY) is Step.VERIFY
    assert reopen_at(Step.VERIFY, replace(FULL, form_no="QK-1"), TODAY) is Step.DONE
    assert reopen_at(Step.DONE, FULL, TODAY) is Step.CONFIRM


def test_a_draft_is_kept_under_its_first_agreement():  # D3.4
    assert (subject(("A",)), subject(("A", "B", "C")), subject(())) == ("A", "A+2", "")
