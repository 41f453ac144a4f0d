"""The approval chain: refused, stuck, or without anybody who could decide (requirement B1.4)."""

from collections.abc import Iterator
from datetime import timedelta

from app.access.approvals import STATE_LABELS, RequestState
from app.access.rights import ROLE_LABELS
from app.core.codes import StopReason
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when
from app.payments.states import STAGE_LABELS, Stage

# A resumption passes every level anew, so none of these keeps a payment from being resumed.
_WAITING = frozenset({Stage.PENDING_REVIEW, Stage.PENDING_APPROVAL})


@rule("approval.missing", "已提交审批", gate=False)
def missing(facts: Facts) -> Iterator[Finding]:
    """A draft just waits for its maker; what waits for a decision that nobody was asked for is
    broken.
    """
    if facts.stage is Stage.DRAFT and facts.approval is None:
        yield Finding(
            StopReason.APPROVAL_BROKEN,
            Severity.NOTICE,
            "草稿还没有提交审批。",
            {"制单时间": when(facts.made_at, facts), "经办人": facts.maker.name},
        )
    if facts.stage not in _WAITING:
        return
    if facts.approval is None or facts.approval.state != RequestState.OPEN:
        stage = STAGE_LABELS[facts.stage]
        last = "无" if facts.approval is None else STATE_LABELS[RequestState(facts.approval.state)]
        yield Finding(
            StopReason.APPROVAL_BROKEN,
            Severity.BLOCKING,
            f"审批断链：本笔为“{stage}”，但没有进行中的审批。",
            {"状态": stage, "最近一次审批": last},
        )


@rule("approval.refused", "审批未被退回或驳回", gate=False)
def refused(facts: Facts) -> Iterator[Finding]:
    approval = facts.approval
    if approval is None or facts.stage not in {Stage.SENT_BACK, Stage.REJECTED}:
        return
    verb = "退回" if approval.state == RequestState.RETURNED else "驳回"
    yield Finding(
        StopReason.APPROVAL_BROKEN,
        Severity.BLOCKING,
        f"审批被 {approval.last_decider or '审批人'} {verb}：{approval.remark or '未说明'}。",
        {
            "审批人": approval.last_decider,
            "意见": approval.remark,
            "时间": when(approval.closed_at, facts),
        },
    )


@rule("approval.nobody", "有人可以审批", gate=False)
def nobody(facts: Facts) -> Iterator[Finding]:
    approval = facts.approval
    if approval is None or approval.level is None or facts.stage not in _WAITING:
        return
    if approval.state == RequestState.OPEN and not approval.available:
        level = ROLE_LABELS[approval.level]
        yield Finding(
            StopReason.APPROVAL_BROKEN,
            Severity.BLOCKING,
            f"审批断链：没有在岗人员可以办理“{level}”一级的审批。",
            {"待审批级别": level, "提交时间": when(approval.opened_at, facts)},
        )


@rule("approval.stuck", "审批没有超时", gate=False)
def stuck(facts: Facts) -> Iterator[Finding]:
    approval = facts.approval
    if approval is None or approval.level is None or facts.stage not in _WAITING:
        return
    hours = int(facts.thresholds["A01.pending"])
    waited = facts.now - approval.opened_at
    late = approval.state == RequestState.OPEN and waited > timedelta(hours=hours)
    if late and approval.available:
        yield Finding(
            StopReason.APPROVAL_BROKEN,
            Severity.WARNING,
            f"审批已等待 {int(waited.total_seconds() // 3600)} 小时，超过 {hours} 小时。",
            {
                "待审批级别": ROLE_LABELS[approval.level],
                "可办理人": "、".join(approval.available),
                "提交时间": when(approval.opened_at, facts),
            },
        )
