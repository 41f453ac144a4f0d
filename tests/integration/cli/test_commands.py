"""The command line as scripts rely on it: one JSON document, exit codes 0, 1 and 2."""

import pytest
from sqlalchemy import select

from app.audit.model import AuditEntry

HEADER = "收款单位,收款账号,开户行,金额,付款日期,用途,付款账号\n"
ROW = "上海华峰机械有限公司,31050161393600000123,建设银行张江支行,1234.50,2026-03-05,货款,"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "付款.csv"
    path.write_text(HEADER + ROW + "6222020200112233445\n", encoding="gb18030")
    return path


def test_import_list_and_diagnose(run, company, file):  # C1.3 A1.2
    desk = ("--db", company, "--as", "clerk", "payments")
    code, brought = run(*desk, "import", file)
    assert (code, brought["imported"], brought["skipped"], brought["problems"]) == (0, 1, [], [])
    code, listed = run(*desk, "list", "--status", "DRAFT")
    [row] = listed["payments"]
    assert (code, listed["count"], listed["total"]) == (0, 1, "1234.50")
    assert {
        k: row[k] for k in ("status", "amount", "currency", "payee", "due_on", "holds", "reasons")
    } == {
        "status": "DRAFT",
        "amount": "1234.50",
        "currency": "CNY",
        "payee": "上海华峰机械有限公司",
        "due_on": "2026-03-05",
        "holds": 0,
        "reasons": [],
    }
    code, found = run(*desk, "diagnose", row["number"])
    assert code in {0, 1}
    assert found["number"] == row["number"]
    assert all(
        {"reason", "severity", "summary", "evidence", "next_actions"} <= set(f)
        for f in found["findings"]
    )
    code, again = run(*desk, "import", file)
    assert (code, again["imported"]) == (0, 0)
    assert [s["row"] for s in again["skipped"]] == [2]


def test_that_a_bad_row_is_exit_1_and_named(run, company, tmp_path):  # C3.4
    path = tmp_path / "坏.csv"
    path.write_text(
        HEADER + ROW.replace("1234.50", "abc") + "6222020200112233445\n", encoding="utf-8"
    )
    code, answer = run("--db", company, "--as", "clerk", "payments", "import", path)
    assert (code, answer["imported"]) == (1, 0)
    assert [(p["row"], p["field"]) for p in answer["problems"]] == [(2, "金额")]


def test_that_a_refusal_is_exit_2_with_code_message_and_hint(run, company, file):  # E4.4
    code, answer = run("--db", company, "--as", "boss", "payments", "import", file)
    assert code == 2
    assert set(answer["error"]) == {"code", "message", "hint"}
    assert answer["error"]["code"] == "ACC-001"


def test_that_a_command_without_a_user_is_refused(run, company):  # C1.1
    code, answer = run("--db", company, "payments", "list")
    assert (code, answer["error"]["code"]) == (2, "CLI-001")


def test_that_a_missing_database_is_exit_2(run, empty_database_url):  # B2.4
    code, answer = run("--db", empty_database_url, "selfcheck")
    assert (code, answer["error"]["code"]) == (2, "DB-007")


def test_audit_verify_and_what_a_changed_row_does(run, company, open_url):  # B2.4 C4.5
    code, answer = run("--db", company, "audit", "verify")
    assert (code, answer["ok"], answer["first_broken"]) == (0, True, None)
    from app.storage.migrations import guards

    db = open_url(company)
    with db.engine.begin() as connection:
        guards.remove(connection, guards.FOUNDATION)
        connection.exec_driver_sql("UPDATE audit_entry SET reason = 'x' WHERE seq = 2")
    code, answer = run("--db", company, "audit", "verify")
    assert (code, answer["ok"], answer["first_broken"]["entry"]) == (1, False, 2)


def test_that_a_proof_is_checked_against_the_trail(run, company, open_url):  # D5.4
    db = open_url(company)
    with db.read() as work:
        last = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    proof = f"TINGFU:{last.seq}:{last.hash}"
    code, answer = run("--db", company, "audit", "verify", "--proof", proof)
    assert (code, answer["ok"]) == (0, True)
    other = f"TINGFU:{last.seq}:{'0' * 64}"
    code, answer = run("--db", company, "audit", "verify", "--proof", other)
    assert (code, answer["ok"], answer["first_broken"]["entry"]) == (1, False, last.seq)
    code, answer = run("--db", company, "audit", "verify", "--proof", "TINGFU:1")
    assert (code, answer["error"]["code"]) == (2, "INP-001")


def test_backup_create_verify_and_restore(run, company, new_database_url, tmp_path):  # F1.4
    file = tmp_path / "a.tfbak"
    code, _ = run("--db", company, "--as", "boss", "backup", "create", file)
    assert code == 0
    code, proof = run("backup", "verify", file)
    assert (code, proof["ok"]) == (0, True)
    target = new_database_url()
    code, restored = run("--db", target, "backup", "restore", file)
    assert (code, restored["entries"]) == (0, proof["entries"])
    code, answer = run("--db", target, "audit", "verify")
    assert (code, answer["entries"]) == (0, proof["entries"] + 1)


def test_that_a_damaged_backup_is_exit_1(run, company, tmp_path):  # F1.4
    file = tmp_path / "a.tfbak"
    run("--db", company, "--as", "boss", "backup", "create", file)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    code, proof = run("backup", "verify", file)
    assert (code, proof["ok"]) == (1, False)


def test_selfcheck_names_each_check_and_its_cure(run, company):  # B2.5
    code, answer = run("--db", company, "selfcheck")
    names = {check["name"] for check in answer["checks"]}
    assert {"integrity", "audit", "disk", "data.stopped", "data.once", "backup", "fonts"} <= names
    # No backup was made yet, which wants attention and says what to do.
    assert (code, answer["ok"]) == (1, False)
    assert all(check["cure"] for check in answer["checks"] if not check["ok"])


def test_that_each_check_says_its_group_its_state_and_its_meaning(run, company):  # B2.5
    _, answer = run("--db", company, "selfcheck", "--quick")
    checks = {one["name"]: one for one in answer["checks"]}
    assert {one["group"] for one in answer["checks"]} == {
        "database",
        "promises",
        "program",
        "backups",
        "outside",
    }
    assert all(one["meaning"] and one["title"] for one in answer["checks"])
    assert all(one["ok"] is (one["state"] != "BAD") for one in answer["checks"])
    # What a command can't look at is no fault.
    assert (checks["printers"]["state"], checks["printers"]["ok"]) == ("NONE", True)
    assert (answer["thorough"], answer["number"], answer["pdf"]) == (False, None, None)


def test_that_a_run_by_somebody_is_kept_and_written_as_a_report(run, company, tmp_path):  # B2.5
    out = tmp_path / "自诊断.pdf"
    desk = ("--db", company, "--as", "clerk", "selfcheck", "--quick")
    code, answer = run(*desk, "--pdf", out)
    assert (code, answer["troubles"]) == (1, [])
    assert answer["number"].startswith("ZD-")
    assert out.read_bytes().startswith(b"%PDF")
    # The report that can't be written does not hide what was found.
    code, answer = run(*desk, "--pdf", tmp_path / "没有" / "x.pdf")
    assert (code, len(answer["checks"]) > 40) == (1, True)
    assert "报告没有写出" in answer["troubles"][0]


def test_that_a_selfcheck_without_faults_is_exit_0(run, company, tmp_path):  # B2.5
    backups = tmp_path / "home" / "backups"
    backups.mkdir(parents=True)
    run("--db", company, "--as", "boss", "backup", "create", backups / "a.tfbak")
    code, answer = run("--db", company, "selfcheck")
    wrong = {one["name"] for one in answer["checks"] if not one["ok"]}
    # The tests' own server does without what makes a power cut harmless.
    assert wrong <= {"settings"}
    assert (code, answer["ok"]) == ((1, False) if wrong else (0, True))


def test_that_a_restore_in_place_is_not_taken_for_a_cut_trail(run, company, tmp_path):  # F1.4
    file = tmp_path / "a.tfbak"
    run("--db", company, "--as", "boss", "backup", "create", file)
    run("--db", company, "--as", "clerk", "payments", "list")
    assert run("--db", company, "audit", "verify")[0] == 0
    code, _ = run("--db", company, "--as", "boss", "backup", "restore", file, "--replace")
    assert code == 0
    code, answer = run("--db", company, "audit", "verify")
    assert (code, answer["ok"]) == (0, True)
