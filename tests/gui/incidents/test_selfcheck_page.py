"""自诊断 in the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from app.core import paths
from app.incidents.selfcheck import make_selfcheck, selfcheck_lines, step_titles
from app.storage.backup import create_backup
from ui.incidents.selfcheck_page import SelfcheckPage
from ui.resume.sheet_dialog import SheetDialog


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home"


def press(qtbot, page, name, settle):
    button = page.findChild(QPushButton, f"selfcheck.{name}")
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()
    settle()


def titles(page):
    return [one.title for one in page.table.all_rows()]


def test_that_one_click_shows_what_is_wrong_what_it_means_and_what_to_do(  # B2.5
    qtbot, founded, people, show_page, settle
):
    page = show_page(SelfcheckPage, people.clerk)
    assert "还没有做过自诊断" in page._empty.accessibleName()
    assert not page.findChild(QPushButton, "selfcheck.print").isEnabled()
    press(qtbot, page, "quick", settle)
    assert "异常" in page.banner.text()
    # What wants somebody comes first, with a word beside its colour, and is explained at once.
    assert page.tabs.current() == "TODO"
    assert titles(page)[0] == "数据备份"
    assert page.facts.value("state") == "异常"
    assert "只能恢复到那时" in page.facts.value("meaning")
    assert "立即备份" in page.facts.value("cure")
    [kept] = selfcheck_lines(founded, people.clerk)
    assert (kept.number, kept.thorough) == ("ZD-2026-0001", False)
    assert [row.line.number for row in page.runs.all_rows()] == [kept.number]


def test_that_results_stand_under_their_group(qtbot, people, show_page, settle):  # B2.5
    page = show_page(SelfcheckPage, people.admin)
    press(qtbot, page, "quick", settle)
    page.tabs.select("database")
    page._refill()
    assert {"数据库完整性", "操作日志", "存档文件"} <= set(titles(page))
    assert "数据备份" not in titles(page)
    page.tabs.select("ALL")
    page._refill()
    assert len(titles(page)) >= len(step_titles())


def test_that_earlier_runs_show_their_trend_and_can_be_looked_at(  # B2.5
    qtbot, founded, people, show_page, settle, own_home
):
    make_selfcheck(founded, people.clerk, thorough=False)
    (own_home / "backups").mkdir(parents=True)
    create_backup(founded, own_home / "backups" / "a.tfbak")
    page = show_page(SelfcheckPage, people.clerk)
    press(qtbot, page, "full", settle)
    newest, older = page.runs.all_rows()
    assert (newest.more, older.more) == (-1, None)
    assert (newest.line.ok, newest.line.thorough) == (True, True)
    assert "没有发现异常" in page.banner.text()
    page.runs.select_positions([1])
    assert "数据备份" in titles(page)
    page.show_argument(newest.line.number)
    settle()
    assert page._line == newest.line


def test_that_a_run_can_be_ended_and_leaves_nothing(  # B2.5
    qtbot, founded, people, show_page, settle
):
    page = show_page(SelfcheckPage, people.clerk)
    page.make(thorough=True)
    cancel = page.findChild(QPushButton, "selfcheck.cancel")
    assert cancel.isVisible()
    assert not page.findChild(QPushButton, "selfcheck.quick").isEnabled()
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    settle()
    assert "已取消" in page.banner.text()
    assert not cancel.isVisible()
    assert selfcheck_lines(founded, people.clerk) == []


def test_that_a_run_is_printed_and_copied(qtbot, people, show_page, settle):  # B2.5 B3.2
    page = show_page(SelfcheckPage, people.clerk)
    press(qtbot, page, "quick", settle)
    press(qtbot, page, "copy", settle)
    assert "异常  数据备份：还没有备份。" in QGuiApplication.clipboard().text()
    press(qtbot, page, "print", settle)
    [dialog] = page.findChildren(SheetDialog)
    assert "ZD-2026-0001" in dialog.windowTitle()
    assert dialog.view.page_count() >= 3
    dialog.close()


def test_that_a_run_that_could_not_be_kept_is_shown_with_the_reason(  # B2.4 B2.5
    qtbot, founded, people, show_page, settle
):
    page = show_page(SelfcheckPage, people.clerk)
    with founded.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.commit()
    press(qtbot, page, "quick", settle)
    assert "结果没有存档" in page.banner.text()
    assert "数据备份" in titles(page)
    press(qtbot, page, "print", settle)
    [dialog] = page.findChildren(SheetDialog)
    assert dialog.view.page_count() >= 3
    dialog.close()
