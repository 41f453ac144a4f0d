"""How evidence, measures and reports look in their lists."""

from app.agreements.attaching import size_text
from app.core.clock import local_text
from app.incidents.closing.reporting import REPORT_LABELS, ReportLine
from app.incidents.closing.reviewing import MeasureLine
from app.incidents.evidence.keeping import CATEGORY_LABELS, EvidenceLine
from app.incidents.states import TASK_STATE_LABELS, ReportState, TaskState
from ui.incidents.looks import tr
from ui.theme import Tone
from ui.widgets.columns import Align, Column

_TONES = {
    ReportState.PREPARED: Tone.WARN,
    ReportState.REVIEWED: Tone.WARN,
    ReportState.APPROVED: Tone.OK,
    ReportState.REPLACED: Tone.MUTED,
}


def evidence_columns() -> tuple[Column[EvidenceLine], ...]:
    return (
        Column("number", tr("证据号"), lambda r: r.number, chars=18),
        Column("category", tr("类别"), lambda r: CATEGORY_LABELS[r.category], chars=8),
        Column(
            "name",
            tr("文件"),
            lambda r: r.name + (tr("（已撤回）") if r.withdrawn_at else ""),
            tone=lambda r: Tone.MUTED if r.withdrawn_at else Tone.NORMAL,
            chars=30,
        ),
        Column(
            "size",
            tr("大小"),
            lambda r: size_text(r.size),
            align=Align.RIGHT,
            sort_value=lambda r: r.size,
            chars=9,
        ),
        Column("by", tr("添加人"), lambda r: r.added_by, chars=8),
        Column("at", tr("时间"), lambda r: local_text(r.added_at), chars=16),
        Column("hash", tr("SHA-256"), lambda r: r.hash, chars=24),
        Column("why", tr("撤回原因"), lambda r: r.why, chars=16),
    )


def measure_columns() -> tuple[Column[MeasureLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: TASK_STATE_LABELS[r.state],
            tone=lambda r: Tone.WARN if r.state is TaskState.OPEN else Tone.OK,
            chars=7,
        ),
        Column("text", tr("措施"), lambda r: r.text, chars=40),
        Column("owner", tr("责任人"), lambda r: r.owner, chars=8),
        Column("due", tr("期限"), lambda r: r.due_on.isoformat(), chars=11),
        Column("result", tr("结果"), lambda r: r.result, chars=30),
    )


def report_columns() -> tuple[Column[ReportLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: REPORT_LABELS[r.state],
            tone=lambda r: _TONES[r.state],
            chars=12,
        ),
        Column(
            "edition",
            tr("版次"),
            lambda r: tr("第 %1 版").replace("%1", str(r.edition)),
            sort_value=lambda r: r.edition,
            chars=8,
        ),
        Column("prepared", tr("编制"), lambda r: r.prepared_by, chars=10),
        Column("at", tr("编制时间"), lambda r: local_text(r.prepared_at), chars=16),
        Column("reviewed", tr("复核"), lambda r: r.reviewed_by, chars=10),
        Column("approved", tr("批准"), lambda r: r.approved_by, chars=10),
        Column("sealed", tr("批准时间"), lambda r: local_text(r.approved_at), chars=16),
    )
