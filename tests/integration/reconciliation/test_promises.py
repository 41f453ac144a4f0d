"""Whatever people do to matches, in whatever order, the promises hold."""

from datetime import date
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.errors import Refused
from app.reconciliation import deciding
from app.reconciliation.deciding import ByHand
from app.reconciliation.invariants import examine
from app.reconciliation.reconciling import keep_sure, reconcile
from app.reconciliation.states import Side
from app.statements.undoing import undo_import
from tests.integration.reconciliation.conftest import SINCE, UNTIL

NAMES = ("上海华峰机械有限公司", "杭州明远材料有限公司", "")


def broken(db):
    with db.read() as work:
        return {one.code: one.broken for one in examine(work) if not one.ok}


@pytest.fixture
def rows(bring, book):
    """Equal amounts, two parties, some nameless: whatever can be taken for something else."""
    random = Random(7)
    for part in range(2):
        bring(
            *(
                f"2026-03-{day:02d},,{random.choice((100, 200, 300))}.00,,"
                f"{random.choice(NAMES)},,货款,P{part}N{day}"
                for day in range(3 + part * 8, 11 + part * 8)
            )
        )
    book(
        *(
            (
                date(2026, 3, day),
                f"记-{day}",
                f"-{random.choice((100, 200, 300))}.00",
                random.choice(NAMES),
                "付货款",
            )
            for day in range(3, 19)
        )
    )


def act(db, who, account, random):
    """One thing that a person might do now; refusals are their own business."""
    found = reconcile(db, who, account.number, SINCE, UNTIL)
    kept = [one for one in found.pairings if one.id is not None]
    asked = [one for one in found.pairings if one.id is None]
    wish = random.choice(("run", "accept", "refuse", "undo", "undo", "hand", "hand", "import"))
    if wish == "run":
        keep_sure(db, who, account.number, SINCE, UNTIL)
    elif wish in {"accept", "refuse"} and asked:
        one = random.choice(asked)
        if wish == "accept":
            deciding.accept(db, who, account.number, [one])
        else:
            deciding.refuse(db, who, account.number, one)
    elif wish == "undo" and kept:
        deciding.undo(db, who, [random.choice(kept).id], "试")
    elif wish == "hand":
        lines = random.sample(sorted(found.lines), random.randint(0, 2))
        ours = random.sample(sorted(found.items), random.randint(0, 2))
        deciding.match_by_hand(
            db, who, account.number, ByHand(Side.BOOKS, tuple(lines), tuple(ours), "试")
        )
    elif wish == "import" and random.random() < 0.3:
        undo_import(db, who, 2, "试")


@pytest.mark.parametrize("seed", range(3))
def test_that_no_order_of_acts_breaks_a_promise(founded, people, account, rows, seed):  # E3.5
    random, refusals, done = Random(seed), 0, 0
    for _ in range(40):
        try:
            act(founded, people.clerk, account, random)
            done += 1
        except Refused:
            refusals += 1
        assert broken(founded) == {}
    assert done
    assert refusals


def test_that_what_was_tampered_with_is_told(founded, people, account, rows):
    keep_sure(founded, people.clerk, account.number, SINCE, UNTIL)
    found = reconcile(founded, people.clerk, account.number, SINCE, UNTIL)
    if not any(one.id for one in found.pairings):
        deciding.accept(founded, people.clerk, account.number, [found.pairings[0]])
    change = text("UPDATE match_member SET amount_minor = amount_minor + 1")
    with pytest.raises(DBAPIError, match="UPDATE is refused"), founded.engine.begin() as raw:
        raw.execute(change)
    with founded.engine.begin() as raw:
        raw.execute(text("UPDATE match_group SET state = 'UNDONE'"))
    assert "matches_whole" in broken(founded)
