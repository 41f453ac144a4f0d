"""应急事件: opened from a forbidden debit, dealt with, resolved by one, closed by another."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.errors import Denied, SelfApproval
from app.agreements.watch.states import HitState
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.core.states import IllegalTransition
from app.incidents import cases
from app.incidents.case_view import incident_counts, incident_lines, incident_of, timeline
from app.incidents.cases import Written
from app.incidents.daily import daily_check
from app.incidents.opening import OpenIncident, join_incident, open_incident
from app.incidents.states import Cause, IncidentState, Severity
from app.payments.diagnosis.facts import SystemFacts

SAID = "导入流水时发现"


@pytest.fixture
def opened(founded, people, debit):
    hit = debit()
    command = OpenIncident((hit,), Severity.P3, SAID)
    return open_incident(founded, people.clerk, command), hit


def only(db, people):
    [line] = incident_lines(db, people.clerk)
    return line


def note(clock, **changes):
    given = {"text": "已电话通知", "at": clock.now()}
    return Written(**{**given, **changes})


def resolved(founded, people, number):
    cases.take_over(founded, people.clerk, number, only(founded, people).version)
    version = only(founded, people).version
    why = "回执与流水相符"
    cases.set_cause(founded, people.clerk, number, Cause.PAYEE_NEW_AGREEMENT, why, version)
    cases.resolve(founded, people.clerk, number, "款项已退回", only(founded, people).version)


def test_that_a_forbidden_debit_becomes_an_incident_with_all_that_is_known(  # E1.5 B5.1
    founded, people, opened
):
    number, hit = opened
    line = only(founded, people)
    assert (line.number, line.state, line.hits) == (number, IncidentState.OPEN, (hit,))
    assert line.amounts == (Money.parse("46300"),)
    assert "上海临江供电有限公司" in line.title
    assert incident_of(founded, people.clerk) == {hit: number}
    told = timeline(founded, people.clerk, number)
    assert {one.what for one in told} == {"发现并建立事件", "发现异常扣款"}
    [notice] = [n for n in daily_check(founded, SystemFacts()) if n.kind == "incident"]
    assert notice.subject == number
    assert "尚无人负责" in notice.text
    counts = incident_counts(founded, people.clerk)
    assert (counts.unresolved, counts.unowned) == (1, 1)


def test_that_a_debit_is_in_one_open_incident_only(founded, people, opened):  # E1.5
    number, hit = opened
    with pytest.raises(Conflict, match=f"{hit} 已在应急事件 {number} 中"):
        open_incident(founded, people.clerk, OpenIncident((hit,), Severity.P1, SAID))
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(
            text(
                "INSERT INTO incident_subject (incident_id, kind, number, open)"
                f" SELECT id, 'HIT', '{hit}', true FROM incident"
            )
        )


def test_that_another_debit_joins_the_incident(founded, people, opened, debit):  # E1.5
    number, hit = opened
    seen = only(founded, people).version
    second = debit("2026-03-02", "20000.00")
    join_incident(founded, people.clerk, number, (second,), "同一收款单位")
    line = only(founded, people)
    assert line.hits == (hit, second)
    assert line.amounts == (Money.parse("66300"),)
    with pytest.raises(Conflict, match="已被"):
        cases.take_over(founded, people.clerk, number, seen)


def test_that_what_is_over_needs_no_incident(founded, people, debit, settle_hit):  # E1.5
    hit = debit()
    settle_hit(hit)
    with pytest.raises(Conflict, match="已追回"):
        open_incident(founded, people.clerk, OpenIncident((hit,), Severity.P3, SAID))


@pytest.mark.parametrize(
    ("hits", "said", "refusal"), [((), SAID, BadInput), (("YC-1",), SAID, NotFound)]
)
def test_that_an_incident_is_about_something_that_exists(founded, people, hits, said, refusal):
    with pytest.raises(refusal):
        open_incident(founded, people.clerk, OpenIncident(hits, Severity.P2, said))


def test_that_an_incident_tells_how_it_was_found(founded, people, debit):  # B5.1
    hit = debit()
    with pytest.raises(BadInput, match="经过"):
        open_incident(founded, people.clerk, OpenIncident((hit,), Severity.P2, " "))
    assert incident_lines(founded, people.clerk) == []


def test_that_nothing_is_resolved_without_a_cause(founded, people, opened, settle_hit):  # B1.1
    number, hit = opened
    settle_hit(hit)
    cases.take_over(founded, people.clerk, number, 1)
    with pytest.raises(BadInput, match="尚未定因"):
        cases.resolve(founded, people.clerk, number, "已退回", 2)


def test_that_nothing_is_resolved_while_money_is_missing(
    founded, people, opened, settle_hit
):  # B3.5
    number, hit = opened
    with pytest.raises(BadInput, match=f"未追回、未排除：{hit}"):
        resolved(founded, people, number)
    settle_hit(hit, HitState.EXCLUDED)
    cases.resolve(founded, people.clerk, number, "误报", only(founded, people).version)
    assert only(founded, people).state is IncidentState.RESOLVED


def test_that_another_person_closes_what_one_resolved(
    founded, people, opened, settle_hit, skip_steps
):  # E4.4
    number, hit = opened
    settle_hit(hit)
    resolved(founded, people, number)
    skip_steps(number)
    version = only(founded, people).version
    with pytest.raises(Denied):
        cases.close(founded, people.clerk, number, "同意", version)
    cases.close(founded, people.supervisor, number, "同意", version)
    line = only(founded, people)
    assert (line.state, line.resolved_by, line.closed_by) == (
        IncidentState.CLOSED,
        people.clerk.name,
        people.supervisor.name,
    )


def test_that_who_resolved_it_does_not_close_it(founded, people, opened, settle_hit):  # E4.4
    number, hit = opened
    settle_hit(hit)
    boss = people.supervisor
    cases.take_over(founded, boss, number, 1)
    cases.set_cause(founded, boss, number, Cause.BANK_NOT_ENDED, "回执", 2)
    cases.resolve(founded, boss, number, "已退回", 3)
    version = only(founded, people).version
    with pytest.raises(SelfApproval):
        cases.close(founded, boss, number, "同意", version)


def test_that_a_debit_that_comes_up_again_keeps_an_incident_open(  # B3.5
    founded, people, opened, settle_hit
):
    number, hit = opened
    settle_hit(hit, HitState.EXCLUDED)
    resolved(founded, people, number)
    settle_hit(hit, HitState.CONFIRMED)
    version = only(founded, people).version
    with pytest.raises(BadInput, match=hit):
        cases.close(founded, people.supervisor, number, "同意", version)
    cases.back_to_work(founded, people.supervisor, number, "又确认为异常", version)
    assert only(founded, people).state is IncidentState.IN_PROGRESS


def test_that_nothing_is_written_to_what_is_closed(  # B5.1
    founded, people, opened, settle_hit, clock, skip_steps
):
    number, hit = opened
    settle_hit(hit)
    resolved(founded, people, number)
    skip_steps(number)
    cases.close(founded, people.supervisor, number, "同意", only(founded, people).version)
    with pytest.raises(Conflict, match="关闭"):
        cases.write(founded, people.clerk, number, note(clock))
    assert incident_of(founded, people.clerk) == {}


def test_that_a_debit_of_a_closed_incident_can_be_dealt_with_again(  # E1.5
    founded, people, opened, settle_hit, skip_steps
):
    number, hit = opened
    settle_hit(hit, HitState.EXCLUDED)
    resolved(founded, people, number)
    skip_steps(number)
    cases.close(founded, people.supervisor, number, "同意", only(founded, people).version)
    settle_hit(hit, HitState.CONFIRMED)
    again = open_incident(founded, people.clerk, OpenIncident((hit,), Severity.P2, SAID))
    assert incident_of(founded, people.clerk) == {hit: again}


def test_that_a_line_is_corrected_by_another_and_stays(founded, people, opened, clock):  # B5.1
    number, _ = opened
    cases.write(founded, people.clerk, number, note(clock, text="李柜员答应 3 日退回"))
    [wrong] = [one for one in timeline(founded, people.clerk, number) if "3 日" in one.text]
    cases.correct(founded, people.clerk, number, wrong.entry_id, "答应 5 日退回")
    told = {one.text: one.corrected for one in timeline(founded, people.clerk, number)}
    assert told["李柜员答应 3 日退回"]
    assert not told["答应 5 日退回"]
    with pytest.raises(NotFound):
        cases.correct(founded, people.clerk, number, 999, "x")


def test_that_a_line_says_what_happened(founded, people, opened, clock):  # B5.1
    number, _ = opened
    with pytest.raises(BadInput, match="内容"):
        cases.write(founded, people.clerk, number, note(clock, text=" "))


def test_that_nothing_is_told_of_the_future(founded, people, opened, clock):  # B5.1
    number, _ = opened
    later = clock.now() + timedelta(minutes=1)
    with pytest.raises(BadInput, match="晚于现在"):
        cases.write(founded, people.clerk, number, note(clock, at=later))


def test_that_the_second_of_two_desks_is_told(founded, people, opened):  # invariant 10
    number, _ = opened
    cases.set_severity(founded, people.supervisor, number, Severity.P1, "金额大", 1)
    with pytest.raises(Conflict, match=f"已被 {people.supervisor.name}"):
        cases.take_over(founded, people.clerk, number, 1)


def test_that_the_states_have_an_order(founded, people, opened):
    number, _ = opened
    with pytest.raises(IllegalTransition):
        cases.to_verify(founded, people.clerk, number, "已致函", 1)
    with pytest.raises(IllegalTransition):
        cases.back_to_work(founded, people.clerk, number, "再查", 1)
    cases.take_over(founded, people.clerk, number, 1)
    cases.to_verify(founded, people.clerk, number, "已致函", 2)
    cases.back_to_work(founded, people.clerk, number, "银行未答复", 3)
    assert only(founded, people).state is IncidentState.IN_PROGRESS


@pytest.mark.parametrize("table", ["incident", "incident_entry", "incident_subject"])
def test_that_the_database_keeps_incidents(founded, opened, table):  # B5.1
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(text(f"DELETE FROM {table}"))


def test_that_the_timeline_can_not_be_rewritten(founded, opened):  # B5.1
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(text("UPDATE incident_entry SET text = 'x'"))


def test_that_only_who_may_see_agreements_sees_their_incidents(founded, people, opened):  # D1.3
    assert incident_lines(founded, people.auditor)
    with pytest.raises(Denied):
        incident_lines(founded, people.admin)


def test_that_of_two_who_close_at_once_one_is_told_by_whom(  # invariant 10
    founded, people, opened, settle_hit, skip_steps
):
    number, hit = opened
    settle_hit(hit)
    resolved(founded, people, number)
    skip_steps(number)
    seen = only(founded, people).version
    cases.close(founded, people.supervisor, number, "同意", seen)
    with pytest.raises(Conflict, match=f"已由 {people.supervisor.name}"):
        cases.close(founded, people.cfo, number, "同意", seen)
