"""The columns, facts and filters of the 暂停令台账."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from app.core.clock import business_date, local_text
from app.payments.holds import Release
from app.payments.records import HoldLine
from app.payments.states import STATUS_LABELS, HoldState
from ui.payments.looks import HOLD_LOOKS, money_text
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.key_values import KeyValue


def hold_columns() -> tuple[Column[HoldLine], ...]:
    return (
        Column(
            "state",
            _tr("状态"),
            lambda r: r.state_label,
            tone=lambda r: HOLD_LOOKS[r.state][1],
            sort_value=lambda r: r.state_label,
            chars=11,
        ),
        Column("number", _tr("令号"), lambda r: r.number, sort_value=lambda r: r.number, chars=12),
        Column(
            "scope",
            _tr("范围"),
            lambda r: r.scope_text,
            sort_value=lambda r: r.scope_text,
            chars=24,
        ),
        Column(
            "payments",
            _tr("拦截笔数"),
            lambda r: f"{r.payments:,}",
            align=Align.RIGHT,
            sort_value=lambda r: r.payments,
            chars=6,
        ),
        Column("reason", _tr("原因"), lambda r: r.reason_label, chars=18),
        Column("text", _tr("说明"), lambda r: r.text, tooltip=lambda r: r.text, chars=22),
        Column("by", _tr("设置人"), lambda r: r.placed_by, chars=14),
        Column(
            "at",
            _tr("设置时间"),
            lambda r: local_text(r.placed_at),
            sort_value=lambda r: r.placed_at,
            chars=16,
        ),
        Column("until", _tr("有效至"), _until, sort_value=_until, chars=10),
        Column("released", _tr("解除时间"), lambda r: local_text(r.released_at), chars=16),
    )


def hold_facts(hold: HoldLine) -> list[KeyValue]:
    """Everything that is known of a hold."""
    tone = HOLD_LOOKS[hold.state][1]
    facts = [
        KeyValue("state", _tr("状态"), hold.state_label, tone, bold=True),
        KeyValue("number", _tr("令号"), hold.number),
        KeyValue("scope", _tr("范围"), hold.scope_text),
        KeyValue("reason", _tr("原因"), hold.reason_label),
        KeyValue("text", _tr("说明"), hold.text),
        KeyValue("evidence", _tr("依据"), hold.evidence),
        KeyValue("payments", _tr("正拦截"), _tr("%1 笔").replace("%1", f"{hold.payments:,}")),
        KeyValue("by", _tr("设置人"), hold.placed_by),
        KeyValue("at", _tr("设置时间"), local_text(hold.placed_at)),
        KeyValue("until", _tr("有效至"), _until(hold)),
    ]
    if hold.state in {HoldState.RELEASED, HoldState.EXPIRED}:
        facts += [
            KeyValue("released_by", _tr("解除人"), hold.released_by),
            KeyValue("released_at", _tr("解除时间"), local_text(hold.released_at)),
            KeyValue("resolution", _tr("处理结果"), hold.resolution),
        ]
    return facts


def release_columns() -> tuple[Column[Release], ...]:
    return (
        Column(
            "number", _tr("指令号"), lambda r: r.number, sort_value=lambda r: r.number, chars=18
        ),
        Column("payee", _tr("收款方"), lambda r: r.payee, sort_value=lambda r: r.payee, chars=24),
        Column(
            "amount",
            _tr("金额"),
            lambda r: money_text(r.amount),
            align=Align.RIGHT,
            sort_value=lambda r: r.amount.minor,
        ),
        Column("due", _tr("计划付款日"), lambda r: r.due_on.isoformat(), chars=10),
        Column("status", _tr("现状态"), lambda r: STATUS_LABELS[r.status], chars=8),
        Column(
            "then",
            _tr("解除后"),
            _then,
            tone=lambda r: Tone.STOP if r.still_held else Tone.OK,
            chars=12,
        ),
    )


def matching(hold: HoldLine, values: Mapping[str, Any], tz: ZoneInfo) -> bool:
    """Whether the hold fits what stands in the filter bar."""
    text = str(values.get("text", "")).casefold()
    said = f"{hold.number} {hold.scope_text} {hold.text} {hold.reason_label} {hold.placed_by}"
    if text and text not in said.casefold():
        return False
    if "scope" in values and hold.scope not in values["scope"]:
        return False
    if "reason" in values and hold.reason not in values["reason"]:
        return False
    first, last = values.get("placed", (None, None))
    day = business_date(hold.placed_at, tz)
    return (first is None or day >= first) and (last is None or day <= last)


def _until(hold: HoldLine) -> str:
    return hold.until.isoformat() if hold.until else _tr("直到解除")


def _then(release: Release) -> str:
    if release.still_held:
        return _tr("仍有 %1 项停付").replace("%1", str(release.still_held))
    return _tr("放行")


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)
