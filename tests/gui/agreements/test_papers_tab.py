"""附件 in the window: added, dropped, pasted, looked at, saved, withdrawn; and the register's export."""

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QPushButton

from app.agreements import service
from app.agreements.attaching import AddPaper, PaperKind, add_paper
from app.agreements.confirming import Scan
from app.agreements.queries import agreement_detail
from app.statements.importing import preview, take_in
from tests.support.paper_files import every, pdf, picture
from ui.agreements.attach_dialog import AttachDialog
from ui.agreements.picture_dialog import PictureDialog
from ui.agreements.watch_page import WatchPage
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.sheet_dialog import SheetDialog

FILES = every()


@pytest.fixture
def folder(tmp_path):
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.fixture
def opened(registered, open_page, settle):
    """The page of somebody with the chosen agreement's papers in front."""
    number = registered()

    def show(actor):
        page = open_page(actor)
        page.table.select_positions([0])
        page.side.tabs.setCurrentWidget(page.side.papers)
        look(page, settle)
        return page, page.side.papers

    show.number = number
    return show


def look(page, settle):
    page.side._read()
    settle()


def papers(db, people, number):
    return agreement_detail(db, people.auditor, number).papers


def add(qtbot, dialog, settle, kind=None, note=""):
    if kind is not None:
        dialog.category.setCurrentIndex(dialog.category.findData(str(kind)))
    dialog.note.setText(note)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()


def press(qtbot, tab, name):
    button = tab.findChild(QPushButton, f"agreements_papers_{name}")
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_an_agreement_without_papers_says_what_to_do(people, opened):  # D5.4
    _, tab = opened(people.clerk)
    assert "拖到这里" in tab._none.accessibleName()
    assert tab._none._button.text() == "添加附件…"
    _, tab = opened(people.auditor)
    assert tab._none.accessibleName() == "还没有附件。由经办添加。"
    assert not tab._none._button.isVisible()
    assert "权限" in tab.buttons["add"].toolTip()


def test_that_several_files_are_added_at_once(
    qtbot, founded, people, opened, folder, settle
):  # D5.4
    page, tab = opened(people.clerk)
    press(qtbot, tab, "add")
    ask = tab.findChild(QFileDialog, "agreements_papers_ask")
    assert ask.fileMode() is QFileDialog.FileMode.ExistingFiles
    ask.close()
    (folder / "坏.pdf").write_bytes(b"MZ\0")
    dialog = tab.take_files([str(folder / name) for name in ("协议.pdf", "坏.pdf", "清单.xlsx")])
    add(qtbot, dialog, settle, PaperKind.RECEIPT, "2025 年续签")
    assert "已添加 2 个附件。1 个未添加" in page.banner.text()
    assert "坏.pdf" in page.banner.text() + page.banner.accessibleDescription()
    look(page, settle)
    assert [row.name for row in tab.table.all_rows()] == ["清单.xlsx", "协议.pdf"]
    assert page.side.tabs.tabText(page.side.tabs.indexOf(tab)) == "附件 2"
    assert {(one.category, one.note) for one in papers(founded, people, opened.number)} == {
        (PaperKind.RECEIPT, "2025 年续签")
    }
    QAbstractItemModelTester(tab.table.rows())


def test_that_a_refused_file_keeps_the_dialog_open(qtbot, people, opened, folder, settle):  # D5.4
    _, tab = opened(people.clerk)
    (folder / "坏.pdf").write_bytes(picture("JPEG"))
    dialog = tab.take_files([str(folder / "坏.pdf")])
    add(qtbot, dialog, settle, note="写了很久")
    assert "实际是 JPEG" in dialog.banner.text()
    assert (dialog.isVisible(), dialog.note.text()) == (True, "写了很久")
    dialog.reject()


def test_that_dropped_files_are_papers_and_no_import(qtbot, people, opened, folder, settle):  # D5.4
    page, tab = opened(people.clerk)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(folder / name)) for name in ("协议.pdf", "截图.png")])
    copy, left, no = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    enter = QDragEnterEvent(tab.rect().center(), copy, dropped, left, no)
    tab.dragEnterEvent(enter)
    assert enter.isAccepted()
    tab.dropEvent(QDropEvent(QPointF(5, 5), copy, dropped, left, no))
    [dialog] = tab.findChildren(AttachDialog)
    add(qtbot, dialog, settle)
    look(page, settle)
    assert len(tab.table.all_rows()) == 2


def test_that_a_screenshot_is_pasted(qtbot, founded, people, opened, settle):  # D5.4
    page, tab = opened(people.clerk)
    QGuiApplication.clipboard().clear()
    press(qtbot, tab, "paste")
    assert "剪贴板中没有图片" in page.banner.text()
    image = QImage(800, 500, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    QGuiApplication.clipboard().setImage(image)
    page.activateWindow()
    page.side.tabs.tabBar().setFocus()
    qtbot.waitUntil(page.side.tabs.tabBar().hasFocus)
    qtbot.keyClick(page.side.tabs.tabBar(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    [dialog] = tab.findChildren(AttachDialog)
    assert dialog.category.currentData() == PaperKind.SCREENSHOT
    add(qtbot, dialog, settle)
    [line] = papers(founded, people, opened.number)
    assert (line.name, line.category) == ("截图 20260302 1000.png", PaperKind.SCREENSHOT)
    QGuiApplication.clipboard().clear()


def keep(db, people, number, name):
    command = AddPaper(number, PaperKind.TEXT, Scan(name, FILES[name]))
    return add_paper(db, people.clerk, command)


def test_that_pdf_and_pictures_are_seen_inside(
    qtbot, founded, people, opened, settle, folder
):  # D5.4
    for name in ("协议.docx", "截图.png", "协议.pdf"):
        keep(founded, people, opened.number, name)
    page, tab = opened(people.auditor)
    tab.table.select_positions([0])
    press(qtbot, tab, "view")
    settle()
    [sheet] = page.findChildren(SheetDialog)
    qtbot.waitUntil(lambda: sheet.view.page_count() == 1)
    sheet.close()
    tab.table.select_positions([1])
    press(qtbot, tab, "view")
    settle()
    [shown] = page.findChildren(PictureDialog)
    assert shown.windowTitle() == "截图.png（640 × 400）"
    assert shown.picture.pixmap().width() > 0
    shown.fit.setChecked(False)
    assert shown.picture.pixmap().deviceIndependentSize().toSize().width() == 640
    shown.close()
    tab.table.select_positions([2])
    assert not tab.buttons["view"].isEnabled()
    assert "另存为" in tab.buttons["view"].toolTip()
    press(qtbot, tab, "save")
    ask = tab.findChild(QFileDialog, "agreements_papers_save_as")
    assert ask.defaultSuffix() == "docx"
    ask.close()
    target = folder / "另存.docx"
    tab.save_to(tab.table.all_rows()[2], str(target))
    settle()
    assert target.read_bytes() == FILES["协议.docx"]


def test_that_a_broken_picture_says_so(qtbot, founded, people, opened, settle):  # D5.4
    cut = Scan("坏.png", FILES["截图.png"][:40])
    add_paper(founded, people.clerk, AddPaper(opened.number, PaperKind.TEXT, cut))
    page, tab = opened(people.auditor)
    tab.table.select_positions([0])
    press(qtbot, tab, "view")
    settle()
    [shown] = page.findChildren(PictureDialog)
    assert "无法显示" in shown.banner.text()
    shown.close()


def test_that_a_paper_is_withdrawn_with_a_reason(qtbot, founded, people, opened, settle):  # D5.4
    keep(founded, people, opened.number, "协议.pdf")
    page, tab = opened(people.auditor)
    tab.table.select_positions([0])
    assert "权限" in tab.buttons["withdraw"].toolTip()
    page, tab = opened(people.clerk)
    tab.table.select_positions([0])
    press(qtbot, tab, "withdraw")
    [dialog] = page.findChildren(ReasonDialog)
    dialog.findChild(QPlainTextEdit, "payments_reason_text").setPlainText("传错协议")
    qtbot.mouseClick(
        dialog.findChild(QPushButton, "payments_reason_yes"), Qt.MouseButton.LeftButton
    )
    settle()
    look(page, settle)
    assert papers(founded, people, opened.number)[0].why == "传错协议"
    tab.table.select_positions([0])
    assert tab.buttons["withdraw"].toolTip() == "该附件已撤回。"
    assert tab.buttons["view"].isEnabled()
    assert page.side.tabs.tabText(page.side.tabs.indexOf(tab)) == "附件"


def test_that_what_is_shown_is_exported(qtbot, people, registered, open_page, settle, tmp_path):
    registered(payee_name="甲公司")
    registered(payee_name="乙公司", customer_no="2")
    page = open_page(people.auditor)
    page.filter.set_values({"text": "甲公司"})
    settle()
    header = page.table.horizontalHeader()
    header.moveSection(header.visualIndex(2), 0)
    qtbot.mouseClick(page.buttons["export"], Qt.MouseButton.LeftButton)
    ask = page.findChild(QFileDialog, "agreements_export_file")
    target = tmp_path / "协议.xlsx"
    ask.fileSelected.emit(str(target))
    ask.close()
    settle()
    assert "已导出 1 行到 协议.xlsx" in page.banner.text()
    rows = [[cell.value for cell in row] for row in load_workbook(target).worksheets[0].iter_rows()]
    assert next(row for row in rows if row[0] == "收款单位")[:3] == ["收款单位", "状态", "协议编号"]
    assert [row[0] for row in rows if "公司" in str(row[0])][-1] == "甲公司"
    assert not any("乙公司" in str(row[0]) for row in rows)
    page.filter.set_values({"text": "没有"})
    settle()
    assert "没有可以导出" in page.buttons["export"].toolTip()


def test_that_an_alarm_of_a_suspension_is_told_as_one(  # E1.4
    qtbot, founded, people, account, registered, desk, settle, tmp_path
):
    number = registered(payee_account="31050161393600000123")
    service.suspend(founded, people.clerk, number, "争议", 1)
    path = tmp_path / "流水.csv"
    path.write_text(
        "交易日期,借方发生额,贷方发生额,对方户名,对方账号,摘要\n"
        "2026-03-02,40000.00,,国网上海市电力公司,31050161393600000123,代扣电费\n",
        encoding="utf-8",
    )
    take_in(founded, people.clerk, preview(founded, people.clerk, path), account.number)
    page = WatchPage(desk(people.clerk))
    qtbot.addWidget(page)
    page.show()
    settle()
    page.table.select_positions([0])
    assert page.facts.value("ended") == f"{number}　2026-03-02 暂停"
    qtbot.mouseClick(page.buttons["confirm"], Qt.MouseButton.LeftButton)
    [dialog] = page.findChildren(ReasonDialog)
    assert "暂停期间的扣款" in dialog.findChild(object, "payments_reason_said").text()
    dialog._reason.setPlainText("已核实")
    qtbot.mouseClick(dialog._yes, Qt.MouseButton.LeftButton)
    settle()
    page.reload()
    settle()
    page.table.select_positions([0])
    assert "只用于终止后的扣款" in page.buttons["dispute"].toolTip()
    assert not page.buttons["preview"].isEnabled()
    assert page.buttons["recovered"].isEnabled()
    page.hide()


def test_that_one_pdf_is_kept_once_under_two_agreements(founded, people, registered):  # D5.4
    for payee in ("甲公司", "乙公司"):
        number = registered(payee_name=payee)
        command = AddPaper(number, PaperKind.TEXT, Scan("框架协议.pdf", pdf()))
        add_paper(founded, people.clerk, command)
        assert len(papers(founded, people, number)) == 1
