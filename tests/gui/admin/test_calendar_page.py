from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.accounts.calendar import look, take_in
from ui.admin.calendar_import import CalendarImport
from ui.admin.calendar_page import CalendarPage
from ui.navigation import find_page

YEAR = 2099
OFF = ["01-01", *(f"01-{day}" for day in range(21, 29)), "05-01", "05-02"]
OFF += ["10-01", "10-02", "10-03"]


@pytest.fixture
def notice(tmp_path):
    """Writes a notice of 2099 as CSV: `notice("10-10", "班")` with one more row."""

    def write(day="04-04", kind="休", name="安排.csv"):
        path = tmp_path / name
        lines = [
            "日期,休/班,说明",
            *(f"{YEAR}-{one},休,节" for one in OFF),
            f"{YEAR}-{day},{kind},调",
        ]
        path.write_text("\n".join(lines), encoding="gb18030")
        return path

    return write


@pytest.fixture
def page(desk, people, show, settle):
    """The page of a person, at 2099: `page(people.admin)`."""

    def at(who):
        made = show(CalendarPage, desk(who))
        made.show_year(YEAR)
        settle()
        return made

    return at


def bring(page, path, settle):
    page.bring(str(path))
    settle()
    return page.findChild(CalendarImport)


def texts(table, key):
    column = next(one for one in table.rows().columns if one.key == key)
    return [column.text(row) for row in table.all_rows()]


def test_that_the_page_is_where_the_refusal_sends_people():  # A4.4
    assert find_page("calendar").title() == "工作日历"


def test_that_this_year_is_shown_by_months_and_days(desk, people, show):  # A4.4
    page = show(CalendarPage, desk(people.clerk))
    assert page.year.currentText() == "2026 年　程序内置"
    assert texts(page.months, "month") == [f"{month} 月" for month in range(1, 13)]
    assert texts(page.months, "off")[0].startswith("1–3日 元旦")
    assert texts(page.months, "made")[0] == "4日 调休上班"
    assert texts(page.days, "weekday")[0] == "周四"
    assert set(texts(page.days, "own")) == {"程序内置"}


def test_that_another_year_is_chosen_from_the_list(desk, people, show, settle):  # A4.4
    page = show(CalendarPage, desk(people.clerk))
    page.year.activated.emit(page.year.findData(2025))
    settle()
    assert page.year.currentData() == 2025
    assert texts(page.months, "off")[9].startswith("1–8日")


def test_that_an_unknown_year_says_what_to_do(page, people):  # A4.4
    mine = page(people.admin)
    assert mine.empty.isVisible()
    assert "2099 年的节假日安排尚未导入" in mine.empty.accessibleName()
    assert "下载模板" in mine.empty.accessibleName()
    assert mine.findChild(QPushButton, "calendar.empty_action").isVisible()


def test_that_who_may_not_import_is_told_who_may(page, people):  # A4.4
    mine = page(people.clerk)
    assert "请通知系统管理员导入" in mine.empty.accessibleName()
    for name in ("calendar.import", "calendar.template", "calendar.empty_action"):
        assert not mine.findChild(QPushButton, name).isVisible()


def test_that_an_import_is_looked_at_before_it_is_kept(page, people, notice, settle):  # A4.4
    mine = page(people.admin)
    dialog = bring(mine, notice(), settle)
    assert "将改动以下 15 天" in dialog.findChild(QLabel, "calendar.preview.intro").text()
    assert texts(dialog.table, "kind") == ["新增"] * 15
    assert texts(dialog.table, "after")[0] == "休 节"
    assert mine.empty.isVisible()
    dialog.submit()
    settle()
    settle()
    assert "已导入 2099 年的节假日安排，改动 15 天" in mine.banner.text()
    assert mine.months.isVisible()
    assert "本公司导入 15 天，最近导入：2026-03-02 10:00　admin 系统管理员" in mine.source.text()


def test_that_a_bad_row_is_named_and_nothing_can_be_kept(page, people, notice, settle):  # A4.4
    mine = page(people.admin)
    dialog = bring(mine, notice("02-30"), settle)
    [problem] = dialog.table.all_rows()
    assert (problem.row, problem.field) == (16, "日期")
    assert "不存在" in problem.message
    assert not dialog.findChild(QPushButton, "calendar.preview.ok").isVisible()
    dialog.reject()
    settle()
    assert mine.empty.isVisible()


def test_that_an_amended_notice_shows_old_and_new(founded, page, people, notice, settle):  # A4.4
    take_in(founded, people.admin, look(founded, people.admin, notice(), YEAR))
    dialog = bring(page(people.admin), notice("04-05"), settle)
    assert texts(dialog.table, "kind") == ["删除", "新增"]
    assert texts(dialog.table, "before") == ["休 调", "—"]


def test_that_the_same_notice_again_offers_nothing(founded, page, people, notice, settle):  # A4.4
    take_in(founded, people.admin, look(founded, people.admin, notice(), YEAR))
    dialog = bring(page(people.admin), notice(), settle)
    assert not dialog.findChild(QPushButton, "calendar.preview.ok").isVisible()


def test_that_a_file_that_is_no_table_is_told_on_the_page(page, people, tmp_path, settle):  # A4.4
    path = tmp_path / "图.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    mine = page(people.admin)
    bring(mine, path, settle)
    assert "图.png" in mine.banner.text()


def test_that_the_template_is_saved_where_the_clerk_says(page, people, tmp_path, settle):  # A4.4
    path = tmp_path / "模板.xlsx"
    mine = page(people.admin)
    mine.save_template(str(path))
    settle()
    assert path.exists()
    assert "回到这里导入" in mine.banner.text()


def test_that_the_dialogs_name_the_year_they_are_for(page, people, qtbot):  # A4.4
    mine = page(people.admin)
    for ask, said in ((mine.ask_file(), "2099"), (mine.ask_template(), "模板")):
        qtbot.addWidget(ask)
        assert said in ask.windowTitle()
        ask.reject()


def test_that_another_year_reminds_of_the_one_that_is_missing(
    desk, people, show, clock, settle, sign_in_as
):  # A4.4
    clock.move_to(datetime(2098, 6, 2, 2, 0, tzinfo=UTC))
    page = show(CalendarPage, desk(sign_in_as("admin")))
    assert page.year.currentData() == 2098
    assert not page.banner.isVisible()
    page.show_argument(2026)
    settle()
    assert "2098 年的节假日安排尚未导入" in page.banner.text()
    page.findChild(QPushButton, "calendar.banner_action").click()
    settle()
    assert page.year.currentData() == 2098
    assert not page.banner.isVisible()
