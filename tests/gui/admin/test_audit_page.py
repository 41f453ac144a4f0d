import json

import pytest
from sqlalchemy import text

from app.core import paths
from ui.admin.audit_page import AuditPage


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))


def test_that_the_newest_act_stands_first(desk, people, show):  # C4.5
    page = show(AuditPage, desk(people.auditor))
    newest = page.table.rows().row_at(0)
    assert (newest.label, newest.actor) == ("登录", "auditor 孙内审")


def test_that_an_untouched_trail_is_found_whole(desk, people, show, settle):  # C4.5
    page = show(AuditPage, desk(people.auditor))
    page.verify()
    settle()
    settle()
    assert "操作日志完整" in page.banner.text()
    assert page.banner.property("banner") == "ok"


def test_that_a_changed_entry_is_named(desk, people, founded, show, settle):  # C4.5
    page = show(AuditPage, desk(people.auditor))
    with founded.engine.connect() as connection:
        guards = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit_entry'")
        ).scalars()
        for guard in list(guards):
            connection.execute(text(f"DROP TRIGGER {guard}"))
        connection.execute(text("UPDATE audit_entry SET reason='x' WHERE seq=3"))
        connection.commit()
    page.verify()
    settle()
    settle()
    assert "第 3 条" in page.banner.text()
    assert page.banner.property("banner") == "stop"


def test_that_the_trail_can_be_narrowed_to_one_kind_of_act(desk, people, show, settle):  # F1.3
    page = show(AuditPage, desk(people.auditor))
    page.acts.setCurrentIndex(page.acts.findData("company.founded"))
    settle()
    assert page.table.totals.count == 1
    assert page.table.rows().row_at(0).act == "company.founded"


def test_that_the_chosen_entry_is_shown_whole(desk, people, show, settle):  # A3.1
    page = show(AuditPage, desk(people.auditor))
    page.acts.setCurrentIndex(page.acts.findData("company.founded"))
    settle()
    page.table.selectRow(0)
    assert page.detail.lines.value("act") == "建立公司（company.founded）"
    changes = {field: after for field, _, after in page.detail.changes.all_rows()}
    assert changes["名称"] == "停付测试有限公司"


def test_that_an_export_holds_every_entry(desk, people, show, settle, tmp_path):  # C4.5
    page = show(AuditPage, desk(people.auditor))
    target = tmp_path / "trail.jsonl"
    page.export_to(str(target))
    settle()
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    acts = [line["act"] for line in lines if "act" in line]
    assert acts[0] == "company.founded"
    assert acts[-1] == "audit.export_begun"
