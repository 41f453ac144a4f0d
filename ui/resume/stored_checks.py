"""The checklist and the waivers as a form keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.payments.release_log import waiver_text
from ui.resume.pieces import tr
from ui.theme import Tone
from ui.widgets.columns import Column

Check = Mapping[str, Any]


def check_columns() -> tuple[Column[Check], ...]:
    """Item, instruction, source, and whether they agree."""
    return (
        Column("label", tr("项目"), lambda r: str(r["label"]), chars=16),
        Column("ours", tr("付款指令"), lambda r: str(r["ours"]) or "—", chars=28),
        Column("source", tr("来源单据"), lambda r: str(r["source"]) or "—", chars=28),
        Column("differs", tr("对比"), _difference, tone=_tone, chars=12),
    )


def waiver_lines(waivers: Mapping[str, str], waived: Mapping[str, Sequence[str]]) -> list[str]:
    """Each waived check with its reason and what it found."""
    return [waiver_text({code: why}, waived) for code, why in waivers.items()]


def _difference(check: Check) -> str:
    if check["differs"] is None:
        return tr("— 无单据可比")
    return tr("✕ 不一致") if check["differs"] else tr("✓ 一致")


def _tone(check: Check) -> Tone:
    if check["differs"] is None:
        return Tone.MUTED
    return Tone.STOP if check["differs"] else Tone.OK
