"""What a journal says, whatever wrote it: values only, no row of a database."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.errors import BadInput, Problem
from app.core.money import Money
from app.statements.parsed import Proof, Skipped, by_row, worst


class NotAJournal(BadInput):
    code = "JRN-001"
    remedy = "请从财务软件导出银行存款日记账（须有日期、借方、贷方），或下载模板填写。"


class IsAStatement(NotAJournal):
    code = "JRN-002"
    remedy = "银行流水请用“导入银行流水”；日记账请从财务软件导出，借方为收入、贷方为支出。"


class NoYear(NotAJournal):
    code = "JRN-003"
    remedy = "请在表头上方写明期间（如 2026年3月），或把日期写成 2026-03-05 的形式后重新导入。"


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line of our books. minor: 借方 (money in) is positive; a red figure turns its side round.

    red: it stands as a negative figure on the other side. balance: 借方 positive. opposite: 对方科目;
    method: 结算方式. row: as a spreadsheet shows it.
    """

    row: int
    on: date
    minor: int
    balance: int | None = None
    voucher: str = ""
    settlement: str = ""
    method: str = ""
    name: str = ""
    summary: str = ""
    opposite: str = ""
    red: bool = False

    @property
    def debit(self) -> bool:
        """Whether it stands in 借方."""
        return (self.minor > 0) is not self.red

    @property
    def text(self) -> str:
        """What the books say of it: 摘要 and 对方科目."""
        return " ".join(dict.fromkeys(filter(None, (self.summary, self.opposite))))

    def identity(self, account: str, occurrence: int) -> str:
        """What tells the line from every other one, in this file and in the next.

        The balance is no part of it: an entry booked late changes those of all later lines.
        """
        parts = (
            "journal",
            account,
            self.on.isoformat(),
            str(self.minor),
            self.voucher,
            self.settlement,
            self.name,
            self.text,
            str(occurrence),
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Book:
    """The lines of one account in one currency, in the file's order.

    subject: 科目 as the file writes it; number: an account number in it, "" where there is none.
    opening, closing: as declared, else as the balances tell. since, until: the declared period.
    """

    lines: tuple[BookLine, ...]
    currency: str = "CNY"
    subject: str = ""
    number: str = ""
    holder: str = ""
    head: str = ""
    sheet: str = ""
    opening: int | None = None
    closing: int | None = None
    since: date | None = None
    until: date | None = None
    proof: Proof = Proof.NO_BALANCE
    problems: tuple[Problem, ...] = ()

    def identities(self, account: str) -> list[str]:
        """Of each line, in their order; equal lines are counted."""
        seen: Counter[str] = Counter()
        found = []
        for line in self.lines:
            base = line.identity(account, 0)
            found.append(base if not seen[base] else line.identity(account, seen[base]))
            seen[base] += 1
        return found

    @property
    def title(self) -> str:
        """How people call it; "" where the file does not say."""
        said = self.subject or self.number
        return f"{said}（{self.sheet}）" if said and self.sheet else said or self.sheet

    @property
    def first_day(self) -> date | None:
        return min((line.on for line in self.lines), default=self.since)

    @property
    def last_day(self) -> date | None:
        return max((line.on for line in self.lines), default=self.until)

    @property
    def total_in(self) -> Money:
        """Σ 借方, red figures taken off: what the books themselves sum up to."""
        return Money(sum(line.minor for line in self.lines if line.debit), self.currency)

    @property
    def total_out(self) -> Money:
        """Σ 贷方, red figures taken off."""
        return Money(-sum(line.minor for line in self.lines if not line.debit), self.currency)


@dataclass(frozen=True, slots=True)
class JournalFile:
    """Everything that a file holds: every row of it is in a line, a problem or skipped.

    notes: how the file was taken where it left a choice.
    """

    name: str
    format: str
    books: tuple[Book, ...]
    encoding: str = ""
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> Sequence[BookLine]:
        return [line for one in self.books for line in one.lines]

    @property
    def proof(self) -> Proof:
        """As bad as that of its worst book that has lines."""
        return worst(one.proof for one in self.books if one.lines)

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Those of the file and of each book, by row."""
        return by_row([*self.problems, *(p for one in self.books for p in one.problems)])
