"""The inbox: what waits, who decides, and what a decision leads to."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.access.approvals import Decision, Verdict
from app.access.founding import company_card
from app.access.model import Delegation
from app.core.codes import HoldCause
from app.payments import answers, attempts, corrections, editing, holds, resuming, sending
from app.payments.detail import hold_ledger, payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope, HoldState, Status
from tests.support.people import PASSWORD
from tests.support.rows import save
from ui.admin.identity import IdentityDialog
from ui.context import Context
from ui.resume.inbox import InboxPage
from ui.resume.outcome_dialog import OutcomeDialog
from ui.resume.sheet_dialog import SheetDialog
from ui.widgets.key_values import KeyValues
from ui.widgets.simple_table import SimpleTable


@pytest.fixture
def inbox(desk, show):
    """Opens a person's inbox: `inbox(people.checker)`."""

    def open_for(actor):
        context = desk(actor)
        return show(InboxPage(context), context)

    return open_for


@pytest.fixture
def press(qtbot, show):
    """Presses a decision's button and proves the password."""

    def decide(page, name, password=PASSWORD):
        button = page.findChild(QPushButton, f"inbox.{name}")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        [dialog] = page.findChildren(IdentityDialog)
        dialog.password.setText(password)
        dialog.confirm()
        show.settle()

    return decide


def status(founded, people, payment):
    return payment_detail(founded, people.clerk, payment.number).line.status


def subjects(page):
    return [row.subject for row in page.table.all_rows()]


def test_only_what_the_person_can_decide_is_listed(people, inbox, stopped, ask):  # C4.4
    ask(stopped)
    assert subjects(inbox(people.checker)) == [stopped.number]
    # The maker asked for it, and an auditor approves nothing.
    assert subjects(inbox(people.clerk)) == []
    assert subjects(inbox(people.auditor)) == []


def test_the_request_shows_what_was_verified_and_the_dry_run(people, inbox, stopped, ask):  # C4.4
    asked = ask(stopped)
    page = inbox(people.checker)
    facts = page.findChild(KeyValues, "inbox.detail.facts")
    assert facts.value("form") == asked.form_no
    assert facts.value("reason") == "争议已和解"
    checks = page.findChild(SimpleTable, "inbox.detail.checks")
    assert [row["label"] for row in checks.all_rows()][:3] == ["金额", "收款方", "收款账号"]
    assert page.findChild(SimpleTable, "inbox.detail.passages").all_rows()


def test_the_last_approval_shows_the_review_and_the_paper(  # C5.2
    qtbot, founded, people, inbox, press, show, stopped, ask, approve
):
    asked = ask(stopped)
    approve(people.checker, asked)
    page = inbox(people.supervisor)
    page.bar.remark.setText("同意恢复")
    press(page, "approve")
    assert status(founded, people, stopped) is Status.READY
    [outcome] = page.findChildren(OutcomeDialog)
    review = outcome.findChild(SimpleTable, "outcome.review").all_rows()
    assert [row["ok"] for row in review] == [True] * 5
    # 2026-03-03 opens at 08:30 for 大额支付系统; the form plans that day.
    assert outcome.findChild(KeyValues, "outcome.facts").value("next").startswith("2026-03-0")
    paper = outcome.show_sheet()
    qtbot.waitUntil(lambda: paper.view.page_count() > 0, timeout=20000)
    assert isinstance(paper, SheetDialog)
    assert subjects(page) == []
    paper.close()
    outcome.close()


def test_a_wrong_password_decides_nothing(  # C4.1
    founded, people, inbox, press, stopped, ask
):
    ask(stopped)
    page = inbox(people.checker)
    press(page, "approve", "wrong-pass-2026")
    assert status(founded, people, stopped) is Status.RESUME_PENDING
    detail = payment_detail(founded, people.clerk, stopped.number)
    assert [step.decided for step in detail.approvals[0].steps] == [False, False]
    [dialog] = page.findChildren(IdentityDialog)
    dialog.close()


def test_turning_down_needs_a_remark(people, inbox, press, founded, stopped, ask):  # C4.4
    ask(stopped)
    page = inbox(people.checker)
    for name in ("return", "reject"):
        assert not page.findChild(QPushButton, f"inbox.{name}").isEnabled()
    page.bar.remark.setText("争议证据不足")
    press(page, "return")
    [form] = payment_detail(founded, people.clerk, stopped.number).resumptions
    assert form.state_label == "已退回"
    assert status(founded, people, stopped) is Status.STOPPED


def test_the_loser_of_a_race_learns_who_was_first(  # C4.4
    founded, people, inbox, press, stopped, ask, approve
):
    asked = ask(stopped)
    page = inbox(people.gm)
    approve(people.checker, asked)
    page.bar.remark.setText("同意")
    press(page, "approve")
    assert "周复核" in page.banner.text()
    assert page.bar.remark.text() == "同意"
    [row] = page.table.all_rows()
    assert row.level.startswith("财务主管")


@pytest.fixture
def one_left(stopped, ask, approve, people):
    asked = ask(stopped)
    approve(people.checker, asked)
    return asked


def test_the_gate_refuses_with_every_cause_and_the_request_stays(  # C4.1
    founded, people, inbox, press, stopped, one_left
):
    page = inbox(people.supervisor)
    hold = holds.place(
        founded,
        people.cfo,
        PlaceHold(HoldScope.PAYEE, str(stopped.payee_id), HoldCause.RISK_CONTROL, "疑似诈骗"),
    )
    press(page, "approve")
    assert "疑似诈骗" in page.banner.text()
    assert hold.number in page.banner.text()
    assert subjects(page) == [stopped.number]
    assert status(founded, people, stopped) is Status.RESUME_PENDING


def test_several_are_approved_at_once_and_each_has_its_outcome(  # C4.4
    founded, people, inbox, press, channels, make_payment
):
    payments = [make_payment(stage="DRAFT", made_by=people.clerk) for _ in range(3)]
    for payment in payments:
        version = payment_detail(founded, people.clerk, payment.number).line.version
        editing.submit(founded, people.clerk, payment.number, version)
    page = inbox(people.checker)
    page.table.select_positions([0, 1, 2])
    # One of them is stopped after it was listed.
    holds.place(
        founded,
        people.clerk,
        PlaceHold(HoldScope.PAYMENT, payments[1].number, HoldCause.OTHER, "重复录入"),
    )
    press(page, "approve")
    assert [status(founded, people, one) for one in payments] == [
        Status.READY,
        Status.STOPPED,
        Status.READY,
    ]
    assert "已办理 2 项，未能办理 1 项" in page.banner.text()
    assert "重复录入" in page.banner.text()


def test_a_lifting_names_the_payments_that_it_lets_go(  # A5.5
    founded, people, inbox, press, channels, make_account, make_payment
):
    account = make_account()
    payments = [make_payment(account=account) for _ in range(2)]
    hold = holds.place(
        founded,
        people.supervisor,
        PlaceHold(HoldScope.ACCOUNT, account.number, HoldCause.OTHER, "对账中"),
    )
    [line] = hold_ledger(founded, people.clerk)
    holds.request_lift(founded, people.clerk, hold.number, "已查明", line.version)
    page = inbox(people.cfo)
    table = page.findChild(SimpleTable, "inbox.detail.releases")
    assert [row.number for row in table.all_rows()] == [one.number for one in payments]
    press(page, "approve")
    [line] = hold_ledger(founded, people.clerk)
    assert line.state is HoldState.RELEASED
    assert "已放行 2 笔" in page.banner.text()


def test_a_correction_of_a_success_takes_two_persons(  # C4.1
    founded, people, inbox, press, channels, make_payment
):
    payment = make_payment(made_by=people.clerk)
    version = payment_detail(founded, people.clerk, payment.number).line.version
    sending.write_attempt(founded, people.clerk, payment.number, version, SystemFacts())
    answers.record_answer(
        founded,
        people.clerk,
        answers.BankAnswer(payment.number, "", "", result=attempts.BankResult.SUCCEEDED),
    )
    corrections.request_correction(founded, people.clerk, payment.number, "对账单无此笔")
    press(inbox(people.supervisor), "approve")
    assert status(founded, people, payment) is Status.EXECUTED
    press(inbox(people.cfo), "approve")
    assert status(founded, people, payment) is Status.FAILED


def test_ones_own_requests_say_who_must_decide(people, inbox, stopped, ask):  # C4.4
    ask(stopped)
    page = inbox(people.clerk)
    [line] = page.mine.table.all_rows()
    assert line.waits_for == ("周复核", "王主管", "林总监", "赵总经理")


def test_a_request_that_ended_says_why(people, founded, inbox, stopped, ask, approve):  # C4.4
    asked = ask(stopped)
    approve(people.checker, asked, decision=Decision.REJECT, remark="证据不足")
    [line] = inbox(people.clerk).mine.table.all_rows()
    assert (line.state, line.remark) == ("REJECTED", "证据不足")


def test_a_delegated_level_says_for_whom(  # C4.2
    founded, people, desk, show, stopped, ask, approve, add_person, sign_in_as, tasks
):
    add_person("deputy", "钱代理", "CHECKER")
    deputy = sign_in_as("deputy")
    save(
        founded,
        "delegation:1",
        Delegation(
            from_id=people.supervisor.user_id,
            to_id=deputy.user_id,
            role="SUPERVISOR",
            valid_from=date(2026, 3, 1),
            valid_until=date(2026, 3, 31),
            reason="休假",
            made_by="supervisor 王主管",
            made_at=founded.clock.now(),
        ),
    )
    approve(people.checker, ask(stopped))
    with founded.read() as work:
        context = Context(founded, deputy, company_card(work), tasks, lambda _: SystemFacts())
    page = show(InboxPage(context), context)
    [row] = page.table.all_rows()
    assert row.level == "财务主管 2/2（代王主管）"


def test_an_empty_inbox_says_so(people, inbox, channels):  # C4.4
    page = inbox(people.cfo)
    assert page.empty.isVisible()
    assert page.empty.accessibleName() == "没有等待您授权的事项。"


def test_a_decision_made_elsewhere_is_no_longer_listed(  # C4.4
    founded, people, inbox, show, stopped, ask
):
    asked = ask(stopped)
    page = inbox(people.checker)
    verdict = Verdict(asked.approval_id, Decision.REJECT, "不同意", 1)
    resuming.decide(founded, people.supervisor, verdict, SystemFacts())
    page.reload()
    show.settle()
    assert subjects(page) == []
