"""What the pages of people, posts, inbox and sign-ins show."""

from datetime import date, timedelta

import pytest

from app.access.errors import Denied, LockedOut, SignInFailed
from app.access.founding import Found, company_card, found
from app.access.history import last_sign_ins
from app.access.inbox import submitted_by, waiting_for
from app.access.people import EndRole, GrantRole, end_role, grant_role
from app.access.queries import expiring, my_rights, right_changes
from app.access.queries import people as people_of
from app.access.rights import ROLE_RIGHTS, Role
from app.access.sign_in import sign_in
from app.core.errors import BadInput, Conflict
from app.core.money import Money

DAY = timedelta(days=1)
MONDAY = date(2026, 3, 2)


def grant(db, people, role, until, first=MONDAY, username="clerk", cause="顶岗"):
    grant_role(db, people.admin, GrantRole(username, role, first, until, cause))


def line_of(db, people, username="clerk"):
    return next(line for line in people_of(db, people.admin) if line.username == username)


def test_a_person_is_shown_with_posts_days_and_conflicts(founded, people):  # E4.4 C4.3
    grant(founded, people, Role.CHECKER, MONDAY + 9 * DAY)
    line = line_of(founded, people)
    assert (line.name, line.active, line.locked_until) == ("陈经办", True, None)
    assert set(line.roles) == {Role.MAKER, Role.CASHIER, Role.CHECKER}
    [post] = [post for post in line.grants if post.role is Role.CHECKER]
    assert (post.valid_from, post.valid_until) == (MONDAY, date(2026, 3, 11))
    assert (post.granted_by, post.cause) == ("admin 系统管理员", "顶岗")
    assert set(line.conflicts) == {(Role.MAKER, Role.CHECKER), (Role.CASHIER, Role.CHECKER)}


def test_posts_of_another_day_are_not_shown_as_held(founded, people):  # C4.3
    grant(founded, people, Role.CHECKER, None, first=MONDAY + DAY)
    assert Role.CHECKER not in line_of(founded, people).roles


def test_the_last_sign_in_and_a_lock_are_shown_while_they_count(founded, people, clock):  # C1.1
    clock.move_to(clock.now() + timedelta(minutes=3))
    for _ in range(5):
        with pytest.raises((SignInFailed, LockedOut)):
            sign_in(founded, "clerk", "wrong-password-1")
    line = line_of(founded, people)
    assert line.last_sign_in == clock.now() - timedelta(minutes=3)
    assert line.locked_until == clock.now() + timedelta(minutes=1)
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert line_of(founded, people).locked_until is None


def test_each_change_of_posts_is_told_with_before_and_after(founded, people, clock):  # A3.1
    clock.move_to(clock.now() + timedelta(hours=1))
    grant(founded, people, Role.AUDITOR, None)
    clock.move_to(clock.now() + timedelta(hours=1))
    end_role(founded, people.admin, EndRole("clerk", Role.CASHIER, "轮岗结束"))
    ended, given, *first = right_changes(founded, people.auditor, "clerk")
    assert (given.role, given.given, given.cause) == (Role.AUDITOR, True, "顶岗")
    assert given.before == ("CASHIER", "MAKER")
    assert given.after == ("AUDITOR", "CASHIER", "MAKER")
    assert (ended.role, ended.given, ended.cause) == (Role.CASHIER, False, "轮岗结束")
    assert (ended.before, ended.after) == (given.after, ("AUDITOR", "MAKER"))
    assert (ended.by, ended.at) == ("admin 系统管理员", clock.now())
    assert [(line.before, line.after) for line in first] == [((), ("CASHIER", "MAKER"))] * 2


def test_changes_of_everybody_come_newest_first(founded, people, clock):  # A3.1
    clock.move_to(clock.now() + timedelta(hours=1))
    grant(founded, people, Role.AUDITOR, None)
    lines = right_changes(founded, people.auditor)
    assert (lines[0].username, lines[0].role) == ("clerk", Role.AUDITOR)
    assert {line.username for line in lines} >= {"admin", "cfo", "clerk"}


@pytest.mark.parametrize(("days", "told"), [(29, True), (30, True), (31, False)])
def test_a_post_is_told_thirty_days_before_it_runs_out(founded, people, days, told):  # C4.3
    grant(founded, people, Role.AUDITOR, MONDAY + days * DAY)
    names = [(name, post.role) for name, post in expiring(founded, people.admin)]
    assert names == ([("陈经办", Role.AUDITOR)] if told else [])


def test_the_first_to_run_out_is_told_first(founded, people):  # C4.3
    grant(founded, people, Role.AUDITOR, MONDAY + 9 * DAY)
    grant(founded, people, Role.AUDITOR, MONDAY + 3 * DAY, username="cfo")
    assert [name for name, _ in expiring(founded, people.admin)] == ["林总监", "陈经办"]


@pytest.mark.parametrize(
    ("first", "until", "told"), [(10, None, False), (5, 40, False), (11, None, True), (0, 8, True)]
)
def test_a_post_that_was_renewed_without_a_gap_is_not_told(  # C4.3
    founded, people, first, until, told
):
    grant(founded, people, Role.AUDITOR, MONDAY + 9 * DAY)
    end = None if until is None else MONDAY + until * DAY
    grant(founded, people, Role.AUDITOR, end, first=MONDAY + first * DAY)
    ends = [post.valid_until for _, post in expiring(founded, people.admin)]
    assert (MONDAY + 9 * DAY in ends) is told


def test_my_rights_are_those_of_my_posts(founded, people):  # E4.4
    wanted = ROLE_RIGHTS[Role.MAKER] | ROLE_RIGHTS[Role.CASHIER]
    assert my_rights(founded, people.clerk) == wanted


def test_the_inbox_holds_what_i_can_decide_now(  # C4.4
    founded, people, request_approval, decide_on, clock
):
    number = request_approval(Role.CHECKER, Role.SUPERVISOR)
    request_approval(Role.CFO, subject_id=2)
    [line] = waiting_for(founded, people.checker)
    assert (line.id, line.subject_no, line.level, line.place) == (number, "FK-1", "CHECKER", 1)
    assert (line.amount, line.opened_by) == (Money.parse("60,000.00"), "陈经办")
    assert (line.version, line.on_behalf_of) == (1, "")
    decide_on(people.checker, number, 1)
    assert waiting_for(founded, people.checker) == []
    [line] = waiting_for(founded, people.supervisor)
    assert (line.place, line.levels, line.version) == (2, (Role.CHECKER, Role.SUPERVISOR), 2)


def test_what_i_made_is_not_in_my_inbox(founded, people, request_approval):  # C4.1 C4.4
    request_approval(Role.CHECKER, makers={people.checker.user_id})
    assert waiting_for(founded, people.checker) == []
    assert len(waiting_for(founded, people.supervisor)) == 1


def test_what_i_asked_for_says_whom_it_waits_for(  # C4.4
    founded, people, request_approval, decide_on
):
    number = request_approval(Role.CHECKER, Role.GM)
    [line] = submitted_by(founded, people.clerk)
    assert set(line.waits_for) == {"周复核", "王主管", "林总监", "赵总经理"}
    decide_on(people.checker, number, 1)
    [line] = submitted_by(founded, people.clerk)
    assert (line.level, line.waits_for) == (Role.GM, ("赵总经理",))


def test_who_signed_in_where_is_told_to_auditors_only(founded, people, clock, trail_of):  # C1.1
    clock.move_to(clock.now() + timedelta(hours=1))
    sign_in(founded, "clerk", "Test-pass-2026")
    newest = last_sign_ins(founded, people.auditor)[0]
    assert (newest.username, newest.name, newest.machine) == ("clerk", "陈经办", "财务一号机")
    assert (newest.at, newest.ended_at) == (clock.now(), None)
    assert len(last_sign_ins(founded, people.auditor, "clerk")) == 2
    assert len(last_sign_ins(founded, people.auditor, limit=3)) == 3
    with pytest.raises(Denied):
        last_sign_ins(founded, people.clerk)
    assert trail_of("access.denied")[-1].actor == "clerk 陈经办"


def test_the_sign_in_page_can_name_company_data_set_and_environment(founded):  # D1.1
    with founded.read() as work:
        card = company_card(work)
    assert (card.name, card.dataset, card.environment) == (
        "停付测试有限公司",
        "测试账套",
        "正式",
    )


def new_company(**values):
    given = {
        "company": "演练公司",
        "dataset": "",
        "drill": True,
        "admin_username": "admin",
        "admin_name": "管理员",
        "admin_password": "Test-pass-2026",
    }
    return Found(**{**given, **values})


def test_a_drill_company_is_told_as_such(database):  # D1.1
    found(database, new_company())
    with database.read() as work:
        card = company_card(work)
    assert (card.environment, card.dataset) == ("演练", "演练公司")


def test_a_database_has_one_company(founded):  # D1.1
    with pytest.raises(Conflict, match="已建立公司"):
        found(founded, new_company())


def test_a_company_needs_a_name_and_a_right_code(database):  # D1.1
    with pytest.raises(BadInput, match="全称"):
        found(database, new_company(company=" "))
    with pytest.raises(BadInput, match="统一社会信用代码"):
        found(database, new_company(credit_code="91310000MA1FL00000"))
    with database.read() as work:
        assert company_card(work) is None
