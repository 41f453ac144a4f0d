"""The proof: any true chain holds in whatever order, and what breaks it is named."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.statements.parsed import Control, Proof, Statement, StatementLine, Totals
from app.statements.proof import prove

AMOUNTS = st.integers(-(10**9), 10**9).filter(bool)
OPENING = 1_000_000


def chain(amounts, opening=OPENING, start=date(2026, 1, 1)):
    """Lines as a bank lists them, oldest first, one a day."""
    lines, balance = [], opening
    for place, minor in enumerate(amounts):
        balance += minor
        lines.append(StatementLine(place + 2, start + timedelta(days=place), minor, balance))
    return lines


@given(st.lists(AMOUNTS, min_size=2, max_size=30), st.booleans())
def test_a_true_chain_holds_in_either_order(amounts, newest_first):  # B2.2
    lines = chain(amounts)
    found = prove(Statement(tuple(lines[::-1] if newest_first else lines)))
    assert (found.proof, found.problems) == (Proof.BALANCED, ())
    assert (found.opening, found.closing) == (OPENING, OPENING + sum(amounts))


@given(st.lists(AMOUNTS, min_size=4, max_size=30), st.data())
def test_a_changed_balance_is_named_with_its_row(amounts, data):  # B2.2
    lines = chain(amounts)
    at = data.draw(st.integers(1, len(lines) - 2))
    wrong = data.draw(st.integers(1, 10**6))
    lines[at] = replace(lines[at], balance=lines[at].balance + wrong)
    found = prove(Statement(tuple(lines)))
    assert found.proof is Proof.UNBALANCED
    # Turned round another row may be the first that does not follow; the wrong one is beside it.
    assert abs(found.problems[0].row - lines[at].row) <= 1


@given(st.lists(AMOUNTS, min_size=3, max_size=30), st.data())
def test_a_missing_line_is_noticed_where_opening_and_closing_are_declared(amounts, data):
    lines = [replace(line, balance=None) for line in chain(amounts)]
    closing = OPENING + sum(amounts)
    whole = Statement(tuple(lines), opening=OPENING, closing=closing)
    assert prove(whole).proof is Proof.BALANCED
    gone = data.draw(st.integers(0, len(lines) - 1))
    found = prove(replace(whole, lines=tuple(lines[:gone] + lines[gone + 1 :])))
    assert found.proof is Proof.UNBALANCED
    assert "可能缺少交易" in found.problems[0].message


@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_totals_that_the_file_declares_are_held_against_its_lines(amounts):  # B2.2
    lines = tuple(chain(amounts))
    ins = sum(a for a in amounts if a > 0)
    right = Control(Totals(total_in=ins, count=len(amounts)), None)
    assert prove(Statement(lines, controls=(right,))).problems == ()
    wrong = Control(Totals(total_in=ins + 1), 99)
    [problem] = prove(Statement(lines, controls=(wrong,))).problems
    assert problem.row is None or problem.row == 99


def test_a_page_total_speaks_of_its_page_only():
    lines = tuple(chain([100, -30, 50]))
    page = Control(Totals(total_in=100, total_out=30), 4, since=1)
    assert prove(Statement(lines, controls=(page,))).problems == ()


@given(st.lists(AMOUNTS, min_size=2, max_size=20))
def test_without_balances_nothing_is_proved(amounts):
    assume(len(amounts) > 1)
    lines = tuple(replace(line, balance=None) for line in chain(amounts))
    assert prove(Statement(lines)).proof is Proof.NO_BALANCE
