"""Which way money went: by columns, flags and signs, and by the balances where those leave a choice.

Banks write money out as a figure in its own column, with or without a sign, beside a flag that is
the bank's view or the company's, or as a bare figure; the balances tell which it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import Problem
from app.statements.figures import Side
from app.statements.parsed import StatementLine
from app.statements.proof import best_chain

_ENOUGH: Final = 2


@dataclass(frozen=True, slots=True)
class Raw:
    """A line before its sign is known. income, expense, amount: as written, with their own sign."""

    line: StatementLine
    currency: str
    number: str
    holder: str
    income: int | None
    expense: int | None
    amount: int | None
    side: Side | None
    parties: tuple[tuple[str, str, str], tuple[str, str, str]] | None


@dataclass(frozen=True, slots=True)
class Ways:
    """What the table says of its sides. opening: as declared; flagged: there is such a column.

    bank_side: whether 借 and 贷 name the sides, which the bank sees the other way round.
    """

    opening: int | None
    bank_side: bool
    flagged: bool


@dataclass(frozen=True, slots=True)
class _Style:
    """Whether money out is written negative in its own column, and beside a flag."""

    expense_negative: bool
    flag_and_sign: bool


def taken(
    raws: Sequence[Raw], ways: Ways, problems: list[Problem]
) -> tuple[list[StatementLine], list[str]]:
    """The lines with their signs: as usual, or as the balances prove; and how they were taken."""
    first, *others = _styles(raws)
    usual = [_signed(raw, _minor(raw, first)) for raw in raws]
    chain = best_chain(usual, ways.opening)
    if chain.holds:
        return usual, []
    for style in others:
        lines = [_signed(raw, _minor(raw, style)) for raw in raws]
        if _proved(lines, ways):
            return lines, []
    if ways.bank_side:
        turned = [_signed(raw, -line.minor) for raw, line in zip(raws, usual, strict=True)]
        if _proved(turned, ways):
            return turned, ["余额证明本文件以“借”为收入、“贷”为支出。"]
    if not _unsigned(raws):
        problems.extend(_unflagged(raws, ways))
        return usual, []
    found = _by_balances(raws, ways.opening, problems)
    if found is not None:
        return found, ["文件只有一列金额，收支方向由余额推出。"]
    text = "文件只有一列金额，没有借贷标志，也没有负数，全部按收入读取，请核对。"
    problems.append(Problem(None, "金额", text))
    return usual, []


def _proved(lines: Sequence[StatementLine], ways: Ways) -> bool:
    chain = best_chain(lines, ways.opening)
    return chain.holds and chain.checked >= _ENOUGH


def _styles(raws: Sequence[Raw]) -> list[_Style]:
    """How the file writes money out, the likeliest first: where all are negative, the sign is kept.

    Where only some are, a negative figure is a reversal.
    """
    out = [raw.expense for raw in raws if raw.expense]
    flagged = [raw.amount for raw in raws if raw.amount and raw.side is Side.OUT]
    likely = _Style(
        bool(out) and all(one < 0 for one in out), bool(flagged) and all(one < 0 for one in flagged)
    )
    found = [likely]
    if any(one < 0 for one in out):
        found += [replace(one, expense_negative=not one.expense_negative) for one in found]
    if any(one < 0 for one in flagged):
        found += [replace(one, flag_and_sign=not one.flag_and_sign) for one in found]
    return found


def _minor(raw: Raw, style: _Style) -> int:
    """The amount, money out negative. A reversal stands as a negative figure on its own side."""
    if raw.income or raw.expense:
        expense = raw.expense or 0
        return raw.income or (-abs(expense) if style.expense_negative else -expense)
    amount = raw.amount or 0
    if raw.side is Side.OUT:
        return -abs(amount) if style.flag_and_sign else -amount
    return amount


def _signed(raw: Raw, signed: int) -> StatementLine:
    if raw.side is Side.NEITHER and not (raw.income or raw.expense):
        return replace(raw.line, minor=0, uncounted=abs(signed))
    line = replace(raw.line, minor=signed)
    if raw.parties is None:
        return line
    payer, receiver = raw.parties
    name, account, bank = receiver if signed < 0 else payer
    return replace(line, name=name, payee_account=account, payee_bank=bank)


def _unflagged(raws: Sequence[Raw], ways: Ways) -> Iterator[Problem]:
    """Lines of a table with flags that have none; nothing else tells their side."""
    for raw in raws:
        if ways.flagged and raw.side is None and (raw.amount or 0) > 0:
            yield Problem(raw.line.row, "借贷标志", "没有借贷标志，按收入读取，请核对该行。")


def _unsigned(raws: Sequence[Raw]) -> bool:
    """Whether the only column of amounts has neither a flag nor a sign."""
    return len(raws) > 1 and all(
        raw.side is None and raw.income is None and raw.expense is None and (raw.amount or 0) > 0
        for raw in raws
    )


def _by_balances(
    raws: Sequence[Raw], opening: int | None, problems: list[Problem]
) -> list[StatementLine] | None:
    """The lines with the signs that the balances ask for; None where they do not tell."""
    for order in (list(raws), list(raws)[::-1]):
        found = _differences(order, opening)
        if found is None:
            continue
        first = order[0]
        if first.line.row not in found:
            text = "没有期初余额，第一笔的收支方向无法由余额推出，按收入读取，请核对。"
            problems.append(Problem(first.line.row, "金额", text))
        return [_signed(raw, found.get(raw.line.row, raw.amount or 0)) for raw in raws]
    return None


def _differences(order: Sequence[Raw], opening: int | None) -> dict[int, int] | None:
    """What each row changed its balance by; None where that is not its amount."""
    found: dict[int, int] = {}
    before = opening
    for raw in order:
        after, amount = raw.line.balance, raw.amount or 0
        if after is None or (before is not None and abs(after - before) != amount):
            return None
        if before is not None:
            found[raw.line.row] = after - before
        before = after
    return found
