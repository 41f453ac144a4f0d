"""journal inspect, import and template, as scripts call them."""

HEAD = "日期,凭证字号,摘要,借方,贷方,余额"
ROWS = (
    "科目：1002 银行存款-工行",
    HEAD,
    ",,期初余额,,,100.00",
    "2026-03-05,记-1,收货款,88.50,,188.50",
    "2026-03-06,记-2,网银服务费,,36.00,152.50",
    ",,本月合计,88.50,36.00,152.50",
)


def write(tmp_path, *rows):
    path = tmp_path / "日记账.csv"
    path.write_text("\n".join(rows), encoding="gb18030")
    return path


def test_inspect_needs_no_database(run, tmp_path):  # E1.2
    code, found = run("journal", "inspect", write(tmp_path, *ROWS))
    assert (code, found["proof"], found["line_count"]) == (0, "balanced", 2)
    assert (found["opening_balance"], found["closing_balance"]) == ("100.00", "152.50")
    assert [one["amount"] for one in found["lines"]] == ["88.50", "-36.00"]
    [book] = found["books"]
    assert (book["total_debit"], book["total_credit"]) == ("88.50", "36.00")
    assert [s["row"] for s in found["skipped"]] == [1, 2, 3, 6]


def test_inspect_names_what_does_not_prove(run, tmp_path):  # E1.2
    wrong = (*ROWS[:-1], ",,本月合计,88.50,35.00,152.50")
    code, found = run("journal", "inspect", write(tmp_path, *wrong))
    assert (code, [(p["row"], p["field"]) for p in found["problems"]]) == (1, [(6, "合计")])


def test_a_file_that_is_no_journal_is_refused(run, tmp_path):
    code, answer = run("journal", "inspect", write(tmp_path, "姓名,部门", "张三,财务"))
    assert (code, answer["error"]["code"]) == (2, "JRN-001")


def test_import_twice(run, company, tmp_path):  # E1.2
    desk = ("--db", company, "--as", "clerk")
    path = write(tmp_path, *ROWS)
    code, refused = run(*desk, "journal", "import", path)
    assert (code, "不知道属于哪个账户" in refused["error"]["message"]) == (2, True)
    number = ("--account", "6222020200112233445")
    code, brought = run(*desk, "journal", "import", path, *number)
    assert (code, brought["imported"], brought["problems"]) == (0, 2, [])
    code, again = run(*desk, "journal", "import", path, *number)
    assert (code, again["imported"]) == (0, 0)
    assert [s["row"] for s in again["skipped"] if s["reason"] == "此前已导入"] == [4, 5]


def test_that_of_several_subjects_one_is_picked(run, company, tmp_path):
    desk = ("--db", company, "--as", "clerk")
    path = write(tmp_path, *ROWS, "科目：1002 银行存款-建行", HEAD, "2026-03-05,记-1,收,5.00,,")
    number = ("--account", "6222020200112233445")
    code, answer = run(*desk, "journal", "import", path, *number)
    assert (code, "--subject" in answer["error"]["hint"]) == (2, True)
    code, brought = run(*desk, "journal", "import", path, *number, "--subject", "工行")
    assert (code, brought["imported"]) == (0, 2)


def test_the_template_is_empty_and_can_be_read(run, tmp_path):
    path = tmp_path / "模板.xlsx"
    assert run("journal", "template", path)[0] == 0
    code, found = run("journal", "inspect", path)
    assert (code, found["line_count"]) == (1, 0)
    assert "没有任何分录" in found["problems"][0]["message"]


def test_that_an_import_is_listed_and_taken_back(run, company, tmp_path):  # E3.5
    desk = ("--db", company, "--as", "clerk")
    number = ("--account", "6222020200112233445")
    path = write(tmp_path, *ROWS)
    run(*desk, "journal", "import", path, *number)
    code, listed = run(*desk, "journal", "imports", *number)
    [brought] = listed["imports"]
    assert (code, brought["imported"], brought["undone"]) == (0, 2, None)
    code, gone = run(*desk, "journal", "undo", str(brought["id"]), "--reason", "选错了科目")
    assert (code, gone["undone"]) == (0, 2)
    code, refused = run(*desk, "journal", "undo", str(brought["id"]), "--reason", "再来一次")
    assert (code, refused["error"]["code"]) == (2, "JRN-010")
    code, listed = run(*desk, "journal", "imports")
    assert listed["imports"][0]["undone"]["reason"] == "选错了科目"
    code, again = run(*desk, "journal", "import", path, *number)
    assert (code, again["imported"]) == (0, 2)
