"""恢复付款审批单 and 解除止付操作日志, from the records to the paper."""

from datetime import date

import openpyxl
import pytest
from sqlalchemy import select, update

from app.access.approvals import Decision, Verdict
from app.access.model import Company
from app.accounts.service import add_default_channels
from app.audit.model import AuditEntry
from app.audit.trail import Event, record
from app.core.codes import HoldCause
from app.core.errors import NotFound
from app.documents.preview import page_text
from app.payments import holds, resume_request, resuming
from app.payments.detail import hold_ledger, payment_detail, resume_form
from app.payments.diagnosis.facts import SystemFacts
from app.payments.flow import changes_of
from app.payments.holds import PlaceHold
from app.payments.papers import (
    release_log_sheet,
    release_log_workbook,
    resume_paper,
    resume_sheet,
)
from app.payments.release_log import LogFilter, releases
from app.payments.resume_view import situation
from app.payments.states import HoldScope, ResumeState
from app.payments.verification import Tick

MARCH = LogFilter(date(2026, 3, 1), date(2026, 3, 31))
CHANGES = changes_of(
    {"amount": "900.00", "bank": ""}, {"amount": "1000.00", "bank": ""}, {"amount": "金额"}
)


@pytest.fixture(autouse=True)
def channels(founded):
    with founded.write() as uow:
        add_default_channels(uow)
        record(uow, "test", Event("test.made", "channel:all"))
        uow.commit()


@pytest.fixture
def stopped(founded, people, make_payment):
    """A payment of 1,000.00 by the clerk, stopped by the clerk for a commercial dispute."""
    payment = make_payment(made_by=people.clerk, order_no="PO-2026-0231")
    holds.place(
        founded,
        people.clerk,
        PlaceHold(
            HoldScope.PAYMENT,
            payment.number,
            HoldCause.COMMERCIAL_DISPUTE,
            "质量争议未决",
            evidence="附件 A-17",
        ),
    )
    return payment


@pytest.fixture
def ask(founded, people, stopped):
    """Asks for the stopped payment to be resumed; the form's number and the request's id."""

    def request():
        now = situation(founded, people.clerk, stopped.number, SystemFacts())
        return resuming.request(
            founded,
            people.clerk,
            resume_request.RequestResume(
                stopped.number,
                now.seen.version,
                tuple(Tick(item.code, item.ours, ticked=True) for item in now.seen.items),
                "争议已和解",
                "已签补充协议",
                date(2026, 3, 3),
                changes=CHANGES,
            ),
            SystemFacts(),
        )

    return request


@pytest.fixture
def resumed(founded, people, ask):
    """The same, approved by 复核 and 财务主管: one level above the normal one for 1,000.00."""
    asked = ask()
    for version, actor in enumerate((people.checker, people.supervisor), start=1):
        verdict = Verdict(asked.approval_id, Decision.APPROVE, "同意恢复", version)
        resuming.decide(founded, actor, verdict, SystemFacts())
    return asked


def squeezed(result):
    text = "".join(page_text(result.data, page) for page in range(result.pages))
    return "".join(text.split())


def entry_of(db, seq):
    with db.read() as work:
        return work.session.get_one(AuditEntry, seq)


def test_the_sheet_says_who_stopped_what_and_who_let_it_go(  # C4.5
    founded, people, stopped, resumed
):
    paper = resume_paper(founded, people.clerk, resumed.form_no)
    [stop] = paper.stops
    assert (stop.by, stop.text, stop.evidence) == ("clerk 陈经办", "质量争议未决", "附件 A-17")
    assert "MANUAL_PAUSE 人工暂停（商业争议）" in stop.reasons
    assert [(step.level, step.name, step.decision) for step in paper.steps] == [
        ("申请", "陈经办", "提交"),
        ("复核", "周复核", "批准"),
        ("财务主管", "王主管", "批准"),
    ]
    assert (paper.payment_no, paper.order_no) == (stopped.number, "PO-2026-0231")
    assert paper.amount.display() == "1,000.00"


def test_the_sheet_keeps_the_day_that_was_planned_first(founded, people, resumed):  # C4.5
    paper = resume_paper(founded, people.clerk, resumed.form_no)
    assert (paper.planned_on, paper.execute_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert "推迟 1 天" in paper.risk_note


def test_the_sheet_shows_what_was_changed(founded, people, resumed):  # C4.5
    [change] = resume_paper(founded, people.clerk, resumed.form_no).changes
    assert (change.field, change.before, change.after) == ("金额", "900.00", "1000.00")


def test_the_checklist_holds_every_item_of_the_form(founded, people, resumed):  # C2.2
    checks = resume_paper(founded, people.clerk, resumed.form_no).checks
    assert [check.item for check in checks] == [
        "金额",
        "收款方",
        "收款账号",
        "开户行及联行号",
        "付款时间",
        "订单/合同/发票号",
        "付款账户",
        "余额",
        "权限",
        "重复",
    ]


def test_the_sheet_bears_the_entry_and_the_hash_of_its_last_act(  # C4.5
    founded, people, resumed
):
    form = resume_form(founded, people.clerk, resumed.form_no)
    entry = entry_of(founded, form.audit_seq)
    text = squeezed(resume_sheet(founded, people.clerk, resumed.form_no))
    assert entry.act == "resume.done"
    assert entry.hash in text
    assert f"RZ-20260302-{entry.seq:06d}" in text


def test_a_form_not_decided_yet_bears_the_entry_of_its_request(founded, people, ask):  # C4.5
    asked = ask()
    with founded.read() as work:
        [entry] = work.session.scalars(
            select(AuditEntry).where(AuditEntry.act == "resume.requested")
        )
    paper = resume_paper(founded, people.clerk, asked.form_no)
    assert (paper.audit_hash, paper.log_no) == (entry.hash, f"RZ-20260302-{entry.seq:06d}")
    assert paper.dry_run == ("尚未最终批准；批准时复验全部检查项。",)
    assert [step.at is None for step in paper.steps] == [False, True, True]


def test_a_refused_form_says_why(founded, people, ask):  # C4.4
    asked = ask()
    verdict = Verdict(asked.approval_id, Decision.REJECT, "争议证据不足", 1)
    resuming.decide(founded, people.checker, verdict, SystemFacts())
    form = resume_form(founded, people.clerk, asked.form_no)
    assert form.state is ResumeState.REJECTED
    steps = resume_paper(founded, people.clerk, asked.form_no).steps
    assert (steps[1].decision, steps[1].remark) == ("驳回", "争议证据不足")


def test_a_drill_marks_its_sheets(founded, people, resumed):  # C4.5
    assert "不得作为付款依据" not in squeezed(resume_sheet(founded, people.clerk, resumed.form_no))
    with founded.write() as uow:
        uow.session.execute(update(Company).values(drill=True))
        record(uow, "test", Event("test.made", "company:1"))
        uow.commit()
    assert "不得作为付款依据" in squeezed(resume_sheet(founded, people.clerk, resumed.form_no))


def test_an_unknown_form_is_refused(founded, people):  # C4.5
    with pytest.raises(NotFound, match="HF-2026-0099"):
        resume_sheet(founded, people.clerk, "HF-2026-0099")


def test_the_log_names_time_person_change_and_approval(  # C5.4
    founded, people, stopped, resumed
):
    [entry] = releases(founded, people.auditor, MARCH)
    form = resume_form(founded, people.clerk, resumed.form_no)
    assert (entry.person, entry.machine) == ("supervisor 王主管", "财务一号机")
    assert (entry.payment_no, entry.sheet_no) == (stopped.number, resumed.form_no)
    assert entry.approvals == "复核 周复核；财务主管 王主管"
    assert entry.hold_reason == "MANUAL_PAUSE 人工暂停（商业争议）"
    assert f"解除停付 {form.hold_numbers[0]}" in entry.changes
    assert "金额：900.00→1000.00" in entry.changes
    assert entry.log_no == f"RZ-20260302-{form.audit_seq:06d}"


@pytest.fixture
def lifted(founded, people, make_account, make_payment):
    """A pause of an account with two payments, lifted by 财务总监."""
    account = make_account()
    payments = [make_payment(account=account, made_by=people.clerk) for _ in range(2)]
    hold = holds.place(
        founded,
        people.supervisor,
        PlaceHold(HoldScope.ACCOUNT, account.number, HoldCause.RISK_CONTROL, "疑似盗用"),
    )
    [line] = [h for h in hold_ledger(founded, people.clerk) if h.number == hold.number]
    asked = holds.request_lift(founded, people.clerk, hold.number, "已查明", line.version)
    holds.decide_lift(founded, people.cfo, Verdict(asked, Decision.APPROVE, "同意", 1))
    return hold.number, [payment.number for payment in payments]


def test_a_lifted_pause_has_a_line_for_each_payment_it_let_go(founded, people, lifted):  # C5.4
    number, payments = lifted
    entries = releases(founded, people.clerk, MARCH)
    assert sorted(entry.payment_no for entry in entries) == payments
    assert {entry.sheet_no for entry in entries} == {number}
    assert {entry.approvals for entry in entries} == {"财务主管 林总监"}
    assert all("已查明" in entry.changes for entry in entries)


def test_a_pause_that_ran_out_is_in_the_log_without_an_approval(  # C5.4
    founded, people, clock, make_payment
):
    payment = make_payment()
    hold = holds.place(
        founded,
        people.supervisor,
        PlaceHold(
            HoldScope.PAYEE,
            str(payment.payee_id),
            HoldCause.OTHER,
            "盘点",
            until=date(2026, 3, 2),
        ),
    )
    clock.move_to(clock.now().replace(day=3))
    holds.expire_due(founded)
    [entry] = releases(founded, people.clerk, MARCH)
    assert (entry.person, entry.approvals, entry.sheet_no) == ("系统", "", hold.number)
    assert entry.payment_no == payment.number


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (MARCH, 3),
        (LogFilter(date(2026, 3, 2), date(2026, 3, 2)), 3),
        (LogFilter(date(2026, 3, 3), date(2026, 3, 31)), 0),
        (LogFilter(date(2026, 2, 1), date(2026, 3, 1)), 0),
        (LogFilter(MARCH.since, MARCH.until, person="周复核"), 1),
        (LogFilter(MARCH.since, MARCH.until, person="林总监"), 2),
        (LogFilter(MARCH.since, MARCH.until, text="疑似"), 0),
        (LogFilter(MARCH.since, MARCH.until, text="已查明"), 2),
        (LogFilter(MARCH.since, MARCH.until, payment="FK-20260302-0001"), 1),
    ],
)
def test_the_log_is_searched_by_day_person_payment_and_text(  # C5.4
    founded, people, resumed, lifted, wanted, found
):
    assert len(releases(founded, people.clerk, wanted)) == found


def test_the_log_is_printed_and_written_with_the_same_lines(  # C5.4
    founded, people, resumed, lifted, tmp_path
):
    text = squeezed(release_log_sheet(founded, people.clerk, MARCH))
    numbers = [entry.payment_no for entry in releases(founded, people.clerk, MARCH)]
    assert [number for number in numbers if number not in text] == []
    target = tmp_path / "log.xlsx"
    assert release_log_workbook(founded, people.clerk, MARCH, target) == 3
    sheet = openpyxl.load_workbook(target).active
    assert sorted(row[3].value for row in sheet.iter_rows(min_row=2)) == sorted(numbers)


def test_the_wizard_sees_holds_levels_and_values(founded, people, stopped):  # C4.1
    now = situation(founded, people.clerk, stopped.number, SystemFacts())
    assert [hold.text for hold in now.holds] == ["质量争议未决"]
    assert now.seen.wide_holds == ()
    assert (list(now.normal_levels), list(now.levels)) == (
        ["CHECKER"],
        ["CHECKER", "SUPERVISOR"],
    )
    assert now.values["amount"] == "1000.00"
    assert now.seen.version == payment_detail(founded, people.clerk, stopped.number).line.version


def test_a_wide_hold_over_the_payment_is_told_by_its_number(founded, people, stopped):  # C3.5
    hold = holds.place(
        founded,
        people.supervisor,
        PlaceHold(HoldScope.PAYEE, str(stopped.payee_id), HoldCause.RISK_CONTROL, "疑似诈骗"),
    )
    now = situation(founded, people.clerk, stopped.number, SystemFacts())
    assert now.seen.wide_holds == (hold.number,)
    assert now.seen.ruled
