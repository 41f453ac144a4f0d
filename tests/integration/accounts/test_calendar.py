"""The working calendar by year: seen, imported as a whole, and told in the trail."""

from datetime import UTC, date, datetime

import openpyxl
import pytest

from app.access.errors import Denied
from app.accounts.calendar import (
    YearSource,
    look,
    take_in,
    unknown_year,
    write_template,
    year_calendar,
    years,
)
from app.accounts.reading import workdays
from app.audit.queries import AuditFilter, entries
from app.core.errors import BadInput, Conflict
from app.core.workdays import UnknownCalendar
from app.incidents.daily import daily_check
from app.payments.diagnosis.facts import SystemFacts

# No holiday table is known of it.
YEAR = 2099
DAYS = {
    "2099-01-01": "元旦",
    **dict.fromkeys((f"2099-01-{day}" for day in range(21, 29)), "春节"),
    "2099-04-04": "清明节",
    "2099-05-01": "劳动节",
    "2099-05-02": "劳动节",
    "2099-06-24": "端午节",
    "2099-10-01": "国庆节",
    "2099-10-02": "国庆节",
    "2099-10-03": "国庆节",
}


@pytest.fixture
def notice(tmp_path):
    """Writes a notice as CSV: `notice(DAYS, "2099-10-10")` with the days worked on at the end."""

    def write(off, *worked, name="安排.csv"):
        path = tmp_path / name
        lines = ["日期,休/班,说明", *(f"{day},休,{note}" for day, note in off.items())]
        lines += [f"{day},班,调休" for day in worked]
        path.write_text("\n".join(lines), encoding="gb18030")
        return path

    return write


@pytest.fixture
def bring(founded, people, notice):
    """Imports a notice: how many days changed."""

    def one(off, *worked, year=YEAR):
        seen = look(founded, people.admin, notice(off, *worked), year)
        return take_in(founded, people.admin, seen)

    return one


def works(db, day):
    with db.read() as work:
        return workdays(work).is_workday(day)


def source(db, people, year):
    return {line.year: line.source for line in years(db, people.clerk)}.get(year)


def test_that_the_years_tell_where_they_are_known_from(founded, people, clock):  # A4.4
    assert source(founded, people, 2026) is YearSource.BUILT_IN
    clock.move_to(datetime(2098, 12, 1, tzinfo=UTC))
    assert source(founded, people, YEAR) is YearSource.UNKNOWN
    assert year_calendar(founded, people.clerk, YEAR).months == ()


def test_that_an_imported_notice_makes_the_year_known(founded, people, bring):  # A4.4
    with pytest.raises(UnknownCalendar):
        works(founded, date(YEAR, 3, 2))
    assert bring(DAYS, "2099-10-10") == 17
    assert source(founded, people, YEAR) is YearSource.IMPORTED
    assert not works(founded, date(YEAR, 10, 2))
    assert works(founded, date(YEAR, 10, 10))
    assert works(founded, date(YEAR, 3, 2))
    assert not works(founded, date(YEAR, 3, 1))


def test_that_a_year_is_shown_by_months(founded, people, bring, clock):  # A4.4
    bring(DAYS, "2099-10-10")
    shown = year_calendar(founded, people.clerk, YEAR)
    assert (shown.line.own, shown.imported_by, shown.imported_at) == (
        17,
        "admin 系统管理员",
        clock.now(),
    )
    january, october = shown.months[0], shown.months[9]
    # 22 days from Monday to Friday, without New Year's Day and the 21st to 23rd, 26th to 28th.
    assert (january.month, january.workdays) == (1, 15)
    assert [one.day.day for one in january.days] == [1, *range(21, 29)]
    assert [(one.day.day, one.working) for one in october.days][-1] == (10, True)
    # 22 days, without the 1st and 2nd, with Saturday the 10th.
    assert october.workdays == 21


def test_that_a_built_in_year_is_shown_with_its_names(founded, people):  # A4.4
    shown = year_calendar(founded, people.clerk, 2026)
    assert (shown.line.own, shown.imported_at) == (0, None)
    first = shown.months[0].days[0]
    assert (first.day, first.working, first.note, first.own) == (
        date(2026, 1, 1),
        False,
        "元旦",
        False,
    )


def test_that_looking_stores_nothing(founded, people, notice):  # A4.4
    seen = look(founded, people.admin, notice(DAYS), YEAR)
    assert next((one.before, one.after) for one in seen.changes) == (None, "休 元旦")
    with pytest.raises(UnknownCalendar):
        works(founded, date(YEAR, 3, 2))


def test_that_one_bad_row_keeps_all_of_them_out(founded, people, notice):  # A4.4
    seen = look(founded, people.admin, notice(DAYS, "2099-02-30"), YEAR)
    assert [(one.row, one.field) for one in seen.problems] == [(18, "日期")]
    with pytest.raises(BadInput):
        take_in(founded, people.admin, seen)
    with pytest.raises(UnknownCalendar):
        works(founded, date(YEAR, 3, 2))


def test_that_a_second_import_takes_the_place_of_the_first(founded, people, bring):  # A4.4
    bring(DAYS, "2099-10-10")
    amended = {day: note for day, note in DAYS.items() if day != "2099-04-04"}
    assert bring({**amended, "2099-04-05": "清明节"}, "2099-10-10") == 2
    shown = year_calendar(founded, people.clerk, YEAR)
    assert [one.day for one in shown.months[3].days] == [date(2099, 4, 5)]


def test_that_an_import_is_in_the_trail_with_old_and_new_value(founded, people, bring):  # C4.5
    bring(DAYS)
    bring({**DAYS, "2099-04-04": "清明"})
    with founded.read() as work:
        newest, first = entries(work, AuditFilter(act="calendar.changed"))
    assert first.subject == "calendar:2099"
    assert first.before["2099-01-01"] is None
    assert first.after["2099-01-01"] == "休 元旦"
    assert newest.before == {"2099-04-04": "休 清明节"}
    assert newest.after == {"2099-04-04": "休 清明", "days": 16, "file": "安排.csv"}


def test_that_the_same_notice_again_changes_nothing(founded, people, bring):  # A4.4
    bring(DAYS)
    with pytest.raises(BadInput, match="没有变化"):
        bring(DAYS)


def test_that_the_second_of_two_desks_looks_again(founded, people, notice, bring):  # A4.4
    stale = look(founded, people.admin, notice(DAYS, name="一.csv"), YEAR)
    bring(DAYS, "2099-10-10")
    with pytest.raises(Conflict):
        take_in(founded, people.admin, stale)
    assert works(founded, date(2099, 10, 10))


def test_that_a_built_in_year_keeps_only_what_differs(founded, people, bring):  # A4.4
    assert bring({"2026-10-01": "国庆节", "2026-06-01": "厂庆"}, year=2026) == 1
    assert not works(founded, date(2026, 6, 1))
    assert source(founded, people, 2026) is YearSource.BUILT_IN
    shown = year_calendar(founded, people.clerk, 2026)
    assert shown.line.own == 1
    assert [one.own for one in shown.months[5].days if one.day == date(2026, 6, 1)] == [True]


def test_that_only_who_manages_accounts_imports(founded, people, notice):  # A4.4
    path = notice(DAYS)
    with pytest.raises(Denied):
        look(founded, people.clerk, path, YEAR)
    seen = look(founded, people.admin, path, YEAR)
    with pytest.raises(Denied):
        take_in(founded, people.supervisor, seen)
    assert year_calendar(founded, people.auditor, YEAR).months == ()


def test_that_a_year_out_of_reach_is_refused(founded, people):  # A4.4
    with pytest.raises(BadInput):
        year_calendar(founded, people.clerk, 1999)


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_that_the_template_of_an_imported_year_brings_the_same_again(
    founded, people, bring, tmp_path, suffix
):  # A4.4
    bring(DAYS, "2099-10-10")
    path = tmp_path / f"模板.{suffix}"
    assert write_template(founded, people.admin, path, YEAR) == 17
    seen = look(founded, people.admin, path, YEAR)
    assert (seen.problems, seen.changes) == ((), ())


def test_that_the_template_of_an_unknown_year_begins_with_the_fixed_days(
    founded, people, tmp_path
):  # A4.4
    path = tmp_path / "模板.xlsx"
    write_template(founded, people.admin, path, YEAR)
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[1]] == ["日期", "休/班", "说明"]
    assert sheet.max_row == 7
    # It wants the lunar holidays before it can be imported.
    [problem] = look(founded, people.admin, path, YEAR).problems
    assert "春节" in problem.message


def test_that_the_template_of_a_built_in_year_changes_nothing(founded, people, tmp_path):  # A4.4
    path = tmp_path / "模板.xlsx"
    write_template(founded, people.admin, path, 2026)
    seen = look(founded, people.admin, path, 2026)
    assert (seen.problems, seen.changes) == ((), ())


def test_that_from_november_on_an_unknown_next_year_is_told(founded, clock, bring):  # A4.4
    def told():
        return [
            (n.kind, n.subject) for n in daily_check(founded, SystemFacts()) if n.kind == "calendar"
        ]

    clock.move_to(datetime(2098, 10, 31, 15, 59, tzinfo=UTC))
    with founded.read() as work:
        # 2098 itself is unknown, too.
        assert unknown_year(work) == 2098
    bring({day.replace("2099", "2098"): note for day, note in DAYS.items()}, year=2098)
    assert told() == []
    clock.move_to(datetime(2098, 10, 31, 16, 0, tzinfo=UTC))
    assert told() == [("calendar", "2099")]
