"""Who stands in for an approver decides on their behalf, and the record says so."""

from datetime import timedelta

import pytest

from app.access.errors import Denied, NotAnApprover, SelfApproval
from app.access.guard import identify
from app.access.history import decisions_of
from app.access.inbox import deciders_of, waiting_for
from app.access.people import Delegate, EndRole, delegate, end_delegation, end_role, set_active
from app.access.queries import delegations
from app.access.rights import Right, Role
from app.core.errors import BadInput, NotFound

DAY = timedelta(days=1)


@pytest.fixture
def lend(founded, people):
    """`lend("cfo", "checker", Role.CFO)` for today and tomorrow, by the one who lends."""

    def make(giver, to, role, *, by=None, first=0, last=1):
        with founded.read() as work:
            day = work.today
        delegate(
            founded,
            by or getattr(people, giver),
            Delegate(giver, to, role, day + first * DAY, day + last * DAY, "出差"),
        )

    return make


def test_a_delegate_decides_on_behalf_and_it_is_recorded(  # C4.2
    founded, people, request_approval, decide_on, lend, trail_of
):
    lend("cfo", "checker", Role.CFO)
    number = request_approval(Role.CFO)
    outcome = decide_on(people.checker, number, 1)
    assert outcome.on_behalf_of == people.cfo.user_id
    with founded.read() as work:
        [line] = decisions_of(work, number)
    assert (line.by, line.on_behalf_of, line.level) == ("周复核", "林总监", Role.CFO)
    [kept] = trail_of("delegation.made")
    assert (kept.actor, kept.after) == (
        "cfo 林总监",
        {"to": "checker", "role": "CFO", "from": "2026-03-02", "until": "2026-03-03"},
    )


def test_a_delegate_without_a_post_of_their_own_may_decide_too(  # C4.2
    founded, people, request_approval, decide_on, lend
):
    lend("cfo", "auditor", Role.CFO)
    number = request_approval(Role.CFO)
    assert [line.on_behalf_of for line in waiting_for(founded, people.auditor)] == ["林总监"]
    assert "孙内审" in deciders_of(founded, people.clerk, number)
    assert decide_on(people.auditor, number, 1).on_behalf_of == people.cfo.user_id


def test_standing_in_lends_decisions_and_nothing_else(founded, people, lend):  # E4.4
    lend("cfo", "auditor", Role.CFO)
    with founded.read() as work:
        rights = identify(work, people.auditor).rights
    assert {Right.PAYMENT_APPROVE, Right.RESUME_APPROVE, Right.HOLD_LIFT_APPROVE} <= rights
    assert not rights & {Right.MATRIX_CONFIRM, Right.RULE_CHANGE, Right.HOLD_PLACE_WIDE}


def test_a_maker_does_not_become_an_approver_by_standing_in(  # C4.1 E4.4
    people, request_approval, decide_on, lend
):
    lend("cfo", "clerk", Role.CFO)
    with pytest.raises(SelfApproval, match="经办人"):
        decide_on(people.clerk, request_approval(Role.CFO), 1)


def test_a_maker_cannot_have_their_own_post_used(  # C4.1 E4.4
    people, request_approval, decide_on, lend
):
    lend("cfo", "checker", Role.CFO)
    number = request_approval(Role.CFO, makers={people.cfo.user_id})
    with pytest.raises(SelfApproval, match="委托人"):
        decide_on(people.checker, number, 1)


def test_a_delegation_holds_on_its_days_only(  # C4.3
    founded, people, request_approval, decide_on, lend, clock, sign_in_as
):
    lend("cfo", "checker", Role.CFO, first=1, last=1)
    number = request_approval(Role.CFO)
    with pytest.raises(NotAnApprover):
        decide_on(people.checker, number, 1)
    clock.move_to(clock.now() + 2 * DAY)
    with pytest.raises(NotAnApprover):
        decide_on(sign_in_as("checker"), number, 1)
    clock.move_to(clock.now() - DAY)
    assert decide_on(sign_in_as("checker"), number, 1).on_behalf_of == people.cfo.user_id


@pytest.mark.parametrize(
    "lose",
    [
        lambda db, people: end_role(db, people.admin, EndRole("cfo", Role.CFO, "离任")),
        lambda db, people: set_active(db, people.admin, "cfo", False, "离职"),
        lambda db, people: end_delegation(db, people.cfo, delegations(db, people.cfo)[0].id),
    ],
    ids=["post lost", "account disabled", "delegation ended"],
)
def test_what_was_lost_lends_nothing(  # C4.3
    founded, people, request_approval, decide_on, lend, lose
):
    lend("cfo", "checker", Role.CFO)
    lose(founded, people)
    with pytest.raises(NotAnApprover):
        decide_on(people.checker, request_approval(Role.CFO), 1)


def test_nobody_lends_the_post_of_another(founded, people, lend):  # E4.4
    with pytest.raises(SelfApproval, match="本人"):
        lend("cfo", "checker", Role.CFO, by=people.supervisor)
    lend("cfo", "checker", Role.CFO, by=people.admin)
    assert [line.made_by for line in delegations(founded, people.clerk)] == ["admin 系统管理员"]


@pytest.mark.parametrize(
    ("giver", "to", "role", "days", "why"),
    [
        ("cfo", "cfo", Role.CFO, {}, "受托人不能是本人"),
        ("cfo", "checker", Role.GM, {}, "没有“总经理"),
        ("cfo", "checker", Role.MAKER, {}, "只有审批岗位"),
        ("cfo", "checker", Role.CFO, {"first": 2, "last": 1}, "止日不能早于"),
        ("cfo", "checker", Role.CFO, {"first": -3, "last": -1}, "止日不能早于"),
    ],
)
def test_a_delegation_without_sense_is_refused(people, lend, giver, to, role, days, why):  # C4.2
    with pytest.raises(BadInput, match=why):
        lend(giver, to, role, **days)


def test_a_clerk_has_nothing_to_lend(people, lend):  # E4.4
    with pytest.raises(Denied):
        lend("clerk", "checker", Role.MAKER)


def test_only_ones_own_delegation_is_ended_and_only_once(founded, people, lend):  # C4.2
    lend("cfo", "checker", Role.CFO)
    [line] = delegations(founded, people.cfo)
    assert line.in_force
    with pytest.raises(SelfApproval):
        end_delegation(founded, people.supervisor, line.id)
    end_delegation(founded, people.cfo, line.id)
    assert not delegations(founded, people.cfo)[0].in_force
    with pytest.raises(NotFound):
        end_delegation(founded, people.cfo, line.id)
