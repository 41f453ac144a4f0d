"""The tables of a file as they stand, for a person to say what their columns are."""

from dataclasses import dataclass, replace
from pathlib import Path

from app.core.errors import BadInput, Problem
from app.statements.locked import (
    PasswordNeeded,
    is_archive,
    is_compound,
    unlocked,
    unpacked,
)
from app.statements.mapping import KnownLayout, checked
from app.statements.opening import LIMITS, check_there
from app.statements.parsed import Proof, Skipped, Statement, StatementFile, StatementLine
from app.statements.proof import prove
from app.statements.table import read_statements
from app.tabular.errors import EncryptedWorkbook
from app.tabular.header import Header, check_unit
from app.tabular.model import Kind, Table
from app.tabular.reader import read_table


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. name: of the worksheet or of the archive's member; "" for the only one."""

    name: str
    table: Table


@dataclass(frozen=True, slots=True)
class Trial:
    """What a layout makes of a table. problems: those of the lines and of their proof."""

    statements: tuple[Statement, ...]
    proof: Proof
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]

    @property
    def lines(self) -> list[StatementLine]:
        return [line for one in self.statements for line in one.lines]


def is_table(file: StatementFile) -> bool:
    """Whether a file was read out of tables, whose columns a person may name otherwise."""
    return any(str(kind) in file.format.split("/") for kind in Kind)


def sheets_of(path: Path, password: str | None = None) -> list[Sheet]:
    """Every table of the file that has rows. Raises what open_statement raises for unreadable ones."""
    check_there(path)
    if not is_archive(path):
        return _sheets(path, password)
    found: list[Sheet] = []
    refusal: BadInput | None = None
    with unpacked(path, password, LIMITS) as members:
        for one in members:
            try:
                sheets = _sheets(one, password)
            except PasswordNeeded:
                raise
            except BadInput as error:
                refusal = refusal or error
                continue
            found += [replace(s, name=" ".join(filter(None, (one.name, s.name)))) for s in sheets]
    if not found:
        assert refusal is not None
        raise refusal
    return found


def _sheets(path: Path, password: str | None) -> list[Sheet]:
    try:
        return _plain(path)
    except EncryptedWorkbook as locked:
        if not password:
            raise PasswordNeeded(f"文件“{path.name}”设有打开密码。") from locked
        if not is_compound(path):
            raise
        with unlocked(path, password) as plain:
            return _plain(plain)


def _plain(path: Path) -> list[Sheet]:
    table = read_table(path)
    if len(table.sheets) < 2:  # noqa: PLR2004 - one sheet, or none
        return [Sheet("", table)]
    found, empty = [], None
    for name in table.sheets:
        try:
            found.append(
                Sheet(name, table if name == table.sheet else read_table(path, sheet=name))
            )
        except BadInput as error:
            empty = error
    if not found:
        assert empty is not None
        raise empty
    return found


def tried(table: Table, known: KnownLayout, row: int, currency: str = "CNY") -> Trial:
    """What the layout makes of the table, its headings in that row (0: none).

    currency: where neither the table nor the layout names one. Raises BadLayout, WrongUnit.
    """
    layout = checked(known).at(row)
    check_unit(table.rows, Header(row, layout.headings, layout.columns))
    read = read_statements(table, currency, layout)
    statements = [prove(one) for one in read.statements]
    proofs = StatementFile("", "", tuple(statements))
    problems = [*read.problems, *(p for one in statements for p in one.problems)]
    return Trial(
        tuple(statements),
        proofs.proof,
        tuple(sorted(problems, key=lambda one: (one.row is None, one.row or 0))),
        read.skipped,
        read.notes,
    )
