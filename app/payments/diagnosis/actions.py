"""What may be done next about each reason, and by whom."""

from dataclasses import dataclass
from typing import Final

from app.core.codes import StopReason


@dataclass(frozen=True, slots=True)
class NextAction:
    """A step that a person can take: a stable code, its Chinese label, and whose it is."""

    action: str
    label: str
    who: str


_ASK_BANK = NextAction("contact_bank", "联系银行", "出纳")

REASON_ACTIONS: Final[dict[StopReason, tuple[NextAction, ...]]] = {
    reason: (_ASK_BANK,) for reason in StopReason
}
