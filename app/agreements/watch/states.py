"""How far a forbidden debit was dealt with (domain.md §5.2)."""

from enum import StrEnum
from typing import Final


class HitState(StrEnum):
    NEW = "NEW"
    CONFIRMED = "CONFIRMED"
    EXCLUDED = "EXCLUDED"
    RECOVERED = "RECOVERED"


HIT_LABELS: Final[dict[HitState, str]] = {
    HitState.NEW: "新预警",
    HitState.CONFIRMED: "已确认，追回中",
    HitState.EXCLUDED: "已排除（误报）",
    HitState.RECOVERED: "已追回",
}
# What nobody wants back any more.
SETTLED: Final = frozenset({HitState.RECOVERED, HitState.EXCLUDED})
HIT_MOVES: Final[dict[HitState, frozenset[HitState]]] = {
    HitState.NEW: frozenset({HitState.CONFIRMED, HitState.EXCLUDED}),
    HitState.CONFIRMED: frozenset({HitState.RECOVERED, HitState.EXCLUDED}),
    HitState.EXCLUDED: frozenset({HitState.CONFIRMED}),
    HitState.RECOVERED: frozenset(),
}
