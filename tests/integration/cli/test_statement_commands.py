"""statement import and reconcile, as scripts call them."""

from app.statements.mapping import KnownLayout
from app.statements.sharing import written

HEAD = "交易日期,收入,支出,余额,对方户名,对方账号,摘要,交易流水号"


def test_import_twice_then_reconcile(run, company, tmp_path):  # E1.2 E1.3
    path = tmp_path / "流水.csv"
    rows = (
        "账号,6222020200112233445",
        HEAD,
        "2026-03-05,88.50,,88.50,某客户,,货款,L2",
        "2026-03-06,,36.00,52.50,,,网银服务费,L3",
        "昨天,1.00,,,,,,",
    )
    path.write_text("\n".join(rows), encoding="gb18030")
    desk = ("--db", company, "--as", "clerk")
    code, brought = run(*desk, "statement", "import", path)
    assert (code, brought["imported"]) == (1, 2)
    assert [(p["row"], p["field"]) for p in brought["problems"]] == [(5, "交易日期")]
    code, again = run(*desk, "statement", "import", path)
    assert again["imported"] == 0
    assert [s["row"] for s in again["skipped"] if s["reason"] == "此前已导入"] == [3, 4]
    days = ("--account", "6222020200112233445", "--from", "2026-03-01", "--to", "2026-03-31")
    code, found = run(*desk, "reconcile", *days)
    assert (code, found["matches"], found["difference"]) == (1, [], None)
    assert [one["amount"] for one in found["open"]["bank_credit_not_booked"]] == ["88.50"]
    assert [one["amount"] for one in found["open"]["bank_debit_not_booked"]] == ["-36.00"]
    assert found["open"]["book_debit_not_at_bank"] == []


def test_that_a_statement_of_another_account_is_refused(run, company, tmp_path):
    path = tmp_path / "流水.csv"
    path.write_text(f"账号,6222020200119999999\n{HEAD}\n2026-03-05,1.00,,,,,,L", encoding="utf-8")
    code, answer = run("--db", company, "--as", "clerk", "statement", "import", path)
    assert code == 2
    assert "不知道属于哪个账户" in answer["error"]["message"]


def test_that_an_import_is_listed_and_undone(run, company, tmp_path):  # E1.3
    path = tmp_path / "流水.csv"
    row = "2026-03-05,88.50,,88.50,某客户,,货款,L2"
    path.write_text(f"账号,6222020200112233445\n{HEAD}\n{row}", encoding="utf-8")
    desk = ("--db", company, "--as", "clerk")
    assert run(*desk, "statement", "import", path)[0] == 0
    code, found = run(*desk, "statement", "imports", "--account", "6222020200112233445")
    assert (code, found["count"]) == (0, 1)
    [one] = found["imports"]
    assert (one["file"], one["imported"], one["skipped"], one["undone"]) == ("流水.csv", 1, 0, None)
    assert one["period"] == ["2026-03-05", "2026-03-05"]
    code, done = run(*desk, "statement", "undo", one["id"], "--reason", "选错了文件")
    assert (code, done["undone"], done["file"]) == (0, 1, "流水.csv")
    code, again = run(*desk, "statement", "undo", one["id"], "--reason", "再一次")
    assert (code, again["error"]["code"]) == (2, "STM-007")
    code, found = run(*desk, "statement", "imports")
    assert found["imports"][0]["undone"]["reason"] == "选错了文件"
    assert run(*desk, "statement", "import", path)[1]["imported"] == 1
    code, answer = run(*desk, "statement", "imports", "--account", "1")
    assert (code, "没有登记账户" in answer["error"]["message"]) == (2, True)


def test_that_a_shared_layout_reads_a_file_without_a_database(run, tmp_path):  # E1.3
    path = tmp_path / "foreign.csv"
    path.write_text("Tag,Soll,Haben\n2026-03-05,,88.50\n2026-03-06,36.00,\n", encoding="utf-8")
    code, answer = run("statement", "inspect", path)
    assert (code, answer["error"]["code"]) == (2, "STM-001")
    assert "列对应" in answer["error"]["hint"]
    known = KnownLayout(
        "某某", ("Tag", "Soll", "Haben"), {"day": (0,), "expense": (1,), "income": (2,)}, "USD"
    )
    layout = tmp_path / "layout.json"
    layout.write_bytes(written(known))
    code, found = run("statement", "inspect", path, "--layout", layout)
    assert (code, found["currency"]) == (0, "USD")
    assert [one["amount"] for one in found["transactions"]] == ["88.50", "-36.00"]
    assert found["notes"] == ["按记住的列对应“某某”读取。"]
    layout.write_text("{}", encoding="utf-8")
    code, answer = run("statement", "inspect", path, "--layout", layout)
    assert (code, answer["error"]["code"]) == (2, "STM-005")


def test_that_a_shared_layout_is_for_once(run, company, tmp_path):  # E1.3
    path = tmp_path / "foreign.csv"
    path.write_text("Tag,Soll,Haben\n2026-03-05,,88.50\n", encoding="utf-8")
    known = KnownLayout(
        "某某", ("Tag", "Soll", "Haben"), {"day": (0,), "expense": (1,), "income": (2,)}
    )
    layout = tmp_path / "layout.json"
    layout.write_bytes(written(known))
    desk = ("--db", company, "--as", "clerk")
    bring = ("statement", "import", path, "--account", "6222020200112233445")
    assert run(*desk, *bring)[0] == 2
    code, brought = run(*desk, *bring, "--layout", layout)
    assert (code, brought["imported"]) == (0, 1)
    # It was for once only.
    assert run(*desk, *bring)[0] == 2
