"""The one approval procedure: level by level, each by another person, never by a maker.

Other matters open requests and act on the outcome; they call these inside their own transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.access.errors import AlreadyDecided, RemarkNeeded
from app.access.guard import Act, candidate, require_fresh
from app.access.model import ApprovalDecision, ApprovalRequest, User
from app.access.rights import Role
from app.access.rules import authority
from app.core.clock import local_text
from app.core.errors import NotFound
from app.core.money import Money
from app.storage.work import ReadWork, UnitOfWork


class ApprovalKind(StrEnum):
    PAYMENT = "PAYMENT"
    RESUME = "RESUME"
    HOLD_LIFT = "HOLD_LIFT"
    PAYEE_CHANGE = "PAYEE_CHANGE"
    RESULT_CORRECTION = "RESULT_CORRECTION"
    CANCELLATION = "CANCELLATION"


KIND_LABELS: Final[dict[ApprovalKind, str]] = {
    ApprovalKind.PAYMENT: "付款审批",
    ApprovalKind.RESUME: "恢复付款",
    ApprovalKind.HOLD_LIFT: "解除暂停",
    ApprovalKind.PAYEE_CHANGE: "收款信息变更",
    ApprovalKind.RESULT_CORRECTION: "银行结果更正",
    ApprovalKind.CANCELLATION: "取消自动扣款",
}


class RequestState(StrEnum):
    OPEN = "OPEN"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"


STATE_LABELS: Final[dict[RequestState, str]] = {
    RequestState.OPEN: "审批中",
    RequestState.APPROVED: "已批准",
    RequestState.RETURNED: "已退回",
    RequestState.REJECTED: "已驳回",
    RequestState.VOIDED: "已失效",
}


class Decision(StrEnum):
    APPROVE = "APPROVE"
    RETURN = "RETURN"
    REJECT = "REJECT"


DECISION_LABELS: Final[dict[Decision, str]] = {
    Decision.APPROVE: "批准",
    Decision.RETURN: "退回",
    Decision.REJECT: "驳回",
}
_ENDS: Final[dict[Decision, RequestState]] = {
    Decision.RETURN: RequestState.RETURNED,
    Decision.REJECT: RequestState.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Opening:
    """A request to be opened. makers: user ids who made or last edited the subject."""

    kind: ApprovalKind
    subject_id: int
    subject_no: str
    title: str
    amount: Money | None
    levels: Sequence[Role]
    makers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's decision on a request, as seen by them at `expected_version`."""

    request_id: int
    decision: Decision
    remark: str
    expected_version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision led to: the state of the request now, and on whose behalf it was made."""

    state: RequestState
    level: Role
    on_behalf_of: int | None
    request: ApprovalRequest


def open_request(uow: UnitOfWork, opening: Opening, opened_by: int) -> ApprovalRequest:
    """A new open request; an older open one on the same subject and kind is voided."""
    void(uow, opening.kind, opening.subject_id, "已重新提交")
    amount = opening.amount
    row = ApprovalRequest(
        kind=opening.kind,
        subject_id=opening.subject_id,
        subject_no=opening.subject_no,
        title=opening.title,
        amount_minor=None if amount is None else amount.minor,
        currency="CNY" if amount is None else amount.currency,
        levels=list(opening.levels),
        state=RequestState.OPEN,
        makers=sorted(opening.makers),
        opened_by=opened_by,
        opened_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def decide(act: Act, verdict: Verdict, kind: ApprovalKind) -> Outcome:
    """Record a decision on a request of that kind and move the request on.

    Raises FreshSignInNeeded, AlreadyDecided (naming who was first), RemarkNeeded, SelfApproval
    or NotAnApprover. Commits nothing: the caller's act does.
    """
    uow, person = act.uow, act.person
    row = find_request(uow, verdict.request_id, kind)
    earlier = _decisions(uow, row.id)
    _still_open(uow, row, verdict.expected_version, earlier)
    level = Role(row.levels[row.position])
    principal = authority(candidate(uow, person), level, row.makers, voices(earlier))
    require_fresh(uow, person)
    if verdict.decision is not Decision.APPROVE and not verdict.remark.strip():
        raise RemarkNeeded("请填写意见。")
    uow.session.add(
        ApprovalDecision(
            request_id=row.id,
            position=row.position,
            level=level,
            user_id=person.user_id,
            on_behalf_of=principal,
            decision=verdict.decision,
            remark=verdict.remark.strip(),
            version=verdict.expected_version,
            at=uow.now,
        )
    )
    _advance(uow, row, verdict.decision)
    uow.session.flush()
    return Outcome(RequestState(row.state), level, principal, row)


def void(uow: UnitOfWork, kind: ApprovalKind, subject_id: int, why: str) -> int:
    """End the open requests on a subject, whose approvals no longer count; how many there were."""
    rows = _open_on(uow, kind, subject_id)
    for row in rows:
        row.state = RequestState.VOIDED
        row.closed_at = uow.now
        row.closed_why = why
    uow.session.flush()
    return len(rows)


def bar(uow: UnitOfWork, kind: ApprovalKind, subject_id: int, user_id: int) -> bool:
    """Keep somebody who changed the subject from deciding on it, and others from deciding unseen.

    False when they, or one who stood in for them, decided already on an open request: it can't
    stand, and the caller voids it.
    """
    for row in _open_on(uow, kind, subject_id):
        if user_id in voices(_decisions(uow, row.id)):
            return False
        row.makers = sorted({*row.makers, user_id})
        # A new version even where they were a maker already: what was read is out of date.
        flag_modified(row, "makers")
    return True


def voices(decisions: Iterable[ApprovalDecision]) -> list[int]:
    """Everybody who has spoken in these decisions, themselves or by one who stood in.

    Whoever has spoken twice is named twice.
    """
    return [
        who
        for decision in decisions
        for who in (decision.user_id, decision.on_behalf_of)
        if who is not None
    ]


def find_request(
    work: ReadWork, request_id: int, kind: ApprovalKind | None = None
) -> ApprovalRequest:
    """The request row. Raises NotFound, also for a request of another kind than the given one."""
    row = work.session.get(ApprovalRequest, request_id)
    if row is None or kind not in {None, row.kind}:
        raise NotFound("没有这项审批。")
    return row


def _open_on(uow: UnitOfWork, kind: ApprovalKind, subject_id: int) -> Sequence[ApprovalRequest]:
    return uow.session.scalars(
        select(ApprovalRequest).where(
            ApprovalRequest.kind == kind,
            ApprovalRequest.subject_id == subject_id,
            ApprovalRequest.state == RequestState.OPEN,
        )
    ).all()


def _advance(uow: UnitOfWork, row: ApprovalRequest, decision: Decision) -> None:
    if decision is Decision.APPROVE:
        row.position += 1
        if row.position < len(row.levels):
            return
        row.state = RequestState.APPROVED
    else:
        row.state = _ENDS[decision]
    row.closed_at = uow.now


def _still_open(
    uow: UnitOfWork, row: ApprovalRequest, expected: int, earlier: Collection[ApprovalDecision]
) -> None:
    if row.state == RequestState.OPEN and row.version == expected:
        return
    if row.state == RequestState.VOIDED:
        raise AlreadyDecided(
            f"{row.subject_no} 的申请已失效（{row.closed_why}）。", "请刷新后重新核对。"
        )
    since = [decision for decision in earlier if decision.version >= expected]
    if row.state == RequestState.OPEN and not since:
        raise AlreadyDecided(f"{row.subject_no} 的内容在您查看后已修改。", "请刷新后重新核对。")
    last = max(since or earlier, key=lambda decision: decision.position, default=None)
    if last is None:
        raise AlreadyDecided(
            f"{row.subject_no} 的申请{STATE_LABELS[RequestState(row.state)]}"
            f"（{row.closed_why or '内容已变化'}）。"
        )
    who = uow.session.get_one(User, last.user_id)
    verb = DECISION_LABELS[Decision(last.decision)]
    raise AlreadyDecided(
        f"{row.subject_no} 已由 {who.name} 于 {local_text(last.at, uow.tz)} {verb}。"
    )


def _decisions(uow: UnitOfWork, request_id: int) -> list[ApprovalDecision]:
    return list(
        uow.session.scalars(
            select(ApprovalDecision).where(ApprovalDecision.request_id == request_id)
        )
    )
