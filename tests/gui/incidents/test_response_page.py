"""The page on which an incident is dealt with, step by step."""

from datetime import date

import pytest
from PySide6.QtWidgets import QLabel

from app.core.money import Money
from app.incidents import cases
from app.incidents.case_view import incident_lines, timeline
from app.incidents.checklist_items import ITEMS
from app.incidents.contacts.talks import Mode, Talk, record_talk
from app.incidents.flow import FAIL
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.response_view import response
from app.incidents.states import (
    IncidentState,
    Outside,
    Severity,
    Step,
    StepState,
    TaskState,
)
from app.payments import sending
from app.payments.answers import CheckResult
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.offers import Offer
from app.payments.states import Status
from tests.support.incidents import take_on
from ui.incidents.dialogs import CauseDialog, OpenDialog
from ui.incidents.page import IncidentsPage
from ui.incidents.response.archive_dialogs import MeasureDialog, ReviewDialog
from ui.incidents.response.dialogs import (
    EndTaskDialog,
    PaperDialog,
    ResultDialog,
    TalkDialog,
    TaskDialog,
)
from ui.incidents.response.page import ResponsePage
from ui.payments.acts import PaymentActs
from ui.resume.bank_dialogs import CheckDialog
from ui.widgets.banner import Banner


@pytest.fixture
def payment(people, channels, make_account, make_payment):
    return make_payment(
        account=make_account(), made_by=people.clerk, due_on=date(2026, 2, 20)
    ).number


@pytest.fixture
def opened(founded, people, payment):
    return open_incident(
        founded, people.clerk, OpenIncident((), Severity.P1, "网银报错", payments=(payment,))
    )


@pytest.fixture
def page(qtbot, show_page, people, opened):
    made = show_page(ResponsePage, people.clerk)
    made.show_argument(opened)
    qtbot.waitUntil(lambda: made._found is not None)
    return made


def version(db, people):
    [line] = incident_lines(db, people.clerk)
    return line.version


def cause(db, people, number):
    take_on(db, people.clerk, number, "渠道报错")


def again(qtbot, page, until):
    """Read the page again and wait until it shows this."""
    page.reload()
    qtbot.waitUntil(until)


def dialog_of(qtbot, page, kind):
    qtbot.waitUntil(lambda: page.findChild(kind) is not None)
    return page.findChild(kind)


def closed(qtbot, page, kind):
    qtbot.waitUntil(lambda: page.findChild(kind) is None)


def test_that_the_page_says_what_comes_first(page):  # B1.1 F4.1
    assert "尚无人负责" in page.advice.text()
    assert page.clocks[0].text() == "距接手时限 30 分钟"
    assert page.take.isVisible()
    panel = page.panels[Step.CAUSE]
    assert not panel.acts["cause"].isEnabled()
    assert "接手" in panel.acts["cause"].toolTip()


def test_that_the_cause_opens_the_other_steps(qtbot, page, founded, people, opened):  # B1.1
    page.take.click()
    qtbot.waitUntil(lambda: page._found.line.owner == people.clerk.name)
    page._go(Step.CHECK)
    assert not page.panels[Step.CHECK].acts["run"].isEnabled()
    page._go(Step.CAUSE)
    page.panels[Step.CAUSE].acts["cause"].click()
    dialog = dialog_of(qtbot, page, CauseDialog)
    dialog.cause.setCurrentIndex(dialog.cause.findData("BANK_INTERFACE"))
    dialog.why.setPlainText("渠道 10 点起报错")
    dialog.yes.click()
    qtbot.waitUntil(lambda: page._found.standing.caused)
    page._go(Step.CHECK)
    assert page.panels[Step.CHECK].acts["run"].isEnabled()


def test_that_the_findings_are_shown_with_their_evidence(  # B1.3
    qtbot, page, founded, people, opened
):
    panel = page.panels[Step.CAUSE]
    page.take.click()
    qtbot.waitUntil(lambda: page._found.line.owner != "")
    panel.acts["diagnose"].click()
    qtbot.waitUntil(lambda: page._found.undiagnosed == 0)
    assert len(panel.findings.all_rows()) == len(page._found.findings)


def test_that_the_checks_run_and_are_written_by_hand(  # B2.1
    qtbot, page, founded, people, opened
):
    cause(founded, people, opened)
    again(qtbot, page, lambda: page._found.standing.caused)
    page._go(Step.CHECK)
    panel = page.panels[Step.CHECK]
    panel.acts["run"].click()
    by_hand = sum(not item.computed for item in ITEMS)
    qtbot.waitUntil(lambda: len(page._found.standing.unchecked) == by_hand)
    rows = panel.checks.all_rows()
    panel.checks.selectRow(next(at for at, row in enumerate(rows) if not row.result))
    panel.acts["result"].click()
    dialog = dialog_of(qtbot, page, ResultDialog)
    dialog.outcome.setCurrentIndex(dialog.outcome.findData(FAIL))
    dialog.text.setPlainText("复核 U 盾不识别")
    dialog.yes.click()
    qtbot.waitUntil(lambda: page._found.standing.account_faults != ())
    assert "账户检查有 1 项异常" in page.advice.text() or page._found.following is Step.CHECK


def test_that_a_backup_is_one_click(  # A1.4
    qtbot, page, founded, people, opened, tmp_path, monkeypatch
):
    monkeypatch.setenv("TINGFU_HOME", str(tmp_path))
    cause(founded, people, opened)
    again(qtbot, page, lambda: page._found.standing.caused)
    page._go(Step.CHECK)
    page.panels[Step.CHECK].acts["backup"].click()
    qtbot.waitUntil(lambda: page._found.standing.backups == 1, timeout=20_000)
    assert list((tmp_path / "backups").glob(f"{opened}-*.tfbak"))


def test_that_a_talk_is_kept_with_its_promise(qtbot, page, founded, people, opened):  # B3.4
    cause(founded, people, opened)
    again(qtbot, page, lambda: page._found.standing.caused)
    page._go(Step.VENDOR)
    page.panels[Step.VENDOR].acts["talk"].click()
    dialog = dialog_of(qtbot, page, TalkDialog)
    dialog.organisation.setText("某某软件")
    dialog.person.setText("张工 1024")
    dialog.text.setPlainText("远程查看日志")
    dialog.until.setText("2026-03-03 12:00")
    dialog.yes.click()
    qtbot.waitUntil(lambda: "答应做什么" in dialog.banner.text())
    dialog.promised.setText("发补丁")
    dialog.yes.click()
    qtbot.waitUntil(lambda: page._found.standing.vendor_talks == 1)
    [told] = [one for one in timeline(founded, people.clerk, opened) if "补丁" in one.text]
    assert "2026-03-03 12:00 前" in told.text


def test_that_the_banks_word_settles_what_was_unknown(  # B4.2
    qtbot, page, founded, people, opened, payment
):
    cause(founded, people, opened)
    line = payment_detail(founded, people.clerk, payment).line
    sending.write_attempt(founded, people.clerk, payment, line.version, SystemFacts())
    again(qtbot, page, lambda: page._found.standing.unknown == (payment,))
    page._go(Step.BANK)
    panel = page.panels[Step.BANK]
    panel.payments.selectRow(0)
    panel.acts["check"].click()
    dialog = dialog_of(qtbot, page, CheckDialog)
    dialog.answer.setCurrentIndex(dialog.answer.findData(CheckResult.NOT_DEBITED))
    dialog.person.setText("工行 李经理")
    dialog.evidence.setPlainText("查询单 77")
    dialog.yes.click()
    qtbot.waitUntil(lambda: page._found.standing.unknown == ())
    assert payment_detail(founded, people.clerk, payment).line.status is not Status.SUBMITTED
    assert page._found.standing.bank_checks == 1


def test_that_sub_tasks_are_made_and_ended(qtbot, page, founded, people, opened):  # B4.4 B4.6
    cause(founded, people, opened)
    again(qtbot, page, lambda: page._found.standing.caused)
    page._go(Step.BANK)
    panel = page.panels[Step.BANK]
    panel.acts["task"].click()
    dialog = dialog_of(qtbot, page, TaskDialog)
    qtbot.waitUntil(lambda: dialog.owner.currentData() == "clerk")
    dialog.kind.setCurrentIndex(dialog.kind.findData("RIGHTS"))
    dialog.yes.click()
    qtbot.waitUntil(lambda: len(page._found.tasks) == 1)
    panel.tasks.selectRow(0)
    panel.acts["paper"].click()
    paper = dialog_of(qtbot, page, PaperDialog)
    paper.yes.click()
    qtbot.waitUntil(lambda: not page._found.tasks[0].papers[0].open)
    closed(qtbot, page, PaperDialog)
    panel.tasks.selectRow(0)
    panel.acts["end"].click()
    end = dialog_of(qtbot, page, EndTaskDialog)
    end.text.setPlainText("权限已恢复")
    end.yes.click()
    qtbot.waitUntil(lambda: page._found.tasks[0].state is TaskState.DONE)


def test_that_a_step_is_skipped_with_a_reason(qtbot, page, founded, people, opened):  # B6.1
    cause(founded, people, opened)
    again(qtbot, page, lambda: page._found.standing.caused)
    page._go(Step.VENDOR)
    panel = page.panels[Step.VENDOR]
    panel.skip.click()
    from ui.payments.reason_dialog import ReasonDialog

    dialog = dialog_of(qtbot, page, ReasonDialog)
    dialog._reason.setPlainText("软件没有异常")
    dialog._yes.click()
    qtbot.waitUntil(lambda: page._found.standing.steps[Step.VENDOR] is StepState.SKIPPED)
    assert panel.again.isVisible()


def test_that_what_is_open_is_named_before_it_is_resolved(  # B3.5
    qtbot, page, founded, people, opened
):
    cause(founded, people, opened)
    talk = Talk(opened, Outside.BANK, Mode.PHONE, "工行", "李经理", "稍后答复", founded.clock.now())
    record_talk(founded, people.clerk, talk)
    again(qtbot, page, lambda: page._found.standing.bank_talks == 1)
    page._go(Step.ARCHIVE)
    panel = page.panels[Step.ARCHIVE]
    assert panel.acts["resolve"].isEnabled()
    assert panel.left.all_rows()[0][0] == "没有未了结的事项。"
    assert not panel.finish.isEnabled()


def test_that_an_auditor_sees_and_can_do_nothing(qtbot, show_page, people, opened):  # B5.4
    made = show_page(ResponsePage, people.auditor)
    made.show_argument(opened)
    qtbot.waitUntil(lambda: made._found is not None)
    for panel in made.panels.values():
        panel.show_found(made._found)
        assert not panel.finish.isEnabled()
        assert not any(
            button.isEnabled()
            for name, button in panel.acts.items()
            if name
            not in {"selfcheck", "balance", "record", "open", "preview", "log", "codes", "similar"}
        )


def test_that_an_incident_is_opened_by_hand(qtbot, show_page, people, founded):  # B5.1
    page = show_page(IncidentsPage, people.clerk)
    page.buttons["new"].click()
    dialog = dialog_of(qtbot, page, OpenDialog)
    dialog.text.setPlainText("早上起无法登录")
    dialog.yes.click()
    qtbot.waitUntil(lambda: "事件名称" in dialog.banner.text())
    dialog.name.setText("网银无法登录")
    dialog.yes.click()
    qtbot.waitUntil(lambda: page.table.all_rows() != [])
    [line] = incident_lines(founded, people.clerk)
    assert (line.title, line.state, line.amounts) == ("网银无法登录", IncidentState.OPEN, ())


def test_that_payments_become_an_incident(  # B5.1
    qtbot, desk, people, founded, payment
):
    from PySide6.QtWidgets import QWidget

    owner = QWidget()
    qtbot.addWidget(owner)
    context = desk(people.clerk)
    banner = Banner("b", owner)
    acts = PaymentActs(context, owner, banner)
    acts.start(Offer.INCIDENT, [payment_detail(founded, people.clerk, payment).line])
    dialog = dialog_of(qtbot, owner, OpenDialog)
    assert payment in dialog.findChild(QLabel, "incident_open.payments").text()
    dialog.text.setPlainText("银行退回")
    dialog.yes.click()
    qtbot.waitUntil(lambda: "已转入应急事件" in banner.text())
    [line] = incident_lines(founded, people.clerk)
    assert line.payments == (payment,)
    found = response(founded, people.clerk, line.number)
    assert found.impact.amounts == (Money.parse("1000"),)


def resolve(db, people, number):
    cause(db, people, number)
    cases.resolve(db, people.clerk, number, "银行已恢复", version(db, people))


def archive(qtbot, page, until):
    again(qtbot, page, until)
    page._go(Step.ARCHIVE)
    return page.panels[Step.ARCHIVE]


def test_that_evidence_is_added_and_bad_files_are_named(  # B5.2
    qtbot, page, founded, people, opened, tmp_path
):
    good, bad = tmp_path / "日志.log", tmp_path / "空.png"
    good.write_text("2026-03-02 ERROR 通讯超时", encoding="utf-8")
    bad.write_bytes(b"")
    page._go(Step.ARCHIVE)
    panel = page.panels[Step.ARCHIVE]
    form = panel.evidence.take_files([str(good), str(bad)])
    form.yes.click()
    qtbot.waitUntil(lambda: len(panel.evidence.table.all_rows()) == 1)
    assert "已添加 1 份证据" in page.banner.text()
    assert "空.png" in page.banner.text()


def test_that_the_report_goes_from_hand_to_hand(  # B5.3 B5.4
    qtbot, page, founded, people, opened, payment, tmp_path
):
    from app.incidents.closing import reporting
    from app.incidents.closing.packing import verify_package, write_package

    resolve(founded, people, opened)
    panel = archive(qtbot, page, lambda: page._found.standing.resolved)
    assert "复盘" in panel.acts["prepare"].toolTip()
    panel.acts["review"].click()
    dialog = dialog_of(qtbot, page, ReviewDialog)
    dialog.direct.setPlainText("接口中断")
    dialog.root.setPlainText("没有备用渠道")
    dialog.yes.click()
    qtbot.waitUntil(lambda: page._found.standing.reviewed)
    panel.acts["measure"].click()
    measure = dialog_of(qtbot, page, MeasureDialog)
    qtbot.waitUntil(lambda: measure.owner.currentData() == "clerk")
    measure.text.setPlainText("签备用渠道")
    measure.yes.click()
    qtbot.waitUntil(lambda: len(panel.measures.all_rows()) == 1)
    panel.acts["prepare"].click()
    qtbot.waitUntil(lambda: len(panel.reports.all_rows()) == 1, timeout=20_000)
    assert panel.acts["check"].isEnabled()
    assert not panel.acts["approve"].isEnabled()
    assert not panel.acts["package"].isEnabled()
    reporting.review_report(founded, people.checker, opened, 1, 1)
    reporting.approve_report(founded, people.cfo, opened, 1, 2)
    again(qtbot, page, lambda: page._found.standing.reported)
    qtbot.waitUntil(panel.acts["package"].isEnabled)
    path = tmp_path / "包.zip"
    write_package(founded, people.clerk, opened, path)
    assert verify_package(path, founded).ok
    assert panel.finish.isEnabled()
