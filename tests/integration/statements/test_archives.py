"""Files in files, and files behind passwords, as banks and payment companies send them."""

import io
import random
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import pyzipper
from msoffcrypto.format.ooxml import OOXMLFile

from app.core.errors import BadInput
from app.statements.locked import PasswordNeeded, WrongPassword
from app.statements.opening import open_statement
from app.tabular.errors import TooLarge, UnreadableTable, WrongType

SAMPLES = Path(__file__).parents[2] / "data" / "statements"
CSV = (SAMPLES / "malformed" / "01_gbk.csv").read_bytes()
STA = (SAMPLES / "mbank.sta").read_bytes()


def packed(path, files, password=None, *, aes=True):
    if password and aes:
        with pyzipper.AESZipFile(
            path, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as archive:
            archive.setpassword(password.encode())
            for name, content in files.items():
                archive.writestr(name, content)
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_that_an_archive_of_one_is_read_as_the_file(tmp_path):  # E1.3
    found = open_statement(packed(tmp_path / "a.zip", {"流水/一月.csv": CSV}))
    assert (found.name, found.format, len(found.lines)) == ("a.zip", "CSV", 4)


def test_that_a_stored_archive_under_any_name_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.csv", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x.txt", CSV)
    assert len(open_statement(tmp_path / "a.csv").lines) == 4


@pytest.mark.parametrize(
    "name", ["../../etc/流水.csv", "/abs/流水.csv", "..\\..\\流水.csv", "C:\\流水.csv", ".."]
)
def test_that_no_name_leads_out_of_the_folder(tmp_path, name):
    before = set(tmp_path.parent.rglob("*"))
    assert len(open_statement(packed(tmp_path / "a.zip", {name: CSV})).lines) == 4
    assert set(tmp_path.parent.rglob("*")) - before == {tmp_path / "a.zip"}


def test_that_a_chinese_name_in_gbk_is_shown_as_it_was(tmp_path):
    path = tmp_path / "a.zip"
    plain = "一月流水.csv".encode("gbk")
    packed(path, {"x" * len(plain): CSV, "b.pdf": b"%PDF-1.4"})
    path.write_bytes(path.read_bytes().replace(b"x" * len(plain), plain))
    found = open_statement(path)
    assert len(found.lines) == 4
    packed(path, {"x" * len(plain): b"%PDF-1.4", "b.csv": CSV})
    path.write_bytes(path.read_bytes().replace(b"x" * len(plain), plain))
    assert any("一月流水.csv" in one.reason for one in open_statement(path).skipped)


def test_that_several_statements_are_all_read_and_others_named(tmp_path):
    files = {"a.csv": CSV, "b.sta": STA, "回单.pdf": b"%PDF-1.4", "__MACOSX/._a.csv": b"x"}
    found = open_statement(packed(tmp_path / "a.zip", files))
    assert (found.format, len(found.statements), len(found.lines)) == ("CSV/MT940", 2, 7)
    assert any("回单.pdf" in one.reason for one in found.skipped)


def test_that_an_archive_without_a_statement_says_why(tmp_path):
    with pytest.raises(WrongType, match="PDF"):
        open_statement(packed(tmp_path / "a.zip", {"a.pdf": b"%PDF-1.4"}))
    with pytest.raises(WrongType, match="没有文件"):
        open_statement(packed(tmp_path / "b.zip", {"__MACOSX/._a.csv": b"x"}))


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx"])
def test_that_a_password_is_asked_checked_and_used(tmp_path, name):
    path = tmp_path / name
    if name == "a.zip":
        packed(path, {"a.csv": CSV}, "钥匙-7")
    else:
        plain = io.BytesIO()
        book = openpyxl.Workbook()
        for row in (["日期", "收入", "支出"], *[["2026-01-05", "", "5.00"]] * 4):
            book.active.append(row)
        book.save(plain)
        with path.open("wb") as target:
            OOXMLFile(plain).encrypt("钥匙-7", target)
    with pytest.raises(PasswordNeeded) as refusal:
        open_statement(path)
    assert refusal.type is PasswordNeeded
    with pytest.raises(WrongPassword):
        open_statement(path, password="钥匙-8")
    assert len(open_statement(path, password="钥匙-7").lines) == 4


def test_that_a_password_for_an_open_file_does_no_harm(tmp_path):
    (tmp_path / "a.csv").write_bytes(CSV)
    assert len(open_statement(tmp_path / "a.csv", password="x").lines) == 4


def test_that_an_archive_that_lies_about_its_size_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", {"a.csv": b"0" * 150_000_000})
    with pytest.raises(TooLarge, match="压缩炸弹"):
        open_statement(path)
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 150_000_000), struct.pack("<I", 5_000_000)))
    with pytest.raises(BadInput):
        open_statement(path)


def test_that_too_many_members_are_refused(tmp_path):
    with pytest.raises(TooLarge):
        open_statement(packed(tmp_path / "a.zip", {f"{n}.csv": CSV for n in range(300)}))


def test_that_an_archive_in_an_archive_is_named(tmp_path):
    inner = packed(tmp_path / "in.zip", {"a.csv": CSV}).read_bytes()
    with pytest.raises(WrongType, match="ZIP"):
        open_statement(packed(tmp_path / "a.zip", {"in.zip": inner}))


def test_that_a_cut_archive_is_refused_by_name(tmp_path):
    whole = packed(tmp_path / "a.zip", {"a.csv": CSV}).read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[:-30])
    with pytest.raises(UnreadableTable):
        open_statement(tmp_path / "a.zip")


def test_that_damaged_content_is_refused_whatever_the_damage(tmp_path):
    """zlib, not the archive, finds it; of a locked one the password may be what is wrong."""
    rng = random.Random(5)
    locked = (SAMPLES / "made" / "locked_aes.zip").read_bytes()
    for content, password in (
        (packed(tmp_path / "a.zip", {"a.csv": CSV * 20}).read_bytes(), None),
        (locked, "Tf-1234"),
    ):
        for _ in range(60):
            broken = bytearray(content)
            for _ in range(3):
                broken[rng.randrange(len(broken))] = rng.randrange(256)
            (tmp_path / "b.zip").write_bytes(broken)
            try:
                open_statement(tmp_path / "b.zip", password=password)
            except BadInput as refusal:
                message = refusal.message
                assert message
