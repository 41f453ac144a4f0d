"""calendar show, import and template, as scripts and people use them."""

import pytest

YEAR = 2099
DAYS = ["01-01", *(f"01-{day}" for day in range(21, 29)), "05-01", "05-02", "10-01", "10-02"]


@pytest.fixture
def notice(tmp_path):
    def write(*days):
        path = tmp_path / "安排.csv"
        lines = ["日期,休/班,说明", *(f"{YEAR}-{day},休,节" for day in days)]
        path.write_text("\n".join(lines), encoding="gb18030")
        return path

    return write


@pytest.fixture
def desk(company):
    return ("--db", company, "--as", "boss", "calendar")


def test_that_a_notice_is_previewed_imported_and_shown(run, desk, notice):  # A4.4
    path = notice(*DAYS, "10-03")
    code, seen = run(*desk, "import", path, "--year", YEAR, "--preview")
    assert (code, seen["imported"], len(seen["changes"]), seen["problems"]) == (0, 0, 14, [])
    code, shown = run(*desk, "show", "--year", YEAR)
    assert (code, shown["months"]) == (1, [])
    code, done = run(*desk, "import", path, "--year", YEAR)
    assert (code, done["imported"]) == (0, 14)
    assert done["changes"][0] == {"day": "2099-01-01", "before": None, "after": "休 节"}
    code, shown = run(*desk, "show", "--year", YEAR)
    assert code == 0
    assert [len(month["days"]) for month in shown["months"]] == [9, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0]
    assert {"year": YEAR, "source": "IMPORTED", "own_days": 14} in shown["years"]


def test_that_a_bad_row_keeps_all_out_and_is_exit_1(run, say, desk, notice):  # A4.4
    path = notice(*DAYS, "02-30")
    code, done = run(*desk, "import", path, "--year", YEAR)
    assert (code, done["imported"]) == (1, 0)
    assert [(p["row"], p["field"]) for p in done["problems"]] == [(15, "日期")]
    _, said = say(*desk, "import", path, "--year", YEAR)
    assert "第 15 行 日期：日期“2099-02-30”不存在" in said
    assert "没有导入任何日期" in said


def test_that_the_template_comes_back_through_the_import(run, desk, tmp_path):  # A4.4
    path = tmp_path / "模板.xlsx"
    code, made = run(*desk, "template", path, "--year", 2026)
    assert (code, made["days"]) == (0, 39)
    code, seen = run(*desk, "import", path, "--year", 2026)
    assert (code, seen["imported"], seen["changes"]) == (0, 0, [])


def test_that_who_does_not_manage_accounts_only_looks(run, company, notice):  # A4.4
    desk = ("--db", company, "--as", "clerk", "calendar")
    assert run(*desk, "show")[0] == 0
    code, answer = run(*desk, "import", notice(*DAYS), "--year", YEAR)
    assert (code, answer["error"]["code"]) == (2, "ACC-001")


def test_that_the_years_are_said_in_words(say, desk):  # A4.4
    code, said = say(*desk, "show")
    assert code == 0
    assert "2026 年  程序内置" in said.splitlines()
    _, said = say(*desk, "show", "--year", 2026)
    assert " 1 月  工作日" in said
    assert "2026-01-01  休 元旦" in said
