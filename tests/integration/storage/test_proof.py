"""A backup is proved by restoring it aside; a damaged one is told from a whole one."""

import json
import zipfile

import pytest
from sqlalchemy import text

from app.storage.archive import BackupDamaged, NotABackup
from app.storage.backup import create_backup
from app.storage.errors import DatabaseNewer
from app.storage.proof import verify_backup
from app.storage.restore import restore_backup

MADE = {}


@pytest.fixture
def backup(backend, request, tmp_path):
    """A backup of a company with one payment; made once of each kind of database."""
    path = tmp_path / "一月.tfbak"
    if backend not in MADE:
        founded = request.getfixturevalue("founded")
        request.getfixturevalue("people")
        request.getfixturevalue("make_payment")()
        MADE[backend] = create_backup(founded, path).path.read_bytes()
    path.write_bytes(MADE[backend])
    return path


def repack(path, *, data=None, **changes):
    """The same backup with other contents."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        data = data or archive.read("data.sqlite3")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.sqlite3", data)
        archive.writestr("manifest.json", json.dumps({**manifest, **changes}))


def test_a_whole_backup_is_proved_and_its_trail_counted(backup):  # F1.4
    proof = verify_backup(backup)
    # Founding, six people added, seven signed in, one account with its balance, one payee with
    # its account, one payment.
    assert (proof.ok, proof.entries) == (True, 19)
    assert "19 条操作日志" in proof.detail


def test_the_given_check_sees_the_restored_rows_and_has_the_last_word(backup):  # F1.4 C4.5
    def check(engine):
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM payment")) == 1
        return "第 3 条日志被改动"

    proof = verify_backup(backup, check)
    assert not proof.ok
    assert proof.detail == "第 3 条日志被改动"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_damaged_backup_is_told(backup, share):  # F1.4
    content = bytearray(backup.read_bytes())
    middle = int(len(content) * share)
    content[middle : middle + 40] = bytes(40)
    backup.write_bytes(content)
    proof = verify_backup(backup)
    assert not proof.ok
    assert str(backup) in proof.detail


def test_a_truncated_backup_is_told(backup):  # F1.4
    backup.write_bytes(backup.read_bytes()[:-200])
    proof = verify_backup(backup)
    assert not proof.ok
    assert "不完整" in proof.detail


def test_rows_that_the_manifest_lacks_are_told(backup):  # F1.4
    with zipfile.ZipFile(backup) as archive:
        rows = json.loads(archive.read("manifest.json"))["rows"]
    repack(backup, rows={**rows, "payment": 2})
    proof = verify_backup(backup)
    assert not proof.ok
    assert "payment 有 1 行，备份说明为 2 行" in proof.detail


def test_a_cut_trail_is_told(backup):  # F1.4 C4.5
    repack(backup, audit_hash="f" * 64)
    assert "操作日志的末尾" in verify_backup(backup).detail


def test_other_data_under_the_same_manifest_is_told(backup):  # F1.4
    repack(backup, sha256="0" * 64)
    assert "校验值不符" in verify_backup(backup).detail


def test_data_that_is_no_database_is_told(backup):  # F1.4
    import hashlib

    junk = b"not a database at all" * 500
    repack(backup, data=junk, sha256=hashlib.sha256(junk).hexdigest())
    assert not verify_backup(backup).ok


def test_a_backup_of_a_newer_program_is_refused(backup):  # F1.2
    repack(backup, revision="9999")
    with pytest.raises(DatabaseNewer, match="更新版本"):
        verify_backup(backup)


def test_a_newer_format_is_refused(backup):  # F1.2
    repack(backup, format=2, program_version="9.0")
    with pytest.raises(NotABackup, match=r"9\.0"):
        verify_backup(backup)


def test_a_manifest_that_cannot_be_read_is_told(backup):  # F1.4
    repack(backup, surprise=1)
    with pytest.raises(BackupDamaged, match="备份说明"):
        restore_backup(backup, str(backup.with_name("new.sqlite3")))
    assert not verify_backup(backup).ok


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", None), ("b.txt", b"hello"), ("c.tfbak", b""), ("d.sqlite3", b"SQLite format 3\0")],
)
def test_another_type_of_file_is_refused_by_name(tmp_path, name, content):  # F1.4
    path = tmp_path / name
    if content is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
    else:
        path.write_bytes(content)
    with pytest.raises(NotABackup, match=name):
        verify_backup(path)


def test_a_missing_file_is_refused_by_name(tmp_path):  # F1.4
    with pytest.raises(NotABackup, match=r"nowhere\.tfbak"):
        verify_backup(tmp_path / "nowhere.tfbak")
