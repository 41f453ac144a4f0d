"""statement import and reconcile, as scripts call them."""

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
