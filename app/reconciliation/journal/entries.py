"""One row of a journal → its values as written, before it is known which way they count."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from app.core.errors import BadInput, Problem
from app.payments.intake.values import Unfit, says_nothing
from app.reconciliation.journal.columns import Columns, amount_of
from app.reconciliation.journal.days import Days, NoYearYet
from app.reconciliation.journal.rows import Mark, Marked
from app.statements.parsed import words
from app.tabular.model import Row

T = TypeVar("T")
_HYPHEN = re.compile(r"\s*[-－—–]\s*")
_LONGEST_NAME: Final = 200
_LONGEST_SETTLEMENT: Final = 80
_LONGEST_VOUCHER: Final = 60


class Way(StrEnum):
    """The side that a direction names, or that an account is even."""

    DEBIT = "借"
    CREDIT = "贷"
    EVEN = "平"


_WAYS: Final = {
    **dict.fromkeys(("借", "借方", "收", "收入", "收款", "+", "D", "DR", "DEBIT"), Way.DEBIT),
    **dict.fromkeys(
        ("贷", "贷方", "付", "支", "支出", "付款", "-", "C", "CR", "CREDIT"), Way.CREDIT
    ),
    **dict.fromkeys(("平", "零", "0"), Way.EVEN),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that moves money, as written: income and expense with their own signs."""

    row: int
    on: date
    income: int
    expense: int
    amount: int
    way: Way | None
    balance: int | None
    voucher: str
    settlement: str
    method: str
    name: str
    summary: str
    opposite: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A row that sums up or carries a balance. at: how many entries of the book stand before it.

    month, on: what it speaks of, where its row says so.
    """

    mark: Mark
    word: str
    row: int
    at: int
    income: int | None
    expense: int | None
    balance: int | None
    month: tuple[int, int] | None
    on: date | None


class _Unusable(Exception):  # noqa: N818 - carries a finding to where the row is given up
    """What makes a row no entry."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows under some headings. opposite: whether 科目 names the other side of an entry."""

    columns: Columns
    days: Days
    currency: str
    opposite: bool = False

    def entry(self, row: Row, above: str) -> tuple[Entry, list[Problem]] | Problem:
        """The row's values, and what is doubtful in it; or what makes it no entry.

        above: the voucher of the row above, with which a row without one goes on. Raises NoYearYet.
        """
        try:
            return self._entry(row, above)
        except _Unusable as unusable:
            return unusable.problem

    def _entry(self, row: Row, above: str) -> tuple[Entry, list[Problem]]:
        columns = self.columns
        voucher = _voucher(columns, row)
        goes_on = bool(above) and voucher in {"", above}
        on = _tried(row, "日期", lambda: self.days.of(row, continued=goes_on))
        income, expense, amount = _tried(row, "借方、贷方", lambda: self._amounts(row))
        way = _tried(row, "方向", lambda: self._way(row))
        doubts = list(self._lost_digits(row))
        balance = None
        try:
            balance = _tried(row, "余额", lambda: balance_of(row, columns, self.currency))
        except _Unusable as unusable:
            # A line is not lost for its balance.
            doubts.append(unusable.problem)
        said = (columns.text(row, "summary"), columns.text(row, "remark"))
        others = (columns.text(row, "opposite"), self._other_side(row))
        entry = Entry(
            row.number,
            on,
            income,
            expense,
            amount,
            way,
            balance,
            voucher,
            _plain(columns.cell(row, "settlement"))[:_LONGEST_SETTLEMENT],
            _plain(columns.cell(row, "method")),
            _plain(columns.cell(row, "name"))[:_LONGEST_NAME],
            " ".join(filter(None, said)),
            " ".join(filter(None, others)),
        )
        return entry, doubts

    def _amounts(self, row: Row) -> tuple[int, int, int]:
        income, expense, amount = (
            amount_of(self.columns.cell(row, one), self.currency) or 0
            for one in ("income", "expense", "amount")
        )
        if income and expense:
            raise Unfit("借方和贷方都有金额，请分成两行")
        return income, expense, 0 if self.columns.two_sided else amount

    def _way(self, row: Row) -> Way | None:
        way = None if self.columns.two_sided else way_of(self.columns.cell(row, "flag"))
        if way is Way.EVEN:
            raise Unfit("方向应为“借”或“贷”")
        return way

    def _other_side(self, row: Row) -> str:
        return self.columns.text(row, "subject") if self.opposite else ""

    def _lost_digits(self, row: Row) -> Iterator[Problem]:
        """A long number that a spreadsheet kept as a figure has lost its last digits."""
        if self.columns.layout.columns.get("settlement") in row.lossy:
            text = "在 Excel 中以数字保存，末位可能已丢失，请从财务软件重新导出为文本。"
            yield Problem(row.number, "结算号", text)

    def sum(self, row: Row, marked: Marked, at: int) -> Sum:
        """What a row that is no entry sums up; at: how many entries stand before it."""
        columns = self.columns
        income, expense = (
            _or_none(columns.cell(row, one), self.currency) for one in ("income", "expense")
        )
        try:
            balance = balance_of(row, columns, self.currency)
        except (Unfit, BadInput):
            balance = None
        if marked.mark is Mark.OPENING and balance is None and (income or expense):
            balance = (income or 0) - (expense or 0)
        month = self.days.month_of(row)
        on = self.days.day_of(row)
        return Sum(marked.mark, marked.word, row.number, at, income, expense, balance, month, on)


def _tried(row: Row, field: str, read: Callable[[], T]) -> T:
    """What `read` gives. Raises _Unusable, naming the field; NoYearYet as it is."""
    try:
        return read()
    except NoYearYet:
        raise
    except (Unfit, BadInput) as error:
        said = error.message if isinstance(error, BadInput) else str(error)
        text = said if said.endswith("。") else f"{said}。"
        raise _Unusable(Problem(row.number, field, text)) from error


def balance_of(row: Row, columns: Columns, currency: str) -> int | None:
    """The balance with its direction, 借方 positive; None where there is none. Raises Unfit."""
    found = amount_of(columns.cell(row, "balance"), currency)
    said = columns.cell(row, "balance_flag")
    if not said and columns.two_sided:
        said = columns.cell(row, "flag")
    way = way_of(said)
    if way is Way.EVEN:
        if found:
            raise Unfit("方向为“平”，余额却不为零，请核对")
        return 0
    if found is None:
        return None
    return -found if way is Way.CREDIT else found


def way_of(text: str) -> Way | None:
    """The side that a direction names; None for an empty one. Raises Unfit."""
    plain = "".join(text.split()).upper()
    if not plain:
        return None
    found = _WAYS.get(plain)
    if found is None:
        raise Unfit(f"方向“{text}”无法识别，应为“借”“贷”或“平”")
    return found


def _voucher(columns: Columns, row: Row) -> str:
    """The voucher with its word: 记-12."""
    said = (_plain(columns.cell(row, one)) for one in ("voucher", "voucher_word"))
    number, word = (_HYPHEN.sub("-", one) for one in said)
    if not number or not word or number.startswith(word):
        return number[:_LONGEST_VOUCHER]
    return f"{word}-{number}"[:_LONGEST_VOUCHER]


def _plain(text: str) -> str:
    return "" if says_nothing(text) else words(text)


def _or_none(text: str, currency: str) -> int | None:
    try:
        return amount_of(text, currency)
    except Unfit:
        return None
