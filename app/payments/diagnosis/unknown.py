"""Results that nobody knows yet: shown as unknown, never sent again (requirement A4.1)."""

from collections.abc import Iterator

from app.core.codes import StopReason
from app.payments.diagnosis.facts import AttemptFacts, Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when
from app.payments.states import LIVE_ATTEMPTS, Stage


@rule("unknown.result", "没有结果不明的提交")
def result(facts: Facts) -> Iterator[Finding]:
    attempt = facts.attempts[-1] if facts.attempts else None
    if facts.stage is Stage.UNKNOWN:
        yield Finding(
            StopReason.BANK_INTERFACE,
            Severity.BLOCKING,
            "状态不明，请先向银行核实，不能重新提交。",
            _evidence(facts, attempt),
        )
    elif attempt is not None and attempt.state in LIVE_ATTEMPTS and _overdue(facts, attempt):
        yield Finding(
            StopReason.BANK_INTERFACE,
            Severity.BLOCKING,
            f"已提交 {_minutes(facts, attempt)} 分钟仍无银行回执，请查询，不要重新提交。",
            _evidence(facts, attempt),
        )


def _overdue(facts: Facts, attempt: AttemptFacts) -> bool:
    return _minutes(facts, attempt) > int(facts.thresholds["R14.unknown"])


def _minutes(facts: Facts, attempt: AttemptFacts) -> int:
    return int((facts.now - attempt.written_at).total_seconds() // 60)


def _evidence(facts: Facts, attempt: AttemptFacts | None) -> dict[str, str]:
    evidence = {}
    if attempt is not None:
        evidence = {
            "提交时间": when(attempt.written_at, facts),
            "已等待": f"{_minutes(facts, attempt)} 分钟",
            "渠道": attempt.channel,
            "银行返回": f"{attempt.bank_code} {attempt.bank_text}".strip() or "无回执",
        }
    if facts.bank_checks:
        last = facts.bank_checks[-1]
        evidence["最近核实"] = f"{when(last.asked_at, facts)} {last.evidence}"
    return evidence
