"""The proof of a statement: opening + Σ = closing, and the running balance of every line.

Pure: lines in, verdict out. Banks list the oldest or the newest line first, or by day only; the
order in which most balances hold is the true one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import pairwise

from app.core.errors import Problem
from app.core.money import Money
from app.statements.parsed import Control, Proof, Statement, StatementLine, Totals

TOTAL_FIELD = "合计"
BALANCE_FIELD = "余额"


@dataclass(frozen=True, slots=True)
class Chain:
    """How the balances follow each other. broken: rows whose balance does not follow; ends apart.

    opening, closing: what the order of the lines makes them.
    """

    lines: tuple[StatementLine, ...]
    checked: int
    broken: tuple[tuple[StatementLine, int], ...]
    opening: int | None
    closing: int | None

    @property
    def holds(self) -> bool:
        return self.checked > 0 and not self.broken


def prove(statement: Statement) -> Statement:
    """The statement with its proof, opening and closing; what does not hold is named."""
    chain = best_chain(statement.lines, statement.opening)
    opening = statement.opening if statement.opening is not None else chain.opening
    closing = statement.closing if statement.closing is not None else chain.closing
    problems = [*_broken(statement, chain)]
    checked = chain.checked
    if statement.closing is not None and opening is not None:
        checked += 1
        total = opening + sum(line.minor for line in statement.lines)
        if total != statement.closing:
            problems.append(
                Problem(
                    None,
                    BALANCE_FIELD,
                    f"期初余额加全部交易为 {_said(total, statement)}，文件的期末余额为 "
                    f"{_said(statement.closing, statement)}，相差 "
                    f"{_said(total - statement.closing, statement)}，可能缺少交易。",
                )
            )
    proof = Proof.NO_BALANCE
    if checked:
        proof = Proof.UNBALANCED if problems else Proof.BALANCED
    return replace(
        statement,
        opening=opening,
        closing=closing,
        proof=proof,
        problems=(*statement.problems, *problems, *_controls(statement)),
    )


def best_chain(lines: Sequence[StatementLine], opening: int | None = None) -> Chain:
    """The order in which most balances hold: as they stand, turned round, or by time."""
    best: Chain | None = None
    for order in _orders(lines):
        chain = _chain(order, opening)
        if chain.holds:
            return chain
        if best is None or _strength(chain) > _strength(best):
            best = chain
    assert best is not None
    return best


def _orders(lines: Sequence[StatementLine]) -> Iterator[list[StatementLine]]:
    as_is = list(lines)
    yield as_is
    newest_first = as_is[::-1]
    yield newest_first
    yield sorted(as_is, key=_moment)
    yield sorted(newest_first, key=_moment)


def _strength(chain: Chain) -> tuple[int, int]:
    return chain.checked - len(chain.broken), -len(chain.broken)


def _moment(line: StatementLine) -> tuple[date, time]:
    return line.on, line.at or time()


def _chain(lines: Sequence[StatementLine], opening: int | None) -> Chain:
    expected, checked = opening, 0
    broken: list[tuple[StatementLine, int]] = []
    for line in lines:
        if expected is not None:
            expected += line.minor
        if line.balance is None:
            continue
        if expected is not None:
            checked += 1
            if expected != line.balance:
                broken.append((line, expected))
        expected = line.balance
    first, last = (lines[0], lines[-1]) if lines else (None, None)
    return Chain(
        tuple(lines),
        checked,
        tuple(broken),
        None if first is None or first.balance is None else first.balance - first.minor,
        None if last is None or last.balance is None else last.balance,
    )


def _broken(statement: Statement, chain: Chain) -> Iterator[Problem]:
    if not chain.broken:
        return
    line, expected = chain.broken[0]
    assert line.balance is not None
    more = len(chain.broken) - 1
    yield Problem(
        line.row,
        BALANCE_FIELD,
        f"余额 {_said(line.balance, statement)} 与前一笔余额加本笔金额得到的 "
        f"{_said(expected, statement)} 不符，相差 {_said(line.balance - expected, statement)}"
        + (f"；另有 {more} 行不符。" if more else "。"),
    )


def _controls(statement: Statement) -> Iterator[Problem]:
    for control in statement.controls:
        lines = [
            line
            for line in statement.lines
            if control.row is None or control.since < line.row < control.row
        ]
        yield from _control(control, lines, statement)


def _control(
    control: Control, lines: Sequence[StatementLine], statement: Statement
) -> Iterator[Problem]:
    said, found = control.totals, totals_of(lines)
    pairs = (
        ("收入", said.total_in, found.total_in),
        ("支出", said.total_out, found.total_out),
    )
    for what, declared, summed in pairs:
        if declared is not None and declared != summed:
            yield Problem(
                control.row,
                TOTAL_FIELD,
                f"文件所列{what}合计 {_said(declared, statement)}，逐笔相加为 "
                f"{_said(summed or 0, statement)}，相差 {_said((summed or 0) - declared, statement)}。",
            )
    counts = (
        ("收入", said.count_in, found.count_in),
        ("支出", said.count_out, found.count_out),
        ("总", said.count, found.count),
    )
    for what, declared, counted in counts:
        if declared is not None and declared != counted:
            yield Problem(
                control.row, TOTAL_FIELD, f"文件所列{what}笔数 {declared}，实际读到 {counted} 笔。"
            )


def totals_of(lines: Sequence[StatementLine]) -> Totals:
    """What the lines add up to."""
    ins = [line.minor for line in lines if line.minor > 0]
    outs = [-line.minor for line in lines if line.minor < 0]
    return Totals(len(ins), len(outs), sum(ins), sum(outs), len(lines))


def follows(statements: Sequence[Statement]) -> bool:
    """Whether each goes on where the one before ended, as the pages of one statement do."""
    return all(
        (one.number, one.currency, one.closing) == (other.number, other.currency, other.opening)
        for one, other in pairwise(statements)
    )


def _said(minor: int, statement: Statement) -> str:
    return Money(minor, statement.currency).display()
