"""A statement proves itself, in either order; what does not follow is named with its row."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.statements.parsed import Control, Proof, Statement, StatementLine, Totals
from app.statements.proof import best_chain, prove

AMOUNTS = st.lists(st.integers(-(10**9), 10**9).filter(bool), min_size=3, max_size=40)
OPENING = st.integers(-(10**9), 10**12)


def chain(opening, amounts, days=1, *, newest_first=False):
    """Lines whose balances follow each other; `days` of them share each day."""
    lines, balance = [], opening
    for at, minor in enumerate(amounts):
        balance += minor
        lines.append((date(2026, 1, 1) + timedelta(days=at // days), minor, balance))
    if newest_first:
        lines.reverse()
    return tuple(
        StatementLine(row, on, minor, balance) for row, (on, minor, balance) in enumerate(lines, 2)
    )


def changed(lines, at, **values):
    from dataclasses import replace

    return (*lines[:at], replace(lines[at], **values), *lines[at + 1 :])


@given(OPENING, AMOUNTS, st.integers(1, 5), st.booleans(), st.booleans())
def test_that_any_true_chain_is_balanced_in_either_order(  # E1.3
    opening, amounts, days, newest_first, declared
):
    lines = chain(opening, amounts, days, newest_first=newest_first)
    closing = opening + sum(amounts)
    proved = prove(
        Statement(
            lines, opening=opening if declared else None, closing=closing if declared else None
        )
    )
    assert (proved.proof, proved.problems) == (Proof.BALANCED, ())
    # A chain that holds in both orders has two truths; what was declared decides.
    if declared or not best_chain(lines[::-1]).holds:
        assert (proved.opening, proved.closing) == (opening, closing)


@given(OPENING, AMOUNTS, st.booleans(), st.data(), st.integers(1, 10**6))
def test_that_one_changed_balance_is_named(opening, amounts, newest_first, data, by):
    lines = chain(opening, amounts, newest_first=newest_first)
    at = data.draw(st.integers(0, len(lines) - 1))
    bad = changed(lines, at, balance=lines[at].balance + by)
    proved = prove(Statement(bad, opening=opening, closing=opening + sum(amounts)))
    assert proved.proof is Proof.UNBALANCED
    near = {one.row for one in bad[max(0, at - 1) : at + 2]}
    assert {p.row for p in proved.problems} & near


@given(OPENING, AMOUNTS, st.booleans(), st.data(), st.integers(1, 10**6))
def test_that_one_changed_amount_is_named(opening, amounts, newest_first, data, by):
    lines = chain(opening, amounts, newest_first=newest_first)
    at = data.draw(st.integers(0, len(lines) - 1))
    assume(lines[at].minor + by)
    bad = changed(lines, at, minor=lines[at].minor + by)
    proved = prove(Statement(bad, opening=opening, closing=opening + sum(amounts)))
    assert proved.proof is Proof.UNBALANCED
    near = {one.row for one in bad[max(0, at - 1) : at + 2]}
    assert {p.row for p in proved.problems} & near
    assert any("期末余额" in p.message for p in proved.problems)


@given(OPENING, AMOUNTS, st.booleans(), st.data())
def test_that_one_lost_line_is_missed(opening, amounts, newest_first, data):
    lines = chain(opening, amounts, newest_first=newest_first)
    at = data.draw(st.integers(0, len(lines) - 1))
    rest = (*lines[:at], *lines[at + 1 :])
    proved = prove(Statement(rest, opening=opening, closing=opening + sum(amounts)))
    assert proved.proof is Proof.UNBALANCED
    assert proved.problems


@given(OPENING, AMOUNTS, st.data())
def test_that_without_running_balances_the_ends_are_enough_to_miss_a_line(opening, amounts, data):
    bare = tuple(
        StatementLine(row, date(2026, 1, 1), minor) for row, minor in enumerate(amounts, 2)
    )
    whole = Statement(bare, opening=opening, closing=opening + sum(amounts))
    assert prove(whole).proof is Proof.BALANCED
    at = data.draw(st.integers(0, len(bare) - 1))
    part = Statement((*bare[:at], *bare[at + 1 :]), opening=opening, closing=whole.closing)
    assert prove(part).proof is Proof.UNBALANCED


def test_that_without_any_balance_nothing_is_proved():
    assert prove(Statement(chain(0, [5]))).proof is Proof.NO_BALANCE
    bare = (StatementLine(2, date(2026, 1, 1), 5),)
    assert prove(Statement(bare)).proof is Proof.NO_BALANCE
    assert prove(Statement(())).proof is Proof.NO_BALANCE


def test_that_lines_by_day_only_are_put_in_order():
    """Days newest first, but each day's lines oldest first: some banks do."""
    lines = chain(1000, [10, -20, 30, -40], 2)
    proved = prove(Statement((*lines[2:], *lines[:2])))
    assert (proved.proof, proved.opening, proved.closing) == (Proof.BALANCED, 1000, 980)


def test_that_totals_are_held_against_the_lines_they_speak_of():
    lines = chain(0, [100, -30, 50, -10])
    page = Control(Totals(total_in=100, total_out=30), row=4, since=1)
    whole = Control(Totals(2, 2, 150, 40, 4), None)
    assert prove(Statement(lines, controls=(page, whole))).problems == ()
    wrong = Control(Totals(total_in=101), row=4, since=1)
    [problem] = prove(Statement(lines, controls=(wrong,))).problems
    assert (problem.row, problem.field) == (4, "合计")
    assert "1.01" in problem.message
    assert "1.00" in problem.message
    counts = Control(Totals(3, 2, None, None, 5), None)
    said = [p.message for p in prove(Statement(lines, controls=(counts,))).problems]
    assert said == ["文件所列收入笔数 3，实际读到 2 笔。", "文件所列总笔数 5，实际读到 4 笔。"]
