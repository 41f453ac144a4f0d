import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from app.storage.upgrade import open_database

HEAVY = ("openpyxl", "reportlab", "lxml", "pypinyin", "sqlalchemy", "argon2", "ui.main_window")


def refusal(desk):
    return desk.sign_in._trouble.said()


def test_that_a_damaged_file_is_refused_with_what_to_do(start, tmp_path):  # B2.4
    path = tmp_path / "bad.sqlite3"
    path.write_bytes(b"no database" * 100)
    desk = start(path)
    assert "DB-003" in refusal(desk)
    assert "恢复最近一次验证通过的备份" in refusal(desk)
    assert desk.sign_in._trouble.isVisible()
    assert path.read_bytes() == b"no database" * 100


def test_that_a_database_of_a_newer_program_is_left_alone(  # F1.2
    start, founded, any_database_url
):
    with founded.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
        connection.commit()
    desk = start(any_database_url)
    assert "DB-004" in refusal(desk)
    assert "安装新版本程序" in refusal(desk)


def test_that_a_missing_folder_is_named(start, tmp_path):  # B2.4
    desk = start(tmp_path / "gone" / "a.sqlite3")
    assert "文件夹不存在" in refusal(desk)


def test_that_retry_opens_what_has_been_mended(  # B2.4
    qtbot, start, tmp_path, people, any_database_url
):
    path = tmp_path / "later" / "a.sqlite3"
    desk = start(path)
    path.parent.mkdir()
    with (
        closing(sqlite3.connect(any_database_url)) as there,
        closing(sqlite3.connect(path)) as here,
    ):
        there.backup(here)
    desk.sign_in.findChild(QPushButton, "trouble.retry").click()
    qtbot.waitUntil(lambda: not desk.tasks.running(), timeout=10_000)
    assert desk.sign_in._form.isVisible()


def test_that_another_file_can_be_opened_instead(  # B2.4
    qtbot, start, tmp_path, people, any_database_url
):
    desk = start(tmp_path / "gone" / "a.sqlite3")
    desk.open_other(any_database_url)
    qtbot.waitUntil(lambda: not desk.tasks.running(), timeout=10_000)
    assert desk.sign_in._form.isVisible()


def test_that_the_password_is_not_shown_with_a_servers_address(start):  # F4.1
    desk = start("postgresql://tingfu:geheim@127.0.0.1:1/none")
    assert "geheim" not in desk.sign_in._trouble._where.text()
    assert "127.0.0.1" in desk.sign_in._trouble._where.text()


def test_that_a_database_without_a_company_leads_to_first_use(start, tmp_path):  # C1.1
    path = tmp_path / "empty.sqlite3"
    open_database(str(path), create=True).close()
    desk = start(path)
    assert desk.wizard is not None
    assert desk.wizard.isVisible()


def test_that_nothing_heavy_is_loaded_before_the_first_window(tmp_path):  # C1.1
    code = (
        "import sys; from ui import application, display, sign_in, opening; "
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    loaded = set(done.stdout.split())
    assert loaded & set(HEAVY) == set()
    assert not [name for name in loaded if name.startswith(("ui.payments", "ui.admin", "ui.home"))]


@pytest.mark.parametrize("display", ["", ":4711", "nonsense"])
def test_that_without_a_display_the_program_says_what_needs_none(  # F4.1
    monkeypatch, capsys, display
):
    from ui.application import run

    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", display)
    assert run(None) == 2
    said = capsys.readouterr().err
    assert "没有可用的图形显示" in said
    assert "No display is available" in said
    assert "payments list" in said
