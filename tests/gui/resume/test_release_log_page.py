"""解除止付操作日志 in the window."""

from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from ui.resume.pages import PAGES
from ui.resume.release_log import ReleaseLogPage


@pytest.fixture
def page(desk, people, show, stopped, ask, approve):
    asked = ask(stopped)
    approve(people.checker, asked)
    approve(people.supervisor, asked, 2)
    context = desk(people.auditor)
    return show(ReleaseLogPage(context), context)


def test_the_present_month_is_shown_first(page, stopped):  # C5.4
    [entry] = page.table.all_rows()
    assert entry.payment_no == stopped.number
    assert (page.since.chosen(), page.until.chosen()) == (date(2026, 3, 1), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("person", "周复核", 1),
        ("person", "没有此人", 0),
        ("payment", "FK-20260302", 1),
        ("payment", "FK-2025", 0),
        ("text", "质量", 0),
        ("text", "商业争议", 1),
    ],
)
def test_the_fields_narrow_the_list(show, page, field, value, found):  # C5.4
    getattr(page, field).setText(value)
    show.settle()
    assert len(page.table.all_rows()) == found


def test_an_empty_result_offers_the_way_back(qtbot, show, page):  # C5.4
    page.person.setText("没有此人")
    show.settle()
    assert page.empty.isVisible()
    button = page.empty.findChild(QPushButton, "release_log.empty_action")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    show.settle()
    assert len(page.table.all_rows()) == 1


def test_the_log_is_written_as_a_workbook(show, page, stopped, tmp_path):  # C5.4
    target = tmp_path / "log.xlsx"
    page.export_to(str(target))
    show.settle()
    sheet = openpyxl.load_workbook(target).active
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == [stopped.number]
    assert "已导出 1 笔" in page.banner.text()


def test_the_log_is_shown_as_a_paper(qtbot, page):  # C5.4
    dialog = page.preview()
    qtbot.waitUntil(lambda: dialog.view.page_count() == 1, timeout=20000)
    dialog.close()


def test_a_folder_that_is_gone_is_told(show, page, tmp_path):  # C5.4
    page.export_to(str(tmp_path / "gone" / "log.xlsx"))
    show.settle()
    assert "无法写入" in page.banner.text()
    assert page.findChild(QPushButton, "release_log.export").isEnabled()


def test_every_page_has_its_key():  # C4.4
    keys = [page.key for page in PAGES]
    assert keys == ["inbox", "resume", "bank_result", "payee_changes", "release_log"]
    assert all(page.title() for page in PAGES)
