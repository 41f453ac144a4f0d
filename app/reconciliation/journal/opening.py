"""One door to every journal that a company brings, told apart by content, never by name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.core.errors import BadInput, NotFound, Problem
from app.reconciliation.journal.parsed import Book, JournalFile, NotAJournal, NoYear
from app.reconciliation.journal.reading import Read, read_books
from app.statements.locked import PasswordNeeded, is_archive, is_compound, unlocked, unpacked
from app.statements.parsed import Skipped
from app.tabular.errors import EmptyTable, EncryptedWorkbook
from app.tabular.header import NoHeader, WrongUnit
from app.tabular.model import Limits
from app.tabular.reader import read_table

_LIMITS: Final = Limits()
_EMPTY: Final = "文件中有表头，但没有任何分录，请核对期间和科目后重新导出。"


def read_journal(path: Path, currency: str = "CNY", password: str | None = None) -> JournalFile:
    """What the file holds, proved as far as it can be. currency: where the file names none.

    Raises NotAJournal, IsAStatement, NoYear, UnreadableTable and its kin, PasswordNeeded,
    WrongPassword, NoHeader, WrongUnit (all BadInput), NotFound.
    """
    try:
        archive = is_archive(path)
    except FileNotFoundError:
        raise NotFound(f"找不到文件“{path.name}”。", "请确认文件没有被移动或改名。") from None
    except OSError as error:
        raise BadInput(f"无法读取文件“{path.name}”：{error.strerror}。") from error
    if not archive:
        return _open(path, currency, password)
    with unpacked(path, password, _LIMITS) as members:
        return _of_members(path, members, currency, password)


def _open(path: Path, currency: str, password: str | None) -> JournalFile:
    try:
        return _sheets(path, path.name, currency)
    except EncryptedWorkbook as locked:
        if not password:
            said = f"文件“{path.name}”设有打开密码。"
            raise PasswordNeeded(said, "请输入导出人设置的打开密码。") from locked
        if not is_compound(path):
            raise
        with unlocked(path, password) as plain:
            return _sheets(plain, path.name, currency)


def _sheets(path: Path, name: str, currency: str) -> JournalFile:
    """A table; of a workbook all sheets, and one that is no journal is named."""
    table = read_table(path)
    many = len(table.sheets) > 1
    found: list[tuple[str, Read]] = []
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    refusal: BadInput | None = None
    for sheet in table.sheets or ("",):
        try:
            one = table if sheet in {"", table.sheet} else read_table(path, sheet=sheet)
            found.append((sheet, read_books(one, currency)))
        except (NotAJournal, NoHeader, EmptyTable, WrongUnit) as error:
            refusal = _weightier(refusal, error)
            if isinstance(error, NoYear | WrongUnit):
                problems.append(Problem(None, f"工作表“{sheet}”", error.message + error.hint))
            else:
                said = f"工作表“{sheet}”不是日记账：{error.message}"
                skipped.append(Skipped(None, said))
    if not found:
        assert refusal is not None
        raise _naming(refusal, name)
    reads = [_of_sheet(one, sheet) if many else one for sheet, one in found]
    books = tuple(book for one in reads for book in one.books)
    problems += [problem for one in reads for problem in one.problems]
    if not any(one.lines for one in books) and not problems:
        problems.append(Problem(None, "文件", _EMPTY))
    return JournalFile(
        name,
        str(table.kind),
        books,
        table.encoding,
        tuple(problems),
        (*(one for read in reads for one in _by_row(read.skipped)), *skipped),
        tuple(note for one in reads for note in one.notes),
    )


def _weightier(known: BadInput | None, error: BadInput) -> BadInput:
    """The refusal that tells most: a journal that lacks its year before a sheet that is none."""
    if known is None or (isinstance(known, NoHeader | EmptyTable)):
        return error
    return known


def _naming(refusal: BadInput, name: str) -> BadInput:
    """The refusal with the file's name in front."""
    if name in refusal.message:
        return refusal
    refusal.message = f"文件“{name}”：{refusal.message}"
    return refusal


def _by_row(skipped: Sequence[Skipped]) -> list[Skipped]:
    return sorted(skipped, key=lambda one: one.row or 0)


def _of_sheet(read: Read, sheet: str) -> Read:
    """With the sheet named wherever a row is: several sheets have the same rows."""
    return Read(
        tuple(_of_book(one, sheet) for one in read.books),
        tuple(_told(one, sheet) for one in read.problems),
        tuple(replace(one, reason=f"工作表“{sheet}”：{one.reason}") for one in read.skipped),
        tuple(f"工作表“{sheet}”：{one}" for one in read.notes),
    )


def _of_book(book: Book, sheet: str) -> Book:
    return replace(book, problems=tuple(_told(one, sheet) for one in book.problems))


def _told(problem: Problem, sheet: str) -> Problem:
    return replace(problem, message=f"工作表“{sheet}”：{problem.message}")


def _of_members(
    path: Path, members: Sequence[Path], currency: str, password: str | None
) -> JournalFile:
    """All journals of an archive; a member that is none is named."""
    found: list[JournalFile] = []
    skipped: list[Skipped] = []
    refusal: BadInput | None = None
    for one in members:
        try:
            found.append(_open(one, currency, password))
        except PasswordNeeded:
            raise
        except BadInput as error:
            refusal = refusal or error
            said = f"{one.name} 不是可以读取的日记账：{error.message}"
            skipped.append(Skipped(None, said))
    if not found:
        assert refusal is not None
        raise refusal
    if len(found) == 1:
        return replace(found[0], name=path.name, skipped=(*found[0].skipped, *skipped))
    return JournalFile(
        path.name,
        "/".join(sorted({one.format for one in found})),
        tuple(book for one in found for book in one.books),
        next((one.encoding for one in found if one.encoding), ""),
        tuple(
            replace(p, message=f"{one.name}：{p.message}") for one in found for p in one.problems
        ),
        (
            *(replace(s, reason=f"{one.name}：{s.reason}") for one in found for s in one.skipped),
            *skipped,
        ),
        tuple(f"{one.name}：{note}" for one in found for note in one.notes),
    )
