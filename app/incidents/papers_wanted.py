"""Which papers a sub-task asks for, as a list that people change (requirement B4.6). Pure.

Sources: domain.md §2.7 (cross-border, anti-money-laundering) and §2.5 (restrictions).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from app.core.errors import BadInput
from app.incidents.states import TaskKind


class PaperState(StrEnum):
    WANTED = "WANTED"
    READY = "READY"
    HANDED_IN = "HANDED_IN"
    NOT_NEEDED = "NOT_NEEDED"


PAPER_STATE_LABELS: Final[dict[PaperState, str]] = {
    PaperState.WANTED: "待准备",
    PaperState.READY: "已备",
    PaperState.HANDED_IN: "已交",
    PaperState.NOT_NEEDED: "不需要",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a sub-task. on: when its state last changed."""

    name: str
    state: PaperState = PaperState.WANTED
    on: date | None = None

    def stored(self) -> dict[str, str | None]:
        return {
            "name": self.name,
            "state": self.state,
            "on": None if self.on is None else self.on.isoformat(),
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> "Paper":
        on = stored["on"]
        return cls(
            stored["name"],
            PaperState(stored["state"]),
            None if on is None else date.fromisoformat(on),
        )

    @property
    def open(self) -> bool:
        return self.state in {PaperState.WANTED, PaperState.READY}


_USUAL: Final[dict[TaskKind, tuple[str, ...]]] = {
    TaskKind.ASK_BANK: ("付款查询函", "付款凭证或网银截图"),
    TaskKind.UNFREEZE: ("冻结通知或法律文书", "营业执照复印件", "经办人身份证件", "解冻申请"),
    TaskKind.AUTHORISE: ("授权委托书", "经办人身份证件", "预留印鉴卡"),
    TaskKind.LIMIT: ("提额申请", "付款依据（合同、发票）", "授权委托书"),
    TaskKind.AML: ("合同", "发票", "运输单据或报关单", "受益所有人信息", "资金来源和用途说明"),
    TaskKind.RIGHTS: ("权限恢复申请",),
    TaskKind.TRANSFER: ("资金调拨单",),
    TaskKind.OTHER: (),
}
# What a payment abroad is asked for beside that.
_ABROAD: Final = ("境外汇款申请书", "服务贸易税务备案表", "跨境业务人民币结算付款说明")


def usual_papers(kind: TaskKind, *, abroad: bool = False) -> tuple[Paper, ...]:
    """The papers that such a sub-task usually asks for."""
    names = _USUAL[kind] + (_ABROAD if abroad and kind is TaskKind.AML else ())
    return tuple(Paper(name) for name in names)


def with_paper(
    papers: Sequence[Paper], name: str, state: PaperState, today: date
) -> tuple[Paper, ...]:
    """The list with one paper at that state; one that is not on it is added.

    Raises BadInput without a name.
    """
    wanted = name.strip()
    if not wanted:
        raise BadInput("请填写材料名称。")
    if all(one.name != wanted for one in papers):
        return (*papers, Paper(wanted, state, today))
    return tuple(
        replace(one, state=state, on=today) if one.name == wanted else one for one in papers
    )
