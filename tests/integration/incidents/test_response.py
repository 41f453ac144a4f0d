"""The five steps of an incident about payments: locked, done, skipped; what keeps it open."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.approvals import Decision, Verdict
from app.access.errors import Denied
from app.core.codes import HoldCause
from app.core.errors import BadInput, Conflict
from app.core.money import Money
from app.incidents import acting_on, cases, checklist, steps, tasks
from app.incidents.case_view import incident_lines, timeline
from app.incidents.checklist import Found
from app.incidents.checklist_items import ITEMS
from app.incidents.daily import daily_check
from app.incidents.escalating import escalate_due
from app.incidents.flow import FAIL, PASS
from app.incidents.opening import OpenIncident, join_incident, open_incident
from app.incidents.papers_wanted import PaperState
from app.incidents.response_view import response
from app.incidents.states import Cause, Severity, Step, StepState, TaskKind, TaskState
from app.incidents.tasks import AddTask
from app.payments import diagnosing, holds, sending
from app.payments.answers import CheckResult, RecordCheck
from app.payments.detail import hold_ledger, payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.errors import NoEvidence
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope, Stage

SOUND = SystemFacts()


@pytest.fixture
def account(channels, make_account):
    return make_account()


@pytest.fixture
def payment(make_payment, account, people):
    return make_payment(account=account, made_by=people.clerk, due_on=date(2026, 2, 20))


@pytest.fixture
def opened(founded, people, payment):
    """An incident about one payment that nobody has taken over."""
    return open_incident(
        founded,
        people.clerk,
        OpenIncident((), Severity.P1, "网银提示失败", payments=(payment.number,)),
    )


@pytest.fixture
def owned(founded, people, opened):
    cases.take_over(founded, people.clerk, opened, version(founded, people))
    return opened


@pytest.fixture
def caused(founded, people, owned):
    now = version(founded, people)
    cases.set_cause(founded, people.clerk, owned, Cause.BANK_INTERFACE, "渠道报错", now)
    return owned


@pytest.fixture
def unknown(founded, people, payment, caused):
    """A payment that was sent and of which nobody knows what became."""
    line = payment_detail(founded, people.clerk, payment.number).line
    sending.write_attempt(founded, people.clerk, payment.number, line.version, SOUND)
    return payment.number


def version(db, people):
    [line] = incident_lines(db, people.clerk)
    return line.version


def see(db, people, number):
    return response(db, people.clerk, number)


def bank_says(db, people, number, payment, result=CheckResult.NOT_DEBITED, **changes):
    given = {
        "number": payment,
        "result": result,
        "bank_person": "工行 李经理",
        "asked_at": db.clock.now(),
        "evidence": "电话核实，查询单 77",
    }
    return acting_on.bank_said(db, people.clerk, number, RecordCheck(**{**given, **changes}))


def test_that_a_payment_becomes_an_incident_with_what_is_at_risk(founded, people, opened):  # B6.1
    found = see(founded, people, opened)
    assert found.line.title.startswith("付款停止：")
    assert found.line.amounts == (Money.parse("1000"),)
    [risk] = found.impact.payments
    assert (risk.days_late, risk.fee) == (10, Money.parse("5"))
    assert [one.left for one in found.clocks] == [30, 120, 540]


def test_that_a_payment_is_in_one_open_incident_only(founded, people, opened, payment):  # B5.1
    again = OpenIncident((), Severity.P2, "又一次", payments=(payment.number,))
    with pytest.raises(Conflict, match=opened):
        open_incident(founded, people.clerk, again)


def test_that_an_incident_by_hand_wants_a_name(founded, people):  # B5.1
    with pytest.raises(BadInput, match="事件名称"):
        open_incident(founded, people.clerk, OpenIncident((), Severity.P2, "网银打不开"))
    number = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P2, "网银打不开", "网银无法登录")
    )
    assert see(founded, people, number).impact.open_count == 0


def test_that_others_join(founded, people, owned, make_payment, account):  # B5.1
    other = make_payment(account=account, made_by=people.clerk)
    join_incident(founded, people.clerk, owned, (), "同一原因", payments=(other.number,))
    assert see(founded, people, owned).impact.open_count == 2


def test_that_a_bank_line_becomes_an_incident(founded, people, account, debit):  # E1.5
    debit()
    with founded.read() as work:
        line_id = work.session.scalar(text("SELECT min(id) FROM bank_line"))
    number = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P2, "不认识的扣款", lines=(line_id,))
    )
    found = see(founded, people, number).line
    assert found.lines == (line_id,)
    assert found.title.startswith("流水异常：")


def test_that_the_found_time_is_not_in_the_future(founded, people, clock):
    later = clock.now() + timedelta(minutes=1)
    with pytest.raises(BadInput, match="晚于现在"):
        open_incident(
            founded, people.clerk, OpenIncident((), Severity.P2, "x", "x", found_at=later)
        )


@pytest.mark.parametrize("step", [Step.CHECK, Step.VENDOR, Step.BANK, Step.ARCHIVE])
def test_that_nothing_is_done_before_the_cause(founded, people, owned, step):  # B1.1
    with pytest.raises(BadInput, match="先定因"):
        steps.finish_step(founded, people.clerk, owned, step, "", version(founded, people))
    with pytest.raises(BadInput):
        steps.skip_step(founded, people.clerk, owned, step, "不用", version(founded, people))


def test_that_the_services_of_a_locked_step_refuse(founded, people, owned, tmp_path):  # B1.1
    with pytest.raises(Conflict, match="先定因"):
        checklist.run_checks(founded, people.clerk, owned, SOUND)
    command = AddTask(TaskKind.UNFREEZE, "clerk", date(2026, 3, 5))
    with pytest.raises(Conflict, match="先定因"):
        tasks.add_task(founded, people.clerk, owned, command)
    with pytest.raises(Conflict, match="先定因"):
        acting_on.back_up(founded, people.clerk, owned, tmp_path)


def test_that_pending_wants_evidence(founded, people, owned, payment):  # B1.1
    now = version(founded, people)
    with pytest.raises(BadInput, match="须有证据"):
        cases.set_cause(founded, people.clerk, owned, Cause.PENDING, "查不清", now)
    diagnosing.run(founded, people.clerk, SOUND, [payment.number])
    cases.set_cause(founded, people.clerk, owned, Cause.PENDING, "查不清", now)
    found = see(founded, people, owned)
    assert found.standing.caused
    assert found.clocks[1].done is False
    with pytest.raises(BadInput, match="尚未定因"):
        cases.resolve(founded, people.clerk, owned, "好了", version(founded, people))


def test_that_every_finding_of_its_payments_is_shown(founded, people, owned, payment):  # B1.3
    assert see(founded, people, owned).undiagnosed == 1
    trouble = SystemFacts(database_trouble="数据库文件已损坏")
    diagnosing.run(founded, people.clerk, trouble, [payment.number])
    found = see(founded, people, owned)
    assert found.undiagnosed == 0
    assert any(one.reason == "SYSTEM_FAULT" for one in found.findings)
    assert all(one.payments == (payment.number,) for one in found.findings)


def test_that_what_was_changed_around_the_stop_is_beside_it(  # B1.5 F4.5
    founded, people, opened, add_person
):
    from app.payments.rule_changes import change_threshold

    change_threshold(founded, people.supervisor, "R01.large", "10", "测试")
    acts = {one.act for one in see(founded, people, opened).changes}
    assert "rule.changed" in acts
    assert not any(one.startswith(("incident.", "access.signed")) for one in acts)


def test_that_the_checks_find_what_is_wrong(founded, people, caused):  # B2.1 B2.2 B2.3 B2.4
    trouble = SystemFacts(upgrade_trouble="上次升级被中断")
    found = {one.code: one for one in checklist.run_checks(founded, people.clerk, caused, trouble)}
    assert found["software.upgrade"].result == FAIL
    assert found["account.balance"].result == PASS
    assert "7 天应付" in found["account.balance"].said
    standing = see(founded, people, caused).standing
    assert standing.software_faults == ("升级和补丁是否完成",)
    assert set(standing.unchecked) == {one.title for one in ITEMS if not one.computed}


def test_that_a_gap_is_named(founded, people, caused, make_payment, account):  # B2.2
    make_payment(
        account=account,
        made_by=people.clerk,
        amount_minor=200_000_000,
        due_on=date(2026, 3, 15),
    )
    found = {one.code: one for one in checklist.run_checks(founded, people.clerk, caused, SOUND)}
    assert found["account.balance"].result == FAIL
    assert "15 天内缺口 1,001,000.00" in found["account.balance"].said


def test_that_a_person_overrules_with_a_word(founded, people, caused):  # B2.1
    checklist.run_checks(founded, people.clerk, caused, SystemFacts(disk_trouble="磁盘将满"))
    with pytest.raises(BadInput, match="看到了什么"):
        checklist.record_result(founded, people.clerk, caused, Found("software.data", PASS, " "))
    checklist.record_result(founded, people.clerk, caused, Found("software.data", PASS, "已清理"))
    [one] = [one for one in see(founded, people, caused).checks if one.item.code == "software.data"]
    assert (one.result, one.said, one.computed) == (PASS, "已清理", False)


def test_that_a_step_is_finished_when_nothing_is_missing(founded, people, caused):  # B2.1
    with pytest.raises(BadInput, match="还没有检查结果"):
        steps.finish_step(founded, people.clerk, caused, Step.CHECK, "", version(founded, people))
    checklist.run_checks(founded, people.clerk, caused, SOUND)
    for item in ITEMS:
        if not item.computed:
            found = Found(item.code, PASS, "已查看")
            checklist.record_result(founded, people.clerk, caused, found)
    now = version(founded, people)
    steps.finish_step(founded, people.clerk, caused, Step.CHECK, "", now)
    assert see(founded, people, caused).standing.steps[Step.CHECK] is StepState.DONE
    steps.reopen_step(founded, people.clerk, caused, Step.CHECK, "再查", version(founded, people))
    assert see(founded, people, caused).standing.steps[Step.CHECK] is StepState.OPEN


def test_that_the_backup_comes_before_the_vendor(founded, people, caused, tmp_path):  # A1.4
    assert "备份" in see(founded, people, caused).steps[2].locked
    made = acting_on.back_up(founded, people.clerk, caused, tmp_path)
    found = see(founded, people, caused)
    assert found.steps[2].locked == ""
    assert found.backups[0].path == str(made.path)
    assert made.path.is_file()


def test_that_the_banks_word_settles_the_payment(founded, people, unknown, caused):  # B4.2
    before = see(founded, people, caused)
    assert before.standing.unknown == (unknown,)
    assert before.following is Step.CHECK
    with pytest.raises(NoEvidence):
        bank_says(founded, people, caused, unknown, evidence=" ")
    assert bank_says(founded, people, caused, unknown) is Stage.FAILED
    after = see(founded, people, caused)
    assert after.standing.unknown == ()
    assert after.standing.bank_checks == 1
    assert any("未扣款" in one.text for one in timeline(founded, people.clerk, caused))


def test_that_the_bank_is_asked_of_the_incidents_payments_only(  # B4.1
    founded, people, caused, make_payment, account
):
    other = make_payment(account=account, made_by=people.clerk)
    with pytest.raises(BadInput, match="不在"):
        bank_says(founded, people, caused, other.number)


def test_that_an_incident_is_not_over_while_something_is_open(  # B3.5 B4.2 B4.4
    founded, people, unknown, caused
):
    def refused(what):
        with pytest.raises(BadInput, match=what):
            cases.resolve(founded, people.clerk, caused, "好了", version(founded, people))

    held = acting_on.hold_because(
        founded,
        people.supervisor,
        caused,
        PlaceHold(HoldScope.COMPANY, "", HoldCause.RISK_CONTROL, "查清之前不付"),
    )
    task = tasks.add_task(
        founded, people.clerk, caused, AddTask(TaskKind.UNFREEZE, "checker", date(2026, 3, 5))
    )
    refused("状态不明")
    bank_says(founded, people, caused, unknown, CheckResult.DEBITED)
    refused(held.number)
    lift(founded, people, held.number)
    refused("解冻")
    end(founded, people, task)
    cases.resolve(founded, people.clerk, caused, "银行已扣款", version(founded, people))


def lift(db, people, hold):
    [line] = [one for one in hold_ledger(db, people.clerk) if one.number == hold]
    asked = holds.request_lift(db, people.clerk, hold, "已查清", line.version)
    holds.decide_lift(db, people.cfo, Verdict(asked, Decision.APPROVE, "同意", 1))


def end(db, people, task):
    from app.incidents.model import IncidentTask

    for name in ("冻结通知或法律文书", "营业执照复印件", "经办人身份证件", "解冻申请"):
        tasks.set_paper(db, people.clerk, task, name, PaperState.HANDED_IN, task_version(db, task))
    assert task_version(db, task) == 5
    with db.read() as work:
        assert work.session.get(IncidentTask, task).state == TaskState.OPEN
    tasks.end_task(db, people.clerk, task, TaskState.DONE, "已解冻", task_version(db, task))


def task_version(db, task):
    from app.incidents.model import IncidentTask

    with db.read() as work:
        return work.session.get(IncidentTask, task).version


def test_that_a_sub_task_wants_its_papers(founded, people, caused):  # B4.6
    task = tasks.add_task(
        founded, people.clerk, caused, AddTask(TaskKind.AML, "checker", date(2026, 3, 5))
    )
    with pytest.raises(BadInput, match="合同"):
        tasks.end_task(founded, people.clerk, task, TaskState.DONE, "已交", 1)
    tasks.end_task(founded, people.clerk, task, TaskState.DROPPED, "银行不再要求", 1)
    with pytest.raises(Conflict):
        tasks.end_task(founded, people.clerk, task, TaskState.DONE, "又办", 1)


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"due_on": date(2026, 3, 1)}, "早于今天"), ({"owner": "nobody"}, "负责人")],
)
def test_that_a_sub_task_has_an_owner_and_a_day(founded, people, caused, changes, what):  # B4.4
    given = {"kind": TaskKind.LIMIT, "owner": "clerk", "due_on": date(2026, 3, 5)}
    with pytest.raises(BadInput, match=what):
        tasks.add_task(founded, people.clerk, caused, AddTask(**{**given, **changes}))


def test_that_wide_holds_need_their_right(founded, people, caused):  # B3.5
    command = PlaceHold(HoldScope.COMPANY, "", HoldCause.OTHER, "暂停")
    with pytest.raises(Denied):
        acting_on.hold_because(founded, people.clerk, caused, command)
    assert see(founded, people, caused).holds == ()


def test_that_each_step_of_the_chain_is_told_once(founded, people, opened, clock):  # F4.2
    assert escalate_due(founded) == []
    clock.move_to(clock.now() + timedelta(minutes=50))
    assert escalate_due(founded) == [opened]
    assert escalate_due(founded) == []
    told = [one.text for one in timeline(founded, people.auditor, opened) if "上报" in one.text]
    assert len(told) == 2
    notices = [one for one in daily_check(founded, SOUND) if one.kind == "incident_late"]
    assert [one.subject for one in notices] == [opened]
    assert "接手已超时 20 分钟" in notices[0].text


def test_that_a_sub_task_is_reminded_of(founded, people, caused, clock):  # B4.4
    command = AddTask(TaskKind.LIMIT, "checker", date(2026, 3, 5))
    tasks.add_task(founded, people.clerk, caused, command)
    assert not [one for one in daily_check(founded, SOUND) if one.kind == "incident_task"]
    clock.move_to(clock.now() + timedelta(days=3))
    # Sessions end over night; the daily check has none.
    [notice] = [one for one in daily_check(founded, SOUND) if one.kind == "incident_task"]
    assert "周复核" in notice.text


@pytest.mark.parametrize("table", ["incident_check", "incident_backup", "incident_task"])
def test_that_the_record_stays(founded, people, caused, tmp_path, table):  # B5.1
    checklist.run_checks(founded, people.clerk, caused, SOUND)
    acting_on.back_up(founded, people.clerk, caused, tmp_path)
    command = AddTask(TaskKind.LIMIT, "checker", date(2026, 3, 5))
    tasks.add_task(founded, people.clerk, caused, command)
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(text(f"DELETE FROM {table}"))


def test_that_an_auditor_sees_and_does_nothing(founded, people, caused):  # B5.4
    assert response(founded, people.auditor, caused).advice
    with pytest.raises(Denied):
        checklist.run_checks(founded, people.auditor, caused, SOUND)
