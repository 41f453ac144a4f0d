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
    AgreementState.CANCELLING: frozenset(
        {AgreementState.CANCELLED, AgreementState.ACTIVE, AgreementState.SUSPENDED}
    ),
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


class CancelState(StrEnum):
    """How far a request to cancel came."""

    IN_APPROVAL = "IN_APPROVAL"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    REJECTED = "REJECTED"


CANCEL_LABELS: Final[dict[CancelState, str]] = {
    CancelState.IN_APPROVAL: "审批中",
    CancelState.APPROVED: "已批准",
    CancelState.RETURNED: "已退回",
    CancelState.REJECTED: "已驳回",
}


class ItemState(StrEnum):
    """What became of one agreement of a request."""

    WAITING = "WAITING"
    DECIDED = "DECIDED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    DROPPED = "DROPPED"


ITEM_LABELS: Final[dict[ItemState, str]] = {
    ItemState.WAITING: "待审批",
    ItemState.DECIDED: "已批准，待银行确认",
    ItemState.CONFIRMED: "银行已确认终止",
    ItemState.REFUSED: "银行不予办理",
    ItemState.DROPPED: "未批准",
}
ITEM_MOVES: Final[dict[ItemState, frozenset[ItemState]]] = {
    ItemState.WAITING: frozenset({ItemState.DECIDED, ItemState.DROPPED}),
    ItemState.DECIDED: frozenset({ItemState.CONFIRMED, ItemState.REFUSED}),
    ItemState.CONFIRMED: frozenset(),
    ItemState.REFUSED: frozenset(),
    ItemState.DROPPED: frozenset(),
}


class Answer(StrEnum):
    """What bank or supplier says of a cancellation (回执, domain.md §3.3)."""

    TERMINATED = "TERMINATED"
    PENDING = "PENDING"
    REFUSED = "REFUSED"


ANSWER_LABELS: Final[dict[Answer, str]] = {
    Answer.TERMINATED: "已终止",
    Answer.PENDING: "受理中",
    Answer.REFUSED: "不能办理",
}


class RefundAnswer(StrEnum):
    """What bank or payee says of money that was debited after the end."""

    REFUNDED = "REFUNDED"
    AGREED = "AGREED"
    REFUSED = "REFUSED"


REFUND_LABELS: Final[dict[RefundAnswer, str]] = {
    RefundAnswer.REFUNDED: "已退回",
    RefundAnswer.AGREED: "同意退回",
    RefundAnswer.REFUSED: "不同意退回",
}


class Method(StrEnum):
    """How what was debited is paid from then on."""

    TRANSFER = "TRANSFER"
    CHEQUE = "CHEQUE"
    NONE = "NONE"


METHOD_LABELS: Final[dict[Method, str]] = {
    Method.TRANSFER: "人工转账",
    Method.CHEQUE: "支票",
    Method.NONE: "不再付款",
}
