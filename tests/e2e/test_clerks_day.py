"""A payment's way through the real windows: in, diagnosed, stopped, resumed by two others, on paper."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from app.core.clock import local_text
from app.core.codes import StopReason
from app.documents.preview import page_count, page_text
from app.payments.detail import payment_detail
from app.payments.states import Status
from tests.e2e.deeds import (
    ask_lift,
    ask_resume,
    bring_in,
    pause,
    shown,
    status,
    stop,
    wait_for,
    write_list,
)
from tests.support.people import PASSWORD

MAIN = Path(__file__).resolve().parents[2] / "main.py"


def import_and_diagnose(clerk, path):
    """Three rows come in, the bad one is named, and the diagnosis stops what its invoice refutes."""
    wizard, problems = bring_in(clerk, path)
    assert problems == [(5, "收款账号")]
    clerk.press("payments_import_diagnose", wizard)
    listed = clerk.go("payments")
    clerk.wait(lambda: "已诊断 3 笔" in listed.banner.text())
    clerk.wait(lambda: listed.table.totals.count == 3)
    clerk.settle()
    numbers = sorted(row.number for row in listed.table.rows().rows_between(0, 2))
    assert f"1 笔因存在阻断原因新停付：{numbers[2]}" in listed.banner.text()
    return numbers


def read_paper(boss, outcome, folder, form):
    """Look at the paper, save it from the preview and read what was saved."""
    boss.press("outcome.sheet", outcome)
    sheet = boss.dialog("sheet")
    boss.wait(lambda: sheet.view.page_count() > 0)
    saved = folder / f"{form}.pdf"
    boss.press("sheet.view_save", sheet)
    boss.choose_file("sheet.view_save_dialog", saved)
    boss.wait(lambda: "已保存到" in sheet.view.banner.text())
    data = saved.read_bytes()
    assert page_count(data) == sheet.view.page_count()
    sheet.close()
    text = "".join(page_text(data, page) for page in range(page_count(data)))
    return "".join(text.split())


def listed_on_the_command_line(url):
    """What `payments list --status READY` prints for the clerk."""
    command = [sys.executable, str(MAIN), "--db", url, "--as", "clerk", "--json"]
    answer = subprocess.run(
        [*command, "payments", "list", "--status", "READY"],
        env={**os.environ, "TINGFU_PASSWORD": PASSWORD},
        capture_output=True,
        timeout=60,
        check=True,
    )
    return json.loads(answer.stdout)["payments"]


def test_a_payment_comes_in_stops_and_is_resumed_by_two_others(  # C1.2 C1.3 C2.1 A5.5 C3.2 C4.1 C5.1 C5.3 C5.4
    seat, company, founded, any_database_url, today, tmp_path, promises
):
    clerk, boss = seat("clerk"), seat("supervisor")
    path = write_list(tmp_path / "fukuan.csv", company.number, today)
    first, second, third = import_and_diagnose(clerk, path)
    assert status(clerk, third) is Status.STOPPED

    # The supervisor pauses the whole account; the clerk asks for the lifting, the CFO grants it.
    pause(boss, "账户", "账户核查", company.number)
    assert [status(clerk, number) for number in (first, second)] == [Status.PAUSED] * 2
    hold = ask_lift(clerk, company.number[-4:])
    seat("cfo").approve(hold)
    assert [status(clerk, number) for number in (first, second)] == [Status.DRAFT] * 2

    # One payment is stopped; a press without a choice diagnoses everything that stands still.
    stop(boss, first, "发票户名待核")
    listed = clerk.go("payments")
    listed.table.clearSelection()
    clerk.wait(lambda: listed._chosen == ())
    clerk.press("payments_acts_diagnose", listed)
    clerk.wait(lambda: "已诊断 2 笔" in listed.banner.text())
    detail = payment_detail(founded, clerk.context.actor, first)
    assert detail.line.reasons == (StopReason.MANUAL_PAUSE,)
    assert "发票户名待核" in detail.diagnoses[0].causes[0].summary

    form = ask_resume(clerk, first, today + timedelta(days=1))
    listed = clerk.mark(first)
    seat("checker").approve(first)
    assert status(clerk, first) is Status.RESUME_PENDING
    boss.wait(lambda: boss.desk.main.navigation.badge("inbox") == 1)
    inbox = boss.approve(first, level=2)
    assert f"{first}：已恢复，转入待执行" in inbox.banner.text()

    # The clerk's list shows it without being asked, and keeps what was marked.
    wait_for(clerk, first, Status.READY)
    assert [line.number for line in listed.table.selected_rows()] == [first]
    assert shown(listed, second) == "草稿"

    # The approver sees the dry run and when the payment goes; nothing has left.
    outcome = boss.dialog("outcome")
    detail = payment_detail(founded, clerk.context.actor, first)
    facts = boss.part("outcome.facts", outcome)
    assert detail.line.next_execution_at is not None
    assert facts.value("next") == local_text(detail.line.next_execution_at)
    tested = boss.part("outcome.passages", outcome).all_rows()
    assert tested != []
    assert [one.code for one in tested if not one.ok] == []
    assert all(row["ok"] for row in detail.resumptions[0].review)
    assert detail.attempts == ()

    text = read_paper(boss, outcome, tmp_path, form)
    amount = "壹万贰仟元伍角整"
    people = ("陈经办", "周复核", "王主管")
    for word in (form, first, "上海华峰机械有限公司", amount, *people):
        assert word in text, word
    boss.press("outcome.close", outcome)

    log = boss.go("release_log")
    boss.click_row(log.table, lambda entry: entry.payment_no == first)
    assert log.table.current_row().sheet_no == form
    [ready] = listed_on_the_command_line(any_database_url)
    assert (ready["number"], ready["amount"]) == (first, "12000.50")
    promises()
