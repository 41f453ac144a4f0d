"""Signing in: what is told, what locks, and what the trail keeps of each try."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.access.errors import (
    FreshSignInNeeded,
    LockedOut,
    PasswordChangeNeeded,
    SignedOut,
    SignInFailed,
    WeakPassword,
)
from app.access.guard import identify, require_fresh
from app.access.people import AddUser, add_user, reset_password, set_active
from app.access.rights import Role
from app.access.sign_in import change_password, confirm_identity, sign_in, sign_out
from tests.support.people import PASSWORD


def fail(db, times, username="clerk"):
    for _ in range(times):
        with pytest.raises((SignInFailed, LockedOut)) as caught:
            sign_in(db, username, "wrong-password-1")
    return caught.value


def who(db, actor):
    with db.read() as work:
        return identify(work, actor)


def test_the_right_password_opens_a_sign_in(founded, people, trail_of):  # C1.1
    welcome = sign_in(founded, " clerk ", PASSWORD)
    assert (welcome.actor.username, welcome.actor.name) == ("clerk", "陈经办")
    assert not welcome.must_change
    assert who(founded, welcome.actor).roles == {Role.MAKER, Role.CASHIER}
    assert trail_of("access.signed_in")[-1].actor == "clerk 陈经办"


def test_a_wrong_password_is_refused_and_kept(founded, people, trail_of):  # C1.1
    refusal = fail(founded, 1)
    assert refusal.message == "用户名或密码不正确。"
    assert [entry.subject for entry in trail_of("access.sign_in_failed")] == ["user:clerk"]


def test_an_unknown_user_is_told_the_same(founded, people, trail_of):  # C1.1 D1.1
    wrong, unknown = fail(founded, 1), fail(founded, 1, "nobody")
    assert type(unknown) is type(wrong)
    assert (unknown.message, unknown.hint) == (wrong.message, wrong.hint)
    assert trail_of("access.sign_in_failed")[-1].subject == "user:nobody"


def test_a_disabled_user_is_told_the_same(founded, people):  # C1.1
    set_active(founded, people.admin, "clerk", False, "离职")
    with pytest.raises(SignInFailed, match="用户名或密码不正确"):
        sign_in(founded, "clerk", PASSWORD)


def test_the_fifth_failure_locks_for_a_minute_and_the_next_for_two(  # C1.1
    founded, people, clock, trail_of
):
    assert isinstance(fail(founded, 4), SignInFailed)
    assert "锁定至 2026-03-02 10:01" in fail(founded, 1).message
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert "锁定至 2026-03-02 10:03" in fail(founded, 1).message
    assert [entry.after for entry in trail_of("access.locked_out")] == [{"tries": 5}, {"tries": 6}]


def test_while_locked_even_the_right_password_is_refused_and_kept(  # C1.1
    founded, people, clock, trail_of
):
    fail(founded, 5)
    with pytest.raises(LockedOut, match="2026-03-02 10:01"):
        sign_in(founded, "clerk", PASSWORD)
    assert [entry.subject for entry in trail_of("access.locked_try")] == ["user:clerk"]
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert sign_in(founded, "clerk", PASSWORD).actor.username == "clerk"


def test_a_sign_in_sets_the_count_back(founded, people):  # C1.1
    fail(founded, 4)
    sign_in(founded, "clerk", PASSWORD)
    assert isinstance(fail(founded, 4), SignInFailed)


def test_a_lock_of_one_user_leaves_the_others_alone(founded, people):  # C1.1
    fail(founded, 5)
    assert sign_in(founded, "cfo", PASSWORD).actor.username == "cfo"


def test_the_administrator_lifts_a_lock_with_a_first_password(founded, people):  # C1.1
    fail(founded, 5)
    reset_password(founded, people.admin, "clerk", "First-pass-2026")
    welcome = sign_in(founded, "clerk", "First-pass-2026")
    assert welcome.must_change
    with pytest.raises(PasswordChangeNeeded):
        who(founded, welcome.actor)
    change_password(founded, welcome.actor, "First-pass-2026", "Second-pass-2026")
    assert who(founded, welcome.actor).username == "clerk"


def test_a_new_user_changes_the_first_password_before_anything_else(founded, people):  # C1.1
    add_user(founded, people.admin, AddUser("newone", "新同事", "First-pass-2026", (Role.MAKER,)))
    welcome = sign_in(founded, "newone", "First-pass-2026")
    assert welcome.must_change
    with pytest.raises(PasswordChangeNeeded):
        who(founded, welcome.actor)


def test_a_password_used_before_is_refused(founded, people):  # C1.1
    change_password(founded, people.clerk, PASSWORD, "Second-pass-2026")
    with pytest.raises(WeakPassword, match="最近用过"):
        change_password(founded, people.clerk, "Second-pass-2026", PASSWORD)


def test_the_old_password_must_be_right(founded, people):  # C1.1
    with pytest.raises(SignInFailed):
        change_password(founded, people.clerk, "wrong-password-1", "Second-pass-2026")
    assert sign_in(founded, "clerk", PASSWORD).actor.username == "clerk"


def test_after_signing_out_nothing_can_be_done(founded, people, trail_of):  # C1.1
    sign_out(founded, people.clerk)
    with pytest.raises(SignedOut, match="已退出"):
        who(founded, people.clerk)
    with pytest.raises(SignedOut, match="已失效"):
        confirm_identity(founded, people.clerk, PASSWORD)
    assert trail_of("access.signed_out")[-1].subject == "user:clerk"


def test_a_disabled_user_is_out_at_once(founded, people):  # C1.1
    set_active(founded, people.admin, "clerk", False, "离职")
    with pytest.raises(SignedOut, match="停用"):
        who(founded, people.clerk)


def test_a_proof_of_identity_grows_old_and_is_renewed(founded, people, clock, trail_of):  # C1.1
    clock.move_to(clock.now() + timedelta(minutes=5, seconds=1))
    with founded.read() as work, pytest.raises(FreshSignInNeeded):
        require_fresh(work, identify(work, people.cfo))
    confirm_identity(founded, people.cfo, PASSWORD)
    with founded.read() as work:
        require_fresh(work, identify(work, people.cfo))
    assert trail_of("access.confirmed_identity")[-1].actor == "cfo 林总监"


def test_a_failed_proof_counts_as_a_failed_sign_in(founded, people):  # C1.1
    for _ in range(4):
        with pytest.raises(SignInFailed):
            confirm_identity(founded, people.cfo, "wrong-password-1")
    with pytest.raises(LockedOut):
        confirm_identity(founded, people.cfo, "wrong-password-1")


def test_the_password_of_one_does_not_renew_the_proof_of_another(founded, people):  # C1.1
    borrowed = replace(people.clerk, sign_in_id=people.cfo.sign_in_id)
    with pytest.raises(SignedOut):
        confirm_identity(founded, borrowed, PASSWORD)
    with pytest.raises(SignedOut):
        who(founded, borrowed)
