"""How incidents look: states, columns, facts, timeline."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from app.core.clock import local_text
from app.core.money import Money
from app.incidents.case_view import Happening, IncidentLine
from app.incidents.states import (
    CAUSE_LABELS,
    INCIDENT_LABELS,
    SEVERITY_LABELS,
    Cause,
    EntryKind,
    IncidentState,
    Severity,
)
from ui.payments.looks import money_text
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.key_values import KeyValue
from ui.widgets.timeline import Entry

_SHOWN: Final = 6
INCIDENT_LOOKS: Final[dict[IncidentState, tuple[str, Tone]]] = {
    IncidentState.OPEN: ("alarm-warning-line", Tone.STOP),
    IncidentState.IN_PROGRESS: ("tools-line", Tone.WARN),
    IncidentState.VERIFYING: ("search-eye-line", Tone.ACCENT),
    IncidentState.RESOLVED: ("checkbox-circle-line", Tone.OK),
    IncidentState.CLOSED: ("archive-line", Tone.MUTED),
}
SEVERITY_TONES: Final[dict[Severity, Tone]] = {
    Severity.P1: Tone.STOP,
    Severity.P2: Tone.WARN,
    Severity.P3: Tone.NORMAL,
}
_ENTRY_LOOKS: Final[dict[EntryKind, tuple[str, Tone]]] = {
    EntryKind.OPENED: ("alarm-warning-line", Tone.STOP),
    EntryKind.JOINED: ("git-merge-line", Tone.STOP),
    EntryKind.NOTE: ("sticky-note-line", Tone.MUTED),
    EntryKind.CONTACT: ("phone-line", Tone.MUTED),
    EntryKind.CAUSE: ("search-line", Tone.ACCENT),
    EntryKind.SEVERITY: ("arrow-up-down-line", Tone.WARN),
    EntryKind.OWNER: ("user-line", Tone.ACCENT),
    EntryKind.STATE: ("checkbox-circle-line", Tone.OK),
    EntryKind.CORRECTION: ("edit-line", Tone.WARN),
    EntryKind.STEP: ("list-check-2", Tone.ACCENT),
    EntryKind.CHECK: ("checkbox-line", Tone.MUTED),
    EntryKind.BACKUP: ("save-3-line", Tone.OK),
    EntryKind.HOLD: ("pause-circle-line", Tone.STOP),
    EntryKind.TASK: ("task-line", Tone.MUTED),
    EntryKind.EVIDENCE: ("attachment-line", Tone.MUTED),
    EntryKind.ESCALATION: ("arrow-up-circle-line", Tone.STOP),
    EntryKind.REVIEW: ("survey-line", Tone.ACCENT),
    EntryKind.REPORT: ("file-shield-2-line", Tone.OK),
    EntryKind.WAIT: ("time-line", Tone.WARN),
    EntryKind.LETTER: ("mail-line", Tone.ACCENT),
    EntryKind.BRIEFING: ("notification-3-line", Tone.ACCENT),
}


def tr(text: str) -> str:
    return QCoreApplication.translate("incidents", text)


def look_of(row: object) -> tuple[str, Tone] | None:
    """Icon and tone of an incident's state; None for any other row."""
    return INCIDENT_LOOKS[row.state] if isinstance(row, IncidentLine) else None


def incident_columns() -> tuple[Column[IncidentLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: INCIDENT_LABELS[r.state],
            tone=lambda r: INCIDENT_LOOKS[r.state][1],
            sort_value=lambda r: list(IncidentState).index(r.state),
            chars=10,
        ),
        Column(
            "severity",
            tr("等级"),
            lambda r: SEVERITY_LABELS[r.severity],
            tone=lambda r: SEVERITY_TONES[r.severity],
            sort_value=lambda r: r.severity,
            chars=9,
        ),
        Column("number", tr("编号"), lambda r: r.number, sort_value=lambda r: r.number, chars=14),
        Column(
            "amount",
            tr("涉及金额"),
            lambda r: amounts_text(r.amounts),
            align=Align.RIGHT,
            sort_value=lambda r: sum(one.minor for one in r.amounts),
            chars=14,
        ),
        Column(
            "settled",
            tr("已了结"),
            _settled,
            align=Align.RIGHT,
            tone=lambda r: Tone.OK if r.settled == len(r.hits) else Tone.NORMAL,
            sort_value=lambda r: len(r.hits) - r.settled,
            chars=9,
        ),
        Column("title", tr("事件"), lambda r: r.title, sort_value=lambda r: r.title, chars=34),
        Column("owner", tr("负责人"), lambda r: r.owner or tr("无人负责"), chars=9),
        Column(
            "found",
            tr("发现时间"),
            lambda r: local_text(r.found_at),
            sort_value=lambda r: r.found_at,
            chars=17,
        ),
        Column("cause", tr("原因"), lambda r: CAUSE_LABELS[r.cause], chars=24),
    )


def facts(row: IncidentLine) -> list[KeyValue]:
    """What is known of one incident."""
    cause = CAUSE_LABELS[row.cause]
    pending = row.cause is Cause.PENDING
    return [
        KeyValue(
            "state", tr("状态"), INCIDENT_LABELS[row.state], INCIDENT_LOOKS[row.state][1], True
        ),
        KeyValue(
            "severity",
            tr("等级"),
            SEVERITY_LABELS[row.severity],
            SEVERITY_TONES[row.severity],
            bold=True,
        ),
        KeyValue("number", tr("编号"), row.number, bold=True),
        KeyValue("title", tr("事件"), row.title),
        KeyValue("amount", tr("涉及金额"), amounts_text(row.amounts), bold=True),
        KeyValue("hits", tr("异常扣款"), "、".join(row.hits)),
        KeyValue("payments", tr("付款指令"), _some(row.payments)),
        KeyValue("holds", tr("暂停令"), "、".join(row.holds)),
        KeyValue("settled", tr("已了结"), _settled(row)),
        KeyValue("agreements", tr("协议"), "、".join(row.agreements)),
        KeyValue("owner", tr("负责人"), row.owner or tr("无人负责")),
        KeyValue("cause", tr("原因"), cause, Tone.WARN if pending else Tone.NORMAL),
        KeyValue("why", tr("定因依据"), row.cause_why),
        KeyValue("conclusion", tr("处理结论"), row.conclusion),
        KeyValue("opened", tr("建立"), f"{row.opened_by}　{local_text(row.found_at)}"),
        KeyValue("resolved", tr("解决"), _signed(row.resolved_by, row.resolved_at)),
        KeyValue("closed", tr("关闭"), _signed(row.closed_by, row.closed_at)),
    ]


def entries(happenings: Iterable[Happening]) -> list[Entry]:
    """The timeline, what was corrected named as such."""
    found = []
    for one in happenings:
        icon, tone = ("history-line", Tone.MUTED) if one.kind is None else _ENTRY_LOOKS[one.kind]
        what = tr("%1（已更正）").replace("%1", one.what) if one.corrected else one.what
        found.append(Entry(local_text(one.at), one.who, what, one.text, icon, tone))
    return found


def matching(row: IncidentLine, values: Mapping[str, Any]) -> bool:
    """Whether the incident fits what stands in the filter bar."""
    wanted = "".join(str(values.get("text", "")).split()).casefold()
    said = (
        row.number,
        row.title,
        row.owner,
        row.conclusion,
        row.cause_why,
        *row.hits,
        *row.payments,
        *row.agreements,
    )
    if wanted and not any(wanted in "".join(one.split()).casefold() for one in said):
        return False
    return "severity" not in values or str(row.severity) in values["severity"]


def _some(numbers: Sequence[str]) -> str:
    more = tr(" … 共 %1 笔").replace("%1", f"{len(numbers):,}") if len(numbers) > _SHOWN else ""
    return "、".join(numbers[:_SHOWN]) + more


def amounts_text(amounts: Iterable[Money]) -> str:
    """One sum for each currency, or a dash."""
    return "、".join(money_text(one) for one in amounts) or "—"


def _settled(row: IncidentLine) -> str:
    if not row.hits:
        return "—"
    text = tr("%1 / %2 笔").replace("%1", str(row.settled))
    return text.replace("%2", str(len(row.hits)))


def _signed(who: str, at: datetime | None) -> str:
    return f"{who}　{local_text(at)}" if who else ""
