"""停止付款事件: how grave it is, how far it was dealt with, and what caused it (domain.md §7)."""

from enum import StrEnum
from typing import Final


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
    """Why it happened. PENDING: 待查, which no incident is resolved with."""

    PENDING = "PENDING"
    BANK_NOT_ENDED = "BANK_NOT_ENDED"
    PAYEE_NEW_AGREEMENT = "PAYEE_NEW_AGREEMENT"
    OTHER_ACCOUNT = "OTHER_ACCOUNT"
    IN_FLIGHT = "IN_FLIGHT"
    OURS = "OURS"
    OTHER = "OTHER"


CAUSE_LABELS: Final[dict[Cause, str]] = {
    Cause.PENDING: "待查",
    Cause.BANK_NOT_ENDED: "银行未按回执终止授权",
    Cause.PAYEE_NEW_AGREEMENT: "收款单位以新协议号发起扣款",
    Cause.OTHER_ACCOUNT: "改从其他账户扣款",
    Cause.IN_FLIGHT: "终止前已受理的扣款",
    Cause.OURS: "我方操作或登记有误",
    Cause.OTHER: "其他（见说明）",
}


class SubjectKind(StrEnum):
    """What an incident is about."""

    HIT = "HIT"


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
}
# What a person may write by hand; everything else the program writes.
BY_HAND: Final = (EntryKind.NOTE, EntryKind.CONTACT)
