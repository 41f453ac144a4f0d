"""Which way the entries of a journal count, and what proves it: the balances."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import Problem
from app.reconciliation.journal.entries import Entry, Way
from app.reconciliation.journal.parsed import IsAStatement
from app.statements.parsed import StatementLine
from app.statements.proof import best_chain

_ENOUGH: Final = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """The entries with 借方 and 贷方 each in its column; what was doubtful; how it was decided."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def minors(self) -> list[int]:
        return [one.income - one.expense for one in self.entries]


def take_sides(entries: Sequence[Entry], opening: int | None, *, booked: bool = True) -> Taken:
    """The entries as they count. booked: whether the columns are 借方 and 贷方, not 收入 and 支出.

    Raises IsAStatement where the balances show the bank's view.
    """
    usual = Taken(tuple(map(_sided, entries)))
    if _holds(usual.entries, opening, 1):
        return usual
    positive = tuple(replace(one, expense=abs(one.expense)) for one in usual.entries)
    outs = [one.expense for one in usual.entries if one.expense]
    negative = len(outs) > 1 and all(one < 0 for one in outs)
    if negative and _holds(positive, opening, _ENOUGH):
        return Taken(positive, notes=("贷方金额全部写成负数，余额证明它们是支出。",))
    turned = tuple(replace(one, income=one.expense, expense=one.income) for one in usual.entries)
    if _holds(turned, opening, _ENOUGH):
        raise IsAStatement("余额随贷方增加、随借方减少，这是银行的流水，不是本公司的日记账。")
    if negative and not any(one.balance is not None for one in entries):
        if not booked:
            return Taken(positive, notes=("支出金额全部写成负数，按支出读取。",))
        text = "贷方金额全部为负数，按红字（冲减支出）读取；如果都是支出，请改成正数后重新导入。"
        return Taken(usual.entries, (Problem(None, "贷方", text),))
    return _single(entries, usual, opening)


def as_lines(entries: Sequence[Entry]) -> list[StatementLine]:
    """The entries as the proof wants them."""
    return [
        StatementLine(one.row, one.on, one.income - one.expense, one.balance) for one in entries
    ]


def _sided(entry: Entry) -> Entry:
    """With the amount of a single column put where its direction, else its sign, says."""
    if not entry.amount:
        return entry
    if entry.way is Way.CREDIT:
        return replace(entry, expense=entry.amount, amount=0)
    if entry.way is None and entry.amount < 0:
        return replace(entry, expense=-entry.amount, amount=0)
    return replace(entry, income=entry.amount, amount=0)


def _single(entries: Sequence[Entry], usual: Taken, opening: int | None) -> Taken:
    """A single column without direction and sign: the balances tell, else somebody must look."""
    bare = [one for one in entries if one.amount and one.way is None]
    if not bare or any(one.amount < 0 for one in bare):
        return usual
    found = _by_balances(entries, opening)
    if found is not None:
        return Taken(found, notes=("只有一列金额，借贷方向由余额推出。",))
    problems = tuple(
        Problem(one.row, "方向", "没有借贷方向，按借方（收入）读取，请核对该行。") for one in bare
    )
    return Taken(usual.entries, problems)


def _by_balances(entries: Sequence[Entry], opening: int | None) -> tuple[Entry, ...] | None:
    before, found = opening, []
    for one in entries:
        if before is None or one.balance is None:
            return None
        change = one.balance - before
        if one.amount and abs(change) != one.amount:
            return None
        put = replace(one, amount=0)
        if change > 0:
            put = replace(put, income=one.amount)
        elif change:
            put = replace(put, expense=one.amount)
        found.append(put)
        before = one.balance
    return tuple(found)


def _holds(entries: Sequence[Entry], opening: int | None, enough: int) -> bool:
    chain = best_chain(as_lines(entries), opening)
    return chain.holds and chain.checked >= enough
