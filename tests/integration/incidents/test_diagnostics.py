"""诊断包: nothing confidential, nothing half written, nothing without its entry."""

import errno
import hashlib
import json
import os
import zipfile
from datetime import date

import pytest

from app.access.errors import Denied
from app.audit.queries import of_subject
from app.core.errors import BadInput, NotFound
from app.documents.errors import ExportFailed
from app.incidents.case_view import timeline
from app.incidents.closing.packing import INDEX, READ_ME, PackageCancelled
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Severity
from app.incidents.vendor.diagnostics import gather, write_diagnostics
from app.incidents.vendor.ticket_form import TicketFields
from app.incidents.vendor.tickets import save_ticket
from app.payments import diagnosing
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts

AT = "2026-03-02T01:59:00+00:00"


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def payment(people, channels, account, make_payment):
    return make_payment(account=account, made_by=people.clerk, due_on=date(2026, 2, 20)).number


@pytest.fixture
def number(founded, people, payment):
    diagnosing.run(founded, people.clerk, SystemFacts(), [payment])
    return open_incident(
        founded, people.clerk, OpenIncident((), Severity.P1, "银企直连报错", payments=(payment,))
    )


@pytest.fixture
def secrets(founded, people, payment, account):
    """What must not leave: the payee, both accounts, a password, an address, a number."""
    line = payment_detail(founded, people.clerk, payment).line
    return (
        line.payee,
        account.number,
        "hunter2026",
        "li@example.com",
        "13812345678",
        "91310115MA1K35RX1P",
    )


@pytest.fixture
def log(tmp_path, secrets):
    path = tmp_path / "tingfu.log"
    path.write_text(
        f"{AT} ERROR app.sending 付给 {secrets[0]} 的账号 {secrets[1]} 失败\nTraceback\n"
        f"  password={secrets[2]} mail {secrets[3]} 手机 {secrets[4]} 税号 {secrets[5]}\n"
        f"{AT} INFO ui.messages refused PAY-002: FK-20260302-0001 状态不明\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def parts(founded, people, number, log, secrets):
    save_ticket(
        founded, people.clerk, number, TicketFields(steps=f"付给 {secrets[0]}", phone=secrets[4])
    )
    return gather(founded, people.clerk, number, log)


def test_that_the_package_has_what_the_vendor_needs(parts):  # B3.2
    texts = {one.path: one.text for one in parts}
    assert {
        "版本.txt",
        "诊断发现.txt",
        "错误报告.txt",
        "日志.log",
        "停付前后.log",
        "设置.txt",
    } <= set(texts)
    assert "工单 GD-2026-0001.txt" in texts
    assert "Python" in texts["版本.txt"]
    assert "数据库" in texts["版本.txt"]
    assert "PAY-002: FK-20260302-0001" in texts["日志.log"]
    assert "Traceback" in texts["错误报告.txt"]
    assert "PAY-002" not in texts["错误报告.txt"]
    assert texts["日志.log"].startswith(f"{AT} ERROR app.sending ")


def test_that_nothing_confidential_is_in_any_part(parts, secrets, people):  # B3.2
    whole = "\n".join(one.text for one in parts)
    assert [one for one in secrets if one in whole] == []
    assert secrets[1][-4:] in whole
    # Who works here is nobody else's business either; a post is only a word.
    assert people.clerk.name not in whole


def test_that_what_is_written_is_what_was_looked_at(  # B3.2
    founded, people, number, parts, tmp_path
):
    dest = tmp_path / "诊断包.zip"
    made = write_diagnostics(founded, people.clerk, number, parts, dest)
    assert made.sha256 == hashlib.sha256(dest.read_bytes()).hexdigest()
    with zipfile.ZipFile(dest) as archive:
        held = {one: archive.read(one) for one in archive.namelist()}
    index = json.loads(held.pop(INDEX))
    assert held.pop(READ_ME)
    assert {name: data.decode() for name, data in held.items()} == {
        one.path: one.text for one in parts
    }
    assert {one["path"]: one["sha256"] for one in index["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in held.items()
    }
    with founded.read() as work:
        entry = of_subject(work, f"incident:{number}")[0]
    assert (entry.act, entry.after["sha256"]) == ("incident.diagnostic_package", made.sha256)
    assert any(made.sha256 in one.text for one in timeline(founded, people.clerk, number))


def test_that_a_full_disk_leaves_nothing_and_no_entry(  # B3.2
    founded, people, number, parts, tmp_path, monkeypatch
):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "U盘"
    folder.mkdir()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportFailed):
        write_diagnostics(founded, people.clerk, number, parts, folder / "诊断包.zip")
    assert list(folder.iterdir()) == []
    with founded.read() as work:
        acts = [one.act for one in of_subject(work, f"incident:{number}")]
    assert "incident.diagnostic_package" not in acts


def test_that_cancelling_leaves_nothing(founded, people, number, parts, log, tmp_path):  # B3.2
    dest = tmp_path / "诊断包.zip"
    with pytest.raises(PackageCancelled):
        write_diagnostics(founded, people.clerk, number, parts, dest, cancelled=lambda: True)
    assert not dest.exists()
    with pytest.raises(PackageCancelled):
        gather(founded, people.clerk, number, log, cancelled=lambda: True)


def test_that_progress_is_told(founded, people, number, log, tmp_path):  # B3.2
    steps = []
    parts = gather(founded, people.clerk, number, log, lambda *told: steps.append(told))
    write_diagnostics(
        founded, people.clerk, number, parts, tmp_path / "a.zip", lambda *told: steps.append(told)
    )
    assert all(0 < done <= total for done, total in steps)
    assert sum(done == total for done, total in steps) == 2


def test_that_parts_can_be_left_out_but_not_all(  # B3.2
    founded, people, number, parts, tmp_path
):
    dest = tmp_path / "诊断包.zip"
    write_diagnostics(founded, people.clerk, number, parts[:1], dest)
    with zipfile.ZipFile(dest) as archive:
        assert set(archive.namelist()) == {READ_ME, INDEX, parts[0].path}
    with pytest.raises(BadInput):
        write_diagnostics(founded, people.clerk, number, (), dest)


def test_that_without_a_log_it_says_so(founded, people, number, tmp_path):  # B3.2
    texts = {
        one.path: one.text for one in gather(founded, people.clerk, number, tmp_path / "x.log")
    }
    assert "还没有日志文件" in texts["日志.log"]


def test_that_only_who_deals_with_it_gets_a_package(  # B3.2
    founded, people, number, parts, log, tmp_path
):
    with pytest.raises(Denied):
        gather(founded, people.auditor, number, log)
    with pytest.raises(Denied):
        write_diagnostics(founded, people.auditor, number, parts, tmp_path / "a.zip")
    with pytest.raises(NotFound):
        gather(founded, people.clerk, "YJ-2026-0099", log)
