"""What a rule is, and how all of them are found: a file in this folder is enough."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Final

from app.core.codes import StopReason
from app.payments.diagnosis.actions import REASON_ACTIONS, NextAction
from app.payments.diagnosis.facts import Facts


class Severity(StrEnum):
    """BLOCKING stops the payment; WARNING wants a look; NOTICE is good to know."""

    BLOCKING = "BLOCKING"
    WARNING = "WARNING"
    NOTICE = "NOTICE"


SEVERITY_LABELS: Final[dict[Severity, str]] = {
    Severity.BLOCKING: "阻断",
    Severity.WARNING: "警示",
    Severity.NOTICE: "提示",
}
_SEVERITY_ORDER: Final = {severity: order for order, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause: what it is, how grave, and the facts that show it.

    evidence: label → value, Chinese labels, ready to be read by a clerk. `actions` are taken from
    the table of the reason unless a rule knows better.
    """

    reason: StopReason
    severity: Severity
    summary: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    actions: tuple[NextAction, ...] = ()

    @property
    def next_actions(self) -> tuple[NextAction, ...]:
        return self.actions or REASON_ACTIONS[self.reason]


Check = Callable[[Facts], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """A named check. waivable: approvers may let a payment go on although it finds something."""

    code: str
    title: str
    check: Check
    waivable: bool
    gate: bool


_REGISTRY: dict[str, Rule] = {}


def rule(
    code: str, title: str, *, waivable: bool = False, gate: bool = True
) -> Callable[[Check], Check]:
    """Register a check under a stable code. gate: sending and resuming ask it too.

    A rule that only tells what happened (an old bank answer, a finished approval) has gate=False:
    it explains the stop but does not keep the payment from being resumed.
    """

    def register(check: Check) -> Check:
        if code in _REGISTRY:
            raise ValueError(f"two rules named {code}")
        _REGISTRY[code] = Rule(code, title, check, waivable, gate)
        return check

    return register


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of this folder, by code."""
    package = importlib.import_module("app.payments.diagnosis")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"app.payments.diagnosis.{module.name}")
    return tuple(sorted(_REGISTRY.values(), key=lambda one: one.code))


# A cause that explains others comes first among equally grave ones.
_ROOTS_FIRST: Final[tuple[StopReason, ...]] = (
    StopReason.UPGRADE_INCOMPLETE,
    StopReason.SYSTEM_FAULT,
    StopReason.BANK_INTERFACE,
    StopReason.DUPLICATE,
    StopReason.RISK_RULE,
    StopReason.ACCOUNT_CLOSED,
    StopReason.ACCOUNT_FROZEN,
    StopReason.ACCOUNT_BLOCKED,
    StopReason.ACCOUNT_LOSS_REPORTED,
    StopReason.ACCOUNT_DORMANT,
    StopReason.PAYEE_ACCOUNT_INVALID,
    StopReason.NAME_MISMATCH,
    StopReason.CERT_OR_CONTRACT,
    StopReason.AML_REVIEW,
    StopReason.AGREEMENT_INVALID,
    StopReason.LIMIT_EXCEEDED,
    StopReason.INSUFFICIENT_FUNDS,
    StopReason.PERMISSION_CHANGED,
    StopReason.AUTO_LOCKED,
    StopReason.APPROVAL_BROKEN,
    StopReason.RETURNED,
    StopReason.MANUAL_PAUSE,
    StopReason.OTHER,
)
_ROOT_ORDER: Final = {reason: order for order, reason in enumerate(_ROOTS_FIRST)}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A finding with the rule that made it and its place in the list, from 1."""

    rank: int
    rule: Rule
    finding: Finding


def diagnose(facts: Facts, rules: Sequence[Rule] | None = None) -> list[Ranked]:
    """All causes, gravest and most fundamental first."""
    found = [
        (one, finding)
        for one in (all_rules() if rules is None else rules)
        for finding in one.check(facts)
    ]
    found.sort(
        key=lambda pair: (
            _SEVERITY_ORDER[pair[1].severity],
            _ROOT_ORDER.get(pair[1].reason, len(_ROOT_ORDER)),
            pair[0].code,
        )
    )
    return [Ranked(rank, one, finding) for rank, (one, finding) in enumerate(found, start=1)]
