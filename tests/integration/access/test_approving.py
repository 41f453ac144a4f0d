"""Level by level, each by another person, never by a maker; the loser of a race is told by whom."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.access.approvals import (
    ApprovalKind,
    Decision,
    RequestState,
    find_request,
    void,
)
from app.access.errors import (
    AlreadyDecided,
    Denied,
    FreshSignInNeeded,
    NotAnApprover,
    RemarkNeeded,
    SelfApproval,
)
from app.access.history import decisions_of
from app.access.rights import Role
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.errors import NotFound


def state_of(db, request_id):
    with db.read() as work:
        row = find_request(work, request_id)
        return row.state, row.position, row.version


def test_all_levels_in_their_order_approve(founded, people, request_approval, decide_on):  # C4.2
    number = request_approval(Role.CHECKER, Role.SUPERVISOR)
    first = decide_on(people.checker, number, 1)
    assert (first.state, first.level) == (RequestState.OPEN, Role.CHECKER)
    second = decide_on(people.supervisor, number, 2, remark="同意")
    assert (second.state, second.level) == (RequestState.APPROVED, Role.SUPERVISOR)
    with founded.read() as work:
        lines = decisions_of(work, number)
    assert [(line.place, line.by, line.remark) for line in lines] == [
        (1, "周复核", ""),
        (2, "王主管", "同意"),
    ]


def test_no_level_is_skipped(people, request_approval, decide_on, trail_of):  # C4.2
    number = request_approval(Role.SUPERVISOR, Role.CFO)
    with pytest.raises(NotAnApprover, match="财务主管"):
        decide_on(people.checker, number, 1)
    assert trail_of("access.denied")[-1].after == {"code": "APR-004"}


def test_a_higher_post_may_decide_a_lower_level_but_only_one(  # C4.2 E4.4
    people, request_approval, decide_on
):
    number = request_approval(Role.CHECKER, Role.SUPERVISOR)
    decide_on(people.cfo, number, 1)
    with pytest.raises(SelfApproval, match="前一级"):
        decide_on(people.cfo, number, 2)


def test_a_maker_never_decides(people, request_approval, decide_on, trail_of):  # C4.1 E4.4
    number = request_approval(makers={people.clerk.user_id, people.checker.user_id})
    with pytest.raises(SelfApproval, match="经办人"):
        decide_on(people.checker, number, 1)
    [kept] = trail_of("access.denied")
    assert (kept.actor, kept.after) == ("checker 周复核", {"code": "APR-003"})


def test_without_the_right_nobody_decides(people, request_approval, decide_on):  # C4.2
    number = request_approval()
    for actor in (people.clerk, people.admin, people.auditor):
        with pytest.raises(Denied, match="审批付款"):
            decide_on(actor, number, 1)


def test_deciding_needs_a_fresh_sign_in(  # C4.1 C1.1
    founded, people, request_approval, decide_on, clock
):
    number = request_approval()
    clock.move_to(clock.now() + timedelta(minutes=6))
    with pytest.raises(FreshSignInNeeded):
        decide_on(people.checker, number, 1)
    assert state_of(founded, number) == ("OPEN", 0, 1)


@pytest.mark.parametrize(
    ("decision", "state"),
    [(Decision.RETURN, RequestState.RETURNED), (Decision.REJECT, RequestState.REJECTED)],
)
def test_returning_and_rejecting_end_it_and_need_a_remark(  # C4.4
    people, request_approval, decide_on, decision, state
):
    number = request_approval()
    with pytest.raises(RemarkNeeded):
        decide_on(people.checker, number, 1, decision, "  ")
    assert decide_on(people.checker, number, 1, decision, "附件不全").state is state
    with pytest.raises(AlreadyDecided):
        decide_on(people.supervisor, number, 2)


def test_who_comes_late_is_told_who_was_first(people, request_approval, decide_on):  # C4.4
    number = request_approval(Role.CHECKER, Role.SUPERVISOR)
    decide_on(people.checker, number, 1)
    with pytest.raises(AlreadyDecided, match="FK-1 已由 周复核 于 2026-03-02 10:00 批准"):
        decide_on(people.supervisor, number, 1)


def test_a_request_that_was_voided_says_why(founded, people, request_approval, decide_on):  # C4.1
    number = request_approval()
    with founded.write() as uow:
        assert void(uow, ApprovalKind.PAYMENT, 1, "金额已修改") == 1
        assert void(uow, ApprovalKind.PAYMENT, 1, "金额已修改") == 0
        record(uow, SYSTEM_ACTOR, Event("payment.edited", "payment:FK-1"))
        uow.commit()
    with pytest.raises(AlreadyDecided, match="FK-1 的申请已失效（金额已修改）"):
        decide_on(people.checker, number, 1)


def test_a_new_request_voids_the_older_one_on_the_same_subject(  # C4.1
    founded, people, request_approval, decide_on
):
    old = request_approval(subject_id=1)
    other = request_approval(subject_id=2)
    new = request_approval(subject_id=1)
    states = [state_of(founded, number)[0] for number in (old, other, new)]
    assert states == ["VOIDED", "OPEN", "OPEN"]
    with pytest.raises(AlreadyDecided, match="已重新提交"):
        decide_on(people.checker, old, 1)


def test_an_unknown_request_is_named(people, decide_on):
    with pytest.raises(NotFound):
        decide_on(people.checker, 4711, 1)


def test_two_at_once_one_wins_and_the_other_is_told_by_whom(  # C4.4 E4.4
    founded, people, request_approval, decide_on, any_database_url, open_url
):
    number = request_approval(Role.CHECKER)
    desks = [
        (open_url(any_database_url, "甲机"), people.checker),
        (open_url(any_database_url, "乙机"), people.supervisor),
    ]
    start = Barrier(2)

    def decide_at(desk):
        db, actor = desk
        start.wait(timeout=10)
        try:
            return decide_on(actor, number, 1, db=db)
        except AlreadyDecided as refusal:
            return refusal

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(decide_at, desks))
    refusals = [result for result in results if isinstance(result, AlreadyDecided)]
    assert len(refusals) == 1
    winner = people.supervisor if results[0] is refusals[0] else people.checker
    assert f"已由 {winner.name} 于 2026-03-02 10:00 批准" in refusals[0].message
    assert state_of(founded, number)[0] == "APPROVED"
    with founded.read() as work:
        assert [line.by for line in decisions_of(work, number)] == [winner.name]


@pytest.mark.parametrize(
    "act", ["UPDATE approval_decision SET remark = 'x'", "DELETE FROM approval_decision"]
)
def test_the_database_keeps_every_decision_as_it_was_made(  # C4.5
    founded, people, request_approval, decide_on, act
):
    decide_on(people.checker, request_approval(), 1)
    with founded.engine.connect() as connection, pytest.raises(DatabaseError, match="is refused"):
        connection.execute(text(act))
