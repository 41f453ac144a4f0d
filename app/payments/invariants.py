"""The promises of design.md, asked of the stored rows: each names what breaks it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.access.approvals import ApprovalKind, RequestState
from app.access.model import ApprovalDecision, ApprovalRequest
from app.core.codes import StopReason
from app.payments.attempts import obligation_of
from app.payments.cover import COMPANY_ID, HoldIndex, open_holds
from app.payments.model import Attempt, Hold, HoldCover, Payment, PaymentTotal, ResumeRequest
from app.payments.states import (
    COVERABLE,
    HOLDING,
    LIVE_ATTEMPTS,
    STOPPED_STATUSES,
    UNDECIDED,
    AttemptState,
    HoldScope,
    ResumeState,
    Stage,
    hold_class,
    shown_status,
)
from app.storage.work import ReadWork

_SHOWN: Final = 5
# Rows that are read at a time, so that memory stays flat.
_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Promise:
    """One invariant; `broken` lists what breaks it, empty where it holds."""

    code: str
    title: str
    broken: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.broken


def examine(work: ReadWork) -> list[Promise]:
    """Every promise about payments."""
    return [Promise(code, title, tuple(look(work))) for code, title, look in PROMISES]


def _stopped_is_derived(work: ReadWork) -> list[str]:
    index = HoldIndex(open_holds(work))
    resuming = set(
        work.session.scalars(
            select(ResumeRequest.payment_id).where(ResumeRequest.state == ResumeState.IN_APPROVAL)
        )
    )
    wrong = []
    live = select(Payment).where(
        or_(Payment.stage.in_(COVERABLE), Payment.status.in_(STOPPED_STATUSES))
    )
    for payment in work.session.scalars(live.execution_options(yield_per=1000)):
        holds = index.over(payment)
        classes = [hold_class(HoldScope(h.scope), StopReason(h.reason)) for h in holds]
        must = shown_status(Stage(payment.stage), classes, payment.id in resuming)
        if payment.status != must or payment.hold_count != len(holds):
            wrong.append(f"{payment.number}: {payment.status}≠{must}")
    return wrong


def _resting_shows_its_stage(work: ReadWork) -> list[str]:
    rows = work.session.scalars(
        select(Payment.number)
        .where(Payment.stage.not_in(COVERABLE), Payment.status != Payment.stage)
        .limit(_SHOWN)
    )
    return list(rows)


def _covers_agree(work: ReadWork) -> list[str]:
    """Open covers belong to holds in force over payments that can be held."""
    rows = work.session.execute(
        select(Hold.number, Payment.number)
        .join(HoldCover, HoldCover.hold_id == Hold.id)
        .join(Payment, Payment.id == HoldCover.payment_id)
        .where(
            HoldCover.ended_at.is_(None),
            or_(
                Hold.state.not_in(HOLDING),
                Payment.stage.not_in(COVERABLE),
                and_(Hold.until.is_not(None), Hold.until < work.today),
            ),
        )
        .limit(_SHOWN)
    )
    return [f"{hold}/{payment}" for hold, payment in rows]


def _one_live_attempt(work: ReadWork) -> list[str]:
    rows = work.session.execute(
        select(Attempt.obligation, func.count())
        .where(Attempt.live)
        .group_by(Attempt.obligation)
        .having(func.count() > 1)
    )
    return [f"{obligation}: {count}" for obligation, count in rows]


def _live_means_undecided(work: ReadWork) -> list[str]:
    """An attempt is live exactly while its result is open, and its payment is at the bank."""
    rows = work.session.execute(
        select(Payment, Attempt)
        .join(Attempt, Attempt.payment_id == Payment.id)
        .where(
            or_(
                Attempt.live != Attempt.state.in_(LIVE_ATTEMPTS),
                and_(Attempt.live, Payment.stage.not_in(UNDECIDED)),
            )
        )
        .limit(_SHOWN)
    )
    return [f"{payment.number}#{attempt.ordinal}" for payment, attempt in rows]


def _at_bank_has_attempt(work: ReadWork) -> list[str]:
    live = exists().where(Attempt.payment_id == Payment.id, Attempt.live)
    rows = work.session.scalars(
        select(Payment.number).where(Payment.stage.in_(UNDECIDED), ~live).limit(_SHOWN)
    )
    return list(rows)


def _obligations_agree(work: ReadWork) -> list[str]:
    rows = work.session.execute(
        select(Payment, Attempt).join(Attempt, Attempt.payment_id == Payment.id).where(Attempt.live)
    )
    return [p.number for p, attempt in rows if attempt.obligation != obligation_of(p)]


def _paid_once(work: ReadWork) -> list[str]:
    rows = work.session.execute(
        select(Payment.number, func.count())
        .join(Attempt, Attempt.payment_id == Payment.id)
        .where(Attempt.state == AttemptState.SUCCEEDED)
        .group_by(Payment.number)
        .having(func.count() > 1)
    )
    return [number for number, _ in rows]


def _nobody_approved_their_own(work: ReadWork) -> list[str]:
    request, decision = ApprovalRequest, ApprovalDecision
    rows = work.session.execute(
        select(
            request.subject_no, request.id, request.makers, decision.user_id, decision.on_behalf_of
        )
        .join(decision, decision.request_id == request.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    return [
        f"{row.subject_no}#{row.id}"
        for row in rows
        if row.user_id in row.makers or row.on_behalf_of in row.makers
    ]


def _levels_were_passed(work: ReadWork) -> list[str]:
    """An approved request has one decision for each of its levels, each by another voice: who
    stood in for somebody and that somebody are one.
    """
    request, decision = ApprovalRequest, ApprovalDecision
    rows = work.session.execute(
        select(
            request.id,
            request.subject_no,
            request.levels,
            decision.level,
            decision.user_id,
            decision.on_behalf_of,
        )
        .outerjoin(decision, decision.request_id == request.id)
        .where(request.state == RequestState.APPROVED)
        .order_by(request.id, decision.position)
        .execution_options(yield_per=_AT_ONCE)
    )
    wrong = []
    for _, decided in groupby(rows, key=lambda row: row.id):
        found = list(decided)
        heard = [who for row in found for who in (row.user_id, row.on_behalf_of) if who is not None]
        levels = [row.level for row in found if row.level is not None]
        if levels != found[0].levels or len(heard) != len(set(heard)):
            wrong.append(f"{found[0].subject_no}#{found[0].id}")
    return wrong


def _ready_was_approved(work: ReadWork) -> list[str]:
    """What waits to be sent passed its approval or its resumption."""
    # A list made once: asked of each payment anew, it takes sixteen seconds of a million.
    approved = select(ApprovalRequest.subject_id).where(
        ApprovalRequest.kind.in_((ApprovalKind.PAYMENT, ApprovalKind.RESUME)),
        ApprovalRequest.state == RequestState.APPROVED,
    )
    rows = work.session.scalars(
        select(Payment.number)
        .where(Payment.stage == Stage.READY, Payment.id.not_in(approved))
        .limit(_SHOWN)
    )
    return list(rows)


def _resumed_with_its_request(work: ReadWork) -> list[str]:
    """A resumption and its approval end together."""
    states = {
        ResumeState.IN_APPROVAL: RequestState.OPEN,
        ResumeState.DONE: RequestState.APPROVED,
        ResumeState.RETURNED: RequestState.RETURNED,
        ResumeState.REJECTED: RequestState.REJECTED,
        ResumeState.VOIDED: RequestState.VOIDED,
    }
    rows = work.session.execute(
        select(ResumeRequest, ApprovalRequest).join(
            ApprovalRequest, ApprovalRequest.id == ResumeRequest.approval_id
        )
    )
    return [form.number for form, asked in rows if asked.state != states[ResumeState(form.state)]]


def _one_open_resumption(work: ReadWork) -> list[str]:
    other = aliased(ResumeRequest)
    twin = exists().where(
        other.payment_id == ResumeRequest.payment_id,
        other.state == ResumeState.IN_APPROVAL,
        other.id < ResumeRequest.id,
    )
    rows = work.session.scalars(
        select(ResumeRequest.number).where(ResumeRequest.state == ResumeState.IN_APPROVAL, twin)
    )
    return list(rows)


def _totals_agree(work: ReadWork) -> list[str]:
    counted = {
        (status, currency): (count, int(minor))
        for status, currency, count, minor in work.session.execute(
            select(
                Payment.status, Payment.currency, func.count(), func.sum(Payment.amount_minor)
            ).group_by(Payment.status, Payment.currency)
        )
    }
    kept = {
        (row.status, row.currency): (row.payments, row.amount_minor)
        for row in work.session.scalars(select(PaymentTotal))
        if row.payments or row.amount_minor
    }
    return [
        f"{key}"
        for key in sorted(counted.keys() | kept.keys())
        if counted.get(key) != kept.get(key)
    ]


def _company_holds_name_the_company(work: ReadWork) -> list[str]:
    rows = work.session.scalars(
        select(Hold.number).where(Hold.scope == HoldScope.COMPANY, Hold.scope_id != COMPANY_ID)
    )
    return list(rows)


Look = Callable[[ReadWork], Sequence[str]]
PROMISES: Final[tuple[tuple[str, str, Look], ...]] = (
    ("stopped", "停付状态与生效中的暂停令一致", _stopped_is_derived),
    ("resting", "已结束或已交银行的付款状态一致", _resting_shows_its_stage),
    ("covers", "暂停令的覆盖关系一致", _covers_agree),
    ("live", "同一笔应付最多一次在途提交", _one_live_attempt),
    ("undecided", "在途提交与付款阶段一致", _live_means_undecided),
    ("at_bank", "已交银行的付款都有提交记录", _at_bank_has_attempt),
    ("obligation", "提交记录对应正确的应付", _obligations_agree),
    ("once", "没有一笔付款成功两次", _paid_once),
    ("own", "没有人审批自己经办的事项", _nobody_approved_their_own),
    ("levels", "每级审批由不同的人办理", _levels_were_passed),
    ("ready", "待执行的付款都经过审批", _ready_was_approved),
    ("resumed", "恢复申请与审批结果一致", _resumed_with_its_request),
    ("one_form", "一笔付款最多一份恢复申请在审批", _one_open_resumption),
    ("totals", "分类合计与明细一致", _totals_agree),
    ("company", "全公司暂停令范围正确", _company_holds_name_the_company),
)
