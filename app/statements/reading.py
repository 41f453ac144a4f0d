"""Turns a table into statement lines: values in, values out (domain.md §6).

It finds columns by their headings, whatever the bank. Seen by the bank, 借方 is money out.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import BadInput, Problem
from app.core.money import Money
from app.payments.intake import values
from app.payments.intake.drafts import Skipped
from app.payments.intake.values import Unfit
from app.tabular.header import SEARCHED_ROWS, Header, aliases_in, find_header, normal
from app.tabular.model import Row, Table

_TOTALS: Final = ("合计", "总计", "小计", "本页", "承前页", "过次页", "期初", "期末", "总笔数")
_OUT: Final = frozenset({"借", "借方", "D", "DR", "支出", "付", "往账", "出", "-"})
_IN: Final = frozenset({"贷", "贷方", "C", "CR", "收入", "收", "来账", "入", "+"})
_TEXTS: Final = ("summary", "purpose", "remark")
_Cell = Callable[[str], str]
BLANK: Final = "空行"
TOTAL: Final = "合计行或说明"
NOTHING: Final = "没有金额"


class NotAStatement(BadInput):
    code = "STM-001"
    remedy = "请从网银导出交易明细，须有日期和金额（收入、支出，或发生额和借贷标志）。"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line as the bank wrote it. minor: negative is money out. row: as a spreadsheet shows it."""

    row: int
    on: date
    minor: int
    balance: int | None
    name: str
    payee_account: str
    text: str
    reference: str

    def identity(self, account: str, occurrence: int) -> str:
        """What tells the line from every other one, in this file and in the next."""
        parts = (
            account,
            self.on.isoformat(),
            str(self.minor),
            str(self.balance),
            self.reference,
            self.name,
            self.payee_account,
            self.text,
            str(occurrence),
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Statement:
    """Every row after the header is a line, a problem or skipped. accounts: ours that it names."""

    lines: tuple[StatementLine, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    accounts: tuple[str, ...]

    def identities(self, account: str) -> list[str]:
        """Of each line, in their order; equal lines are counted."""
        seen: Counter[str] = Counter()
        found = []
        for line in self.lines:
            base = line.identity(account, 0)
            found.append(base if not seen[base] else line.identity(account, seen[base]))
            seen[base] += 1
        return found


def read(table: Table, currency: str, ours: Collection[str]) -> Statement:
    """The lines of a statement; ours: our account numbers. Raises NotAStatement, NoHeader."""
    header = find_header(table, _field_of, ("day", "income", "expense"))
    columns = header.columns
    two = "income" in columns or "expense" in columns
    if "day" not in columns or not (two or "amount" in columns):
        raise NotAStatement("文件中没有交易日期和金额。")
    lines: list[StatementLine] = []
    problems: list[Problem] = list(table.problems)
    skipped: list[Skipped] = []
    for row in table.rows:
        if row.number <= header.row:
            continue
        why = _why_skipped(row, header)
        if why:
            skipped.append(Skipped(row.number, why))
            continue
        read_one = _read(row, header, currency)
        if isinstance(read_one, Problem):
            problems.append(read_one)
        else:
            lines.append(read_one)
    return Statement(
        tuple(lines), tuple(problems), tuple(skipped), tuple(_accounts(table, header, ours))
    )


def _field_of(heading: str) -> tuple[str, int] | None:
    return aliases_in("statement_aliases.csv").get(normal(heading))


def _why_skipped(row: Row, header: Header) -> str:
    if row.blank():
        return BLANK
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    if any(word in filled[0] for word in _TOTALS) or len(filled) == 1:
        return TOTAL
    named = ("income", "expense", "amount")
    empty = all(
        values.says_nothing(row.cell(header.columns[one])) for one in named if one in header.columns
    )
    return NOTHING if empty else ""


def _read(row: Row, header: Header, currency: str) -> StatementLine | Problem:
    def cell(name: str) -> str:
        return row.cell(header.columns[name]).strip() if name in header.columns else ""

    try:
        field = "交易日期"
        on = values.day(cell("day"))
        field = "金额"
        minor = _minor(cell, currency)
        balance = _balance(cell("balance"), currency)
        field = "对方账号"
        payee_account = values.limited(cell("payee_account").lstrip("'"), 60)
    except (Unfit, BadInput) as error:
        said = error.message if isinstance(error, BadInput) else str(error)
        return Problem(row.number, field, said)
    return StatementLine(
        row.number,
        on,
        minor,
        balance,
        " ".join(cell("name").split())[:200],
        "" if values.says_nothing(payee_account) else payee_account,
        " ".join(dict.fromkeys(filter(None, (cell(one) for one in _TEXTS)))),
        cell("reference")[:80],
    )


def _minor(cell: _Cell, currency: str) -> int:
    """The amount, money out negative. Raises Unfit."""
    income, expense = _figure(cell("income"), currency), _figure(cell("expense"), currency)
    if income or expense:
        if income and expense:
            raise Unfit("收入和支出都有金额，请核对该行")
        # A reversal stands as a negative figure on its own side.
        return income or -(expense or 0)
    amount = _figure(cell("amount"), currency)
    if not amount:
        raise Unfit("没有金额，请核对该行")
    flag = unicodedata.normalize("NFKC", cell("flag")).strip().upper()
    if not flag:
        return amount
    side = flag.split()[0]
    if side in _OUT:
        return -abs(amount)
    if side in _IN:
        return abs(amount)
    raise Unfit(f"借贷标志“{flag}”无法识别，应为“借”或“贷”")


def _balance(text: str, currency: str) -> int | None:
    """The balance where the bank tells it; some mask it."""
    try:
        return _figure(text, currency)
    except BadInput:
        return None


def _figure(text: str, currency: str) -> int | None:
    if values.says_nothing(text):
        return None
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").lstrip("+").removesuffix("元")
    return Money.parse(plain, currency).minor


def _accounts(table: Table, header: Header, ours: Collection[str]) -> Iterator[str]:
    """Which of our accounts the lines above the header name."""
    head = "\n".join(
        cell for row in table.rows[:SEARCHED_ROWS] if row.number < header.row for cell in row.cells
    )
    bare = "".join(head.split()).replace("-", "")
    yield from (number for number in sorted(ours) if number in bare)
