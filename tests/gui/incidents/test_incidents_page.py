"""应急事件 in the window: from the alarm to the closed incident, by the buttons that stand out."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.agreements import service
from app.agreements.fields import AgreementFields
from app.agreements.watch.deciding import DecideHit, decide_hit, hit_lines
from app.agreements.watch.states import HitState
from app.core.money import Money
from app.incidents import cases
from app.incidents.case_view import incident_lines
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Cause, IncidentState, Severity, Step
from app.incidents.steps import skip_step
from app.statements.importing import preview, take_in
from ui.agreements.watch_page import WatchPage
from ui.incidents.dialogs import CauseDialog, OpenDialog, SeverityDialog, WriteDialog
from ui.incidents.page import IncidentsPage
from ui.incidents.response.dialogs import TalkDialog
from ui.payments.reason_dialog import ReasonDialog

PAYEE = "上海临江供电有限公司"


@pytest.fixture
def hits(founded, people, make_account, tmp_path):
    """Two debits after the last day of an agreement."""
    account = make_account()
    service.register(
        founded,
        people.clerk,
        AgreementFields(
            account_number=account.number,
            payee_name=PAYEE,
            starts_on=date(2025, 1, 1),
            ends_on=date(2026, 2, 10),
            payee_account="31050161393600000123",
            amount=Money.parse("46300"),
            first_debit_on=date(2025, 1, 20),
        ),
    )
    path = tmp_path / "流水.csv"
    rows = [f"2026-03-0{day},46300.00,,{PAYEE},31050161393600000123,代扣电费" for day in (1, 2)]
    head = "交易日期,借方发生额,贷方发生额,对方户名,对方账号,摘要"
    path.write_text("\n".join((head, *rows)), encoding="gb18030")
    seen = preview(founded, people.clerk, path)
    return take_in(founded, people.clerk, seen, account.number).alarms


@pytest.fixture
def opened(founded, people, hits):
    command = OpenIncident((hits[0],), Severity.P2, "导入流水时发现")
    return open_incident(founded, people.clerk, command)


def only(parent, kind):
    [found] = parent.findChildren(kind)
    return found


def press(qtbot, page, name, settle):
    button = page.buttons[name]
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


def yes(qtbot, dialog, settle):
    button = dialog.yes if hasattr(dialog, "yes") else dialog._yes
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()
    settle()


def reason(qtbot, page, settle, said):
    dialog = only(page, ReasonDialog)
    dialog._reason.setPlainText(said)
    yes(qtbot, dialog, settle)


def settle_hits(db, people):
    for state in (HitState.CONFIRMED, HitState.RECOVERED):
        for line in hit_lines(db, people.clerk):
            decide_hit(
                db, people.clerk, DecideHit(line.number, state, "3 月 2 日退回", line.version)
            )


def line_of(db, people):
    [line] = incident_lines(db, people.clerk)
    return line


def skip_steps(db, people):
    """As a P3 may, whatever it was opened as."""
    line = line_of(db, people)
    cases.back_to_work(db, people.clerk, line.number, "改为一般", line.version)
    line = line_of(db, people)
    cases.set_severity(db, people.clerk, line.number, Severity.P3, "金额小", line.version)
    line = line_of(db, people)
    cases.resolve(db, people.clerk, line.number, "款项已全部退回", line.version)
    for step in (Step.CHECK, Step.VENDOR, Step.BANK, Step.ARCHIVE):
        line = line_of(db, people)
        skip_step(db, people.clerk, line.number, step, "不需要", line.version)


def test_that_alarms_become_an_incident_and_others_join_it(  # E1.5
    qtbot, founded, people, hits, show_page, settle
):
    page = show_page(WatchPage, people.clerk)
    page.table.select_positions([0])
    press(qtbot, page, "incident", settle)
    dialog = only(page, OpenDialog)
    yes(qtbot, dialog, settle)
    assert "经过" in dialog.banner.text()
    dialog.severity.setCurrentIndex(dialog.severity.findData("P1"))
    dialog.text.setPlainText("导入流水时发现")
    yes(qtbot, dialog, settle)
    line = line_of(founded, people)
    assert (line.severity, len(line.hits)) == (Severity.P1, 1)
    assert line.number in page.banner.text()

    page.table.select_positions([0])
    assert line.number in page.buttons["incident"].toolTip()
    assert page.facts.value("incident") == line.number
    page.table.select_positions([1])
    press(qtbot, page, "incident", settle)
    dialog = only(page, OpenDialog)
    dialog.target.setCurrentIndex(1)
    assert not dialog.severity.isEnabled()
    dialog.text.setPlainText("同一收款单位")
    yes(qtbot, dialog, settle)
    assert set(line_of(founded, people).hits) == set(hits)


def test_that_the_button_of_what_comes_next_stands_out(  # B1.1 B5.1
    qtbot, founded, people, opened, show_page, settle
):
    def following():
        return [
            name for name, button in page.buttons.items() if button.property("kind") == "primary"
        ]

    page = show_page(IncidentsPage, people.clerk)
    page.table.select_positions([0])
    settle()
    assert following() == ["take"]
    press(qtbot, page, "take", settle)
    settle()
    assert following() == ["respond"]
    press(qtbot, page, "cause", settle)
    dialog = only(page, CauseDialog)
    dialog.why.setPlainText("流水摘要为新协议号")
    yes(qtbot, dialog, settle)
    assert "请选择原因" in dialog.banner.text()
    dialog.cause.setCurrentIndex(dialog.cause.findData("PAYEE_NEW_AGREEMENT"))
    yes(qtbot, dialog, settle)
    assert following() == ["respond"]
    assert "未追回、未排除" in page.buttons["resolve"].toolTip()
    settle_hits(founded, people)
    page.reload()
    settle()
    assert page.buttons["resolve"].isEnabled()
    press(qtbot, page, "resolve", settle)
    reason(qtbot, page, settle, "款项已全部退回")
    assert "没有“关闭应急事件”权限" in page.buttons["close"].toolTip()
    assert "已解决" in page.banner.text()

    skip_steps(founded, people)
    chief = show_page(IncidentsPage, people.supervisor)
    chief.table.select_positions([0])
    settle()
    press(qtbot, chief, "close", settle)
    reason(qtbot, chief, settle, "同意关闭")
    line = line_of(founded, people)
    assert (line.state, line.cause) == (IncidentState.CLOSED, Cause.PAYEE_NEW_AGREEMENT)
    chief.table.select_positions([0])
    settle()
    assert "已关闭" in chief.buttons["write"].toolTip()


def test_that_what_was_said_stands_in_the_timeline(  # B3.4 B5.1
    qtbot, founded, people, opened, show_page, settle
):
    page = show_page(IncidentsPage, people.clerk)
    page.table.select_positions([0])
    settle()
    press(qtbot, page, "talk", settle)
    dialog = only(page, TalkDialog)
    dialog.text.setPlainText("答应 3 日内退回")
    yes(qtbot, dialog, settle)
    assert "联系的单位" in dialog.banner.text()
    assert dialog.text.toPlainText() == "答应 3 日内退回"
    dialog.organisation.setText("工商银行张江支行")
    dialog.person.setText("李柜员")
    yes(qtbot, dialog, settle)
    press(qtbot, page, "write", settle)
    dialog = only(page, WriteDialog)
    dialog.text.setPlainText("已打印流水")
    yes(qtbot, dialog, settle)
    told = [entry.detail for entry in page.timeline.entries()]
    assert "工商银行张江支行　李柜员：电话：答应 3 日内退回" in told
    assert "已打印流水" in told
    assert any("YC-" in one for one in told)


def test_that_the_severity_is_changed_with_its_reason(
    qtbot, founded, people, opened, show_page, settle
):
    page = show_page(IncidentsPage, people.clerk)
    page.table.select_positions([0])
    settle()
    press(qtbot, page, "severity", settle)
    dialog = only(page, SeverityDialog)
    dialog.severity.setCurrentIndex(dialog.severity.findData("P1"))
    dialog.why.setPlainText("第二笔将于明日扣款")
    yes(qtbot, dialog, settle)
    assert line_of(founded, people).severity is Severity.P1


def test_that_the_empty_page_says_where_incidents_come_from(qtbot, people, show_page, settle):
    page = show_page(IncidentsPage, people.clerk)
    said = [label.text() for label in page._empty.findChildren(QLabel)]
    assert any("转应急事件" in text for text in said)
    page._empty.findChild(QPushButton).click()
    assert page.findChild(OpenDialog).isVisible()
