"""What a statement says, whatever its format: values only, no row of a database."""

import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from app.core.errors import BadInput, Problem
from app.core.money import Money


class NotAStatement(BadInput):
    code = "STM-001"
    remedy = "请从网银导出交易明细，须有日期和金额（收入、支出，或发生额和借贷标志）。"


# What nobody sees, and no database keeps: controls, marks of width and direction, half characters.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")


def seen(text: str) -> str:
    """The text without the characters that nobody sees."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def words(text: str) -> str:
    """The text in one line, with single blanks."""
    return " ".join(seen(text).split())


class Places:
    """The rows of a text by their places, for texts of any length."""

    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def row(self, place: int) -> int:
        return bisect_left(self._ends, place) + 1


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no transaction, and why. row: as a spreadsheet or editor shows it."""

    row: int | None
    reason: str


class Proof(StrEnum):
    """Whether the file proves itself: opening + Σ = closing and every running balance holds."""

    BALANCED = "balanced"
    UNBALANCED = "unbalanced"
    NO_BALANCE = "no_balance"


PROOF_LABELS: Final[dict[Proof, str]] = {
    Proof.BALANCED: "余额相符",
    Proof.UNBALANCED: "余额不符",
    Proof.NO_BALANCE: "文件没有可以核对的余额",
}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line as the bank wrote it, seen by the company. minor: negative is money out.

    uncounted: what moved without being income or expense (支付宝 不计收支); minor is 0 then.
    currency: the statement's. row: as a spreadsheet or editor shows it.
    """

    row: int
    on: date
    minor: int
    balance: int | None = None
    name: str = ""
    payee_account: str = ""
    payee_bank: str = ""
    summary: str = ""
    purpose: str = ""
    remark: str = ""
    reference: str = ""
    at: time | None = None
    value_on: date | None = None
    uncounted: int = 0

    @property
    def text(self) -> str:
        """All that the bank wrote, each part once."""
        parts = (self.summary, self.purpose, self.remark)
        return " ".join(dict.fromkeys(filter(None, parts)))

    @property
    def booked_at(self) -> date | datetime:
        return self.on if self.at is None else datetime.combine(self.on, self.at)

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
class Totals:
    """What the file itself says of its lines, in minor units, both positive; None: it does not."""

    count_in: int | None = None
    count_out: int | None = None
    total_in: int | None = None
    total_out: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """Totals of some lines. rows: those after `since` and before `row`, where they stand."""

    totals: Totals
    row: int | None
    since: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of one account in one currency, in the file's order.

    opening, closing: as declared, else as the lines' balances tell. number: the account as the
    file writes it, possibly masked. proof is judged by proof.judge. currency_said: whether the file
    names its currency; where it does not, that of its account is right.
    """

    lines: tuple[StatementLine, ...]
    currency: str = "CNY"
    number: str = ""
    holder: str = ""
    opening: int | None = None
    closing: int | None = None
    since: date | None = None
    until: date | None = None
    controls: tuple[Control, ...] = ()
    proof: Proof = Proof.NO_BALANCE
    problems: tuple[Problem, ...] = ()
    currency_said: bool = True

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
    def total_in(self) -> Money:
        return Money(sum(line.minor for line in self.lines if line.minor > 0), self.currency)

    @property
    def total_out(self) -> Money:
        return Money(-sum(line.minor for line in self.lines if line.minor < 0), self.currency)


def worst(proofs: Iterable[Proof]) -> Proof:
    """The least of them; none is no balance."""
    order = (Proof.UNBALANCED, Proof.NO_BALANCE, Proof.BALANCED)
    return min(proofs, key=order.index, default=Proof.NO_BALANCE)


def by_row(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """In the file's order, those of no row last."""
    return tuple(sorted(problems, key=lambda one: (one.row is None, one.row or 0)))


@dataclass(frozen=True, slots=True)
class StatementFile:
    """Everything that a file holds: every row of it is in a line, a problem or skipped.

    head: what stands above the lines. notes: how the file was taken where it left a choice.
    """

    name: str
    format: str
    statements: tuple[Statement, ...]
    bank: str = ""
    encoding: str = ""
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    sheet: str = ""
    head: str = ""
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> Sequence[StatementLine]:
        return [line for one in self.statements for line in one.lines]

    @property
    def proof(self) -> Proof:
        """As bad as that of its worst statement that has lines."""
        return worst(one.proof for one in self.statements if one.lines)

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Those of the file and of each statement, by row."""
        return by_row([*self.problems, *(p for one in self.statements for p in one.problems)])
