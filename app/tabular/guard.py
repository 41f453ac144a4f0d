"""Looks through a zipped workbook before anything unpacks it into memory."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from app.tabular.errors import TooLarge, UnreadableTable, UnsafeContent
from app.tabular.model import Limits

_CHUNK: Final = 1 << 20
# One pass over a hundred megabytes: it stops only at cells that stand far out, or nowhere.
_UNUSUAL = re.compile(rb"""<c(?! r="[A-Z]\d{1,5}")(?=[\s/>])(?:[^>]*?\sr=["']([A-Z]+)(\d+)["'])?""")
_TOKEN = re.compile(rb"""<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>""")
_REF = re.compile(rb"""\sr=["']([A-Z]*)(\d+)["']""")
_NARROW: Final = 26
_NEAR: Final = 99_999
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
)


def check_workbook(path: Path, limits: Limits) -> None:
    """Pass a workbook that is safe to load.

    Raises TooLarge for bombs of size, ratio or area, UnsafeContent for DOCTYPE,
    UnreadableTable for a broken archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(path, members, limits)
            for member in members:
                with archive.open(member) as stream:
                    _check_member(path, stream, limits)
    except _BROKEN as error:
        raise UnreadableTable(path, "工作簿已损坏或没有下载完整。") from error


def _check_sizes(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(1, path.stat().st_size)
    if unpacked > limits.max_uncompressed:
        raise TooLarge(
            path,
            f"解压后有 {unpacked // 1_000_000} MB（文件本身 {packed} 字节），"
            f"超过上限 {limits.max_uncompressed // 1_000_000} MB。",
        )
    if unpacked > limits.ratio_from and unpacked > packed * limits.max_ratio:
        raise TooLarge(path, f"压缩比达 {unpacked // packed} 倍，疑似压缩炸弹。")


def _windows(stream: IO[bytes]) -> Iterator[bytes]:
    """The content in pieces that end where a tag ends."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        cut = chunk.rfind(b">") + 1
        if cut:
            yield tail + chunk[:cut]
            tail = chunk[cut:]
        else:
            tail += chunk
    yield tail


def _check_member(path: Path, stream: IO[bytes], limits: Limits) -> None:
    width, height = _NARROW, _NEAR
    unplaced = False
    for window in _windows(stream):
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"<\0!\0D\0O\0C\0T" in window:
            raise UnsafeContent(path, "工作簿内部含有 DOCTYPE 或实体声明。")
        unplaced = unplaced or b":row" in window
        for letters, row in _UNUSUAL.findall(window):
            unplaced = unplaced or not letters
            width = max(width, _column(letters))
            height = max(height, int(row[:9] or 0))
    if unplaced or width * height > limits.max_grid:
        stream.seek(0)
        width, height = _walk(stream)
    _check_area(path, width, height, limits)


def _check_area(path: Path, width: int, height: int, limits: Limits) -> None:
    if width > limits.max_columns:
        raise TooLarge(path, f"表格宽达 {width} 列，超过上限 {limits.max_columns} 列。")
    if width * height > limits.max_grid:
        raise TooLarge(path, f"数据区延伸到第 {height} 行、第 {width} 列，其中大部分是空白。")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number


def _walk(stream: IO[bytes]) -> tuple[int, int]:
    """The farthest column and row when cells are placed by counting."""
    width = height = row = column = 0
    for window in _windows(stream):
        for tag, attributes in _TOKEN.findall(window):
            place = _REF.search(attributes)
            if tag == b"row":
                row = int(place[2][:9]) if place else row + 1
                column = 0
                continue
            placed = place is not None and place[1]
            column = _column(place[1]) if place and placed else column + 1
            row = int(place[2][:9]) if place and placed else row
            width, height = max(width, column), max(height, row)
    return width, height
