"""联系供应商 in the window: ticket, package, log and codes."""

import zipfile
from datetime import date

import pytest
from PySide6.QtGui import QGuiApplication

from app.agreements.confirming import Scan
from app.incidents.evidence.keeping import (
    AddEvidence,
    Category,
    add_evidence,
    evidence_file,
    evidence_lines,
)
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Cause, Severity, Step
from app.incidents.vendor.error_codes import dictionary
from app.incidents.vendor.ticket_form import TicketState
from app.incidents.vendor.tickets import tickets
from tests.support.incidents import take_on
from ui.incidents.response.page import ResponsePage
from ui.incidents.vendor.codes_dialog import CodesDialog
from ui.incidents.vendor.log_page import LogPage, LogWanted
from ui.incidents.vendor.package_dialog import PackageDialog
from ui.incidents.vendor.ticket_dialog import SendDialog, TicketDialog

AT = "2026-03-02T01:59:00+00:00"
ERROR = f"{AT} ERROR app.sending 提交失败，请勿重发\nTraceback (most recent call last):\n"
REFUSED = "2026-03-02T01:30:00+00:00 INFO ui.messages refused PAY-002: 状态不明\n"


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("TINGFU_HOME", str(tmp_path))
    path = tmp_path / "logs" / "tingfu.log"
    path.parent.mkdir()
    path.write_text(REFUSED + ERROR, encoding="utf-8")
    return path


@pytest.fixture
def opened(founded, people, channels, make_account, make_payment):
    payment = make_payment(
        account=make_account(), made_by=people.clerk, due_on=date(2026, 2, 20)
    ).number
    made = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P1, "网银报错", payments=(payment,))
    )
    take_on(founded, people.clerk, made, "程序报错", Cause.SYSTEM_FAULT)
    return made


@pytest.fixture
def proof(founded, people, opened):
    scan = Scan("日志.log", ERROR.encode())
    return add_evidence(founded, people.clerk, AddEvidence(opened, Category.LOG, scan))


@pytest.fixture
def panel(qtbot, show_page, people, opened, proof, log):
    page = show_page(ResponsePage, people.clerk)
    page.show_argument(opened)
    qtbot.waitUntil(lambda: page._found is not None)
    page._go(Step.VENDOR)
    return page.panels[Step.VENDOR]


def dialog_of(qtbot, parent, kind):
    qtbot.waitUntil(lambda: parent.findChild(kind) is not None)
    return parent.findChild(kind)


def test_that_a_ticket_is_filled_saved_and_sent(  # A1.3 B3.3
    qtbot, panel, founded, people, opened, proof
):
    assert not panel.acts["send"].isEnabled()
    panel.acts["ticket"].click()
    dialog = dialog_of(qtbot, panel, TicketDialog)
    qtbot.waitUntil(lambda: dialog.software.text() != "")
    assert proof in dialog.typed().evidence
    assert "操作步骤" in dialog.left.text()
    dialog.yes.click()
    qtbot.waitUntil(lambda: panel.tickets.current_row() is not None)
    assert "操作步骤" in panel.acts["send"].toolTip()
    panel.acts["edit"].click()
    qtbot.waitUntil(lambda: any(one._known for one in panel.findChildren(TicketDialog)))
    [dialog] = [one for one in panel.findChildren(TicketDialog) if one._known]
    qtbot.waitUntil(lambda: dialog.software.text() != "")
    dialog.steps.setPlainText("点“提交银行”")
    dialog.phone.setText("021-58880000")
    assert "已填齐" in dialog.left.text()
    dialog.yes.click()
    qtbot.waitUntil(panel.acts["send"].isEnabled)
    panel.acts["send"].click()
    sending = dialog_of(qtbot, panel, SendDialog)
    assert "点“提交银行”" in sending.body.toPlainText()
    sending.vendor.setText("某某软件")
    sending.theirs.setText("CS-1024")
    sending.yes.click()
    qtbot.waitUntil(lambda: tickets(founded, people.clerk, opened)[0].state is TicketState.SENT)
    qtbot.waitUntil(lambda: not panel.acts["edit"].isEnabled())
    assert "已提交" in panel.acts["edit"].toolTip()


def test_that_the_ticket_is_copied_and_saved_as_text(qtbot, panel, tmp_path):  # B3.3
    panel.acts["ticket"].click()
    dialog = dialog_of(qtbot, panel, TicketDialog)
    qtbot.waitUntil(lambda: dialog.software.text() != "")
    dialog.yes.click()
    qtbot.waitUntil(lambda: panel.tickets.current_row() is not None)
    QGuiApplication.clipboard().clear()
    panel.acts["copy"].click()
    qtbot.waitUntil(lambda: "【软件名称与版本】" in QGuiApplication.clipboard().text())
    target = tmp_path / "工单.txt"
    panel.save_text(str(target))
    qtbot.waitUntil(target.exists)
    assert target.read_text(encoding="utf-8-sig") == QGuiApplication.clipboard().text()


def test_that_the_package_is_looked_at_before_it_is_written(  # B3.2
    qtbot, panel, settle, tmp_path
):
    panel.acts["package"].click()
    dialog = dialog_of(qtbot, panel, PackageDialog)
    qtbot.waitUntil(lambda: dialog.table.all_rows() != [])
    rows = dialog.table.all_rows()
    names = [one.path for one in rows]
    dialog.table.setCurrentIndex(dialog.table.rows().index(names.index("日志.log"), 0))
    assert "PAY-002" in dialog.text.toPlainText()
    dialog.table.rows().tick([rows[names.index("设置.txt")]], on=False)
    dest = tmp_path / "诊断包.zip"
    with qtbot.waitSignal(dialog.written):
        dialog.save_to(str(dest))
    with zipfile.ZipFile(dest) as archive:
        assert "设置.txt" not in archive.namelist()
        assert "日志.log" in archive.namelist()
    settle()


def test_that_nothing_ticked_is_not_written(qtbot, panel):  # B3.2
    panel.acts["package"].click()
    dialog = dialog_of(qtbot, panel, PackageDialog)
    qtbot.waitUntil(lambda: dialog.table.all_rows() != [])
    dialog.table.rows().clear_ticks()
    assert not dialog.save.isEnabled()


def test_that_the_log_opens_around_the_stop(qtbot, panel, opened):  # B1.3
    asked = []
    panel.context.navigate.connect(lambda page, argument: asked.append((page, argument)))
    panel.acts["log"].click()
    [(page, argument)] = asked
    assert (page, argument.incident) == ("logs", opened)
    assert argument.around == panel.found.stopped_at


def test_that_the_codes_open_with_what_was_found(qtbot, panel):  # B1.3
    panel.acts["codes"].click()
    dialog = dialog_of(qtbot, panel, CodesDialog)
    assert dialog.table.all_rows() != []


def test_that_a_step_without_a_backup_says_so(panel):  # A1.4
    assert "软件检查没有异常" in panel.told.text()


@pytest.fixture
def logs(show_page, people, opened, log):
    return show_page(LogPage, people.clerk)


def levels(page):
    return [one.level for one in page.table.all_rows()]


def test_that_the_log_is_shown_and_narrowed(qtbot, logs):  # B1.3
    assert levels(logs) == ["ERROR", "INFO"]
    assert "Traceback" in logs.whole.toPlainText()
    logs.level.setCurrentIndex(2)
    qtbot.waitUntil(lambda: levels(logs) == ["ERROR"])
    logs.clear.click()
    qtbot.waitUntil(lambda: len(levels(logs)) == 2)
    logs.text.setText("pay-002")
    logs.look.click()
    qtbot.waitUntil(lambda: levels(logs) == ["INFO"])


def test_that_the_time_of_an_incident_is_taken(qtbot, logs, founded, opened):  # B1.3
    logs.show_argument(LogWanted(opened, founded.clock.now()))
    qtbot.waitUntil(lambda: levels(logs) == ["ERROR", "INFO"])
    assert logs.since.text() == "2026-03-02 09:30"
    assert logs.incident.currentData() == opened
    logs.until.setText("2026-03-02 09:00")
    logs.look.click()
    assert "结束时间" in logs.banner.text()
    logs.until.setText("2026-03-02 09:45")
    logs.look.click()
    qtbot.waitUntil(lambda: levels(logs) == ["INFO"])


def test_that_chosen_lines_become_evidence(qtbot, logs, founded, people, opened):  # B1.3 B5.2
    logs.table.select_positions([0, 1])
    keep = logs.acts[-1]
    assert keep.isEnabled()
    keep.click()
    qtbot.waitUntil(lambda: len(evidence_lines(founded, people.clerk, opened)) == 1)
    [line] = evidence_lines(founded, people.clerk, opened)
    assert line.category is Category.LOG
    assert evidence_file(founded, people.clerk, line.number)[1].decode() == REFUSED + ERROR
    keep.click()
    qtbot.waitUntil(lambda: "内容相同" in logs.banner.text())


def test_that_chosen_lines_are_copied_exported_and_looked_up(  # B1.3
    qtbot, logs, tmp_path
):
    logs.table.select_positions([1])
    logs.acts[0].click()
    assert QGuiApplication.clipboard().text() == REFUSED
    logs.export_to(str(tmp_path / "导出.log"))
    qtbot.waitUntil((tmp_path / "导出.log").exists)
    assert (tmp_path / "导出.log").read_text(encoding="utf-8") == REFUSED
    logs.acts[2].click()
    dialog = dialog_of(qtbot, logs, CodesDialog)
    assert [one.code for one in dialog.table.all_rows()] == ["PAY-002"]
    dialog.text.setText("冻结")
    assert len(dialog.table.all_rows()) < len(dictionary())
    dialog.text.setText("没有这个词")
    assert "没有找到" in dialog.facts.value("none")


def test_that_a_missing_log_is_said(show_page, people, tmp_path, monkeypatch):  # B1.3
    monkeypatch.setenv("TINGFU_HOME", str(tmp_path / "neu"))
    page = show_page(LogPage, people.auditor)
    assert "还没有日志文件" in page.banner.text()
    assert not page.acts[0].isEnabled()
    assert not page.acts[-1].isVisible()
