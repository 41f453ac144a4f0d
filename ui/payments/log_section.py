"""The trail of one payment as a timeline."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from app.audit.queries import ACT_LABELS, AuditLine
from app.core.clock import SHANGHAI, local_seconds
from app.payments.intake.aliases import LABELS
from app.payments.records import TraceLine
from ui.admin.trail_words import field_label, said
from ui.theme import Tone
from ui.widgets.timeline import Entry

_ICONS: Final = (
    ("hold.lift", "lock-unlock-line", Tone.OK),
    ("hold.expired", "time-line", Tone.MUTED),
    ("hold.", "pause-circle-line", Tone.STOP),
    ("resume.", "restart-line", Tone.ACCENT),
    ("diagnosis.", "stethoscope-line", Tone.ACCENT),
    ("attempt.", "send-plane-line", Tone.ACCENT),
    ("bank_check.", "bank-line", Tone.ACCENT),
    ("agreement.suspended", "pause-circle-line", Tone.PAUSED),
    ("agreement.debit", "bank-line", Tone.ACCENT),
    ("agreement.paper_added", "attachment-line", Tone.ACCENT),
    ("agreement.paper_withdrawn", "delete-bin-line", Tone.WARN),
    ("agreement.changed", "edit-line", Tone.WARN),
    ("payment.voided", "delete-bin-line", Tone.STOP),
    ("payment.edited", "edit-line", Tone.WARN),
)
_HIDDEN: Final = frozenset({"payments", "sha256", "numbers", "stopped", "run", "client_ref"})
_LONGEST: Final = 60


def log_entries(trace: Sequence[TraceLine | AuditLine]) -> list[Entry]:
    """日志: every act, the newest first."""
    return [_entry(line) for line in trace]


def _entry(line: TraceLine | AuditLine) -> Entry:
    picture, tone = next(
        ((name, tone) for start, name, tone in _ICONS if line.act.startswith(start)),
        ("checkbox-blank-circle-line", Tone.MUTED),
    )
    parts = [_changes(line.before, line.after)]
    if line.reason:
        parts.append(_tr("说明：%1").replace("%1", line.reason))
    return Entry(
        local_seconds(line.at),
        line.actor,
        ACT_LABELS.get(line.act, line.act),
        "\n".join(filter(None, parts)),
        picture,
        tone,
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    parts = []
    for key, value in after.items():
        if key in _HIDDEN:
            continue
        now = _said(key, value)
        was = _said(key, before[key]) if key in before else ""
        if key in before:
            parts.append(f"{_label(key)}：{was or '（空）'} → {now or '（空）'}")
        elif now:
            parts.append(f"{_label(key)} {now}")
    return "；".join(parts)


def _said(key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _tr("是") if value else _tr("否")
    if isinstance(value, Mapping):
        return "，".join(f"{_label(name)} {_said(name, one)}" for name, one in value.items())
    if isinstance(value, list):
        return "、".join(_said(key, one) for one in value)
    text = str(value)
    known = said(text, SHANGHAI, key)
    return known if len(known) <= _LONGEST else f"{known[:_LONGEST]}…"


def _label(key: str) -> str:
    """As people call it here; what this page has no word of its own for, the trail has."""
    own = {
        "account_number": _tr("付款账号"),
        "payee_cnaps": _tr("联行号"),
        "urgent": _tr("加急"),
        "hold": _tr("暂停令"),
        "scope": _tr("范围"),
        "target": _tr("对象"),
        "reason": _tr("原因"),
        "until": _tr("有效至"),
        "count": _tr("笔数"),
        "causes": _tr("原因数"),
        "file": _tr("文件"),
        "imported": _tr("导入"),
        "skipped": _tr("跳过"),
        "problems": _tr("有问题"),
        "first": _tr("首号"),
        "last": _tr("末号"),
        "sums": _tr("合计"),
        "decision": _tr("结论"),
        "level": _tr("岗位"),
        "on_behalf_of": _tr("代理"),
        "stage": _tr("状态"),
        "request": _tr("单号"),
        "attempt": _tr("第几次"),
        "result": _tr("结果"),
        "code": _tr("代码"),
        "bank_person": _tr("银行经办"),
    }
    named = next((text for field, text in LABELS.items() if field == key), "")
    return own.get(key) or named or field_label(key)


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)
