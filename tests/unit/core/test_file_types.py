"""What a file is by its first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.file_types import FileType, type_by_name, types_by_content
from tests.support.paper_files import every, mail, package, pdf

FILES = every()


@pytest.mark.parametrize("name", FILES)
def test_that_an_honest_file_is_what_its_name_says(name):  # D5.4
    assert type_by_name(name) in types_by_content(FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_that_no_file_passes_for_another(name):  # D5.4
    kind = type_by_name(name)
    for other, data in FILES.items():
        said = type_by_name(other)
        # A mail is a text as well.
        if said is not kind and (said, kind) != (FileType.EML, FileType.TXT):
            assert kind not in types_by_content(data), other


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (b"MZ\x90\0\x03", ""),
        (package("a.txt"), ""),
        (b"PK\x03\x04 cut off", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", ""),
        (b"\n\0\n" + pdf(), "PDF"),
        ("\ufeff你好".encode("utf-16"), "TXT"),
        (b"From a@b Mon\r\n" + mail(), "EML TXT"),
        (b"just words", "TXT"),
        (b"a text about %PDF-1.7", "TXT"),
    ],
)
def test_that_bytes_speak_for_themselves(data, kinds):  # D5.4
    assert types_by_content(data) == set(kinds.split())


def test_that_a_name_without_a_known_suffix_says_nothing():
    for name in ("x", "x.exe", "pdf", "x.pdf.lnk", ""):
        assert type_by_name(name) is None


@given(st.binary(max_size=400))
def test_that_any_bytes_are_looked_at_without_a_fault(data):
    for start in (b"", b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff"):
        assert types_by_content(start + data) <= set(FileType)
