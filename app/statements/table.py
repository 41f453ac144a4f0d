"""Statements out of tables, whatever the bank calls its columns: values in, values out.

Rows are read once, then the file itself says how to take them: which sign a figure has, whether 借
is money out, follow from all rows and from the balances. Every row ends as a line, a problem, or
skipped with its reason.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from app.core.errors import BadInput, Problem
from app.payments.intake.values import Unfit, says_nothing
from app.statements import figures
from app.statements.columns import Layout, find_layout
from app.statements.parsed import Control, Skipped, Statement, StatementLine, Totals
from app.statements.preamble import Head, minor, read_head
from app.statements.rows import (
    BALANCE_ONLY,
    BLANK,
    HEAD,
    HEADING,
    NOTHING,
    REMARK,
    SPANS,
    TOTAL,
    is_opening,
    lost_digits,
    total_said,
    why_skipped,
    wide_rows,
    with_flags,
)
from app.statements.sides import Raw, Ways, taken
from app.tabular.model import Row, Table


@dataclass(slots=True)
class _Part:
    """The rows of one account under one head."""

    layout: Layout
    head: Head
    raws: list[Raw] = field(default_factory=list)
    controls: list[tuple[str, Control]] = field(default_factory=list)
    since: int = 0


@dataclass(slots=True)
class _Reading:
    table: Table
    currency: str
    parts: list[_Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    # What stood between lines and may be the head of another account.
    between: list[Row] = field(default_factory=list)
    month_first: bool = False
    # First and last of the blank rows that follow each other: there may be a million.
    blanks: list[tuple[int, int]] = field(default_factory=list)
    # Rows of a text with more cells than headings, where the others have as many.
    wide: frozenset[int] = frozenset()

    @property
    def part(self) -> _Part:
        return self.parts[-1]


@dataclass(frozen=True, slots=True)
class TableStatements:
    """What a table holds. head: all that stands above its first line; notes: how it was taken."""

    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    head: str
    headings: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_statements(
    table: Table, currency: str = "CNY", layout: Layout | None = None
) -> TableStatements:
    """The statements of a table; currency: where it names none. layout: chosen by a person.

    Raises NotAStatement, NoHeader, WrongUnit.
    """
    layout = layout or find_layout(table)
    body = [row for row in table.rows if row.number > layout.row]
    layout = with_flags(layout, body)
    above = [row for row in table.rows if row.number <= layout.row]
    reading = _Reading(table, layout.currency or currency)
    reading.problems.extend(table.problems)
    reading.parts.append(_Part(layout, read_head(above[:-1]), since=layout.row))
    _skip_head(reading, above)
    days = [layout.cell(row, "day") for row in body]
    reading.month_first = figures.is_month_first(days)
    reading.wide = wide_rows(table, layout, body)
    for row in body:
        if row.blank():
            _take_blank(reading, row)
        else:
            _take(reading, row)
    _close_between(reading)
    statements, notes = _statements(reading)
    said = "\n".join(cell for row in above[:-1] for cell in row.cells if cell.strip())
    return TableStatements(
        tuple(statements),
        tuple(reading.problems),
        (*reading.skipped, *_blanks(reading)),
        said,
        layout.headings,
        tuple(notes),
    )


def _skip_head(reading: _Reading, above: Sequence[Row]) -> None:
    for row in above[:-1]:
        if row.blank():
            _take_blank(reading, row)
        else:
            reading.skipped.append(Skipped(row.number, HEAD))


def _take_blank(reading: _Reading, row: Row) -> None:
    first, last = reading.blanks[-1] if reading.blanks else (0, 0)
    if last and last == row.number - 1:
        reading.blanks[-1] = (first, row.number)
    else:
        reading.blanks.append((row.number, row.number))


def _blanks(reading: _Reading) -> Iterator[Skipped]:
    for first, last in reading.blanks:
        yield Skipped(first, BLANK if first == last else f"{BLANK}（至第 {last} 行）")


def _take(reading: _Reading, row: Row) -> None:
    layout = reading.part.layout
    why = why_skipped(row, layout)
    if why is None:
        _close_between(reading)
        if row.number in reading.wide:
            text = "该行的列比表头多，可能有未加引号的分隔符，金额会错位，没有读取该行。"
            reading.problems.append(Problem(row.number, "列数", text))
            return
        _take_line(reading, row)
        return
    reading.skipped.append(Skipped(row.number, why))
    if why in {TOTAL, BALANCE_ONLY} and is_opening(row):
        # What is brought forward is of the account that has just been named.
        _close_between(reading)
    if why is TOTAL:
        _take_total(reading, row)
    elif why is BALANCE_ONLY:
        _take_balance(reading.part, row)
    elif why in {REMARK, HEADING}:
        reading.between.append(row)


def _take_line(reading: _Reading, row: Row) -> None:
    part = reading.part
    found = _read(row, part, reading)
    if isinstance(found, Problem):
        reading.problems.append(found)
    elif found is None:
        reading.skipped.append(Skipped(row.number, NOTHING))
    else:
        part.raws.append(found)


def _read(row: Row, part: _Part, reading: _Reading) -> Raw | Problem | None:
    """The row's values; None where its figures are zero."""
    layout = part.layout

    def cell(name: str) -> str:
        return layout.cell(row, name)

    where = "币种"
    try:
        said = _currency(cell("currency")) or part.head.currency
        currency = said or reading.currency
        where = "交易日期"
        on, at = figures.moment(cell("day"), month_first=reading.month_first)
        at = _time_beside(cell("time"), on, reading) or at
        where = "金额"
        income = figures.figure(cell("income"), currency)
        expense = figures.figure(cell("expense"), currency)
        amount = figures.figure(cell("amount"), currency)
        _one_side(income, expense)
        if not (income or expense or amount):
            return None
        where = "借贷标志"
        side = figures.side(cell("flag")) if layout.has("flag") else None
    except (Unfit, BadInput) as error:
        said = error.message if isinstance(error, BadInput) else str(error)
        return Problem(row.number, where, said)
    reading.problems += lost_digits(row, layout)
    line = StatementLine(
        row.number,
        on,
        0,
        minor(cell("balance"), currency),
        " ".join(cell("name").split())[:200],
        _account(cell("payee_account")),
        _words(cell("payee_bank")),
        layout.text(row, "summary"),
        layout.text(row, "purpose"),
        layout.text(row, "remark"),
        _words(cell("reference"))[:80],
        at,
        _value_day(cell("value_day")),
    )
    parties = None
    if layout.has("payer_name", "receiver_name") and not layout.has("name"):
        parties = (_party(cell, "payer"), _party(cell, "receiver"))
    own = cell("own_account")
    return Raw(line, said, _account(own), cell("own_name"), income, expense, amount, side, parties)


def _currency(text: str) -> str:
    found = figures.currency(text)
    if not found and not says_nothing(text):
        raise Unfit(f"不认识的币种“{text}”，没有读取该行")
    return found


def _time_beside(text: str, on: date, reading: _Reading) -> time | None:
    """The time of a column of its own; None where it is none, or of another day than the booking's.

    A line is not lost for its time.
    """
    if not text:
        return None
    try:
        other, at = figures.moment(text, month_first=reading.month_first)
    except Unfit:
        return _clock_or_none(text)
    return at if other == on else None


def _clock_or_none(text: str) -> time | None:
    try:
        return figures.clock(text)
    except Unfit:
        return None


def _one_side(income: int | None, expense: int | None) -> None:
    if income and expense:
        raise Unfit("收入和支出都有金额，请核对该行")


def _party(cell: Callable[[str], str], who: str) -> tuple[str, str, str]:
    return (
        " ".join(cell(f"{who}_name").split())[:200],
        _account(cell(f"{who}_account")),
        _words(cell(f"{who}_bank")),
    )


def _account(text: str) -> str:
    plain = text.strip("'’‘` \t")
    return "" if says_nothing(plain) else "".join(plain.split())[:60]


def _words(text: str) -> str:
    plain = " ".join(text.split())
    return "" if says_nothing(plain) or not plain.strip("-—/") else plain


def _value_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return figures.moment(text)[0]
    except Unfit:
        return None


# --- rows that are no lines -------------------------------------------------------------------


def _take_total(reading: _Reading, row: Row) -> None:
    part, layout = reading.part, reading.part.layout
    said = total_said(row, layout)
    if any(word in said for word in SPANS):
        # Of a month or a year that begins where the file does not tell.
        return
    currency = part.head.currency or reading.currency
    sums = Totals(
        total_in=_sum(layout.cell(row, "income"), currency),
        total_out=_sum(layout.cell(row, "expense"), currency),
    )
    if sums != Totals():
        # A page's own total speaks of the lines since the last one.
        paged = any(word in said for word in ("本页", "小计", "本日", "日计"))
        part.controls.append((said, Control(sums, row.number, part.since if paged else 0)))
        if paged:
            part.since = row.number
    else:
        part.head = part.head.joined(read_head([row]))


def _sum(text: str, currency: str) -> int | None:
    found = minor(text, currency)
    return None if found is None else abs(found)


def _take_balance(part: _Part, row: Row) -> None:
    text = part.layout.cell(row, "balance")
    if is_opening(row):
        part.head = replace(part.head, opening=part.head.opening or text)
    else:
        part.head = replace(part.head, closing=text)


def _close_between(reading: _Reading) -> None:
    """Rows between lines: a new head where they name another account, else of the same one."""
    if not reading.between:
        return
    rows, reading.between = reading.between, []
    head = read_head(rows)
    part = reading.part
    if head.number and part.head.number and head.number != part.head.number:
        reading.parts.append(_Part(part.layout, head, since=rows[-1].number))
    else:
        part.head = part.head.joined(head)


# --- how the lines are to be taken --------------------------------------------------------------


def _statements(reading: _Reading) -> tuple[list[Statement], list[str]]:
    found: list[Statement] = []
    notes: list[str] = []
    for part in reading.parts:
        if part.head.unknown_currency:
            text = f"不认识的币种“{part.head.unknown_currency}”，请核对金额的币种。"
            reading.problems.append(Problem(None, "币种", text))
        groups = _grouped(part, reading.currency)
        if not groups:
            groups = {("", part.head.currency or reading.currency): []}
        for (number, currency), raws in groups.items():
            # What the head declares is of one account in one currency.
            opening = minor(part.head.opening, currency) if len(groups) == 1 else None
            flagged = part.layout.has("flag")
            ways = Ways(opening, bank_side=part.layout.by_bank_side, flagged=flagged)
            lines, said = taken(raws, ways, reading.problems)
            notes.extend(said)
            found.append(_statement(part, number, currency, raws, lines, alone=len(groups) == 1))
    return found, notes


def _grouped(part: _Part, currency: str) -> dict[tuple[str, str], list[Raw]]:
    """The lines by own account and currency, in the order in which they come up."""
    found: dict[tuple[str, str], list[Raw]] = {}
    numbers = {raw.number for raw in part.raws}
    # A column of many accounts beside no other party's column is the other party's.
    own = part.layout.has("payee_account", "name") or len(numbers) == 1
    for raw in part.raws:
        key = (raw.number if own else "", raw.currency or currency)
        found.setdefault(key, []).append(raw)
    return found


def _statement(
    part: _Part,
    number: str,
    currency: str,
    raws: Sequence[Raw],
    lines: Sequence[StatementLine],
    *,
    alone: bool,
) -> Statement:
    head = part.head
    controls = tuple(control for _, control in part.controls) if alone else ()
    totals = head.totals(currency) if alone else None
    if totals is not None:
        controls = (*controls, Control(totals, None))
    said = bool(part.layout.currency or head.currency or head.unknown_currency)
    days = [line.on for line in lines]
    holder = next((raw.holder for raw in raws if raw.holder), "")
    return Statement(
        tuple(lines),
        currency,
        head.number or number if alone else number or head.number,
        head.holder or holder,
        minor(head.opening, currency) if alone else None,
        minor(head.closing, currency) if alone else None,
        head.since or min(days, default=None),
        head.until or max(days, default=None),
        controls,
        currency_said=said or any(raw.currency for raw in raws),
    )
