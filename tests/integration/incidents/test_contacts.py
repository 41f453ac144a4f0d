"""通讯录, waiting with its days, and 通报 with who took note."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.errors import Denied
from app.audit.queries import AuditFilter, entries
from app.core.errors import BadInput, Conflict, NotFound
from app.incidents import cases
from app.incidents.case_view import incident_lines, timeline
from app.incidents.cases import Written
from app.incidents.contacts.briefings import (
    Brief,
    Way,
    brief,
    briefings_for_me,
    proposed_text,
    take_note,
)
from app.incidents.contacts.directory import (
    DirectoryCard,
    add_contact,
    change_contact,
    contact_lines,
    use_contact,
)
from app.incidents.contacts.following import followed
from app.incidents.contacts.talks import Mode, Talk, record_talk
from app.incidents.contacts.waiting import BeginWait, ask_again, begin_wait, end_wait
from app.incidents.daily import daily_check
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.response_view import response
from app.incidents.states import Cause, Outside, Severity
from app.payments.diagnosis.facts import SystemFacts

VENDOR = DirectoryCard(
    Outside.VENDOR,
    "某某软件公司",
    "张工",
    phone="400-000-1234",
    hours="工作日 8:30-20:00",
    contract_no="FW-2026-01",
    contract_until=date(2026, 12, 31),
    response_minutes=30,
)


@pytest.fixture
def payment(channels, make_account, make_payment, people):
    return make_payment(account=make_account(), made_by=people.clerk, due_on=date(2026, 2, 20))


@pytest.fixture
def opened(founded, people, payment):
    command = OpenIncident((), Severity.P2, "网银报错", payments=(payment.number,))
    return open_incident(founded, people.clerk, command)


@pytest.fixture
def waiting(founded, people, opened):
    """An incident that waits for the bank, asked again every two working days."""
    until = founded.clock.now() + timedelta(hours=4)
    begin_wait(
        founded,
        people.clerk,
        BeginWait(opened, Outside.BANK, "工商银行张江支行", "书面答复是否扣款", 2, until),
    )
    return opened


def the_wait(db, people, number):
    [line] = followed(db, people.clerk, number).waits
    return line


def talk(db, number, **changes):
    given = {
        "number": number,
        "party": Outside.BANK,
        "mode": Mode.PHONE,
        "organisation": "工商银行张江支行",
        "person": "李经理",
        "said": "后台已查，等总行答复",
        "at": db.clock.now(),
    }
    return Talk(**{**given, **changes})


def notices(db, kind):
    return [one for one in daily_check(db, SystemFacts()) if one.kind == kind]


# --- 通讯录 ---------------------------------------------------------------------------------


def test_that_a_contact_is_kept_with_hours_and_contract(founded, people):  # F4.3
    add_contact(founded, people.clerk, replace(VENDOR, organisation=" 某某软件公司 "))
    [line] = contact_lines(founded, people.auditor)
    assert line.card == VENDOR
    assert (line.reach, line.active) == ("400-000-1234", True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"organisation": " "}, "单位名称"),
        ({"phone": "", "mobile": " "}, "至少填写"),
        ({"email": "not an address"}, "不是有效的电子邮箱"),
        ({"response_minutes": 0}, "响应时间"),
    ],
)
def test_that_a_contact_who_can_not_be_reached_is_refused(founded, people, change, said):  # F4.3
    with pytest.raises(BadInput, match=said):
        add_contact(founded, people.clerk, replace(VENDOR, **change))
    assert contact_lines(founded, people.clerk) == []


def test_that_a_contact_is_known_once_and_changed_with_its_trail(founded, people):  # F4.3
    key = add_contact(founded, people.clerk, VENDOR)
    with pytest.raises(Conflict, match="已有"):
        add_contact(founded, people.supervisor, VENDOR)
    change_contact(founded, people.clerk, key, replace(VENDOR, phone="021-1"), 1)
    with pytest.raises(Conflict, match="修改"):
        change_contact(founded, people.supervisor, key, replace(VENDOR, phone="021-2"), 1)
    with pytest.raises(BadInput, match="没有任何修改"):
        change_contact(founded, people.clerk, key, replace(VENDOR, phone="021-1"), 2)
    with founded.read() as work:
        [line] = entries(work, AuditFilter(act="contact.changed"))
    assert (line.before["phone"], line.after["phone"]) == ("400-000-1234", "021-1")


def test_that_a_contact_goes_out_of_use_and_is_never_deleted(founded, people):  # F4.3
    key = add_contact(founded, people.clerk, VENDOR)
    use_contact(founded, people.clerk, key, False, "已离职", 1)
    assert [one.active for one in contact_lines(founded, people.clerk)] == [False]
    with pytest.raises(Conflict) as refused:
        add_contact(founded, people.clerk, VENDOR)
    assert "恢复使用" in refused.value.hint
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(text("DELETE FROM directory_contact"))


def test_that_a_long_name_is_kept_whole(founded, people):  # F4.3
    long = replace(VENDOR, organisation="单" * 120, person="人" * 60)
    add_contact(founded, people.clerk, long)
    assert contact_lines(founded, people.clerk)[0].card == long


def test_that_who_only_looks_changes_no_contact(founded, people):  # F4.3
    with pytest.raises(Denied):
        add_contact(founded, people.auditor, VENDOR)


def test_that_an_ending_contract_is_told_of(founded, people):  # F4.3
    add_contact(founded, people.clerk, replace(VENDOR, contract_until=date(2026, 3, 20)))
    [notice] = notices(founded, "contract")
    assert "2026-03-20" in notice.text


# --- waiting --------------------------------------------------------------------------------


def test_that_a_wait_is_asked_about_after_its_working_days(founded, people, waiting):  # B3.4
    # Monday 2 March, two working days.
    assert the_wait(founded, people, waiting).next_on == date(2026, 3, 4)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["note", "talk", "take", "cause", "severity"]), max_size=6))
def test_that_no_word_moves_the_day_of_the_next_question(  # B3.4
    founded, people, waiting, clock, acts
):
    before = the_wait(founded, people, waiting)
    for act in acts:
        clock.move_to(clock.now() + timedelta(hours=1))
        [line] = incident_lines(founded, people.clerk)
        match act:
            case "note":
                written = Written("柜员还在查", founded.clock.now())
                cases.write(founded, people.clerk, waiting, written)
            case "talk":
                record_talk(founded, people.clerk, talk(founded, waiting))
            case "take" if line.owner != people.clerk.name:
                cases.take_over(founded, people.clerk, waiting, line.version)
            case "cause" if line.owner:
                cases.set_cause(
                    founded, people.clerk, waiting, Cause.BANK_INTERFACE, "报错", line.version
                )
            case "severity":
                other = Severity.P1 if line.severity is Severity.P2 else Severity.P2
                cases.set_severity(founded, people.clerk, waiting, other, "调整", line.version)
    after = the_wait(founded, people, waiting)
    assert (after.next_on, after.asked, after.until) == (before.next_on, 0, before.until)


def test_that_asking_moves_the_day_and_a_new_promise_takes_its_place(  # B3.4
    founded, people, waiting, clock
):
    clock.move_to(clock.now() + timedelta(days=2))
    line = the_wait(founded, people, waiting)
    assert line.late
    until = founded.clock.now() + timedelta(days=1)
    said = talk(founded, waiting, promised="书面答复", promised_until=until)
    ask_again(founded, people.clerk, line.wait_id, said, line.version)
    now = the_wait(founded, people, waiting)
    assert (now.next_on, now.asked, now.until) == (date(2026, 3, 6), 1, until)
    assert not now.late


def test_that_the_database_itself_keeps_the_day(founded, people, waiting):  # B3.4
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(text("UPDATE incident_wait SET next_on = '2026-12-31'"))


def test_that_two_people_do_not_ask_over_each_other(founded, people, waiting):
    line = the_wait(founded, people, waiting)
    said = talk(founded, waiting)
    ask_again(founded, people.clerk, line.wait_id, said, line.version)
    with pytest.raises(Conflict, match="修改"):
        ask_again(founded, people.checker, line.wait_id, said, line.version)
    with pytest.raises(Conflict, match="修改"):
        end_wait(founded, people.checker, line.wait_id, "已答复", line.version)


def test_that_a_question_to_another_party_is_none(founded, people, waiting):
    line = the_wait(founded, people, waiting)
    said = talk(founded, waiting, party=Outside.VENDOR)
    with pytest.raises(BadInput, match="不一致"):
        ask_again(founded, people.clerk, line.wait_id, said, line.version)
    assert the_wait(founded, people, waiting).asked == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"organisation": ""}, "哪个单位"),
        ({"why": " "}, "等待什么"),
        ({"every_days": 0}, "1 到 30"),
        ({"every_days": 31}, "1 到 30"),
    ],
)
def test_that_a_wait_without_whom_and_what_is_refused(founded, people, opened, change, said):
    good = BeginWait(opened, Outside.BANK, "工商银行", "答复", 1)
    with pytest.raises(BadInput, match=said):
        begin_wait(founded, people.clerk, replace(good, **change))
    with pytest.raises(BadInput, match="晚于现在"):
        begin_wait(founded, people.clerk, replace(good, until=founded.clock.now()))


def test_that_waiting_and_a_broken_promise_are_told_of_daily(founded, people, waiting, clock):
    assert notices(founded, "incident_wait") == []
    clock.move_to(clock.now() + timedelta(hours=5))
    [broken] = notices(founded, "incident_wait")
    assert "已过对方答应的时间" in broken.text
    line = the_wait(founded, people, waiting)
    end_wait(founded, people.clerk, line.wait_id, "已书面答复未扣款", line.version)
    assert notices(founded, "incident_wait") == []
    with pytest.raises(Conflict, match="结束"):
        end_wait(founded, people.clerk, line.wait_id, "再次", 2)


def test_that_an_incident_is_not_over_while_it_waits(founded, people, waiting):
    left = dict(response(founded, people.clerk, waiting).left)
    assert any("等待未结束：工商银行张江支行" in what for what in left)


# --- 通报 -----------------------------------------------------------------------------------


def test_that_a_department_is_told_and_its_person_takes_note(  # F4.4
    founded, people, opened, payment
):
    seen = response(founded, people.clerk, opened)
    proposal = proposed_text(seen.line.title, seen.line.cause, seen.impact)
    assert payment.number in proposal
    number = brief(
        founded,
        people.clerk,
        Brief(
            opened,
            "采购部",
            proposal,
            people.supervisor.username,
            payments=(payment.number,),
            new_date=date(2026, 3, 4),
        ),
    )
    assert [one.number for one in briefings_for_me(founded, people.supervisor)] == [number]
    with pytest.raises(BadInput, match="本人确认"):
        take_note(founded, people.checker, number, "")
    take_note(founded, people.supervisor, number, "已告知供应商")
    with pytest.raises(Conflict, match="已登记知悉"):
        take_note(founded, people.supervisor, number, "")
    assert briefings_for_me(founded, people.supervisor) == []
    [line] = followed(founded, people.clerk, opened).briefings
    assert (line.taken_by, line.answer) == (people.supervisor.name, "已告知供应商")
    told = [one.text for one in timeline(founded, people.clerk, opened)]
    assert any("已知悉：已告知供应商" in one for one in told)


def test_that_who_has_no_account_is_written_down_with_who_said_so(founded, people, opened):  # F4.4
    number = brief(
        founded,
        people.clerk,
        Brief(opened, "仓储部", "付款推迟", recipient="陈仓管", way=Way.PHONE),
    )
    with pytest.raises(BadInput, match="处理事件的人员"):
        take_note(founded, people.auditor, number, "看到了")
    with pytest.raises(BadInput, match="谁在何时"):
        take_note(founded, people.clerk, number, " ")
    take_note(founded, people.clerk, number, "陈仓管 10:05 电话回复知悉")
    [line] = followed(founded, people.clerk, opened).briefings
    assert line.taken_by == people.clerk.name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"department": ""}, "部门"),
        ({"text": " "}, "通报内容"),
        ({"username": "nobody"}, "选择接收人"),
        ({"username": "", "recipient": ""}, "填写接收人"),
        ({"username": "", "recipient": "陈", "way": Way.SYSTEM}, "没有账号"),
        ({"payments": ("FK-1",)}, "不在"),
        ({"new_date": date(2026, 3, 1)}, "早于今天"),
    ],
)
def test_that_a_briefing_to_nobody_about_nothing_is_refused(  # F4.4
    founded, people, opened, change, said
):
    good = Brief(opened, "采购部", "付款推迟", people.supervisor.username)
    with pytest.raises(BadInput, match=said):
        brief(founded, people.clerk, replace(good, **change))
    assert followed(founded, people.clerk, opened).briefings == ()


def test_that_an_unread_briefing_is_told_of_after_a_day(founded, people, opened, clock):  # F4.4
    brief(founded, people.clerk, Brief(opened, "采购部", "付款推迟", people.gm.username))
    assert notices(founded, "briefing") == []
    clock.move_to(clock.now() + timedelta(days=1, minutes=1))
    [notice] = notices(founded, "briefing")
    assert people.gm.name in notice.text


def test_that_what_a_department_was_told_stays_as_it_was_said(founded, people, opened):  # F4.4
    brief(founded, people.clerk, Brief(opened, "采购部", "付款推迟", people.gm.username))
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(text("UPDATE briefing SET text = '没有推迟'"))
    with pytest.raises(NotFound):
        take_note(founded, people.gm, "TB-2026-9999", "")
