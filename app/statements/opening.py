"""One door to every statement that a bank hands out, told apart by content, never by name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.core.errors import BadInput, NotFound, Problem
from app.statements.banks import bank_of
from app.statements.camt import is_camt, read_camt
from app.statements.locked import (
    PasswordNeeded,
    is_archive,
    is_compound,
    unlocked,
    unpacked,
)
from app.statements.mapping import KnownLayout, found_in
from app.statements.mt940 import is_swift, read_swift
from app.statements.ofx import is_ofx, read_ofx
from app.statements.parsed import NotAStatement, Skipped, StatementFile
from app.statements.proof import prove
from app.statements.table import read_statements
from app.tabular.encoding import Encoding, decoded, detect
from app.tabular.errors import BrokenText, EmptyTable, EncryptedWorkbook, TooLarge, UnsafeContent
from app.tabular.header import NoHeader
from app.tabular.model import Limits, Table
from app.tabular.reader import read_table

LIMITS: Final = Limits()
_HEAD: Final = 1 << 16


def open_statement(
    path: Path,
    currency: str = "CNY",
    *,
    layouts: Sequence[KnownLayout] = (),
    password: str | None = None,
) -> StatementFile:
    """What the file holds, proved as far as it can be.

    currency: where the file names none. layouts: that people gave; the first whose headings stand
    in a table goes before what the program knows. Raises UnreadableTable and its kin,
    NotAStatement, UnknownLayout, PasswordNeeded, WrongPassword, NoHeader, WrongUnit (all
    BadInput), NotFound.
    """
    check_there(path)
    if is_archive(path):
        with unpacked(path, password, LIMITS) as members:
            return _of_members(path, members, currency, layouts, password)
    return _open(path, currency, layouts, password)


def check_there(path: Path) -> None:
    """Raises NotFound, EmptyTable, TooLarge, BadInput for what can't be read at all."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError:
        raise NotFound(f"找不到文件“{path.name}”。", "请确认文件没有被移动或改名。") from None
    except OSError as error:
        raise BadInput(f"无法读取文件“{path.name}”：{error.strerror}。") from error
    if size > LIMITS.max_bytes:
        raise TooLarge(path, f"文件有 {size // 1_000_000} MB，超过上限。")
    if not size:
        raise EmptyTable(path, "文件是空的（0 字节）。")


def _open(
    path: Path, currency: str, layouts: Sequence[KnownLayout], password: str | None
) -> StatementFile:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not is_compound(path) and not head.startswith(b"PK"):
        found = _message(path, head, currency)
        if found is not None:
            return found
    try:
        return _tables(path, currency, layouts)
    except EncryptedWorkbook as locked:
        if not password:
            raise PasswordNeeded(f"文件“{path.name}”设有打开密码。") from locked
        if not is_compound(path):
            raise
        with unlocked(path, password) as plain:
            return _tables(plain, currency, layouts)


def _message(path: Path, head: bytes, currency: str) -> StatementFile | None:
    """A file of the formats that programs exchange; None for anything else."""
    encoding = _encoding(path, head)
    if encoding is None:
        return None
    start = next(decoded(path, encoding), "")[:_HEAD].lstrip("\ufeff \t\r\n")
    if is_swift(start):
        return read_swift(path.name, _text(path, encoding), encoding.name, currency)
    if not start.startswith(("<", "OFXHEADER")):
        return None
    if is_camt(start) or is_ofx(start):
        text = _text(path, encoding)
        _refuse_doctype(path, text)
        if is_camt(start):
            return read_camt(path.name, path.read_bytes(), currency)
        return read_ofx(path.name, text, encoding.name, currency)
    return None


def _encoding(path: Path, head: bytes) -> Encoding | None:
    """The encoding; None for what is no text. A bank abroad may write its own letters."""
    try:
        return detect(path)
    except BrokenText:
        return Encoding("latin-1") if b":20:" in head or b"<OFX>" in head.upper() else None
    except BadInput:
        return None


def _text(path: Path, encoding: Encoding) -> str:
    return "".join(decoded(path, encoding)).lstrip("\ufeff")


def _refuse_doctype(path: Path, text: str) -> None:
    upper = text.upper()
    if "<!DOCTYPE" in upper or "<!ENTITY" in upper:
        raise UnsafeContent(path, "文件含有 DOCTYPE 或实体声明，可能夹带恶意内容。")


def _tables(path: Path, currency: str, layouts: Sequence[KnownLayout]) -> StatementFile:
    """A table; of a workbook all sheets, and one that is no statement is named."""
    table = read_table(path)
    if len(table.sheets) < 2:  # noqa: PLR2004 - one sheet, or none
        return _of_table(path, table, currency, layouts)
    found: list[StatementFile] = []
    skipped: list[Skipped] = []
    refusal: BadInput | None = None
    for name in table.sheets:
        try:
            sheet = table if name == table.sheet else read_table(path, sheet=name)
            found.append(_named(_of_table(path, sheet, currency, layouts), name))
        except (NotAStatement, NoHeader, EmptyTable) as error:
            refusal = refusal or error
            skipped.append(Skipped(None, f"工作表“{name}”不是流水：{error.message}"))
    if not found:
        assert refusal is not None
        raise refusal
    first = found[0]
    return replace(
        first,
        statements=tuple(s for one in found for s in one.statements),
        problems=tuple(p for one in found for p in one.problems),
        skipped=(*(s for one in found for s in one.skipped), *skipped),
        notes=tuple(n for one in found for n in one.notes),
    )


def _of_table(
    path: Path, table: Table, currency: str, layouts: Sequence[KnownLayout]
) -> StatementFile:
    known = found_in(table, layouts)
    read = read_statements(table, currency, known[1] if known else None)
    notes = read.notes
    if known and known[0].name:
        notes = (f"按记住的列对应“{known[0].name}”读取。", *notes)
    problems = list(read.problems)
    if not any(one.lines for one in read.statements) and not problems:
        problems.append(Problem(None, "文件", "文件中有表头，但没有任何交易，请核对查询期间。"))
    return StatementFile(
        path.name,
        str(table.kind),
        tuple(prove(one) for one in read.statements),
        bank_of(read.head, read.headings),
        table.encoding,
        tuple(problems),
        tuple(sorted(read.skipped, key=lambda one: one.row or 0)),
        table.sheet,
        read.head,
        notes,
    )


def _named(one: StatementFile, sheet: str) -> StatementFile:
    """With the sheet named wherever a row is: several sheets have the same rows."""
    return replace(
        one,
        statements=tuple(
            replace(s, problems=tuple(_of_sheet(p, sheet) for p in s.problems))
            for s in one.statements
        ),
        problems=tuple(_of_sheet(p, sheet) for p in one.problems),
        skipped=tuple(replace(s, reason=f"工作表“{sheet}”：{s.reason}") for s in one.skipped),
    )


def _of_sheet(problem: Problem, sheet: str) -> Problem:
    return replace(problem, message=f"工作表“{sheet}”：{problem.message}")


def _of_members(
    path: Path,
    members: Sequence[Path],
    currency: str,
    layouts: Sequence[KnownLayout],
    password: str | None,
) -> StatementFile:
    """All statements of an archive; a member that is none is named."""
    found: list[StatementFile] = []
    skipped: list[Skipped] = []
    refusal: BadInput | None = None
    for one in members:
        try:
            found.append(_open(one, currency, layouts, password))
        except PasswordNeeded:
            raise
        except BadInput as error:
            refusal = refusal or error
            skipped.append(Skipped(None, f"{one.name} 不是可以读取的流水：{error.message}"))
    if not found:
        assert refusal is not None
        raise refusal
    joined = _joined(path, found)
    return replace(joined, skipped=(*joined.skipped, *skipped))


def _joined(path: Path, files: Sequence[StatementFile]) -> StatementFile:
    """The files of an archive as one; what is said of one names it."""
    if len(files) == 1:
        return replace(files[0], name=path.name)
    return StatementFile(
        path.name,
        "/".join(sorted({one.format for one in files})),
        tuple(s for one in files for s in one.statements),
        next((one.bank for one in files if one.bank), ""),
        next((one.encoding for one in files if one.encoding), ""),
        tuple(
            replace(p, message=f"{one.name}：{p.message}") for one in files for p in one.problems
        ),
        tuple(replace(s, reason=f"{one.name}：{s.reason}") for one in files for s in one.skipped),
        "",
        "\n".join(one.head for one in files),
        tuple(n for one in files for n in one.notes),
    )
