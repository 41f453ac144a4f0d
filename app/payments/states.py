"""The states of a payment, their moves, and how the shown status follows from them."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from app.core.codes import REASON_CLASS, ReasonClass, StopReason


class Stage(StrEnum):
    """How far an instruction came on its own way (domain.md §7)."""

    DRAFT = "DRAFT"
    PENDING_REVIEW = "PENDING_REVIEW"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    READY = "READY"
    SUBMITTED = "SUBMITTED"
    BANK_PROCESSING = "BANK_PROCESSING"
    UNKNOWN = "UNKNOWN"
    EXECUTED = "EXECUTED"
    FAILED = "FAILED"
    RETURNED = "RETURNED"
    SENT_BACK = "SENT_BACK"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"


class Status(StrEnum):
    """What is shown: the stage, or why the payment does not move on it."""

    DRAFT = "DRAFT"
    PENDING_REVIEW = "PENDING_REVIEW"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    READY = "READY"
    SUBMITTED = "SUBMITTED"
    BANK_PROCESSING = "BANK_PROCESSING"
    UNKNOWN = "UNKNOWN"
    EXECUTED = "EXECUTED"
    FAILED = "FAILED"
    RETURNED = "RETURNED"
    SENT_BACK = "SENT_BACK"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"
    STOPPED = "STOPPED"
    PAUSED = "PAUSED"
    EXCEPTION = "EXCEPTION"
    RESUME_PENDING = "RESUME_PENDING"


STATUS_LABELS: Final[dict[Status, str]] = {
    Status.DRAFT: "草稿",
    Status.PENDING_REVIEW: "待复核",
    Status.PENDING_APPROVAL: "待审批",
    Status.READY: "待执行",
    Status.SUBMITTED: "已提交银行",
    Status.BANK_PROCESSING: "银行处理中",
    Status.UNKNOWN: "状态不明",
    Status.EXECUTED: "已执行",
    Status.FAILED: "执行失败",
    Status.RETURNED: "已退票",
    Status.SENT_BACK: "已退回",
    Status.REJECTED: "已驳回",
    Status.VOIDED: "已作废",
    Status.STOPPED: "已停止",
    Status.PAUSED: "已暂停",
    Status.EXCEPTION: "异常",
    Status.RESUME_PENDING: "恢复审批中",
}
STAGE_LABELS: Final[dict[Stage, str]] = {stage: STATUS_LABELS[Status(stage)] for stage in Stage}

MOVES: Final[dict[Stage, frozenset[Stage]]] = {
    Stage.DRAFT: frozenset({Stage.PENDING_REVIEW, Stage.VOIDED}),
    Stage.PENDING_REVIEW: frozenset(
        {
            Stage.PENDING_APPROVAL,
            Stage.READY,
            Stage.SENT_BACK,
            Stage.REJECTED,
            Stage.VOIDED,
            Stage.DRAFT,
        }
    ),
    Stage.PENDING_APPROVAL: frozenset(
        {Stage.READY, Stage.SENT_BACK, Stage.REJECTED, Stage.VOIDED, Stage.DRAFT}
    ),
    # An edit after approval voids the approvals and sends the payment back to its beginning.
    Stage.READY: frozenset({Stage.SUBMITTED, Stage.VOIDED, Stage.DRAFT}),
    Stage.SENT_BACK: frozenset({Stage.PENDING_REVIEW, Stage.VOIDED, Stage.DRAFT}),
    Stage.SUBMITTED: frozenset(
        {Stage.BANK_PROCESSING, Stage.UNKNOWN, Stage.EXECUTED, Stage.FAILED}
    ),
    Stage.BANK_PROCESSING: frozenset({Stage.UNKNOWN, Stage.EXECUTED, Stage.FAILED}),
    # Only a bank check with evidence leads out of the unknown.
    Stage.UNKNOWN: frozenset({Stage.EXECUTED, Stage.FAILED}),
    # 退票 comes after success; a correction to failed needs two persons.
    Stage.EXECUTED: frozenset({Stage.RETURNED, Stage.FAILED}),
    Stage.FAILED: frozenset({Stage.READY, Stage.VOIDED}),
    Stage.RETURNED: frozenset({Stage.READY, Stage.VOIDED}),
    Stage.REJECTED: frozenset(),
    Stage.VOIDED: frozenset(),
}

# Holds stop what has not gone to the bank.
STOPPABLE: Final = frozenset(
    {Stage.DRAFT, Stage.SENT_BACK, Stage.PENDING_REVIEW, Stage.PENDING_APPROVAL, Stage.READY}
)
# What did not get through is held too, so that its reason is kept until it is resumed.
COVERABLE: Final = STOPPABLE | {Stage.UNKNOWN, Stage.FAILED, Stage.RETURNED}
# Given to the bank, and no result yet.
UNDECIDED: Final = frozenset({Stage.SUBMITTED, Stage.BANK_PROCESSING, Stage.UNKNOWN})
UNDECIDED_STATUSES: Final = frozenset(Status(stage) for stage in UNDECIDED)
EDITABLE: Final = STOPPABLE | {Stage.FAILED, Stage.RETURNED}
RESUMABLE: Final = STOPPABLE | {Stage.FAILED, Stage.RETURNED}
# A resumption passes every normal level and one more, so it leads straight to 待执行.
RESUME_MOVES: Final[dict[Stage, frozenset[Stage]]] = {
    stage: frozenset({Stage.READY}) if stage in RESUMABLE else frozenset() for stage in Stage
}
# A success may come late, whatever was done with the payment since its attempt failed.
LATE_MOVES: Final[dict[Stage, frozenset[Stage]]] = {
    stage: frozenset() if stage in UNDECIDED | {Stage.EXECUTED} else frozenset({Stage.EXECUTED})
    for stage in Stage
}
STOPPED_STATUSES: Final = frozenset({Status.STOPPED, Status.PAUSED, Status.EXCEPTION})
# What 应急 looks at: everything that does not go on by itself.
TROUBLED: Final = STOPPED_STATUSES | {Status.UNKNOWN, Status.FAILED, Status.RETURNED}


class HoldScope(StrEnum):
    COMPANY = "COMPANY"
    ACCOUNT = "ACCOUNT"
    PAYEE = "PAYEE"
    PAYMENT = "PAYMENT"


SCOPE_LABELS: Final[dict[HoldScope, str]] = {
    HoldScope.COMPANY: "全公司",
    HoldScope.ACCOUNT: "账户",
    HoldScope.PAYEE: "收款方",
    HoldScope.PAYMENT: "单笔",
}


def hold_class(scope: HoldScope, reason: StopReason) -> ReasonClass:
    """How a hold shows: a person's stop of a single payment is a stop, of a wider scope a pause."""
    if reason is StopReason.MANUAL_PAUSE and scope is HoldScope.PAYMENT:
        return ReasonClass.STOP
    return REASON_CLASS[reason]


def shown_status(stage: Stage, classes: Iterable[ReasonClass], resuming: bool) -> Status:
    """The status that follows from the stage, the classes of the open holds over the payment and
    whether its resumption is being approved.
    """
    if resuming and stage in RESUMABLE:
        return Status.RESUME_PENDING
    if stage not in STOPPABLE:
        return Status(stage)
    present = set(classes)
    if ReasonClass.STOP in present:
        return Status.STOPPED
    if ReasonClass.FAULT in present:
        return Status.EXCEPTION
    if ReasonClass.PAUSE in present:
        return Status.PAUSED
    return Status(stage)


class HoldState(StrEnum):
    OPEN = "OPEN"
    LIFTING = "LIFTING"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


HOLD_STATE_LABELS: Final[dict[HoldState, str]] = {
    HoldState.OPEN: "生效中",
    HoldState.LIFTING: "解除审批中",
    HoldState.RELEASED: "已解除",
    HoldState.EXPIRED: "已到期",
}
# A hold whose lifting is being approved still holds.
HOLDING: Final = (HoldState.OPEN, HoldState.LIFTING)


class AttemptState(StrEnum):
    WRITTEN = "WRITTEN"
    PROCESSING = "PROCESSING"
    UNKNOWN = "UNKNOWN"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    RETURNED = "RETURNED"


ATTEMPT_MOVES: Final[dict[AttemptState, frozenset[AttemptState]]] = {
    AttemptState.WRITTEN: frozenset(
        {AttemptState.PROCESSING, AttemptState.UNKNOWN, AttemptState.SUCCEEDED, AttemptState.FAILED}
    ),
    AttemptState.PROCESSING: frozenset(
        {AttemptState.UNKNOWN, AttemptState.SUCCEEDED, AttemptState.FAILED}
    ),
    AttemptState.UNKNOWN: frozenset({AttemptState.SUCCEEDED, AttemptState.FAILED}),
    AttemptState.SUCCEEDED: frozenset({AttemptState.RETURNED, AttemptState.FAILED}),
    AttemptState.FAILED: frozenset({AttemptState.SUCCEEDED}),
    AttemptState.RETURNED: frozenset(),
}
# While one of these stands nothing else may be sent for the same obligation.
LIVE_ATTEMPTS: Final = frozenset(
    {AttemptState.WRITTEN, AttemptState.PROCESSING, AttemptState.UNKNOWN}
)


# What the bank may still answer to, a 退票 of a success among it; out of the unknown leads a check.
ANSWERABLE: Final = LIVE_ATTEMPTS - {AttemptState.UNKNOWN} | {AttemptState.SUCCEEDED}
# What the bank may be asked about: a failure may turn out to be none.
CHECKABLE: Final = LIVE_ATTEMPTS | {AttemptState.FAILED}


class Tried(Protocol):
    """What is looked at of an attempt."""

    @property
    def state(self) -> str: ...


T = TypeVar("T", bound=Tried)


def debited(tries: Iterable[T]) -> list[T]:
    """The attempts that stand as successes, in the order given."""
    return [one for one in tries if one.state == AttemptState.SUCCEEDED]


def undecided(tries: Iterable[T]) -> list[T]:
    """The attempts whose result is open, in the order given."""
    return [one for one in tries if one.state in LIVE_ATTEMPTS]


class ResumeState(StrEnum):
    IN_APPROVAL = "IN_APPROVAL"
    DONE = "DONE"
    GATE_REFUSED = "GATE_REFUSED"
    RETURNED = "RETURNED"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"


RESUME_STATE_LABELS: Final[dict[ResumeState, str]] = {
    ResumeState.IN_APPROVAL: "审批中",
    ResumeState.DONE: "已恢复",
    ResumeState.GATE_REFUSED: "复验未通过",
    ResumeState.RETURNED: "已退回",
    ResumeState.REJECTED: "已驳回",
    ResumeState.VOIDED: "已失效",
}
