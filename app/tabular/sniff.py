"""What a file really is, told by its first bytes and never by its name."""

import mmap
import re
import zipfile
from pathlib import Path
from typing import Final

from app.tabular.encoding import Encoding, decoded, detect
from app.tabular.errors import EmptyTable, EncryptedWorkbook, UnsafeContent, WrongType
from app.tabular.model import Kind

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: Final = (
    (b"%PDF", "PDF 文档"),
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "GZIP 压缩包"),
    (b"SQLite format 3", "SQLite 数据库"),
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "Linux 程序"),
    (b"{\\rtf", "RTF 文档"),
    (b"MIME-Version:", "网页归档（MHT）"),
    (b"\x09\x08\x10\x00", "早期 Excel 工作表"),
    (b"\x09\x04\x06\x00", "早期 Excel 工作表"),
    (b"\x09\x02\x06\x00", "早期 Excel 工作表"),
)
_HTML = re.compile(
    r"<(!doctype\s+html\b|html|head|body|table|meta|style|div|script|!--)", re.IGNORECASE
)
_XLS_STREAMS: Final = ("Workbook", "Book")
_SPREADSHEETML: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_HEAD: Final = 1 << 16


def kind_of(path: Path) -> tuple[Kind, Encoding | None]:
    """The kind of table, with the encoding when it is text.

    Raises WrongType (naming the real type), EncryptedWorkbook, UnsafeContent or EmptyTable.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise EmptyTable(path, "文件是空的（0 字节）。")
    if head.startswith(b"PK"):
        return _zipped(path), None
    if head.startswith(_OLE):
        return _compound(path), None
    for signature, name in _FOREIGN:
        # two letters alone may begin an honest text
        if head.startswith(signature) and (len(signature) > 2 or b"\0" in head[:64]):  # noqa: PLR2004
            raise WrongType(path, f"它实际上是{name}，不是表格。")
    encoding = detect(path)
    text = next(decoded(path, encoding), "")[:_HEAD].lstrip("\ufeff \t\r\n")
    if not text.strip():
        raise EmptyTable(path, "文件里没有任何内容。")
    return _text(path, text, encoding), encoding


def _text(path: Path, text: str, encoding: Encoding) -> Kind:
    if _HTML.match(text):
        return Kind.HTML
    if not text.startswith(("<?xml", "<!DOCTYPE", "<Workbook")):
        return Kind.DELIMITED
    _refuse_doctype(path, encoding)
    if _SPREADSHEETML in text:
        return Kind.SPREADSHEETML
    root = re.search(r"<([A-Za-z_][\w:.-]*)", text)
    if root and root[1].lower() == "html":
        return Kind.HTML
    raise WrongType(path, f"它是 XML 文件（<{root[1] if root else '?'}>），不是表格。")


def _refuse_doctype(path: Path, encoding: Encoding) -> None:
    tail = ""
    for piece in decoded(path, encoding):
        window = (tail + piece).upper()
        # an XHTML page names a DTD too, but the page's own parser never fetches it
        if "<!ENTITY" in window or re.search(r"<!DOCTYPE(?!\s+HTML\b)", window):
            raise UnsafeContent(path, "文件含有 DOCTYPE 或实体声明，可能夹带恶意内容。")
        tail = window[-32:]


def _zipped(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename.replace("\\", "/").lower() for info in archive.infolist()}
            locked = any(info.flag_bits & 1 for info in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise WrongType(path, "文件像 .xlsx 或压缩包，但已损坏或没有下载完整。") from error
    if locked:
        raise EncryptedWorkbook(path, "它是带密码的压缩包。")
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    known = (
        ("xl/workbook.bin", "Excel 二进制工作簿（.xlsb）"),
        ("word/document.xml", "Word 文档"),
        ("ppt/presentation.xml", "PowerPoint 演示文稿"),
        ("ofd.xml", "OFD 版式文件"),
        ("meta-inf/manifest.xml", "OpenDocument 文档"),
    )
    name = next((name for member, name in known if member in names), "ZIP 压缩包")
    raise WrongType(path, f"它实际上是{name}，不是 .xlsx 表格。")


def _compound(path: Path) -> Kind:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def has(stream: str) -> bool:
            return content.find(stream.encode("utf-16-le") + b"\0\0") >= 0

        if has("EncryptedPackage"):
            raise EncryptedWorkbook(path, "工作簿设有打开密码。")
        if any(has(stream) for stream in _XLS_STREAMS):
            return Kind.XLS
        name = "Word 文档" if has("WordDocument") else "其他 Office 文件"
    raise WrongType(path, f"它实际上是{name}，不是表格。")
