"""Moves between states."""

from enum import StrEnum

import pytest

from app.core.states import IllegalTransition, move


class Door(StrEnum):
    OPEN = "OPEN"
    SHUT = "SHUT"
    LOCKED = "LOCKED"


MOVES = {
    Door.OPEN: frozenset({Door.SHUT}),
    Door.SHUT: frozenset({Door.OPEN, Door.LOCKED}),
    Door.LOCKED: frozenset(),
}
LABELS = {Door.OPEN: "已打开", Door.SHUT: "已关闭", Door.LOCKED: "已锁定"}


@pytest.mark.parametrize("current", Door)
@pytest.mark.parametrize("target", Door)
def test_only_the_moves_of_the_table_are_allowed(current, target):  # C3.2
    if target in MOVES[current]:
        assert move("M-1", current, target, MOVES, LABELS) is target
    else:
        with pytest.raises(IllegalTransition):
            move("M-1", current, target, MOVES, LABELS)


def test_a_refused_move_names_the_thing_and_both_states():  # C3.2
    with pytest.raises(IllegalTransition) as refused:
        move("FK-20260302-0001", Door.OPEN, Door.LOCKED, MOVES, LABELS)
    assert refused.value.message == "FK-20260302-0001 当前为“已打开”，不能变为“已锁定”。"
    assert refused.value.hint
