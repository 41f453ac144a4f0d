"""What people do about incidents, for the process that kills itself: see arena.live."""

from datetime import date, timedelta

from sqlalchemy import select

from app.agreements.confirming import Scan
from app.core.codes import HoldCause
from app.incidents import acting_on, bank_query, cases, checklist, steps, tasks
from app.incidents.case_view import incident_lines
from app.incidents.checklist import Found
from app.incidents.checklist_items import ITEMS
from app.incidents.closing import packing, reporting, reviewing
from app.incidents.closing.reviewing import Review
from app.incidents.contacts.briefings import Brief, brief, take_note
from app.incidents.contacts.following import followed
from app.incidents.contacts.model import Briefing
from app.incidents.contacts.talks import Mode, Talk, record_talk
from app.incidents.contacts.waiting import BeginWait, ask_again, begin_wait, end_wait
from app.incidents.evidence.keeping import (
    AddEvidence,
    Category,
    add_evidence,
    evidence_lines,
    withdraw_evidence,
)
from app.incidents.flow import PASS
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.response_view import response
from app.incidents.states import (
    UNRESOLVED,
    Cause,
    IncidentState,
    Outside,
    Severity,
    Step,
    TaskKind,
    TaskState,
)
from app.incidents.tasks import AddTask
from app.payments import holds
from app.payments.answers import CheckResult, RecordCheck
from app.payments.holds import PlaceHold
from app.payments.model import Hold, Payment
from app.payments.states import UNDECIDED, HoldScope, HoldState
from tests.support import arena

# With more of them none would come to its end.
_AT_ONCE = 3


def one(desk, *states):
    """An incident at one of these states, or any that is not closed."""
    wanted = states or tuple(set(IncidentState) - {IncidentState.CLOSED})
    found = [row for row in incident_lines(desk.db, desk.who["clerk"]) if row.state in wanted]
    return desk.rng.choice(found) if found else None


def opened(desk):
    payment = desk.one(Payment.stage.in_(UNDECIDED)) or desk.one(Payment.id > 0)
    going_on = [
        row for row in incident_lines(desk.db, desk.who["clerk"]) if row.state in UNRESOLVED
    ]
    if payment and len(going_on) < _AT_ONCE:
        command = OpenIncident((), Severity.P3, "没有回执", payments=(payment.number,))
        open_incident(desk.db, desk.who["clerk"], command)


def caused(desk):
    row = one(desk, IncidentState.OPEN, IncidentState.IN_PROGRESS)
    if row and not row.owner:
        cases.take_over(desk.db, desk.who["clerk"], row.number, row.version)
    elif row:
        cases.set_cause(
            desk.db, desk.who["clerk"], row.number, Cause.BANK_INTERFACE, "渠道报错", row.version
        )


def checked(desk):
    row = one(desk)
    if not row:
        return
    checklist.run_checks(desk.db, desk.who["clerk"], row.number, arena.SOUND)
    for item in ITEMS:
        checklist.record_result(
            desk.db, desk.who["clerk"], row.number, Found(item.code, PASS, "已查看")
        )


def held(desk):
    row = one(desk)
    payment = desk.one(Payment.id > 0)
    if row and payment and desk.rng.random() < 0.5:
        command = PlaceHold(HoldScope.PAYEE, str(payment.payee_id), HoldCause.OTHER, "查清前暂停")
        acting_on.hold_because(desk.db, desk.who["supervisor"], row.number, command)


def lift_asked(desk):
    with desk.db.read() as work:
        hold = work.session.scalar(select(Hold).where(Hold.state == HoldState.OPEN))
    if hold:
        holds.request_lift(desk.db, desk.who["clerk"], hold.number, "已查清", hold.version)


def backed_up(desk):
    row = one(desk)
    if row:
        acting_on.back_up(desk.db, desk.who["clerk"], row.number, desk.folder)


def bank_said(desk):
    row = one(desk)
    if not row:
        return
    with desk.db.read() as work:
        found = work.session.scalars(
            select(Payment.number).where(
                Payment.number.in_(row.payments), Payment.stage.in_(UNDECIDED)
            )
        ).all()
    if found:
        result = desk.rng.choice([CheckResult.DEBITED, CheckResult.NOT_DEBITED])
        now = desk.db.clock.now()
        check = RecordCheck(found[0], result, "李经理", now, "回单")
        acting_on.bank_said(desk.db, desk.who["clerk"], row.number, check)


def asked(desk):
    row = one(desk)
    if row and row.payments:
        bank_query.issue_queries(desk.db, desk.who["clerk"], row.number, row.payments)


def evidence(desk):
    row = one(desk)
    if not row:
        return
    known = [
        line
        for line in evidence_lines(desk.db, desk.who["clerk"], row.number)
        if line.withdrawn_at is None
    ]
    if known and desk.rng.random() < 0.2:
        withdraw_evidence(desk.db, desk.who["clerk"], known[0].number, "传错")
        return
    data = f"ERROR {desk.rng.randrange(10**9)}".encode()
    command = AddEvidence(row.number, Category.LOG, Scan("日志.log", data))
    add_evidence(desk.db, desk.who["clerk"], command)


def talked(desk):
    row = one(desk)
    if row:
        record_talk(desk.db, desk.who["clerk"], talk(desk, row.number))


def talk(desk, number):
    party = desk.rng.choice([Outside.BANK, Outside.VENDOR])
    now = desk.db.clock.now()
    return Talk(number, party, Mode.PHONE, "工商银行", "李经理", "在查", now)


def waited(desk):
    row = one(desk)
    if not row:
        return
    db, clerk = desk.db, desk.who["clerk"]
    waits = [wait for wait in followed(db, clerk, row.number).waits if wait.open]
    if not waits:
        until = db.clock.now() + timedelta(hours=2)
        begin_wait(db, clerk, BeginWait(row.number, Outside.BANK, "工商银行", "答复", 1, until))
    elif desk.rng.random() < 0.4:
        said = Talk(
            row.number, waits[0].party, Mode.PHONE, "工商银行", "李经理", "在查", db.clock.now()
        )
        ask_again(db, clerk, waits[0].wait_id, said, waits[0].version)
    else:
        end_wait(db, clerk, waits[0].wait_id, "已答复", waits[0].version)


def briefed(desk):
    with desk.db.read() as work:
        open_one = work.session.scalar(select(Briefing.number).where(Briefing.taken_at.is_(None)))
    if open_one:
        take_note(desk.db, desk.who["supervisor"], open_one, "知道了")
        return
    row = one(desk)
    if row:
        brief(desk.db, desk.who["clerk"], Brief(row.number, "采购部", "推迟", "supervisor"))


def tasked(desk):
    row = one(desk)
    if not row:
        return
    db, clerk = desk.db, desk.who["clerk"]
    open_ones = [
        task for task in response(db, clerk, row.number).tasks if task.state is TaskState.OPEN
    ]
    if open_ones:
        task = open_ones[0]
        tasks.end_task(db, clerk, task.task_id, TaskState.DROPPED, "不需要", task.version)
    else:
        command = AddTask(TaskKind.OTHER, "clerk", date(2026, 3, 2))
        tasks.add_task(db, clerk, row.number, command)


def resolved(desk):
    row = one(desk, IncidentState.IN_PROGRESS, IncidentState.VERIFYING)
    if row:
        cases.resolve(desk.db, desk.who["clerk"], row.number, "银行已恢复", row.version)


def stepped(desk):
    row = one(desk)
    if not row:
        return
    found = response(desk.db, desk.who["clerk"], row.number)
    left = [step for step in found.steps if step.state == "OPEN" and step.step is not Step.CAUSE]
    if left:
        act = steps.skip_step if left[0].missing else steps.finish_step
        act(desk.db, desk.who["clerk"], row.number, left[0].step, "不需要", row.version)


def reported(desk):
    """复盘, then the report through three hands before anybody writes anything else."""
    row = one(desk, IncidentState.RESOLVED)
    if not row:
        return
    db, clerk, number = desk.db, desk.who["clerk"], row.number
    if not response(db, clerk, number).standing.reviewed:
        reviewing.write_review(db, clerk, number, Review("接口中断", "没有备用渠道", "", "", ""))
    reporting.prepare_report(db, clerk, number)
    for act, who in (
        (reporting.review_report, "checker"),
        (reporting.approve_report, "supervisor"),
    ):
        newest = reporting.report_lines(db, clerk, number)[0]
        act(db, desk.who[who], number, newest.edition, newest.version)


def packed(desk):
    row = one(desk, IncidentState.RESOLVED, IncidentState.CLOSED)
    if row:
        packing.write_package(
            desk.db, desk.who["clerk"], row.number, desk.folder / f"{row.number}.zip"
        )


def closed(desk):
    row = one(desk, IncidentState.RESOLVED)
    if row:
        cases.close(desk.db, desk.who["gm"], row.number, "同意关闭", row.version)


ACTS = (
    arena.create,
    arena.submit,
    arena.decide,
    arena.send,
    lift_asked,
    opened,
    caused,
    checked,
    held,
    backed_up,
    bank_said,
    asked,
    evidence,
    talked,
    waited,
    briefed,
    tasked,
    resolved,
    stepped,
    reported,
    packed,
    closed,
)
WEIGHTS = (2, 3, 9, 4, 4, 2, 5, 1, 1, 1, 5, 1, 1, 2, 3, 1, 4, 5, 6, 5, 1, 3)
# Where the program is killed: not in what leads there.
TARGETS = ACTS[5:]
