"""Rights are what the database says at the moment of the act; refused tries stay in the trail."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.access.errors import Denied, SelfApproval
from app.access.guard import acting, reading
from app.access.people import (
    EndRole,
    GrantRole,
    end_role,
    grant_role,
    reset_password,
    set_active,
)
from app.access.rights import Right, Role
from app.audit.trail import Event
from app.core.errors import BadInput, NotFound
from app.storage.model import NumberSeries

DAY = timedelta(days=1)


def today(db):
    with db.read() as work:
        return work.today


def number_series(db):
    with db.read() as work:
        return work.session.query(NumberSeries).count()


def try_to_view(db, actor):
    with reading(db, actor, Right.AUDIT_VIEW):
        pass


def test_an_expired_post_is_refused_and_the_try_is_kept(  # C4.3 A3.1
    founded, people, clock, trail_of
):
    first = today(founded)
    grant_role(founded, people.admin, GrantRole("clerk", Role.AUDITOR, first, first + DAY, "盘点"))
    try_to_view(founded, people.clerk)
    clock.move_to(clock.now() + DAY)
    try_to_view(founded, people.clerk)
    clock.move_to(clock.now() + DAY)
    with pytest.raises(Denied, match="陈经办 当前没有“查看操作日志”权限"):
        try_to_view(founded, people.clerk)
    [kept] = trail_of("access.denied")
    assert (kept.actor, kept.subject) == ("clerk 陈经办", "right:audit.view")
    assert kept.after == {"code": "ACC-001"}
    assert kept.reason == "陈经办 当前没有“查看操作日志”权限。"


def test_a_post_that_begins_tomorrow_gives_nothing_today(founded, people, clock):  # C4.3
    tomorrow = today(founded) + DAY
    grant_role(founded, people.admin, GrantRole("clerk", Role.AUDITOR, tomorrow, None, "盘点"))
    with pytest.raises(Denied):
        try_to_view(founded, people.clerk)
    clock.move_to(clock.now() + DAY)
    try_to_view(founded, people.clerk)


def test_what_a_refused_act_wrote_is_gone_and_only_the_try_stays(  # C4.5
    founded, people, trail_of
):
    def make_and_approve():
        with acting(founded, people.clerk, Right.PAYMENT_CREATE) as act:
            act.uow.session.add(NumberSeries(name="X", last=1))
            act.uow.session.flush()
            act.audit(Event("payment.created", "payment:X"))
            raise SelfApproval("不能自己批准。")

    with pytest.raises(SelfApproval):
        make_and_approve()
    assert number_series(founded) == 0
    assert trail_of("payment.created") == []
    assert [entry.reason for entry in trail_of("access.denied")] == ["不能自己批准。"]


def test_an_act_without_a_trail_cannot_be_committed(founded):  # C4.5
    with founded.write() as uow:
        uow.session.add(NumberSeries(name="X", last=1))
        with pytest.raises(RuntimeError, match="without an audit entry"):
            uow.commit()
    assert number_series(founded) == 0


def test_an_act_that_is_not_committed_leaves_nothing(founded, people, trail_of):  # C4.5
    with acting(founded, people.clerk, Right.PAYMENT_CREATE) as act:
        act.uow.session.add(NumberSeries(name="X", last=1))
        act.audit(Event("payment.created", "payment:X"))
    assert number_series(founded) == 0
    assert trail_of("payment.created") == []


def test_the_administrator_cannot_give_themselves_a_post(founded, people, trail_of):  # E4.4 C4.2
    with pytest.raises(SelfApproval, match="自己的权限"):
        grant_role(
            founded,
            people.admin,
            GrantRole("admin", Role.CFO, today(founded), None, "方便"),
        )
    assert trail_of("right.changed") == []
    assert [entry.after for entry in trail_of("access.denied")] == [{"code": "APR-003"}]


@pytest.mark.parametrize(
    "act",
    [
        lambda db, admin: set_active(db, admin, "admin", False, "x"),
        lambda db, admin: reset_password(db, admin, "admin", "Another-pass-1"),
    ],
)
def test_the_administrator_cannot_change_their_own_account(founded, people, act):  # E4.4
    with pytest.raises(SelfApproval):
        act(founded, people.admin)


@pytest.mark.parametrize("name", ["clerk", "checker", "supervisor", "cfo", "gm", "auditor"])
def test_only_the_administrator_gives_posts(founded, people, name):  # E4.4
    with pytest.raises(Denied):
        grant_role(
            founded,
            getattr(people, name),
            GrantRole("clerk", Role.CFO, today(founded), None, "方便"),
        )


def test_a_change_of_posts_keeps_old_and_new_with_its_cause(founded, people, trail_of):  # A3.1
    grant_role(
        founded, people.admin, GrantRole("clerk", Role.AUDITOR, today(founded), None, "轮岗")
    )
    end_role(founded, people.admin, EndRole("clerk", Role.CASHIER, "轮岗结束"))
    first, second = trail_of("right.changed")
    since = "2026-03-02 至 长期"
    assert first.before == {"posts": {"CASHIER": since, "MAKER": since}}
    assert first.after == {"posts": {"AUDITOR": since, "CASHIER": since, "MAKER": since}}
    assert second.after == {"posts": {"AUDITOR": since, "MAKER": since}}
    assert (second.actor, second.subject, second.reason) == (
        "admin 系统管理员",
        "user:clerk",
        "轮岗结束",
    )


def test_a_post_that_was_taken_wrongly_is_given_back_by_somebody_else(  # A3.3
    founded, people, trail_of
):
    end_role(founded, people.admin, EndRole("clerk", Role.CASHIER, "误调"))
    with pytest.raises(Denied), acting(founded, people.clerk, Right.PAYMENT_SEND):
        pass
    grant_role(
        founded, people.admin, GrantRole("clerk", Role.CASHIER, today(founded), None, "误调恢复")
    )
    with acting(founded, people.clerk, Right.PAYMENT_SEND) as act:
        assert act.person.name == "陈经办"
    assert [entry.reason for entry in trail_of("right.changed")] == ["误调", "误调恢复"]


def test_a_change_of_posts_needs_a_cause_and_an_order_of_days(founded, people):  # A3.1
    day = today(founded)
    with pytest.raises(BadInput, match="原因"):
        grant_role(founded, people.admin, GrantRole("clerk", Role.AUDITOR, day, None, " "))
    with pytest.raises(BadInput, match="止日不能早于起日"):
        grant_role(founded, people.admin, GrantRole("clerk", Role.AUDITOR, day, day - DAY, "x"))
    with pytest.raises(BadInput, match="原因"):
        end_role(founded, people.admin, EndRole("clerk", Role.CASHIER, ""))
    with pytest.raises(NotFound, match="总经理"):
        end_role(founded, people.admin, EndRole("clerk", Role.GM, "x"))


def test_the_database_keeps_every_post_that_was_ever_given(founded, people):  # A3.1 C4.5
    with founded.engine.connect() as connection, pytest.raises(DatabaseError, match="is refused"):
        connection.execute(text("DELETE FROM role_grant"))
