"""The approval matrix changes only when a second person confirms it, freshly signed in."""

from datetime import timedelta

import pytest

from app.access.errors import AlreadyDecided, Denied, FreshSignInNeeded, MatrixInvalid, SelfApproval
from app.access.matrix import confirm, current_tiers, propose
from app.access.people import GrantRole, grant_role
from app.access.queries import matrix_state
from app.access.rights import Role
from app.access.rules import DEFAULT_TIERS, Tier
from app.core.errors import BadInput, NotFound
from app.core.money import Money

STRICT = (
    Tier(Money.parse("10000"), (Role.CHECKER, Role.SUPERVISOR)),
    Tier(None, (Role.CHECKER, Role.CFO, Role.GM)),
)


def tiers(db):
    with db.read() as work:
        return current_tiers(work)


def test_the_defaults_hold_until_a_matrix_is_confirmed(founded, people):  # C4.2
    assert tiers(founded) == DEFAULT_TIERS
    propose(founded, people.admin, STRICT, "收紧")
    assert tiers(founded) == DEFAULT_TIERS


def test_a_second_person_puts_it_in_force(founded, people, trail_of):  # E4.4 C4.2
    number = propose(founded, people.admin, STRICT, "收紧")
    confirm(founded, people.cfo, number, True)
    assert tiers(founded) == STRICT
    [kept] = trail_of("matrix.confirmed")
    assert kept.actor == "cfo 林总监"
    assert kept.before["tiers"][0] == {"up_to": "50000.00", "levels": ["CHECKER"]}
    assert kept.after["tiers"][0] == {"up_to": "10000.00", "levels": ["CHECKER", "SUPERVISOR"]}


def test_a_refused_matrix_changes_nothing(founded, people, trail_of):  # C4.2
    confirm(founded, people.cfo, propose(founded, people.admin, STRICT, "收紧"), False)
    assert tiers(founded) == DEFAULT_TIERS
    [kept] = trail_of("matrix.refused")
    assert kept.before == kept.after


def test_who_proposed_it_cannot_confirm_it(founded, people, clock):  # E4.4
    with founded.read() as work:
        day = work.today
    # One person with both posts.
    grant_role(founded, people.admin, GrantRole("cfo", Role.ADMIN, day, None, "代理"))
    number = propose(founded, people.cfo, STRICT, "收紧")
    with pytest.raises(SelfApproval, match="修改人"):
        confirm(founded, people.cfo, number, True)
    assert tiers(founded) == DEFAULT_TIERS


def test_the_administrator_alone_cannot(founded, people, trail_of):  # E4.4
    number = propose(founded, people.admin, STRICT, "收紧")
    with pytest.raises(Denied):
        confirm(founded, people.admin, number, True)
    assert trail_of("access.denied")[-1].subject == "right:matrix.confirm"


def test_confirming_needs_a_fresh_sign_in(founded, people, clock):  # E4.4 C1.1
    number = propose(founded, people.admin, STRICT, "收紧")
    clock.move_to(clock.now() + timedelta(minutes=6))
    with pytest.raises(FreshSignInNeeded):
        confirm(founded, people.cfo, number, True)
    assert tiers(founded) == DEFAULT_TIERS


def test_it_is_decided_once(founded, people):  # C4.2
    number = propose(founded, people.admin, STRICT, "收紧")
    confirm(founded, people.cfo, number, True)
    with pytest.raises(AlreadyDecided):
        confirm(founded, people.gm, number, False)
    assert tiers(founded) == STRICT


def test_a_newer_proposal_takes_the_place_of_an_older_one(founded, people):  # C4.2
    old = propose(founded, people.admin, STRICT, "收紧")
    new = propose(founded, people.admin, DEFAULT_TIERS, "还是照旧")
    with pytest.raises(AlreadyDecided):
        confirm(founded, people.cfo, old, True)
    assert matrix_state(founded, people.cfo).proposed.id == new


def test_bad_tiers_and_a_missing_reason_are_refused(founded, people):  # E4.4
    with pytest.raises(MatrixInvalid):
        propose(founded, people.admin, STRICT[:1], "收紧")
    with pytest.raises(BadInput, match="原因"):
        propose(founded, people.admin, STRICT, " ")
    with pytest.raises(NotFound):
        confirm(founded, people.cfo, 77, True)


def test_the_page_shows_what_holds_and_what_waits(founded, people, clock):  # C4.2
    assert matrix_state(founded, people.clerk).proposed is None
    propose(founded, people.admin, STRICT, "收紧")
    view = matrix_state(founded, people.clerk)
    assert view.current == DEFAULT_TIERS
    assert (view.proposed.tiers, view.proposed.reason) == (STRICT, "收紧")
    assert (view.proposed.by, view.proposed.at) == ("系统管理员", clock.now())
    confirm(founded, people.cfo, view.proposed.id, True)
    view = matrix_state(founded, people.clerk)
    assert (view.current, view.proposed) == (STRICT, None)
