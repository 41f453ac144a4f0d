"""An incident in the real windows: five steps, two users, the bank's word, report and package."""

import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.incidents.case_view import incident_lines
from app.incidents.checklist_items import ITEMS
from app.incidents.states import IncidentState, Step
from app.payments.answers import BankAnswer, record_answer
from app.payments.diagnosis.facts import SystemFacts
from app.payments.sending import write_attempt
from app.payments.states import Stage, Status
from tests.e2e.deeds import ask_resume, status
from tests.support.people import PASSWORD

MAIN = Path(__file__).parents[2] / "main.py"


@pytest.fixture
def sent(founded, people, company, make_payee, make_payment, today):
    """A payment that was given to the bank, and of which nobody knows what became."""
    payment = make_payment(
        account=company,
        payee=make_payee(),
        made_by=people.clerk,
        due_on=today,
        channel="BEPS",
        invoice_no="FP-9",
    )
    write_attempt(founded, people.clerk, payment.number, payment.version, SystemFacts())
    answer = BankAnswer(payment.number, "", "通讯超时")
    assert record_answer(founded, people.clerk, answer) is Stage.UNKNOWN
    return payment.number


def step(seat, page, wanted):
    """Click on a step at the left."""
    at = list(Step).index(wanted)
    place = page.steps.visualItemRect(page.steps.item(at)).center()
    if page._step is not wanted:
        seat.qtbot.mouseClick(page.steps.viewport(), Qt.MouseButton.LeftButton, pos=place)
    seat.wait(lambda: page._step is wanted)
    seat.settle()
    return page.panels[wanted]


def open_incident(clerk, number):
    """From the payment in the list to the page on which it is dealt with."""
    listed = clerk.mark(number)
    clerk.choose_act("payments_acts_incident_action")
    dialog = clerk.dialog("incident_open")
    clerk.turn_to(dialog.severity, "P1")
    clerk.write(dialog.text, "银行没有回执，网银查不到")
    clerk.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    clerk.wait(lambda: "已转入应急事件" in listed.banner.text())
    clerk.settle()
    clerk.press("payments_banner_action", listed)
    page = clerk.desk.main.pages.page("response")
    clerk.wait(lambda: page._found is not None)
    clerk.settle()
    return page


def find_cause(clerk, page):
    clerk.press("response_take", page)
    clerk.wait(lambda: page._found.line.owner != "")
    clerk.settle()
    panel = step(clerk, page, Step.CAUSE)
    clerk.press("response_cause_diagnose", panel)
    clerk.wait(lambda: page._found.undiagnosed == 0)
    clerk.settle()
    assert any(one.reason == "BANK_INTERFACE" for one in page._found.findings)
    clerk.press("response_cause_cause", panel)
    dialog = clerk.dialog("incident_cause")
    clerk.turn_to(dialog.cause, "银行接口异常")
    clerk.write(dialog.why, "已发出无回执")
    clerk.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    clerk.wait(lambda: page._found.standing.caused)
    clerk.settle()


def check_all(clerk, page):
    panel = step(clerk, page, Step.CHECK)
    clerk.press("response_check_run", panel)
    clerk.wait(lambda: len(page._found.standing.unchecked) < len(ITEMS))
    clerk.settle()
    for item in (one for one in ITEMS if not one.computed):
        clerk.click_row(panel.checks, lambda row, code=item.code: row.item.code == code)
        clerk.press("response_check_result", panel)
        dialog = clerk.dialog("response_result")
        clerk.write(dialog.text, "已查看，正常")
        clerk.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
        clerk.wait(lambda title=item.title: title not in page._found.standing.unchecked)
        clerk.settle()
    clerk.press("response_check_backup", panel)
    clerk.wait(lambda: page._found.standing.backups == 1)
    clerk.settle()
    clerk.press("response_check_finish", panel)
    clerk.wait(lambda: page._found.standing.steps[Step.CHECK] == "DONE")
    clerk.settle()


def call_vendor(clerk, page):
    panel = step(clerk, page, Step.VENDOR)
    clerk.press("response_vendor_talk", panel)
    dialog = clerk.dialog("response_talk")
    clerk.write(dialog.organisation, "某某软件")
    clerk.write(dialog.person, "张工 1024")
    clerk.write(dialog.text, "日志正常，问题在银行侧")
    clerk.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    clerk.wait(lambda: page._found.standing.vendor_talks == 1)
    clerk.settle()
    clerk.press("response_vendor_finish", panel)
    clerk.wait(lambda: page._found.standing.steps[Step.VENDOR] == "DONE")
    clerk.settle()


def ask_bank(clerk, page, number):
    panel = step(clerk, page, Step.BANK)
    assert number in panel.finish.toolTip()
    clerk.click_row(panel.payments, lambda row: row.number == number)
    clerk.press("response_bank_check", panel)
    dialog = clerk.dialog("check")
    clerk.turn_to(dialog.answer, "未扣款")
    clerk.write(dialog.person, "工行 李经理")
    clerk.write(dialog.evidence, "查询单 77")
    clerk.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    clerk.wait(lambda: page._found.standing.unknown == ())
    clerk.settle()
    clerk.press("response_bank_finish", panel)
    clerk.wait(lambda: page._found.standing.steps[Step.BANK] == "DONE")
    clerk.settle()


def write_down(clerk, page, log):
    """Evidence, conclusion, 复盘 and the report."""
    panel = step(clerk, page, Step.ARCHIVE)
    panel.lists.setCurrentWidget(panel.evidence)
    clerk.press("response_evidence_add", panel)
    clerk.choose_file("response_files", log)
    clerk.press("evidence_add.yes", clerk.dialog("evidence_add"))
    clerk.wait(lambda: len(panel.evidence.table.all_rows()) == 1)
    clerk.settle()
    clerk.press("response_archive_resolve", panel)
    reason = clerk.dialog("payments_reason")
    clerk.write(clerk.part("payments_reason_text", reason), "银行核实未扣款，已恢复付款")
    clerk.press("payments_reason_yes", reason)
    clerk.wait(lambda: page._found.standing.resolved)
    clerk.settle()
    clerk.press("response_archive_review", panel)
    dialog = clerk.dialog("response_review")
    clerk.settle()
    clerk.write(dialog.direct, "银行接口中断")
    clerk.write(dialog.root, "没有备用渠道")
    clerk.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    clerk.wait(lambda: page._found.standing.reviewed)
    clerk.settle()
    clerk.press("response_archive_prepare", panel)
    clerk.wait(lambda: len(panel.reports.all_rows()) == 1)
    clerk.settle()


def sign(who, incident, button):
    """Review or approve the report at a desk of one's own."""
    listed = who.go("incidents")
    who.click_row(listed.table, lambda row: row.number == incident)
    who.press("incidents_respond", listed)
    page = who.desk.main.pages.page("response")
    who.wait(lambda: page._found is not None and page._found.line.number == incident)
    who.settle()
    panel = step(who, page, Step.ARCHIVE)
    who.press(f"response_archive_{button}", panel)
    asked = who.dialog("identity")
    who.qtbot.keyClicks(asked.password, PASSWORD)
    who.prove(asked)
    who.wait(lambda: "处理报告已" in page.banner.text())
    who.settle()
    return page


def export(clerk, page, packed):
    """The package, written; and the last step, done."""
    panel = step(clerk, page, Step.ARCHIVE)
    clerk.wait(lambda: page._found.standing.reported)
    clerk.settle()
    clerk.press("response_archive_package", panel)
    clerk.choose_file("response_package", packed)
    clerk.wait(lambda: "证据包已写入" in page.banner.text())
    clerk.settle()
    clerk.press("response_archive_finish", panel)
    clerk.wait(lambda: page._found.standing.steps[Step.ARCHIVE] == "DONE")
    clerk.settle()


def close(boss, incident):
    listed = boss.go("incidents")
    boss.click_row(listed.table, lambda row: row.number == incident)
    boss.press("incidents_close", listed)
    reason = boss.dialog("payments_reason")
    boss.write(boss.part("payments_reason_text", reason), "同意关闭")
    boss.press("payments_reason_yes", reason)
    boss.wait(lambda: "已关闭" in listed.banner.text())
    boss.settle()


def verify(url, path):
    """What `audit verify --package` prints, and its exit code."""
    command = [sys.executable, str(MAIN), "--db", url, "--json"]
    answer = subprocess.run(
        [*command, "audit", "verify", "--package", str(path)],
        env={**os.environ},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return answer.returncode, json.loads(answer.stdout)


def changed_copy(path):
    """The package with one byte of its evidence changed."""
    with zipfile.ZipFile(path) as old:
        held = {name: old.read(name) for name in old.namelist()}
    [wanted] = [name for name in held if name.startswith("证据/")]
    data = bytearray(held[wanted])
    data[3] ^= 1
    held[wanted] = bytes(data)
    made = path.with_name("改过.zip")
    with zipfile.ZipFile(made, "w") as new:
        for name, content in held.items():
            new.writestr(name, content)
    return made, wanted


def test_an_incident_from_the_stop_to_the_verified_package(  # B1.1 B2.1 B3.1 B4.2 B5.1 B5.4 B6.1 C5.5
    seat, sent, founded, people, today, tmp_path, any_database_url, promises
):
    clerk = seat("clerk")
    page = open_incident(clerk, sent)
    incident = page._number
    assert "接手" in page.advice.text()
    find_cause(clerk, page)
    check_all(clerk, page)
    call_vendor(clerk, page)
    ask_bank(clerk, page, sent)
    assert status(clerk, sent) is Status.FAILED

    # What was not debited is resumed, by two others, exactly it.
    ask_resume(clerk, sent, today + timedelta(days=1))
    checker, boss = seat("checker"), seat("supervisor")
    checker.approve(sent)
    boss.approve(sent, level=2)
    boss.press("outcome.close", boss.dialog("outcome"))
    assert status(clerk, sent) is Status.READY

    log = tmp_path / "银企直连.log"
    log.write_text("2026-03-02 10:00 ERROR 通讯超时", encoding="utf-8")
    page.reload()
    clerk.go("incidents")
    clerk.context.navigate.emit("response", incident)
    clerk.settle()
    write_down(clerk, page, log)
    sign(checker, incident, "check")
    sign(boss, incident, "approve")

    packed = tmp_path / "证据包.zip"
    export(clerk, page, packed)
    close(boss, incident)
    [line] = incident_lines(founded, people.auditor)
    assert line.state is IncidentState.CLOSED

    code, told = verify(any_database_url, packed)
    assert (code, told["ok"], told["sealed"]) == (0, True, True)
    made, wanted = changed_copy(packed)
    code, told = verify(any_database_url, made)
    assert code == 1
    assert [one["file"] for one in told["broken"]] == [wanted]
    promises()
