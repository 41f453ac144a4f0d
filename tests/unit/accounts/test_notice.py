"""The notice of a year as a clerk writes it: every bad row is named with its cure."""

from datetime import date

import pytest

from app.accounts.notice import FIXED_DAYS, read_notice
from app.tabular.model import Kind, Row, Table

YEAR = 2099
# Spring Festival and the like, so that the year is whole.
OTHERS = [(1, 21), (1, 22), (1, 23), (1, 26), (4, 3), (6, 24), (9, 29)]


def table(*rows):
    return Table(
        Kind.DELIMITED, "UTF-8", "", [Row(number, tuple(row)) for number, row in enumerate(rows, 1)]
    )


def whole_year():
    days = [*FIXED_DAYS, *OTHERS]
    return [[date(YEAR, month, day).isoformat(), "休", "节"] for month, day in days]


def read(*rows, whole=True, heading=("日期", "休/班", "说明")):
    return read_notice(table(list(heading), *rows), YEAR, whole=whole)


def test_that_a_whole_notice_is_read_by_date():  # A4.4
    days, problems = read(*whole_year(), [f"{YEAR}-10-10", "班", "国庆节调休"])
    assert problems == ()
    assert len(days) == 14
    assert (days[-1].day, days[-1].working, days[-1].text) == (
        date(YEAR, 10, 10),
        True,
        "班 国庆节调休",
    )
    assert [one.day for one in days] == sorted(one.day for one in days)


@pytest.mark.parametrize(
    "written",
    [
        "2099-10-10",
        "2099/10/10",
        "2099.10.10",
        "2099年10月10日",
        "20991010",
        "10月10日",
        "２０９９－１０－１０",
    ],
)
def test_that_a_day_is_read_however_clerks_write_it(written):  # A4.4
    days, problems = read(*whole_year(), [written, "上班", ""])
    assert problems == ()
    assert date(YEAR, 10, 10) in {one.day for one in days}


@pytest.mark.parametrize("heading", [("date", "kind", "name"), ("*日期", "类型：", "备注")])
def test_that_headings_of_other_tables_are_known(heading):  # A4.4
    days, problems = read(*whole_year(), heading=heading)
    assert (len(days), problems) == (13, ())
    assert days[0].note == "节"


def test_that_a_bare_list_is_taken_as_day_kind_and_note():  # A4.4
    days, problems = read_notice(table(*whole_year()), YEAR, whole=True)
    assert (len(days), problems) == (13, ())


def test_that_a_title_above_and_blank_rows_are_passed_over():  # A4.4
    rows = [["2099 年节假日安排"], [], ["说明", "休/班", "日期"]]
    rows += [[note, kind, day] for day, kind, note in whole_year()]
    days, problems = read_notice(table(*rows), YEAR, whole=True)
    assert (len(days), problems) == (13, ())


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (["", "休", "元旦"], "日期", "日期为空"),
        (["明天", "休", ""], "日期", "写成 2099-01-01 的形式"),
        (["2099-02-30", "休", ""], "日期", "不存在"),
        (["2098-11-30", "休", ""], "日期", "不属于 2099 年"),
        (["2100-01-01", "休", ""], "日期", "改选年度"),
        (["2099-10-10", "调休", ""], "休/班", "分不清是放假还是上班"),
        (["2099-10-10", "", ""], "休/班", "没有写放假还是上班"),
        (["2099-10-09", "班", ""], "日期", "星期五，本来就上班"),
        (["2099-10-10", "班", "节" * 61], "说明", "超过 60 个字"),
        (["2099-01-01", "休", ""], "日期", "与第 2 行重复"),
    ],
)
def test_that_a_bad_row_is_named_by_row_field_and_cure(row, field, said):  # A4.4
    _, problems = read(*whole_year(), row)
    assert [(one.row, one.field) for one in problems] == [(15, field)]
    assert said in problems[0].message


def test_that_every_bad_row_is_named_and_not_the_first_only():  # A4.4
    _, problems = read(["明天", "休"], *whole_year(), ["后天", "休"])
    assert [one.row for one in problems] == [2, 16]


def test_that_new_years_holiday_may_begin_in_december():  # A4.4
    days, problems = read(["2098-12-31", "休", "元旦"], *whole_year())
    assert problems == ()
    assert days[0].day == date(2098, 12, 31)


def test_that_a_year_without_its_fixed_holidays_is_not_whole():  # A4.4
    rows = [row for row in whole_year() if not row[0].endswith("10-02")]
    _, problems = read(*rows)
    assert [one.row for one in problems] == [None, None]
    assert "缺少 2099-10-02（国庆节" in problems[0].message
    assert "只有 12 个休息日" in problems[1].message


def test_that_days_on_top_of_a_known_year_need_not_be_whole():  # A4.4
    days, problems = read(["2099-10-09", "班", "盘点"], whole=False)
    assert (len(days), problems) == (1, ())


@pytest.mark.parametrize("rows", [[["收款单位", "金额"], ["甲", "1"]], [["日期", "说明"]]])
def test_that_another_table_is_refused_with_the_cure(rows):  # A4.4
    days, problems = read_notice(table(*rows), YEAR, whole=False)
    assert days == ()
    assert "请使用模板" in problems[0].message


def test_that_headings_alone_are_no_notice():  # A4.4
    _, problems = read(whole=False)
    assert "没有任何日期" in problems[0].message
