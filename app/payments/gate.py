"""The gate that sending, resuming and the dry run share: every check that must hold now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.rules import next_execution
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Severity, all_rules
from app.payments.errors import ResumeRefused


@dataclass(frozen=True, slots=True)
class Passage:
    """The outcome of one check. waived: the approved reason for going on in spite of it."""

    code: str
    title: str
    ok: bool
    detail: str
    waived: str = ""

    def stored(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "ok": self.ok,
            "detail": self.detail,
            "waived": self.waived,
        }


def walk(facts: Facts, waivers: Mapping[str, str]) -> list[Passage]:
    """Every gate check with its outcome; a waived one passes and says why."""
    passages = []
    for rule in all_rules():
        if not rule.gate:
            continue
        blocking = [f for f in rule.check(facts) if f.severity is Severity.BLOCKING]
        detail = "；".join(finding.summary for finding in blocking)
        waived = waivers.get(rule.code, "") if rule.waivable and blocking else ""
        passages.append(
            Passage(rule.code, rule.title, not blocking or bool(waived), detail, waived)
        )
    return passages


def closed(passages: list[Passage]) -> list[Passage]:
    """The checks that do not let the payment through."""
    return [passage for passage in passages if not passage.ok]


def refuse_if_closed(passages: list[Passage], number: str) -> None:
    """Raises ResumeRefused with every cause that still stands."""
    still = closed(passages)
    if still:
        causes = "；".join(passage.detail for passage in still)
        raise ResumeRefused(f"{number} 仍有 {len(still)} 项未通过：{causes}")


def waivable_codes() -> frozenset[str]:
    """The checks that approvers may waive."""
    return frozenset(rule.code for rule in all_rules() if rule.waivable)


def execution_time(facts: Facts) -> datetime | None:
    """When the payment's channel would next send it; None for an unknown channel."""
    if facts.channel is None:
        return None
    return next_execution(facts.channel, facts.due_on, facts.now, facts.calendar, facts.tz)
