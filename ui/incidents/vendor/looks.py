"""How log lines, codes, tickets and the parts of a package look."""

from typing import Final

from app.agreements.attaching import size_text
from app.core.clock import local_text
from app.incidents.vendor.diagnostics import Part
from app.incidents.vendor.error_codes import SOURCE_LABELS, CodeEntry
from app.incidents.vendor.log_lines import LEVEL_LABELS, LogLine, shown_time
from app.incidents.vendor.ticket_form import TicketState
from app.incidents.vendor.tickets import TicketLine
from ui.incidents.looks import tr
from ui.theme import Tone
from ui.widgets.columns import Align, Column

LEVEL_TONES: Final[dict[str, Tone]] = {
    "CRITICAL": Tone.STOP,
    "ERROR": Tone.STOP,
    "WARNING": Tone.WARN,
    "INFO": Tone.NORMAL,
    "DEBUG": Tone.MUTED,
    "": Tone.UNKNOWN,
}


def log_columns() -> tuple[Column[LogLine], ...]:
    return (
        Column("at", tr("时间"), shown_time, sort_value=lambda r: (r.at is None, r.at), chars=19),
        Column(
            "level",
            tr("级别"),
            lambda r: LEVEL_LABELS[r.level],
            tone=lambda r: LEVEL_TONES[r.level],
            chars=8,
        ),
        Column(
            "text", tr("内容"), lambda r: r.first, tone=lambda r: LEVEL_TONES[r.level], chars=80
        ),
        Column("source", tr("来源"), lambda r: r.source or "—", chars=24),
        Column("file", tr("文件"), lambda r: r.file, chars=14),
    )


def code_columns() -> tuple[Column[CodeEntry], ...]:
    return (
        Column("of", tr("来源"), lambda r: r.of.replace("|", " "), chars=16),
        Column("code", tr("代码"), lambda r: r.code, chars=18),
        Column("meaning", tr("含义"), lambda r: r.meaning, chars=34),
        Column("reason", tr("停付原因"), lambda r: r.reason_label or "—", chars=12),
        Column("cure", tr("怎么办"), lambda r: r.cure or "—", chars=46),
        Column("source", tr("种类"), lambda r: SOURCE_LABELS[r.source], chars=18),
    )


def part_columns() -> tuple[Column[Part], ...]:
    return (
        Column("path", tr("文件"), lambda r: r.path, chars=22),
        Column("lines", tr("行数"), lambda r: f"{r.lines:,}", align=Align.RIGHT, chars=8),
        Column("size", tr("大小"), lambda r: size_text(r.size), align=Align.RIGHT, chars=10),
    )


def ticket_columns() -> tuple[Column[TicketLine], ...]:
    return (
        Column("state", tr("状态"), lambda r: r.state_label, tone=ticket_tone, chars=8),
        Column("number", tr("工单"), lambda r: r.number, chars=13),
        Column("theirs", tr("供应商工单号"), lambda r: r.vendor_number or "—", chars=13),
        Column("missing", tr("还缺什么"), _missing, tone=ticket_tone, chars=30),
        Column("symptom", tr("现象"), lambda r: r.fields.symptom.partition("\n")[0], chars=34),
        Column("by", tr("填写人"), lambda r: f"{r.made_by} {local_text(r.made_at)}", chars=22),
    )


def ticket_tone(row: TicketLine) -> Tone:
    if row.state is TicketState.SENT:
        return Tone.OK
    return Tone.WARN if row.missing else Tone.ACCENT


def _missing(row: TicketLine) -> str:
    if row.state is TicketState.SENT:
        return tr("已提交 %1").replace("%1", row.vendor)
    return "、".join(one.label for one in row.missing) or tr("已填齐，可以提交")
