"""A backup is one whole file of one moment, or it isn't there."""

import errno
import json
import os
import zipfile

import pytest
from sqlalchemy import text

from app.core.version import VERSION
from app.storage.archive import BackupCancelled, BackupExists, BackupUnwritable, read_manifest
from app.storage.backup import create_backup
from app.storage.errors import DiskFull
from app.storage.proof import verify_backup
from app.storage.schema import HEAD
from tests.support.rows import save


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "备份 盘"
    made.mkdir()
    return made


def names(folder):
    return [path.name for path in folder.iterdir()]


def count(db, table):
    with db.engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}"))


def test_the_manifest_says_what_is_inside(founded, people, make_payment, folder):  # F1.4
    for _ in range(3):
        make_payment()
    info = create_backup(founded, folder / "一月.tfbak")
    manifest = read_manifest(info.path)
    assert manifest.company == "停付测试有限公司"
    assert manifest.dialect == founded.dialect
    assert (manifest.program_version, manifest.revision) == (VERSION, HEAD)
    assert manifest.created_at == "2026-03-02T02:00:00.000000+00:00"
    assert manifest.rows["payment"] == 3
    assert manifest.rows["app_user"] == 7
    assert manifest.rows["audit_entry"] == count(founded, "audit_entry") == info.entries
    assert manifest.audit_seq == info.entries
    assert info.bytes == info.path.stat().st_size


def test_the_file_holds_a_manifest_and_one_database(founded, folder):  # F1.4
    info = create_backup(founded, folder / "a.tfbak")
    with zipfile.ZipFile(info.path) as archive:
        assert sorted(archive.namelist()) == ["data.sqlite3", "manifest.json"]
        assert json.loads(archive.read("manifest.json"))["format"] == 1
    assert names(folder) == ["a.tfbak"]


def test_an_existing_file_is_overwritten_only_when_asked(founded, folder):  # F1.4
    target = folder / "a.tfbak"
    target.write_text("mine")
    with pytest.raises(BackupExists, match="已存在"):
        create_backup(founded, target)
    assert target.read_text() == "mine"
    create_backup(founded, target, replace=True)
    assert verify_backup(target).ok


def test_a_missing_folder_is_named(founded, folder):  # F1.4
    with pytest.raises(BackupUnwritable, match="没有"):
        create_backup(founded, folder / "没有" / "a.tfbak")


def test_a_full_disk_leaves_nothing_behind(founded, folder, monkeypatch):  # F1.4
    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="空间已满"):
        create_backup(founded, folder / "a.tfbak")
    assert names(folder) == []


def test_a_full_disk_keeps_the_backup_that_was_there(founded, folder, monkeypatch):  # F1.4
    earlier = create_backup(founded, folder / "a.tfbak").path.read_bytes()

    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull):
            create_backup(founded, folder / "a.tfbak", replace=True)
    assert (folder / "a.tfbak").read_bytes() == earlier


def test_cancelling_leaves_nothing_behind(founded, folder):  # F1.4
    asked = []

    def cancelled():
        asked.append(True)
        return len(asked) > 1

    with pytest.raises(BackupCancelled):
        create_backup(founded, folder / "a.tfbak", cancelled=cancelled)
    assert names(folder) == []


def test_progress_grows_to_its_total(founded, people, folder):  # F1.4
    heard = []
    create_backup(
        founded, folder / "a.tfbak", progress=lambda done, total: heard.append((done, total))
    )
    done = [each for each, _ in heard]
    assert done == sorted(done)
    assert all(each <= total for each, total in heard)
    assert heard[-1][0] == heard[-1][1]


def test_a_backup_is_of_one_moment_while_another_desk_writes(  # A1.4 F1.4
    founded, any_database_url, open_url, people, folder
):
    other = open_url(any_database_url, "财务二号机")
    before = count(founded, "audit_entry")
    wrote = []

    def write_meanwhile(_done, _total):
        from app.storage.model import NumberSeries

        name = f"S{len(wrote)}"
        wrote.append(name)
        save(other, "series:1", NumberSeries(name=name, last=1))

    info = create_backup(founded, folder / "a.tfbak", progress=write_meanwhile)
    assert wrote
    assert count(founded, "audit_entry") == before + len(wrote)
    assert info.entries == before
    assert info.manifest.rows["number_series"] == count(founded, "number_series") - len(wrote)
    assert verify_backup(info.path).ok
