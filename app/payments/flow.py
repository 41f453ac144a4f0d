"""The order of the 恢复付款 wizard: plain values, no screen and no database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from app.core.errors import BadInput, Problem
from app.payments.verification import Item, Tick

# Not a check but the stop itself: why a payment may go on although a rule stopped it (C3.3).
RULE_STOP: Final = "rule.stop"
RULE_STOP_TITLE: Final = "规则停付"
_RULE_NAMED: Final = re.compile(r"R\d\d")


class Step(StrEnum):
    VERIFY = "verify"
    CURE = "cure"
    REQUEST = "request"
    DONE = "done"


STEP_LABELS: Final[dict[Step, str]] = {
    Step.VERIFY: "逐条核对",
    Step.CURE: "处理原因",
    Step.REQUEST: "提交申请",
    Step.DONE: "办理结果",
}
_ORDER: Final = tuple(Step)
# What the summary of changes names, in the order of the form.
VALUE_LABELS: Final[dict[str, str]] = {
    "account_number": "付款账户",
    "payee_name": "收款户名",
    "payee_account": "收款账号",
    "payee_bank": "开户行",
    "payee_cnaps": "联行号",
    "payee_city": "开户城市",
    "amount": "金额",
    "due_on": "计划付款日",
    "channel": "渠道",
    "purpose": "用途",
    "summary": "摘要",
    "contract_no": "合同号",
    "invoice_no": "发票号",
    "order_no": "订单号",
}


@dataclass(frozen=True, slots=True)
class Blocking:
    """A check that keeps the payment from being resumed; waivable: approvers may pass it over."""

    code: str
    summary: str
    waivable: bool


@dataclass(frozen=True, slots=True)
class RuleStop:
    """A stop by a rule, which demands a rule change or a waiver (C3.3).

    answering: the numbers of the rule changes that would do.
    """

    text: str
    answering: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """What the database says now; never part of the draft that is kept."""

    version: int = 0
    items: tuple[Item, ...] = ()
    blocking: tuple[Blocking, ...] = ()
    wide_holds: tuple[str, ...] = ()
    ruled: tuple[RuleStop, ...] = ()

    @property
    def answering(self) -> frozenset[str]:
        """The rule changes that answer one of the stops."""
        return frozenset().union(*(stop.answering for stop in self.ruled))

    @property
    def waivable(self) -> frozenset[str]:
        """What may be waived now: checks that find something, and the stop by a rule itself."""
        checks = frozenset(one.code for one in self.blocking if one.waivable)
        return checks | ({RULE_STOP} if self.ruled else frozenset())


@dataclass(frozen=True, slots=True)
class ResumeDraft:
    """What was ticked and typed so far.

    ticks: item → the value that was ticked. waivers: check → why. before: the payment's values
    when the wizard was first opened, for the summary of changes.
    """

    number: str
    ticks: Mapping[str, str] = field(default_factory=dict)
    waivers: Mapping[str, str] = field(default_factory=dict)
    rule_change_no: str = ""
    reason: str = ""
    measures: str = ""
    planned_on: date | None = None
    before: Mapping[str, str] = field(default_factory=dict)
    form_no: str = ""
    seen: Seen = field(default_factory=Seen)

    def to_json(self) -> dict[str, Any]:
        """The draft as it is kept."""
        return {
            "number": self.number,
            "ticks": dict(self.ticks),
            "waivers": dict(self.waivers),
            "rule_change_no": self.rule_change_no,
            "reason": self.reason,
            "measures": self.measures,
            "planned_on": None if self.planned_on is None else self.planned_on.isoformat(),
            "before": dict(self.before),
            "form_no": self.form_no,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The kept draft. Raises BadInput when it can't be understood."""
        try:
            planned = data.get("planned_on")
            return cls(
                number=str(data["number"]),
                ticks=_texts(data.get("ticks", {})),
                waivers=_texts(data.get("waivers", {})),
                rule_change_no=str(data.get("rule_change_no", "")),
                reason=str(data.get("reason", "")),
                measures=str(data.get("measures", "")),
                planned_on=None if planned is None else date.fromisoformat(planned),
                before=_texts(data.get("before", {})),
                form_no=str(data.get("form_no", "")),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput("保存的草稿无法读取。", "请放弃该草稿后重新办理。") from error

    def is_ticked(self, item: Item) -> bool:
        """Whether the item was ticked with the value that it has now."""
        return self.ticks.get(item.code) == item.ours

    def as_ticks(self) -> tuple[Tick, ...]:
        """The ticks as the request takes them."""
        return tuple(Tick(code, ours, ticked=True) for code, ours in self.ticks.items())

    def given_waivers(self) -> dict[str, str]:
        """The waivers that have a reason and still something to pass over."""
        return {
            code: why.strip()
            for code, why in self.waivers.items()
            if why.strip() and code in self.seen.waivable
        }


def given_rule_change(draft: ResumeDraft) -> str | None:
    """The chosen rule change, while it still answers the stop."""
    return draft.rule_change_no if draft.rule_change_no in draft.seen.answering else None


def next_step(step: Step, draft: ResumeDraft) -> Step | None:
    """The step that follows; None after the last.

    A cure that changed what was verified leads back: the changed item must be ticked again.
    """
    if step is Step.CURE and may_leave(Step.VERIFY, draft):
        return Step.VERIFY
    place = _ORDER.index(step) + 1
    return _ORDER[place] if place < len(_ORDER) else None


def may_leave(step: Step, draft: ResumeDraft) -> tuple[Problem, ...]:
    """What keeps the step from being left forward; nothing when it may be.

    `field` of a problem names the item, the check or the field that it is about.
    """
    match step:
        case Step.VERIFY:
            return tuple(
                Problem(None, item.code, f"“{item.label}”尚未核对。")
                for item in draft.seen.items
                if not draft.is_ticked(item)
            )
        case Step.CURE:
            return _uncured(draft)
        case Step.REQUEST:
            earlier = (*may_leave(Step.VERIFY, draft), *may_leave(Step.CURE, draft))
            return (*earlier, *_unwritten(draft))
        case Step.DONE:
            return ()


def reopen_at(kept: Step, draft: ResumeDraft) -> Step:
    """Where a kept draft goes on: where it was, or at the first step that no longer holds."""
    if draft.form_no:
        return Step.DONE
    for step in _ORDER[: _ORDER.index(kept)]:
        if may_leave(step, draft):
            return step
    return Step.REQUEST if kept is Step.DONE else kept


def changes_of(
    before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[dict[str, str], ...]:
    """The fields that differ, as the request keeps them: field, before, after."""
    return tuple(
        {"field": label, "before": before[key], "after": after[key]}
        for key, label in labels.items()
        if key in before and key in after and before[key] != after[key]
    )


def _uncured(draft: ResumeDraft) -> tuple[Problem, ...]:
    seen, waivers = draft.seen, draft.given_waivers()
    wide = tuple(Problem(None, number, f"暂停令 {number} 未解除。") for number in seen.wide_holds)
    causes = tuple(
        Problem(None, one.code, one.summary)
        for one in seen.blocking
        if not (one.waivable and one.code in waivers)
    )
    passed = {code: [b.summary for b in seen.blocking if b.code == code] for code in waivers}
    rule: tuple[Problem, ...] = ()
    if any(
        draft.rule_change_no not in stop.answering and not excused(stop.text, passed)
        for stop in seen.ruled
    ):
        text = "因规则停付：请关联停付后对该规则的变更，或说明豁免理由。"
        rule = (Problem(None, "rule_change", text),)
    return (*wide, *causes, *rule)


def excused(stop: str, waivers: Mapping[str, Iterable[str]]) -> bool:
    """Whether waivers pass over a stop by a rule: its very self, or findings of every rule it names.

    stop: its text. waivers: check, or RULE_STOP, → the findings that it passes over.
    """
    named = rules_in(stop)
    passed = (rules_in(finding) for found in waivers.values() for finding in found)
    return RULE_STOP in waivers or (bool(named) and named <= frozenset().union(*passed))


def rules_in(text: str) -> frozenset[str]:
    """The risk rules that a text names: R01 … R16 (domain.md §5.1)."""
    return frozenset(_RULE_NAMED.findall(text))


def _unwritten(draft: ResumeDraft) -> tuple[Problem, ...]:
    wanted = (
        ("reason", bool(draft.reason.strip()), "请填写恢复理由。"),
        ("measures", bool(draft.measures.strip()), "请填写整改措施。"),
        ("planned_on", draft.planned_on is not None, "请选择恢复后计划付款日。"),
    )
    return tuple(Problem(None, name, text) for name, given, text in wanted if not given)


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in data.items()}
