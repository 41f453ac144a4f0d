"""What a file is by its first bytes, held against what its name says it is."""

import re
import zipfile
from enum import StrEnum
from io import BytesIO
from typing import Final


class FileType(StrEnum):
    """What may be kept beside an agreement."""

    PDF = "PDF"
    PNG = "PNG"
    JPEG = "JPEG"
    DOCX = "DOCX"
    XLSX = "XLSX"
    OFD = "OFD"
    EML = "EML"
    TXT = "TXT"


PICTURES: Final = frozenset({FileType.PNG, FileType.JPEG})
SUFFIXES: Final[dict[str, FileType]] = {
    "pdf": FileType.PDF,
    "png": FileType.PNG,
    "jpg": FileType.JPEG,
    "jpeg": FileType.JPEG,
    "docx": FileType.DOCX,
    "xlsx": FileType.XLSX,
    "ofd": FileType.OFD,
    "eml": FileType.EML,
    "txt": FileType.TXT,
    "log": FileType.TXT,
    "csv": FileType.TXT,
    "json": FileType.TXT,
    "xml": FileType.TXT,
}
_STARTS: Final = (
    (b"%PDF-", FileType.PDF),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
)
# A part that each kind of package has, and no other.
_PARTS: Final = (
    ("word/document.xml", FileType.DOCX),
    ("xl/workbook.xml", FileType.XLSX),
    ("OFD.xml", FileType.OFD),
)
_ZIP: Final = b"PK\x03\x04"
_MAGIC: Final = 1024
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_HEADER: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:From .*\r?\n)?[A-Za-z][A-Za-z0-9-]*:[ \t\r\n]")


def type_by_name(name: str) -> FileType | None:
    """What the name's suffix says; None for any other."""
    _, point, suffix = name.rpartition(".")
    return SUFFIXES.get(suffix.lower()) if point else None


def types_by_content(data: bytes) -> frozenset[FileType]:
    """What the bytes can be; empty where they are none of these. A mail is a text as well."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return frozenset({kind})
    # Some programs write a line before it, and readers allow for that.
    if b"%PDF-" in data[:_MAGIC] and not _is_text(data):
        return frozenset({FileType.PDF})
    if data.startswith(_ZIP):
        return _package(data)
    if not _is_text(data):
        return frozenset()
    mail = {FileType.EML} if _HEADER.match(data) else set()
    return frozenset({FileType.TXT, *mail})


def _package(data: bytes) -> frozenset[FileType]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return frozenset()
    return frozenset(kind for part, kind in _PARTS if part in names)


def _is_text(data: bytes) -> bool:
    return data.startswith(_BOMS) or b"\0" not in data
