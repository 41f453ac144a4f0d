"""How the five steps look: their tables and what stands above them."""

from collections.abc import Callable
from datetime import date

from app.audit.queries import AuditLine
from app.core.clock import local_text
from app.incidents.at_risk import AtRisk, Impact
from app.incidents.causes_view import FindingGroup
from app.incidents.checklist_items import AREA_LABELS
from app.incidents.flow import FAIL, PASS, RESULT_LABELS
from app.incidents.papers_wanted import PAPER_STATE_LABELS
from app.incidents.response_clock import Clock
from app.incidents.response_view import CheckView, Response
from app.incidents.states import SEVERITY_LABELS, TASK_LABELS, TASK_STATE_LABELS, TaskState
from app.incidents.tasks import TaskLine
from app.payments.diagnosis.rule import SEVERITY_LABELS as FINDING_LABELS
from app.payments.diagnosis.rule import Severity as Gravity
from app.payments.records import HoldLine
from app.payments.states import STATUS_LABELS, HoldState
from ui.incidents.looks import amounts_text, tr
from ui.payments.looks import STATUS_LOOKS, money_text
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.key_values import KeyValue

_GRAVITY_TONES = {
    Gravity.BLOCKING: Tone.STOP,
    Gravity.WARNING: Tone.WARN,
    Gravity.NOTICE: Tone.MUTED,
}
_RESULT_TONES = {PASS: Tone.OK, FAIL: Tone.STOP}
_RESULT_MARKS = {PASS: "✓", FAIL: "✕", "NA": "—", "": "？"}


def risk_facts(found: Response) -> list[KeyValue]:
    """What is at risk, in four lines (requirement B6.1)."""
    impact = found.impact
    late = impact.late_count > 0
    count = tr("%1 笔未了结，其中逾期 %2 笔")
    count = count.replace("%1", f"{impact.open_count:,}").replace("%2", f"{impact.late_count:,}")
    return [
        KeyValue("open", tr("涉及付款"), count, Tone.STOP if late else Tone.NORMAL, bold=True),
        KeyValue("amount", tr("未了结金额"), amounts_text(impact.amounts), bold=True),
        KeyValue("due", tr("最早付款日"), _day(impact.earliest)),
        KeyValue("fee", tr("逾期费用估算"), _fee(impact), Tone.WARN if late else Tone.NORMAL),
    ]


def clock_tone(clock: Clock) -> Tone:
    """Red once it is over, amber in its last quarter."""
    if clock.late:
        return Tone.STOP
    near = not clock.done and clock.left * 4 <= clock.limit
    return Tone.WARN if near else Tone.OK if clock.done else Tone.NORMAL


def head_text(found: Response) -> str:
    line = found.line
    return f"{line.number}　{SEVERITY_LABELS[line.severity]}　{line.title}"


def finding_columns() -> tuple[Column[FindingGroup], ...]:
    return (
        Column(
            "severity",
            tr("程度"),
            lambda r: FINDING_LABELS[r.severity],
            tone=lambda r: _GRAVITY_TONES[r.severity],
            sort_value=lambda r: list(Gravity).index(r.severity),
            chars=6,
        ),
        Column("reason", tr("原因"), lambda r: r.reason_label, chars=12),
        Column("summary", tr("发现"), lambda r: r.summary, chars=44),
        Column(
            "count",
            tr("付款"),
            lambda r: tr("%1 笔").replace("%1", f"{len(r.payments):,}"),
            align=Align.RIGHT,
            sort_value=lambda r: len(r.payments),
            chars=7,
        ),
        Column("next", tr("可以怎么办"), _actions, chars=28),
        Column("at", tr("诊断时间"), lambda r: local_text(r.at), chars=16),
    )


def finding_evidence(row: FindingGroup | None) -> list[KeyValue]:
    """What shows a finding, for the first of its payments."""
    if row is None:
        return []
    head = KeyValue("of", tr("证据（%1）").replace("%1", row.payments[0]), row.summary)
    pairs = enumerate(row.example.items())
    return [head, *(KeyValue(f"e{at}", label, value) for at, (label, value) in pairs)]


def change_columns(stop: Callable[[], str]) -> tuple[Column[AuditLine], ...]:
    """stop: when the payments stopped, as local text; what came before it may be the cause."""
    return (
        Column(
            "at",
            tr("时间"),
            lambda r: local_text(r.at),
            tone=lambda r: Tone.WARN if local_text(r.at) <= stop() else Tone.MUTED,
            sort_value=lambda r: r.seq,
            chars=16,
        ),
        Column(
            "when",
            tr("停付前后"),
            lambda r: tr("停付前") if local_text(r.at) <= stop() else tr("停付后"),
            chars=8,
        ),
        Column("what", tr("变更"), lambda r: r.label, chars=18),
        Column("who", tr("人员"), lambda r: r.actor, chars=14),
        Column("subject", tr("对象"), lambda r: r.subject.partition(":")[2], chars=18),
        Column("why", tr("原因"), lambda r: r.reason, chars=34),
    )


def check_columns() -> tuple[Column[CheckView], ...]:
    return (
        Column("area", tr("范围"), lambda r: AREA_LABELS[r.item.area], chars=5),
        Column("title", tr("检查项"), lambda r: r.item.title, chars=20),
        Column(
            "result",
            tr("结果"),
            _result,
            tone=lambda r: _RESULT_TONES.get(r.result, Tone.MUTED if r.result else Tone.WARN),
            chars=9,
        ),
        Column("said", tr("看到了什么"), lambda r: r.said or r.item.how, chars=46),
        Column("by", tr("检查人"), _checker, chars=14),
        Column("at", tr("时间"), lambda r: local_text(r.at), chars=16),
    )


def risk_columns() -> tuple[Column[AtRisk], ...]:
    return (
        Column(
            "status",
            tr("状态"),
            lambda r: STATUS_LABELS[r.status],
            tone=lambda r: STATUS_LOOKS[r.status][1],
            chars=9,
        ),
        Column("number", tr("指令号"), lambda r: r.number, chars=17),
        Column("payee", tr("收款方"), lambda r: r.payee, chars=24),
        Column(
            "amount",
            tr("金额"),
            lambda r: money_text(r.amount),
            align=Align.RIGHT,
            sort_value=lambda r: r.amount.minor,
            chars=15,
        ),
        Column("due", tr("计划付款日"), lambda r: r.due_on.isoformat(), chars=11),
        Column(
            "late",
            tr("逾期"),
            _late,
            align=Align.RIGHT,
            tone=lambda r: Tone.STOP if r.days_late > 0 and not r.over else Tone.MUTED,
            sort_value=lambda r: r.days_late,
            chars=9,
        ),
        Column(
            "fee",
            tr("费用估算"),
            lambda r: money_text(r.fee) if r.fee.minor else "—",
            align=Align.RIGHT,
            sort_value=lambda r: r.fee.minor,
            chars=12,
        ),
    )


def task_columns(today: Callable[[], date]) -> tuple[Column[TaskLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: TASK_STATE_LABELS[r.state],
            tone=lambda r: Tone.WARN if r.state is TaskState.OPEN else Tone.OK,
            chars=7,
        ),
        Column("kind", tr("种类"), lambda r: TASK_LABELS[r.kind], chars=11),
        Column("title", tr("子任务"), lambda r: r.title, chars=26),
        Column("owner", tr("负责人"), lambda r: r.owner, chars=8),
        Column(
            "due",
            tr("期限"),
            lambda r: r.due_on.isoformat(),
            tone=lambda r: (
                Tone.STOP if r.state is TaskState.OPEN and r.due_on < today() else Tone.NORMAL
            ),
            chars=11,
        ),
        Column("papers", tr("材料"), _papers, chars=30),
        Column("result", tr("结果"), lambda r: r.result, chars=26),
    )


def hold_columns() -> tuple[Column[HoldLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: r.state_label,
            tone=lambda r: Tone.STOP if r.state is HoldState.OPEN else Tone.OK,
            chars=9,
        ),
        Column("number", tr("暂停令"), lambda r: r.number, chars=14),
        Column("scope", tr("范围"), lambda r: r.scope_text, chars=24),
        Column("count", tr("停住"), lambda r: f"{r.payments:,}", align=Align.RIGHT, chars=7),
        Column("text", tr("原因"), lambda r: r.text, chars=36),
    )


def left_columns() -> tuple[Column[tuple[str, str]], ...]:
    """What keeps an incident from being over: what it is, and what to do about it."""
    return (
        Column("what", tr("事项"), lambda r: r[0], chars=48),
        Column("cure", tr("怎么办"), lambda r: r[1], chars=48),
    )


def _fee(impact: Impact) -> str:
    text = tr("已发生 %1，每拖一天再加 %2（按设置的日费率估算）")
    return text.replace("%1", amounts_text(impact.fees)).replace("%2", amounts_text(impact.a_day))


def _day(day: date | None) -> str:
    return "—" if day is None else day.isoformat()


def _actions(row: FindingGroup) -> str:
    return "、".join(one.label for one in row.actions)


def _result(row: CheckView) -> str:
    return f"{_RESULT_MARKS[row.result]} {RESULT_LABELS.get(row.result, tr('未检查'))}"


def _checker(row: CheckView) -> str:
    if not row.result:
        return tr("自动") if row.computed else tr("须人工检查")
    return tr("%1（自动）").replace("%1", row.by) if row.computed else row.by


def _late(row: AtRisk) -> str:
    if row.over:
        return "—"
    if row.days_late > 0:
        return tr("%1 天").replace("%1", str(row.days_late))
    return tr("今天") if row.days_late == 0 else tr("还有 %1 天").replace("%1", str(-row.days_late))


def _papers(row: TaskLine) -> str:
    return "、".join(f"{one.name} {PAPER_STATE_LABELS[one.state]}" for one in row.papers)
