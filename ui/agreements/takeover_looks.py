"""How payments by hand look: states, columns, and the facts of one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.agreements.states import METHOD_LABELS
from app.agreements.takeover_rules import LATE, TASK_LABELS, LateFee, TaskState
from app.agreements.takeover_view import TaskLine
from app.core.clock import local_text
from app.payments.states import STATUS_LABELS
from ui.agreements.looks import tr
from ui.payments.looks import money_text
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.key_values import KeyValue

TASK_LOOKS: Final[dict[TaskState, tuple[str, Tone]]] = {
    TaskState.OVERDUE: ("alarm-warning-line", Tone.STOP),
    TaskState.TODO: ("time-line", Tone.WARN),
    TaskState.PAYING: ("send-plane-line", Tone.ACCENT),
    TaskState.PAID: ("checkbox-circle-line", Tone.OK),
    TaskState.WAIVED: ("close-circle-line", Tone.MUTED),
    TaskState.WITHDRAWN: ("arrow-go-back-line", Tone.MUTED),
}


def look_of(row: object) -> tuple[str, Tone] | None:
    """Icon and tone of a task's state; None for any other row."""
    return TASK_LOOKS[row.state] if isinstance(row, TaskLine) else None


def task_columns() -> tuple[Column[TaskLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: TASK_LABELS[r.state],
            tone=lambda r: TASK_LOOKS[r.state][1],
            sort_value=lambda r: list(TaskState).index(r.state),
            chars=20,
        ),
        Column("due", tr("付款日"), _due, tone=_due_tone, sort_value=lambda r: r.due_on, chars=26),
        Column("payee", tr("收款单位"), lambda r: r.payee, sort_value=lambda r: r.payee, chars=24),
        Column(
            "amount",
            tr("金额"),
            lambda r: r.amount_text,
            align=Align.RIGHT,
            sort_value=lambda r: -1 if r.amount is None else r.amount.minor,
            chars=15,
        ),
        Column(
            "owner",
            tr("负责人"),
            lambda r: r.owner_name,
            sort_value=lambda r: r.owner_name,
            chars=9,
        ),
        Column(
            "method",
            tr("付款方式"),
            lambda r: METHOD_LABELS[r.method],
            sort_value=lambda r: r.method,
            chars=10,
        ),
        Column("payment", tr("付款指令"), _payment, chars=26),
        Column(
            "agreement",
            tr("协议"),
            lambda r: r.agreement,
            sort_value=lambda r: r.agreement,
            chars=14,
        ),
        Column("late", tr("逾期费用"), _fee, tone=lambda _: Tone.STOP, chars=22),
        Column("form", tr("取消申请单"), lambda r: r.form_no, chars=14),
    )


def facts(row: TaskLine) -> list[KeyValue]:
    """Everything about one task."""
    hint = row.unpayable or row.warning
    return [
        KeyValue("state", tr("状态"), TASK_LABELS[row.state], TASK_LOOKS[row.state][1], bold=True),
        *([KeyValue("warning", tr("注意"), hint, Tone.WARN)] if hint else []),
        KeyValue("due", tr("付款日"), _due(row), _due_tone(row), bold=True),
        KeyValue("amount", tr("金额"), row.amount_text, bold=True),
        KeyValue("payee", tr("收款单位"), row.payee, bold=True),
        KeyValue("owner", tr("负责人"), row.owner_name),
        KeyValue("method", tr("付款方式"), METHOD_LABELS[row.method]),
        KeyValue("payment", tr("付款指令"), "\n".join(_payments(row)) or "—"),
        *([] if row.late is None else [KeyValue("late", tr("逾期费用"), _rate(row), Tone.STOP)]),
        KeyValue("agreement", tr("协议"), f"{row.agreement}　{row.business}"),
        KeyValue("form", tr("取消申请单"), row.form_no),
        KeyValue("account", tr("原扣款账户"), row.account),
        KeyValue("contract", tr("合同号"), row.contract_no or "—"),
        KeyValue("why", tr("说明"), row.why or "—"),
        *_changed(row),
    ]


def matching(row: TaskLine, values: Mapping[str, Any]) -> bool:
    """Whether a task fits what stands in the filter bar."""
    wanted = "".join(str(values.get("text", "")).split()).casefold()
    numbers = [one.number for one in row.payments]
    said = (row.letters, row.agreement, row.form_no, row.contract_no, *numbers)
    if wanted and not any(wanted in one.casefold().replace(" ", "") for one in said):
        return False
    if "owner" in values and row.owner not in values["owner"]:
        return False
    first, last = values.get("due", (None, None))
    return (first is None or row.due_on >= first) and (last is None or row.due_on <= last)


def _changed(row: TaskLine) -> Iterator[KeyValue]:
    if row.changed_at is not None:
        at = local_text(row.changed_at)
        yield KeyValue("changed", tr("最近办理"), f"{row.changed_by}　{at}")


def _due(row: TaskLine) -> str:
    if row.state is TaskState.OVERDUE:
        return f"{row.due_on}" + tr("（逾期 %1 天）").replace("%1", str(row.days_late))
    if row.state is not TaskState.TODO or row.left is None:
        return str(row.due_on)
    if row.left == LATE:
        return f"{row.due_on}" + tr("（非工作日，请立即付）")
    if row.left == 0:
        return f"{row.due_on}" + tr("（今天须付）")
    return f"{row.due_on}" + tr("（还有 %1 个工作日）").replace("%1", str(row.left))


def _due_tone(row: TaskLine) -> Tone:
    if row.state is TaskState.OVERDUE:
        return Tone.STOP
    return Tone.WARN if row.is_near else Tone.NORMAL


def _payment(row: TaskLine) -> str:
    one = row.payment
    return "" if one is None else f"{one.number} {STATUS_LABELS[one.status]}"


def _payments(row: TaskLine) -> Iterator[str]:
    for one in row.payments:
        how = tr("由本任务生成") if one.made else tr("事后关联")
        yield f"{one.number} {STATUS_LABELS[one.status]}（{how}）"


def _fee(row: TaskLine) -> str:
    return "" if row.late is None else _estimate(row.late)


def _estimate(late: LateFee) -> str:
    usual = tr("（默认费率）") if late.usual else ""
    return tr("约 %1").replace("%1", money_text(late.amount)) + usual


def _rate(row: TaskLine) -> str:
    assert row.late is not None
    percent = f"{(row.late.rate * 100).normalize():f}%"
    how = tr("按默认费率估算") if row.late.usual else tr("按合同费率估算")
    said = tr("约 %1（%2：每天 %3 × %4 天）")
    for mark, value in (
        ("%1", money_text(row.late.amount)),
        ("%2", how),
        ("%3", percent),
        ("%4", str(row.days_late)),
    ):
        said = said.replace(mark, value)
    return said
