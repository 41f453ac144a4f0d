"""The states of a debit agreement and their moves (domain.md §2.6)."""

from datetime import date
from enum import StrEnum
from typing import Final


class AgreementState(StrEnum):
    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


AGREEMENT_LABELS: Final[dict[AgreementState, str]] = {
    AgreementState.PENDING: "未生效",
    AgreementState.ACTIVE: "生效",
    AgreementState.SUSPENDED: "已暂停",
    AgreementState.CANCELLING: "取消处理中",
    AgreementState.CANCELLED: "已取消",
    AgreementState.EXPIRED: "已失效",
}
AGREEMENT_MOVES: Final[dict[AgreementState, frozenset[AgreementState]]] = {
    AgreementState.PENDING: frozenset({AgreementState.SUSPENDED, AgreementState.CANCELLING}),
    AgreementState.ACTIVE: frozenset({AgreementState.SUSPENDED, AgreementState.CANCELLING}),
    AgreementState.SUSPENDED: frozenset({AgreementState.ACTIVE, AgreementState.CANCELLING}),
    # Back when the bank or the supervisor refuses.
    AgreementState.CANCELLING: frozenset({AgreementState.CANCELLED, AgreementState.ACTIVE}),
    AgreementState.CANCELLED: frozenset(),
    AgreementState.EXPIRED: frozenset(),
}
# Where the bank may still debit.
DEBITABLE: Final = frozenset({AgreementState.ACTIVE, AgreementState.CANCELLING})
# What a person can still change: nothing that is over, nor what is being cancelled.
CHANGEABLE: Final = frozenset(
    {AgreementState.PENDING, AgreementState.ACTIVE, AgreementState.SUSPENDED}
)


def shown_state(
    kept: AgreementState, starts_on: date, ends_on: date | None, today: date
) -> AgreementState:
    """The state on that day: dates begin and end an agreement by themselves.

    kept: what people made of it (ACTIVE, SUSPENDED, CANCELLING or CANCELLED). What is being
    cancelled stays so beyond its last day, until the bank has confirmed.
    """
    if kept not in {AgreementState.ACTIVE, AgreementState.SUSPENDED}:
        return kept
    if ends_on is not None and ends_on < today:
        return AgreementState.EXPIRED
    if kept is AgreementState.ACTIVE and starts_on > today:
        return AgreementState.PENDING
    return kept
