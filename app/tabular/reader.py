"""One door to every table that a clerk can bring."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from app.core.errors import BadInput, NotFound, Problem
from app.tabular.delimited import read_delimited
from app.tabular.encoding import Encoding
from app.tabular.errors import TooLarge
from app.tabular.html_table import read_html
from app.tabular.model import Kind, Limits, Row, Source, Table
from app.tabular.sniff import kind_of
from app.tabular.spreadsheetml import read_spreadsheetml
from app.tabular.workbook import read_workbook

DAMAGED_TAIL = "文件末尾不完整，最后一个字符已损坏；请核对最后一行，或重新下载文件。"
_TEXT_READERS = {
    Kind.DELIMITED: read_delimited,
    Kind.HTML: read_html,
    Kind.SPREADSHEETML: read_spreadsheetml,
}
_DEFAULT = Limits()


def open_table(path: Path, *, limits: Limits = _DEFAULT, sheet: str | None = None) -> Source:
    """The table with rows that are read as they are asked for.

    Raises UnreadableTable and its kin; those about a later row come while iterating.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise NotFound(f"找不到文件“{path.name}”。", "请确认文件没有被移动或改名。") from None
    if size > limits.max_bytes:
        raise TooLarge(path, f"文件有 {size // 1_000_000} MB，超过上限。")
    kind, encoding = kind_of(path)
    if encoding is None:
        return read_workbook(path, kind, limits, sheet)
    return _text_source(path, kind, encoding, limits)


def _text_source(path: Path, kind: Kind, encoding: Encoding, limits: Limits) -> Source:
    rows = _TEXT_READERS[kind](path, encoding, limits)
    return Source(kind, encoding.name, "", (), rows, encoding.damaged_tail)


def iter_rows(path: Path, *, limits: Limits = _DEFAULT, sheet: str | None = None) -> Iterator[Row]:
    """The rows in flat memory, where the format allows. Raises UnreadableTable and its kin."""
    return open_table(path, limits=limits, sheet=sheet).rows


def read_table(path: Path, *, limits: Limits = _DEFAULT, sheet: str | None = None) -> Table:
    """The whole table, told apart by content and never by name.

    Raises UnreadableTable and its kin (WrongType, EncryptedWorkbook, TooLarge, UnsafeContent,
    BrokenText, EmptyTable), NotFound.
    """
    source = open_table(path, limits=limits, sheet=sheet)
    rows = list(source.rows)
    problems: tuple[Problem, ...] = ()
    if source.damaged_tail:
        problems = (Problem(rows[-1].number if rows else None, "文件", DAMAGED_TAIL),)
    return Table(source.kind, source.encoding, source.sheet, rows, source.sheets, problems)


def file_hash(path: Path) -> str:
    """The SHA-256 of a file as hex digits. Raises BadInput when it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"无法读取文件“{path.name}”：{error.strerror}。") from error
