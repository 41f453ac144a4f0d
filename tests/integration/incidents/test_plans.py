"""应急预案: kept by editions, bound to causes, reviewed, shown where they are needed."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.errors import Denied
from app.core.errors import BadInput, Conflict, NotFound
from app.documents.preview import page_text
from app.incidents.contacts.briefings import proposed_text
from app.incidents.daily import daily_check
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.planning.plans import (
    SavePlan,
    adopt_shipped,
    plan_editions,
    plan_lines,
    plan_sheet,
    save_plan,
    shipped_plans,
    stop_plan,
)
from app.incidents.response_view import response
from app.incidents.states import Cause, Severity, Step
from app.payments.diagnosis.facts import SystemFacts
from tests.support.incidents import take_on

PLAN = SavePlan(
    "银行接口异常应急预案",
    Cause.BANK_INTERFACE,
    "supervisor",
    date(2027, 3, 2),
    {Step.CAUSE: ["查渠道状态", " "], Step.BANK: ["逐笔核实"]},
    "按年度演练结果制定",
    "付款推迟，恢复后第一时间通知。",
)


def make(db, people, **changes):
    return save_plan(db, people.supervisor, replace(PLAN, **changes))


def test_that_each_edition_stays_and_the_newest_is_in_force(founded, people):  # B5.5
    number = make(founded, people)
    make(founded, people, title="新名称", reason="复审", number=number, expected=1)
    assert [one.title for one in plan_lines(founded, people.auditor)] == ["新名称"]
    editions = plan_editions(founded, people.auditor, number)
    assert [(one.edition, one.title) for one in editions] == [(2, "新名称"), (1, PLAN.title)]
    assert editions[0].todo[Step.CAUSE] == ("查渠道状态",)
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(text("UPDATE response_plan SET title = 'x'"))


def test_that_the_slower_of_two_is_told(founded, people):
    number = make(founded, people)
    make(founded, people, title="甲", number=number, expected=1)
    with pytest.raises(Conflict, match="第 2 版"):
        make(founded, people, title="乙", number=number, expected=1)
    with pytest.raises(NotFound):
        make(founded, people, number="YA-2026-9999", expected=1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": " "}, "名称"),
        ({"title": "长" * 121}, "120"),
        ({"reason": ""}, "原因"),
        ({"todo": {Step.CAUSE: [" "]}}, "至少写一件"),
        ({"owner": "nobody"}, "责任人"),
        ({"review_on": date(2026, 3, 2)}, "晚于今天"),
    ],
)
def test_that_a_plan_says_what_who_and_until_when(founded, people, change, said):  # B6.2
    with pytest.raises(BadInput, match=said):
        make(founded, people, **change)
    assert plan_lines(founded, people.clerk) == []


def test_that_a_cause_has_one_plan_in_force(founded, people):  # B5.5
    number = make(founded, people)
    with pytest.raises(BadInput, match=number):
        make(founded, people, title="另一项")
    stop_plan(founded, people.supervisor, number, 1, "合并")
    assert make(founded, people, title="另一项") != number


def test_that_only_a_chief_writes_plans(founded, people):  # B6.2
    with pytest.raises(Denied):
        save_plan(founded, people.clerk, PLAN)


def test_that_the_shipped_plans_fill_only_what_is_missing(founded, people):  # B5.5
    make(founded, people)
    made = adopt_shipped(founded, people.supervisor)
    causes = [one.cause for one in plan_lines(founded, people.clerk)]
    assert len(made) == len(shipped_plans()) - 1
    assert len(causes) == len(set(causes)) == len(shipped_plans())
    with pytest.raises(BadInput, match="都已有"):
        adopt_shipped(founded, people.supervisor)


def test_that_a_due_review_is_told_of(founded, people, clock):  # B6.2
    make(founded, people, review_on=date(2026, 3, 3))
    assert [one for one in daily_check(founded, SystemFacts()) if one.kind == "plan_review"] == []
    clock.move_to(clock.now().replace(day=3))
    [notice] = [one for one in daily_check(founded, SystemFacts()) if one.kind == "plan_review"]
    assert people.supervisor.name in notice.text


def test_that_the_response_shows_the_plan_of_its_cause(founded, people):  # B5.5
    make(founded, people)
    number = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P2, "网银打不开", "网银无法登录")
    )
    assert response(founded, people.clerk, number).plan is None
    take_on(founded, people.clerk, number, "报错")
    seen = response(founded, people.clerk, number)
    plan = seen.plan
    assert plan.todo[Step.BANK] == ("逐笔核实",)
    assert PLAN.message in proposed_text("x", seen.line.cause, seen.impact, plan.message)


def test_that_a_plan_is_printed_with_its_steps_and_owner(founded, people):  # B6.2
    number = make(founded, people)
    paper = plan_sheet(founded, people.auditor, number, 1)
    said = "".join("".join(page_text(paper.data, page) for page in range(paper.pages)).split())
    for part in (number, "查渠道状态", "逐笔核实", people.supervisor.name, "2027-03-02"):
        assert part in said
    with pytest.raises(NotFound):
        plan_sheet(founded, people.auditor, number, 2)
