import pytest

from app.core import paths
from ui.admin.backup_page import BackupPage


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))


def test_that_a_backup_is_made_and_proved(desk, people, show, settle, tmp_path):  # F1.4
    page = show(BackupPage, desk(people.admin))
    target = tmp_path / "one.tfbak"
    page.make(str(target))
    settle()
    settle()
    assert target.stat().st_size > 0
    assert "已备份到" in page.banner.text()
    told = [line.act for line in page.table.all_rows()]
    assert told == ["backup.created", "backup.begun"]

    page.prove(str(target))
    settle()
    assert "完整无误" in page.banner.text()


def test_that_a_damaged_backup_is_not_called_good(desk, people, show, settle, tmp_path):  # F1.4
    page = show(BackupPage, desk(people.admin))
    target = tmp_path / "one.tfbak"
    page.make(str(target))
    settle()
    settle()
    whole = bytearray(target.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 64] = bytes(64)
    target.write_bytes(bytes(whole))
    page.prove(str(target))
    settle()
    assert page.banner.property("banner") == "stop"


def test_that_something_else_is_no_backup(desk, people, show, settle, tmp_path):  # F1.4
    page = show(BackupPage, desk(people.admin))
    other = tmp_path / "notes.tfbak"
    other.write_text("备忘")
    page.prove(str(other))
    settle()
    assert page.banner.property("banner") in {"warn", "stop"}
    assert "完整无误" not in page.banner.text()
