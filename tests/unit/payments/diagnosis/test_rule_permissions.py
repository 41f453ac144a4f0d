"""Rights of the maker now against rights when the instruction was made."""

from datetime import UTC, datetime, timedelta

import pytest

from app.access.rights import Right, Role, rights_of
from app.core.codes import StopReason
from app.payments.diagnosis.facts import RoleChange
from app.payments.diagnosis.rule import Severity

RULES = ("permissions.lost", "permissions.disabled", "permissions.locked", "permissions.fresh")
MAKER = rights_of(frozenset({Role.MAKER}))
ENDED = RoleChange(
    Role.MAKER, datetime(2026, 3, 2, 1, 30, tzinfo=UTC), "admin 系统管理员", "岗位调动", False
)
RAN_OUT = RoleChange(
    Role.CASHIER, datetime(2026, 3, 1, 15, 59, tzinfo=UTC), "admin 系统管理员", "有效期届满", True
)


@pytest.mark.parametrize("code", RULES)
def test_a_maker_whose_rights_stand_is_not_named(healthy, findings_of, code):  # A3.2
    assert findings_of(code, healthy()) == []


def test_a_lost_right_stops_and_shows_the_change_that_took_it(healthy, only):  # A3.1 A3.2
    facts = healthy(maker={"rights_now": frozenset(), "changes": (ENDED, RAN_OUT)})
    found = only("permissions.lost", facts)
    assert (found.reason, found.severity) == (StopReason.PERMISSION_CHANGED, Severity.BLOCKING)
    assert found.evidence == {
        "经办人": "陈经办（clerk）",
        "制单时有、现在没有": "录入、导入付款、修改付款",
        "变更1": "“经办（制单）”岗位于 2026-03-02 09:30 被终止，"
        "办理人 admin 系统管理员，原因：岗位调动",
        "变更2": "“出纳”岗位于 2026-03-01 23:59 到期，办理人 admin 系统管理员，原因：有效期届满",
    }


@pytest.mark.parametrize("right", [Right.PAYMENT_CREATE, Right.PAYMENT_EDIT])
def test_each_needed_right_is_missed_alone(healthy, only, right):  # A3.2
    found = only("permissions.lost", healthy(maker={"rights_now": MAKER - {right}}))
    expected = {"payment.create": "录入、导入付款", "payment.edit": "修改付款"}[right]
    assert found.evidence["制单时有、现在没有"] == expected


def test_rights_that_making_does_not_need_are_not_missed(healthy, findings_of):  # A3.2
    facts = healthy(maker={"rights_now": frozenset({Right.PAYMENT_CREATE, Right.PAYMENT_EDIT})})
    assert findings_of("permissions.lost", facts) == []


def test_a_right_that_was_never_held_was_not_lost(healthy, findings_of):  # A3.2
    facts = healthy(maker={"rights_then": frozenset(), "rights_now": frozenset()})
    assert findings_of("permissions.lost", facts) == []


def test_a_disabled_maker_is_named_as_disabled_and_not_as_without_rights(
    healthy, findings_of, only
):  # A3.1
    facts = healthy(maker={"active": False, "rights_now": frozenset()})
    found = only("permissions.disabled", facts)
    assert (found.reason, found.severity) == (StopReason.PERMISSION_CHANGED, Severity.BLOCKING)
    assert found.evidence == {"经办人": "clerk"}
    assert findings_of("permissions.lost", facts) == []


def test_a_lock_out_stops_until_its_very_end(healthy, findings_of, only):  # B1.2
    now = healthy().now
    found = only("permissions.locked", healthy(maker={"locked_until": now + timedelta(minutes=8)}))
    assert (found.reason, found.severity) == (StopReason.AUTO_LOCKED, Severity.BLOCKING)
    assert found.evidence == {"经办人": "clerk", "锁定至": "2026-03-02 10:08"}
    last = healthy(maker={"locked_until": now + timedelta(microseconds=1)})
    assert findings_of("permissions.locked", last)
    assert findings_of("permissions.locked", healthy(maker={"locked_until": now})) == []


@pytest.mark.parametrize(
    ("ago", "found"),
    [
        (timedelta(0), True),
        (timedelta(hours=24) - timedelta(microseconds=1), True),
        (timedelta(hours=24), False),
        (timedelta(microseconds=-1), False),
    ],
)
def test_rights_changed_within_a_day_warn(healthy, findings_of, ago, found):  # A3.1
    change = RoleChange(Role.CASHIER, healthy().now - ago, "admin", "调整", False)
    facts = healthy(maker={"changes": (change,)})
    assert bool(findings_of("permissions.fresh", facts)) is found


def test_a_fresh_change_names_the_post_and_its_time(healthy, only):  # A3.1
    found = only("permissions.fresh", healthy(maker={"changes": (ENDED,)}))
    assert (found.reason, found.severity) == (StopReason.PERMISSION_CHANGED, Severity.WARNING)
    assert found.evidence == {"岗位": "经办（制单）", "时间": "2026-03-02 09:30"}
