"""停止付款事件: how grave it is, how far it was dealt with, and what caused it (domain.md §7)."""

from enum import StrEnum
from typing import Final

from app.core.codes import REASON_LABELS


class Severity(StrEnum):
    """P1 重大, P2 较大, P3 一般."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


SEVERITY_LABELS: Final[dict[Severity, str]] = {
    Severity.P1: "P1 重大",
    Severity.P2: "P2 较大",
    Severity.P3: "P3 一般",
}


class IncidentState(StrEnum):
    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    VERIFYING = "VERIFYING"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"


INCIDENT_LABELS: Final[dict[IncidentState, str]] = {
    IncidentState.OPEN: "待处理",
    IncidentState.IN_PROGRESS: "处理中",
    IncidentState.VERIFYING: "待核实",
    IncidentState.RESOLVED: "已解决",
    IncidentState.CLOSED: "已关闭",
}
INCIDENT_MOVES: Final[dict[IncidentState, frozenset[IncidentState]]] = {
    IncidentState.OPEN: frozenset({IncidentState.IN_PROGRESS}),
    IncidentState.IN_PROGRESS: frozenset({IncidentState.VERIFYING, IncidentState.RESOLVED}),
    IncidentState.VERIFYING: frozenset({IncidentState.IN_PROGRESS, IncidentState.RESOLVED}),
    IncidentState.RESOLVED: frozenset({IncidentState.IN_PROGRESS, IncidentState.CLOSED}),
    IncidentState.CLOSED: frozenset(),
}
# What is in none of these wants nobody any more.
UNRESOLVED: Final = frozenset(
    {IncidentState.OPEN, IncidentState.IN_PROGRESS, IncidentState.VERIFYING}
)


class Cause(StrEnum):
    """Why it happened: the reasons of a stop, and those of a debit that should not have been.

    PENDING: 待查, which no incident is resolved with.
    """

    PENDING = "PENDING"
    SYSTEM_FAULT = "SYSTEM_FAULT"
    UPGRADE_INCOMPLETE = "UPGRADE_INCOMPLETE"
    BANK_INTERFACE = "BANK_INTERFACE"
    CERT_OR_CONTRACT = "CERT_OR_CONTRACT"
    AUTO_LOCKED = "AUTO_LOCKED"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    PERMISSION_CHANGED = "PERMISSION_CHANGED"
    APPROVAL_BROKEN = "APPROVAL_BROKEN"
    MANUAL_PAUSE = "MANUAL_PAUSE"
    ACCOUNT_FROZEN = "ACCOUNT_FROZEN"
    ACCOUNT_BLOCKED = "ACCOUNT_BLOCKED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    ACCOUNT_DORMANT = "ACCOUNT_DORMANT"
    ACCOUNT_LOSS_REPORTED = "ACCOUNT_LOSS_REPORTED"
    PAYEE_ACCOUNT_INVALID = "PAYEE_ACCOUNT_INVALID"
    NAME_MISMATCH = "NAME_MISMATCH"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    AML_REVIEW = "AML_REVIEW"
    RISK_RULE = "RISK_RULE"
    DUPLICATE = "DUPLICATE"
    RETURNED = "RETURNED"
    AGREEMENT_INVALID = "AGREEMENT_INVALID"
    BANK_NOT_ENDED = "BANK_NOT_ENDED"
    PAYEE_NEW_AGREEMENT = "PAYEE_NEW_AGREEMENT"
    OTHER_ACCOUNT = "OTHER_ACCOUNT"
    IN_FLIGHT = "IN_FLIGHT"
    OURS = "OURS"
    OTHER = "OTHER"


# Of a debit that should not have been (requirement E1.4).
DEBIT_CAUSES: Final[tuple[Cause, ...]] = (
    Cause.BANK_NOT_ENDED,
    Cause.PAYEE_NEW_AGREEMENT,
    Cause.OTHER_ACCOUNT,
    Cause.IN_FLIGHT,
    Cause.OURS,
)
CAUSE_LABELS: Final[dict[Cause, str]] = {
    Cause.PENDING: "待查",
    **{Cause(reason): label for reason, label in REASON_LABELS.items()},
    Cause.BANK_NOT_ENDED: "银行未按回执终止授权",
    Cause.PAYEE_NEW_AGREEMENT: "收款单位以新协议号发起扣款",
    Cause.OTHER_ACCOUNT: "改从其他账户扣款",
    Cause.IN_FLIGHT: "终止前已受理的扣款",
    Cause.OURS: "我方操作或登记有误",
    Cause.OTHER: "其他（见说明）",
}


class SubjectKind(StrEnum):
    """What an incident is about. LINE: a bank line by its id; HOLD: a hold placed because of it."""

    HIT = "HIT"
    PAYMENT = "PAYMENT"
    LINE = "LINE"
    HOLD = "HOLD"


class Step(StrEnum):
    """The five steps, in their order (requirement B6.1)."""

    CAUSE = "CAUSE"
    CHECK = "CHECK"
    VENDOR = "VENDOR"
    BANK = "BANK"
    ARCHIVE = "ARCHIVE"


STEP_LABELS: Final[dict[Step, str]] = {
    Step.CAUSE: "定因",
    Step.CHECK: "查账户与软件",
    Step.VENDOR: "联系供应商",
    Step.BANK: "联系银行",
    Step.ARCHIVE: "记录归档",
}


class StepState(StrEnum):
    OPEN = "OPEN"
    DONE = "DONE"
    SKIPPED = "SKIPPED"


STEP_STATE_LABELS: Final[dict[StepState, str]] = {
    StepState.OPEN: "未完成",
    StepState.DONE: "已完成",
    StepState.SKIPPED: "不需要",
}


class TaskKind(StrEnum):
    """What a sub-task is for (requirements B4.1, B4.4, B4.6)."""

    ASK_BANK = "ASK_BANK"
    UNFREEZE = "UNFREEZE"
    AUTHORISE = "AUTHORISE"
    LIMIT = "LIMIT"
    AML = "AML"
    RIGHTS = "RIGHTS"
    TRANSFER = "TRANSFER"
    OTHER = "OTHER"


TASK_LABELS: Final[dict[TaskKind, str]] = {
    TaskKind.ASK_BANK: "联系银行核实",
    TaskKind.UNFREEZE: "解冻",
    TaskKind.AUTHORISE: "补办授权",
    TaskKind.LIMIT: "提高限额",
    TaskKind.AML: "反洗钱材料",
    TaskKind.RIGHTS: "恢复权限",
    TaskKind.TRANSFER: "调拨或存入资金",
    TaskKind.OTHER: "其他",
}


class TaskState(StrEnum):
    OPEN = "OPEN"
    DONE = "DONE"
    DROPPED = "DROPPED"


TASK_STATE_LABELS: Final[dict[TaskState, str]] = {
    TaskState.OPEN: "办理中",
    TaskState.DONE: "已办结",
    TaskState.DROPPED: "不需要",
}


class ReportState(StrEnum):
    """How far a 处理报告 came."""

    PREPARED = "PREPARED"
    REVIEWED = "REVIEWED"
    APPROVED = "APPROVED"
    REPLACED = "REPLACED"


class EntryKind(StrEnum):
    """What a line of the timeline tells."""

    OPENED = "OPENED"
    JOINED = "JOINED"
    NOTE = "NOTE"
    CONTACT = "CONTACT"
    CAUSE = "CAUSE"
    SEVERITY = "SEVERITY"
    OWNER = "OWNER"
    STATE = "STATE"
    CORRECTION = "CORRECTION"
    STEP = "STEP"
    CHECK = "CHECK"
    BACKUP = "BACKUP"
    HOLD = "HOLD"
    TASK = "TASK"
    EVIDENCE = "EVIDENCE"
    ESCALATION = "ESCALATION"
    REVIEW = "REVIEW"
    REPORT = "REPORT"
    WAIT = "WAIT"
    BRIEFING = "BRIEFING"
    LETTER = "LETTER"


ENTRY_LABELS: Final[dict[EntryKind, str]] = {
    EntryKind.OPENED: "发现并建立事件",
    EntryKind.JOINED: "并入",
    EntryKind.NOTE: "情况记录",
    EntryKind.CONTACT: "联系记录",
    EntryKind.CAUSE: "定因",
    EntryKind.SEVERITY: "调整等级",
    EntryKind.OWNER: "负责人",
    EntryKind.STATE: "状态",
    EntryKind.CORRECTION: "更正",
    EntryKind.STEP: "处置步骤",
    EntryKind.CHECK: "检查结果",
    EntryKind.BACKUP: "故障快照备份",
    EntryKind.HOLD: "暂停付款",
    EntryKind.TASK: "子任务",
    EntryKind.EVIDENCE: "证据",
    EntryKind.ESCALATION: "升级上报",
    EntryKind.REVIEW: "复盘",
    EntryKind.REPORT: "处理报告",
    EntryKind.WAIT: "等待答复",
    EntryKind.BRIEFING: "通报",
    EntryKind.LETTER: "函件",
}


class Outside(StrEnum):
    """Whom one speaks with."""

    VENDOR = "VENDOR"
    BANK = "BANK"
    PAYEE = "PAYEE"
    INTERNAL = "INTERNAL"
    OTHER = "OTHER"


OUTSIDE_LABELS: Final[dict[Outside, str]] = {
    Outside.VENDOR: "软件供应商",
    Outside.BANK: "银行",
    Outside.PAYEE: "收款单位",
    Outside.INTERNAL: "内部",
    Outside.OTHER: "其他",
}
