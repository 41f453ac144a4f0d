"""The order of the 取消自动扣款 wizard: plain values, no screen and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from app.agreements.checklist import CheckItem
from app.agreements.impact import Impact
from app.agreements.states import Method
from app.core.errors import BadInput, Problem
from app.letters.states import Carrier


class Step(StrEnum):
    VERIFY = "verify"
    IMPACT = "impact"
    PLAN = "plan"
    CONFIRM = "confirm"
    DONE = "done"


STEP_LABELS: Final[dict[Step, str]] = {
    Step.VERIFY: "选择与核对",
    Step.IMPACT: "影响",
    Step.PLAN: "原因与后续付款",
    Step.CONFIRM: "再次确认",
    Step.DONE: "办理结果",
}
_ORDER: Final = tuple(Step)


@dataclass(frozen=True, slots=True)
class SeenRow:
    """An agreement as the database has it now. why_not: why it can't be cancelled, or ""."""

    number: str
    version: int
    payee: str
    bank: str
    items: tuple[CheckItem, ...]
    why_not: str
    impact: Impact


@dataclass(frozen=True, slots=True)
class CancelDraft:
    """What was ticked and typed so far.

    ticks: agreement → check → the value that was ticked. methods: agreement → how it is paid from
    then on. to_bank, to_supplier: how they are told; departments: who else is.
    """

    numbers: tuple[str, ...]
    ticks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wished_on: date | None = None
    reason: str = ""
    owner: str = ""
    methods: Mapping[str, str] = field(default_factory=dict)
    to_bank: str = Carrier.COUNTER
    to_supplier: str = Carrier.COURIER
    departments: str = "采购部、财务主管、出纳"
    typed: str = ""
    form_no: str = ""
    seen: tuple[SeenRow, ...] = ()

    @property
    def number(self) -> str:
        """What the draft is kept under: its first agreement, and how many more there are."""
        return subject(self.numbers)

    @property
    def eligible(self) -> tuple[SeenRow, ...]:
        """The agreements that can be cancelled now."""
        return tuple(row for row in self.seen if not row.why_not)

    def is_ticked(self, row: SeenRow) -> bool:
        """Whether the agreement was ticked with all the values that it has now."""
        return self.ticks.get(row.number) == values_of(row)

    def method_of(self, number: str) -> Method:
        return Method(self.methods.get(number, Method.TRANSFER))

    def to_json(self) -> dict[str, Any]:
        """The draft as it is kept; what confirms the request is typed anew."""
        return {
            "numbers": list(self.numbers),
            "ticks": {number: dict(ticks) for number, ticks in self.ticks.items()},
            "wished_on": None if self.wished_on is None else self.wished_on.isoformat(),
            "reason": self.reason,
            "owner": self.owner,
            "methods": dict(self.methods),
            "to_bank": self.to_bank,
            "to_supplier": self.to_supplier,
            "departments": self.departments,
            "form_no": self.form_no,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The kept draft. Raises BadInput when it can't be understood."""
        try:
            wished = data["wished_on"]
            return cls(
                numbers=tuple(str(one) for one in data["numbers"]),
                ticks={str(n): dict(ticks) for n, ticks in data["ticks"].items()},
                wished_on=None if wished is None else date.fromisoformat(wished),
                reason=str(data["reason"]),
                owner=str(data["owner"]),
                methods={str(n): str(Method(m)) for n, m in data["methods"].items()},
                to_bank=Carrier(data["to_bank"]),
                to_supplier=Carrier(data["to_supplier"]),
                departments=str(data["departments"]),
                form_no=str(data["form_no"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput("保存的草稿无法读取。", "请放弃该草稿后重新办理。") from error


def subject(numbers: tuple[str, ...]) -> str:
    """What the draft of these agreements is kept under."""
    more = f"+{len(numbers) - 1}" if len(numbers) > 1 else ""
    return f"{numbers[0]}{more}" if numbers else ""


def values_of(row: SeenRow) -> dict[str, str]:
    """What ticking an agreement says: each check with its value."""
    return {item.code: item.value for item in row.items}


def next_step(step: Step) -> Step | None:
    """The step that follows; None after the last."""
    place = _ORDER.index(step) + 1
    return _ORDER[place] if place < len(_ORDER) else None


def may_leave(step: Step, draft: CancelDraft, today: date) -> tuple[Problem, ...]:
    """What keeps the step from being left forward; nothing when it may be.

    `field` of a problem names the agreement or the field that it is about.
    """
    match step:
        case Step.VERIFY:
            if not draft.eligible:
                return (Problem(None, "rows", "所选协议都不能取消，请看各行说明。"),)
            return tuple(
                Problem(None, row.number, f"{row.number} 尚未核对。")
                for row in draft.eligible
                if not draft.is_ticked(row)
            )
        case Step.IMPACT:
            return _wished(draft, today)
        case Step.PLAN:
            return _unplanned(draft)
        case Step.CONFIRM:
            earlier = (Step.VERIFY, Step.IMPACT, Step.PLAN)
            problems = [one for at in earlier for one in may_leave(at, draft, today)]
            return (*problems, *_untyped(draft))
        case Step.DONE:
            return ()


def reopen_at(kept: Step, draft: CancelDraft, today: date) -> Step:
    """Where a kept draft goes on: where it was, or at the first step that no longer holds."""
    if draft.form_no:
        return Step.DONE
    for step in _ORDER[: _ORDER.index(kept)]:
        if may_leave(step, draft, today):
            return step
    return Step.CONFIRM if kept is Step.DONE else kept


def _wished(draft: CancelDraft, today: date) -> tuple[Problem, ...]:
    if draft.wished_on is None:
        return (Problem(None, "wished_on", "请填写期望终止日。"),)
    if draft.wished_on < today:
        return (Problem(None, "wished_on", "期望终止日不能早于今天。"),)
    return ()


def _unplanned(draft: CancelDraft) -> tuple[Problem, ...]:
    wanted = (
        ("reason", bool(draft.reason.strip()), "请填写取消原因。"),
        ("owner", bool(draft.owner), "请选择今后办理付款的人员。"),
    )
    return tuple(Problem(None, name, text) for name, given, text in wanted if not given)


def _untyped(draft: CancelDraft) -> tuple[Problem, ...]:
    """One agreement is confirmed by its number; several by the password, when it is submitted."""
    if len(draft.eligible) != 1 or draft.typed.strip() == draft.eligible[0].number:
        return ()
    return (Problem(None, "typed", f"请再次输入协议编号 {draft.eligible[0].number}。"),)
