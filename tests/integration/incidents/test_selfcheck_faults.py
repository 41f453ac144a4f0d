"""Self-diagnosis names every planted fault, no other one, and the cure that is right for it."""

import hashlib
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from app.audit.anchor import verify_here
from app.documents.errors import FontNotUsable
from app.incidents.selfcheck import State, promises
from app.incidents.selfcheck.checks import Group, Mount
from app.letters.setup import Security
from tests.support.faults import GIGA, Machine
from tests.support.mail import Box, serve


@pytest.fixture(scope="module")
def prepared(built_demo, tmp_path_factory):
    """A sound machine whose file and backup are copied for each test."""
    machine = Machine(built_demo, tmp_path_factory.mktemp("sound"))
    machine.back_up()
    machine.db.close()
    return machine


@pytest.fixture
def machine(prepared, tmp_path):
    made = Machine(prepared.path, tmp_path)
    [backup] = prepared.backups.iterdir()
    (made.backups / backup.name).write_bytes(backup.read_bytes())
    yield made
    made.close()


def only(machine, *names, cure, thorough=True):
    """Exactly these checks fail; the first one's cure says this."""
    broken = machine.broken(thorough=thorough)
    assert set(broken) == set(names), {name: one.detail for name, one in broken.items()}
    first = broken[names[0]]
    assert cure in first.cure
    assert first.detail
    assert first.meaning
    return first


def test_that_a_sound_company_passes_every_check(machine):  # B2.4 B2.5
    for thorough in (False, True):
        checks = machine.checks(thorough=thorough)
        assert {name: one.detail for name, one in checks.items() if not one.ok} == {}
        assert {one.group for one in checks.values()} == set(Group)
        assert all(one.meaning and one.detail for one in checks.values())
        assert all(bool(one.cure) == (one.state is State.HINT) for one in checks.values())


def test_that_the_demo_company_has_only_the_faults_of_its_story(  # B2.5
    machine, built_demo, tmp_path
):
    folder = tmp_path / "demo"
    folder.mkdir()
    demo = Machine(built_demo, folder)
    try:
        demo.tamper("UPDATE channel SET up = 0 WHERE code = 'DIRECT'")
        assert set(demo.broken(thorough=False)) == {"backup", "channel.DIRECT"}
    finally:
        demo.close()


# --- the database ---------------------------------------------------------------------------------


def unread_page(machine):
    """Text that stands in a page which no other check reads."""
    machine.tamper("INSERT INTO column_mapping VALUES ('s', 'needle-in-the-page', 'clerk', 1)")
    return "needle-in-the-page"


def test_a_damaged_page(machine):  # A1.1 B2.4
    machine.damage_page_of(unread_page(machine))
    found = only(machine, "integrity", cure="恢复最近一次验证通过的备份")
    assert "损坏" in found.detail


def test_a_damaged_page_is_found_by_the_quick_run_as_well(machine):  # A1.1 B2.4
    machine.damage_page_of(unread_page(machine))
    only(machine, "integrity", cure="恢复", thorough=False)


def test_that_damage_where_every_look_reads_hides_no_other_check(machine):  # B2.4
    machine.damage_page_of("FK-2026")
    checks = machine.checks(thorough=False)
    assert not checks["integrity"].ok
    assert checks["disk"].ok
    assert checks["memory"].ok
    assert len(checks) > 40


def test_a_broken_foreign_key(machine):  # B2.4
    machine.tamper("UPDATE sign_in SET user_id = 999 WHERE id = 1")
    found = only(machine, "references", cure="恢复")
    assert "sign_in" in found.detail


def test_a_cut_audit_tail(machine):  # B2.4 C4.5
    verify_here(machine.db, machine.home)
    machine.tamper(
        "DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)",
        "UPDATE audit_head SET (seq, hash) ="
        " (SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1)",
    )
    # The newest backup knows of an entry that is not there any more, so it is not this trail's.
    machine.outside.backups.joinpath("tingfu-1.tfbak").unlink()
    machine.back_up()
    found = only(machine, "audit", cure="通知内审")
    assert "截断" in found.detail


def test_a_cut_audit_tail_is_found_by_the_quick_run_as_well(machine):  # B2.4 C4.5
    verify_here(machine.db, machine.home)
    machine.tamper("DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)")
    assert "audit" in machine.broken(thorough=False)


def test_a_changed_audit_row(machine):  # B2.4 C4.5
    machine.tamper("UPDATE audit_entry SET reason = '改过' WHERE seq = 20")
    found = only(machine, "audit", cure="立即停止使用")
    assert "第 20 条" in found.detail


def test_a_write_guard_that_was_taken_off(machine):  # B2.4
    with closing(sqlite3.connect(machine.path)) as raw:
        raw.execute("DROP TRIGGER guard_audit_entry_update")
    found = only(machine, "guards", cure="通知内审")
    assert "guard_audit_entry_update" in found.detail


def test_a_missing_attachment(machine):  # B2.4 B5.2
    name = machine.one("SELECT file_hash FROM letter ORDER BY id LIMIT 1")
    machine.tamper(f"DELETE FROM stored_file WHERE hash = '{name}'")
    found = only(machine, "files", "references", cure="从最近一次验证通过的备份恢复")
    assert name[:16] in found.detail
    assert "letter" in found.detail


@pytest.mark.parametrize("thorough", [True, False])
def test_attachment_bytes_that_were_changed(machine, thorough):  # B2.4 B5.2
    name = machine.one("SELECT hash FROM stored_file ORDER BY rowid LIMIT 1")
    with closing(sqlite3.connect(machine.path)) as raw:
        data = bytearray(raw.execute("SELECT data FROM stored_file").fetchone()[0])
    data[len(data) // 2] ^= 0xFF
    machine.tamper(f"UPDATE stored_file SET data = X'{data.hex()}' WHERE hash = '{name}'")
    found = only(machine, "files", cure="从最近一次验证通过的备份恢复", thorough=thorough)
    assert name[:16] in found.detail


def test_that_every_file_but_the_newest_fifty_is_measured_at_least(machine):  # B5.2
    for number in range(60):
        data = b"attachment %d" % number
        name = hashlib.sha256(data).hexdigest()
        machine.tamper(
            f"INSERT INTO stored_file VALUES ('{name}', {len(data)}, X'{data.hex()}', {number})"
        )
    oldest = hashlib.sha256(b"attachment 0").hexdigest()
    same_size = b"attachmenT 0".hex()
    machine.tamper(f"UPDATE stored_file SET data = X'{same_size}' WHERE hash = '{oldest}'")
    assert machine.broken(thorough=False) == {}
    only(machine, "files", cure="备份恢复")
    machine.tamper(f"UPDATE stored_file SET data = X'00' WHERE hash = '{oldest}'")
    only(machine, "files", cure="备份恢复", thorough=False)


def test_a_migration_that_was_not_finished(machine):  # B2.6 A1.1
    machine.tamper(
        "INSERT INTO upgrade_log (from_revision, to_revision, program_version, backup_path,"
        " started_at) VALUES ('0000', '0001', '0.0.9', '/backups/upgrade-0000.tfbak', 1)"
    )
    found = only(machine, "upgrade", cure="恢复该备份")
    assert "/backups/upgrade-0000.tfbak" in found.detail


def test_a_schema_of_another_version(machine):  # B2.6 A1.1
    machine.tamper("UPDATE alembic_version SET version_num = '0999'")
    only(machine, "schema", cure="请用与数据库相符的程序版本打开")


def test_a_write_ahead_log_that_is_switched_off(machine):  # B2.4
    with machine.db.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA journal_mode=DELETE")
    found = only(machine, "settings", cure="重新启动程序")
    assert "journal_mode=delete" in found.detail


@pytest.mark.parametrize(
    ("kind", "remote"), [("cifs", False), ("nfs4", False), ("fuse.sshfs", False), ("NTFS", True)]
)
def test_a_database_on_another_machines_disk(machine, kind, remote):  # B2.4
    mounts = [Mount("/", "ext4", False), Mount(str(machine.path.parent), kind, remote)]
    machine.set(mounts=lambda: mounts)
    only(machine, "place", cure="恢复到本机磁盘", thorough=False)


def test_that_a_disk_below_the_share_is_this_machines_own(machine):  # B2.4
    mounts = [Mount("/", "nfs4", False), Mount(str(machine.path.parent), "ext4", False)]
    machine.set(mounts=lambda: mounts)
    assert machine.checks(thorough=False)["place"].ok


# --- the promises ---------------------------------------------------------------------------------

PROMISES_BROKEN = [
    (
        "stopped",
        (
            "UPDATE payment SET status = 'READY' WHERE id = (SELECT min(id) FROM payment"
            " WHERE status = 'STOPPED')"
        ),
        "逐笔核对暂停令",
    ),
    (
        "resting",
        (
            "UPDATE payment SET status = 'FAILED' WHERE id = (SELECT min(id) FROM payment"
            " WHERE status = 'EXECUTED')"
        ),
        "以付款详情和银行回单为准",
    ),
    (
        "once",
        (
            "INSERT INTO attempt SELECT payment_id, 99, obligation || '#', payee_id, amount_minor,"
            " channel, sent, state, live, by_name, written_at, answered_at, bank_ref, bank_code,"
            " bank_text, 900000 FROM attempt WHERE state = 'SUCCEEDED' LIMIT 1"
        ),
        "追回多付的款项",
    ),
    (
        "obligation",
        (
            "UPDATE attempt SET obligation = 'other' WHERE id = (SELECT min(id) FROM attempt"
            " WHERE live)"
        ),
        "联系技术支持更正",
    ),
    (
        "at_bank",
        (
            "UPDATE attempt SET live = 0, state = 'FAILED' WHERE id = (SELECT min(id) FROM attempt"
            " WHERE live)"
        ),
        "向银行查询",
    ),
    (
        "own",
        (
            "UPDATE approval_request SET makers = '[' || (SELECT user_id FROM approval_decision d"
            " WHERE d.request_id = approval_request.id) || ']' WHERE id = (SELECT min(request_id)"
            " FROM approval_decision)"
        ),
        "由其他有权限的人重新审核",
    ),
    (
        "levels",
        (
            'UPDATE approval_request SET levels = \'["CHECKER","GM","GM"]\' WHERE id ='
            " (SELECT min(id) FROM approval_request WHERE state = 'APPROVED')"
        ),
        "补做审批",
    ),
    (
        "ready",
        (
            "UPDATE approval_request SET state = 'VOIDED' WHERE kind = 'PAYMENT' AND subject_id ="
            " (SELECT max(id) FROM payment p WHERE stage = 'READY' AND NOT EXISTS"
            " (SELECT 1 FROM approval_request r WHERE r.subject_id = p.id AND r.kind = 'RESUME'))"
        ),
        "重新提交审批",
    ),
    (
        "totals",
        "UPDATE payment_total SET payments = payments + 1 WHERE status = 'EXECUTED'",
        "以逐笔明细为准",
    ),
    (
        "A1",
        (
            "UPDATE agreement SET state = 'CANCELLED' WHERE id = (SELECT min(id) FROM agreement"
            " WHERE state = 'ACTIVE' AND id NOT IN (SELECT agreement_id FROM confirmation))"
        ),
        "向银行核实所列协议是否真正终止",
    ),
    ("A3", "UPDATE number_series SET last = last + 1 WHERE name LIKE 'LETTER-%'", "缺号、重号"),
    (
        "A8",
        "UPDATE agreement SET state = 'ACTIVE' WHERE state = 'SUSPENDED'",
        "核对该期间的银行流水",
    ),
    (
        "matches_whole",
        (
            "UPDATE match_member SET live = 0 WHERE match_id = (SELECT min(id) FROM match_group"
            " WHERE state = 'LIVE')"
        ),
        "重新勾对",
    ),
    (
        "books_even",
        (
            "UPDATE match_member SET amount_minor = amount_minor + 1 WHERE id = (SELECT min(id)"
            " FROM match_member WHERE live AND side = 'BOOKS')"
        ),
        "核对金额后重新勾对",
    ),
]


@pytest.mark.parametrize(
    ("code", "statement", "cure"), PROMISES_BROKEN, ids=[one[0] for one in PROMISES_BROKEN]
)
def test_a_row_that_breaks_a_promise(machine, code, statement, cure):  # B2.4
    machine.tamper(statement)
    only(machine, f"data.{code}", cure=cure, thorough=False)


def test_that_every_promise_says_what_it_is_for():  # B2.5
    words = {step.name: step.meaning for step in promises.STEPS}
    assert len(words) == len(promises.STEPS)
    assert all(len(one) > 8 for one in words.values())


# --- program and machine --------------------------------------------------------------------------


def test_a_full_disk(machine):  # B2.4 F1.5
    machine.set(least_disk=1 << 60)
    only(machine, "disk", cure="清理磁盘", thorough=False)


def test_too_little_memory(machine):  # B2.4
    machine.set(memory=lambda: (GIGA // 10, 4 * GIGA))
    found = only(machine, "memory", cure="关闭不用的程序", thorough=False)
    assert "102 MB" in found.detail


def test_a_clock_before_the_trails_last_entry(machine):  # B2.4
    machine.clock.move_to(machine.clock.now() - timedelta(hours=11))
    only(machine, "clock", cure="校准本机时间", thorough=False)


def test_a_clock_before_2025(machine):  # B2.4
    machine.clock.move_to(datetime(2024, 6, 1, tzinfo=UTC))
    assert "校准本机时间" in machine.broken(thorough=False)["clock"].cure


def test_a_program_older_than_the_one_that_upgraded(machine):  # B2.6 A1.1
    machine.tamper(
        "INSERT INTO upgrade_log (from_revision, to_revision, program_version, backup_path,"
        " started_at, finished_at) VALUES ('0000', '0001', '99.1.0', 'x', 1, 2)"
    )
    only(machine, "program", cure="安装 99.1.0", thorough=False)


def test_errors_in_the_log(machine):  # B1.3
    at = machine.clock.now().isoformat(timespec="seconds")
    machine.outside.log.write_text(f"{at} ERROR app.payments boom\n", encoding="utf-8")
    found = only(machine, "log", cure="日志发给技术支持", thorough=False)
    assert "boom" in found.detail


def test_a_folder_that_cannot_be_written(machine):  # B2.4
    machine.set(may_write=lambda folder: folder != machine.backups)
    found = only(machine, "folders", cure="写入权限", thorough=False)
    assert str(machine.backups) in found.detail


def test_a_missing_chinese_font(machine):  # B2.4
    def no_font():
        raise FontNotUsable("随软件安装的中文字体不存在。")

    machine.set(fonts=no_font)
    only(machine, "fonts", cure="重新安装", thorough=False)


def test_that_a_check_that_breaks_hides_no_other_and_is_logged(machine, caplog):  # B2.5 B3.2
    def broken():
        raise ZeroDivisionError

    machine.set(memory=broken)
    found = only(machine, "memory", cure="日志发给技术支持", thorough=False)
    assert "程序内部出错" in found.detail
    assert "ZeroDivisionError" in caplog.text


# --- backups --------------------------------------------------------------------------------------


def test_no_backup(machine):  # F1.4
    next(machine.backups.iterdir()).unlink()
    only(machine, "backup", cure="立即备份", thorough=False)
    assert machine.checks(thorough=False)["backup_restore"].state is State.NONE


def test_a_stale_backup(machine):  # F1.4 F1.5
    machine.clock.move_to(machine.clock.now() + timedelta(days=8))
    found = only(machine, "backup", cure="立即备份", thorough=False)
    assert "8 天" in found.detail


def test_that_a_copied_backup_is_as_old_as_its_contents_and_a_touched_one_as_its_file(  # F1.4
    machine,
):
    [file] = machine.backups.iterdir()
    machine.age(file, 30)
    assert "30 天" in machine.broken(thorough=False)["backup"].detail


def test_a_damaged_backup_file(machine):  # F1.4
    [file] = machine.backups.iterdir()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    only(machine, "backup_restore", cure="重新备份并验证")
    # Its bytes are read by the thorough run only.
    assert machine.broken(thorough=False) == {}


def test_a_backup_that_is_no_backup(machine):  # F1.4
    [file] = machine.backups.iterdir()
    file.write_bytes(b"PK\x03\x04 cut short")
    only(machine, "backup_restore", cure="重新备份并验证", thorough=False)


def test_that_another_companys_backup_is_not_ours(machine, founded_elsewhere):  # F1.4
    [file] = machine.backups.iterdir()
    file.unlink()
    founded_elsewhere(machine.backups / "other.tfbak")
    only(machine, "backup", cure="立即备份", thorough=False)


@pytest.fixture
def founded_elsewhere(tmp_path, clock):
    from app.access.founding import Found, found
    from app.storage.backup import create_backup
    from app.storage.upgrade import open_database

    def back_up(target):
        db = open_database(str(tmp_path / "other.sqlite3"), clock, create=True)
        found(db, Found("别家公司", "账套", False, "admin", "管理员", "other-pass-2026"))
        create_backup(db, target)
        db.close()

    return back_up


# --- outside --------------------------------------------------------------------------------------


def test_an_expired_certificate(machine):  # A4.3
    machine.tamper("UPDATE channel SET certificate_until = '2026-03-01' WHERE code = 'EBANK'")
    found = only(machine, "channel.EBANK", cure="更换证书", thorough=False)
    assert "2026-03-01" in found.detail


def test_a_certificate_that_ends_soon_is_a_hint(machine):  # A4.3
    machine.tamper("UPDATE channel SET certificate_until = '2026-03-20' WHERE code = 'EBANK'")
    check = machine.checks(thorough=False)["channel.EBANK"]
    assert (check.state, check.ok) == (State.HINT, True)
    assert "更换证书" in check.cure


def test_a_channel_that_is_down(machine):  # A4.1 A4.2
    machine.tamper("UPDATE channel SET up = 0, state_note = '前置机断线' WHERE code = 'DIRECT'")
    found = only(machine, "channel.DIRECT", cure="备用渠道", thorough=False)
    assert "前置机断线" in found.detail


def set_mail(machine, port, security=Security.NONE):
    machine.tamper(
        f"UPDATE letter_setup SET smtp_host = '127.0.0.1', smtp_port = {port},"
        f" smtp_security = '{security}'"
    )


def test_a_mail_server_that_refuses(machine):  # D5.2
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        set_mail(machine, taken.getsockname()[1])
        found = only(machine, "mail", cure="核对服务器、端口和加密方式")
    assert "未运行或端口不对" in found.detail


def test_a_mail_server_that_says_nothing(machine):  # D5.2
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        set_mail(machine, silent.getsockname()[1])
        machine.set(mail_seconds=0.2)
        found = only(machine, "mail", cure="检查网络")
    assert "超时" in found.detail


def test_that_a_mail_server_is_greeted_and_gets_no_mail(machine):  # D5.2
    box = Box()
    controller, server = serve(box)
    try:
        set_mail(machine, server.port)
        check = machine.checks()["mail"]
        assert check.state is State.GOOD
        assert "有应答" in check.detail
        assert box.raw == []
        # A server that speaks plainly is no TLS server.
        set_mail(machine, server.port, Security.TLS)
        assert "加密" in machine.broken()["mail"].detail
    finally:
        controller.stop()


def test_that_the_quick_run_calls_nobody(machine):  # D5.2
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        set_mail(machine, server.getsockname()[1])
        server.settimeout(0.2)
        assert machine.broken(thorough=False) == {}
        with pytest.raises(TimeoutError):
            server.accept()


def test_that_no_printer_is_a_hint_and_unknown_printers_are_not_looked_at(machine):  # B2.5
    machine.set(printers=list)
    assert machine.checks(thorough=False)["printers"].state is State.HINT
    machine.set(printers=None)
    assert machine.checks(thorough=False)["printers"].state is State.NONE


# --- the run --------------------------------------------------------------------------------------


def test_that_a_run_tells_how_far_it_is_and_can_be_ended_between_checks(machine):  # B2.5
    from app.incidents.selfcheck import selfcheck, step_titles

    told = []

    def progress(done, total):
        told.append((done, total))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        selfcheck(machine.db, thorough=False, outside=machine.outside, progress=progress)
    assert told == [(at, len(step_titles())) for at in range(4)]
