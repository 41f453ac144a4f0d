"""Evidence in the window: pasted, dropped, captured, looked at."""

from datetime import date

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel

from app.incidents.evidence.keeping import Category, evidence_file, evidence_lines
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Severity, Step
from ui.agreements.file_sources import FromClipboard
from ui.agreements.picture_dialog import PictureDialog
from ui.incidents.evidence.dialogs import CaptureDialog, EvidenceDialog
from ui.incidents.response.page import ResponsePage
from ui.widgets.text_dialog import TextDialog


@pytest.fixture
def opened(founded, people, channels, make_account, make_payment):
    payment = make_payment(account=make_account(), made_by=people.clerk, due_on=date(2026, 2, 20))
    command = OpenIncident((), Severity.P2, "网银报错", payments=(payment.number,))
    return open_incident(founded, people.clerk, command)


@pytest.fixture
def tab(qtbot, people, opened, show_page, settle):
    page = show_page(ResponsePage, people.clerk)
    page.show_argument(opened)
    settle()
    page._go(Step.ARCHIVE)
    settle()
    found = page.panels[Step.ARCHIVE].evidence
    page.panels[Step.ARCHIVE].lists.setCurrentWidget(found)
    return found


def picture():
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


def keep(form, settle):
    form.yes.click()
    settle()
    settle()


def test_that_a_copied_screenshot_is_pasted_as_evidence(  # B5.2
    tab, founded, people, opened, settle
):
    QGuiApplication.clipboard().setImage(picture())
    form = tab.paste()
    form.note.setText("报错画面")
    keep(form, settle)
    [line] = evidence_lines(founded, people.clerk, opened)
    assert (line.category, line.note) == (Category.SCREENSHOT, "报错画面")
    data = evidence_file(founded, people.clerk, line.number)[1]
    assert QImage.fromData(data).pixelColor(5, 5) == QColor("red")


def test_that_nothing_copied_is_said(tab):  # B5.2
    QGuiApplication.clipboard().clear()
    assert tab.paste() is None
    assert "剪贴板中没有图片" in tab.banner.text()


def test_that_dropped_files_are_put_where_their_names_say(  # B5.2
    tab, founded, people, opened, settle, tmp_path
):
    log, mail = tmp_path / "日志.log", tmp_path / "答复.eml"
    log.write_text("ERROR 超时", encoding="utf-8")
    mail.write_text("From: a@b.example\nSubject: x\n\n未扣款\n", encoding="utf-8")
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(one)) for one in (log, mail)])
    tab.dropEvent(
        QDropEvent(
            QPoint(5, 5),
            Qt.DropAction.CopyAction,
            held,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    keep(tab.findChild(EvidenceDialog), settle)
    found = {one.name: one.category for one in evidence_lines(founded, people.clerk, opened)}
    assert found == {"日志.log": Category.LOG, "答复.eml": Category.MAIL}


def test_that_a_mail_and_a_picture_are_looked_at_in_place(  # B5.2
    qtbot, tab, settle, tmp_path
):
    mail = tmp_path / "答复.eml"
    mail.write_text("From: a@b.example\nSubject: x\n\n未扣款\n", encoding="utf-8")
    keep(tab.take_files([str(mail)]), settle)
    tab.table.selectRow(0)
    tab.buttons["view"].click()
    settle()
    shown = tab.findChild(TextDialog)
    assert "未扣款" in shown.text.toPlainText()
    shown.sought.setText("不存在")
    shown.find_next()
    assert "没有找到" in shown.banner.text()
    keep(tab.take([FromClipboard("图.png", picture())]), settle)
    tab.table.selectRow(1)
    tab.buttons["view"].click()
    settle()
    assert tab.findChild(PictureDialog).findChild(QLabel, "picture.image").pixmap().width() == 40


def test_that_what_is_refused_stays_in_the_form(tab, settle, tmp_path):  # B5.2
    bad = tmp_path / "空.png"
    bad.write_bytes(b"")
    form = tab.take_files([str(bad)])
    form.yes.click()
    settle()
    assert "空文件" in form.banner.text()


def test_that_the_window_is_captured_for_an_incident(  # B5.2
    qtbot, tab, founded, people, opened, settle
):
    form = CaptureDialog(tab._context, FromClipboard("窗口截图.png", picture()), tab)
    form.open()
    settle()
    assert form.incident.currentData() == opened
    form.yes.click()
    settle()
    [line] = evidence_lines(founded, people.clerk, opened)
    assert line.name == "窗口截图.png"
