"""The gate that sending, resuming and the dry run share: every check that must hold now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.rules import next_execution
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Rule, Severity, all_rules
from app.payments.errors import ResumeRefused, RuleChangeNeeded
from app.payments.flow import RULE_STOP


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


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a check may be passed over, and the findings that this holds for, as they read."""

    why: str
    found: frozenset[str]


def waive(facts: Facts, reasons: Mapping[str, str]) -> dict[str, Waiver]:
    """What these reasons pass over: what the checks find now and nothing that they find later.

    Raises RuleChangeNeeded for a check that can't be waived, finds nothing, or has no reason.
    """
    rules = {rule.code: rule for rule in all_rules() if rule.waivable and rule.gate}
    given = {}
    for code, why in reasons.items():
        if not why.strip():
            raise RuleChangeNeeded("豁免须填写理由。")
        if code == RULE_STOP:
            given[code] = Waiver(why.strip(), frozenset())
            continue
        if code not in rules:
            raise RuleChangeNeeded(f"检查项“{code}”不能豁免。")
        found = blocking(rules[code], facts)
        if not found:
            raise RuleChangeNeeded(
                f"“{rules[code].title}”没有发现问题，不需要豁免。", "请重新诊断，去掉该项豁免。"
            )
        given[code] = Waiver(why.strip(), frozenset(one.summary for one in found))
    return given


def kept(reasons: Mapping[str, str], found: Mapping[str, Iterable[str]]) -> dict[str, Waiver]:
    """The waivers of a form as it keeps them: reasons and findings by check."""
    return {code: Waiver(reasons[code], frozenset(found[code])) for code in found}


def blocking(rule: Rule, facts: Facts) -> list[Finding]:
    """What a check holds against the payment."""
    return [finding for finding in rule.check(facts) if finding.severity is Severity.BLOCKING]


def walk(facts: Facts, waivers: Mapping[str, Waiver]) -> list[Passage]:
    """Every gate check with its outcome; a waived one passes and says why.

    A check that finds more than was waived does not pass, and tells what is new.
    """
    passages = []
    for rule in all_rules():
        if not rule.gate:
            continue
        found = [finding.summary for finding in blocking(rule, facts)]
        waiver = waivers.get(rule.code) if rule.waivable else None
        left = found if waiver is None else [one for one in found if one not in waiver.found]
        waived = waiver.why if waiver is not None and found and not left else ""
        detail = "；".join(left or found)
        passages.append(Passage(rule.code, rule.title, not left, detail, waived))
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


def execution_time(facts: Facts) -> datetime | None:
    """When the payment's channel would next send it; None for an unknown channel."""
    if facts.channel is None:
        return None
    return next_execution(facts.channel, facts.due_on, facts.now, facts.calendar, facts.tz)
