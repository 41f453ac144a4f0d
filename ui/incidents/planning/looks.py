"""How statistics, backlog and similar incidents look: their columns."""

from app.core.clock import local_text
from app.incidents.planning.past import Similar
from app.incidents.planning.statistics import Case, Figure, bucket_of
from app.incidents.response_clock import span_text
from app.incidents.states import CAUSE_LABELS, INCIDENT_LABELS, SEVERITY_LABELS
from ui.incidents.looks import SEVERITY_TONES, tr
from ui.theme import Tone
from ui.widgets.columns import Align, Column

_STRONG = 60


def figure_columns() -> tuple[Column[Figure], ...]:
    def minutes(key: str, title: str) -> Column[Figure]:
        return Column(
            key,
            title,
            lambda r: minutes_text(getattr(r, key)),
            align=Align.RIGHT,
            sort_value=lambda r: getattr(r, key) or 0,
            chars=14,
        )

    return (
        Column("label", tr("分类"), lambda r: r.label, sort_value=lambda r: r.label, chars=18),
        Column(
            "count",
            tr("件数"),
            lambda r: f"{r.count:,}",
            align=Align.RIGHT,
            sort_value=lambda r: r.count,
            chars=6,
        ),
        Column(
            "unresolved",
            tr("未解决"),
            lambda r: f"{r.unresolved:,}",
            align=Align.RIGHT,
            tone=lambda r: Tone.STOP if r.unresolved else Tone.MUTED,
            sort_value=lambda r: r.unresolved,
            chars=7,
        ),
        minutes("own", tr("接手（中位）")),
        minutes("caused", tr("定因（中位）")),
        minutes("resolved", tr("解决（中位）")),
        minutes("resolved_90", tr("解决（九成内）")),
        minutes("resumed", tr("恢复付款（中位）")),
    )


def backlog_columns() -> tuple[Column[Case], ...]:
    return (
        Column(
            "days",
            tr("已开"),
            lambda r: tr("%1 个工作日").replace("%1", str(r.days)),
            align=Align.RIGHT,
            sort_value=lambda r: r.days or 0,
            chars=11,
        ),
        Column("bucket", tr("账龄"), lambda r: bucket_of(r.days or 0), chars=14),
        Column("number", tr("编号"), lambda r: r.number, chars=14),
        Column(
            "severity",
            tr("等级"),
            lambda r: SEVERITY_LABELS[r.severity],
            tone=lambda r: SEVERITY_TONES[r.severity],
            chars=9,
        ),
        Column("title", tr("事件"), lambda r: r.title, chars=40),
        Column("cause", tr("原因"), lambda r: CAUSE_LABELS[r.cause], chars=14),
        Column("owner", tr("负责人"), lambda r: r.owner or tr("无人负责"), chars=9),
    )


def similar_columns() -> tuple[Column[Similar], ...]:
    return (
        Column(
            "score",
            tr("相似"),
            lambda r: f"{r.like.score}%",
            align=Align.RIGHT,
            tone=lambda r: Tone.OK if r.like.score >= _STRONG else Tone.NORMAL,
            sort_value=lambda r: r.like.score,
            chars=6,
        ),
        Column("reasons", tr("相同之处"), lambda r: "、".join(r.like.reasons), chars=22),
        Column("number", tr("编号"), lambda r: r.number, chars=14),
        Column("title", tr("事件"), lambda r: r.title, chars=30),
        Column("cause", tr("原因"), lambda r: CAUSE_LABELS[r.cause], chars=14),
        Column("state", tr("状态"), lambda r: INCIDENT_LABELS[r.state], chars=8),
        Column("found", tr("发现时间"), lambda r: local_text(r.found_at), chars=16),
        Column("conclusion", tr("处理结论"), lambda r: r.conclusion, chars=30),
        Column("lessons", tr("教训"), lambda r: r.lessons, chars=24),
    )


def minutes_text(minutes: int | None) -> str:
    return "—" if minutes is None else span_text(minutes)
