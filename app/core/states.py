"""States once, with their moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.core.errors import Refused

S = TypeVar("S", bound=StrEnum)


class IllegalTransition(Refused):
    code = "STA-001"
    remedy = "请刷新后查看当前状态，再选择可用的操作。"


def move(
    number: str, current: S, target: S, allowed: Mapping[S, frozenset[S]], labels: Mapping[S, str]
) -> S:
    """The target state, if the table allows the move. Raises IllegalTransition otherwise."""
    if target not in allowed[current]:
        raise IllegalTransition(f"{number} 当前为“{labels[current]}”，不能变为“{labels[target]}”。")
    return target
