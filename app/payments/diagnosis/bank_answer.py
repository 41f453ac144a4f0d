"""What the bank answered last (domain.md §2.4; requirement B4.2)."""

from collections.abc import Iterator

from app.core.codes import AnswerOutcome, StopReason, classify_answer
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.states import Stage

_TOLD = frozenset({Stage.FAILED, Stage.RETURNED})


@rule("bank_answer.refused", "银行没有拒绝", gate=False)
def refused(facts: Facts) -> Iterator[Finding]:
    """Tells why the bank did not pay; whether that was cured the other rules say."""
    if facts.stage not in _TOLD or not (facts.bank_code or facts.bank_text):
        return
    meaning = classify_answer(facts.bank, facts.bank_code, facts.bank_text)
    reason = meaning.reason or (
        StopReason.RETURNED if facts.stage is Stage.RETURNED else StopReason.OTHER
    )
    verb = "退回" if facts.stage is Stage.RETURNED else "拒绝"
    yield Finding(
        reason,
        Severity.BLOCKING,
        f"银行{verb}：{facts.bank_text or meaning.meaning}。",
        {
            "银行": facts.bank,
            "返回码": facts.bank_code,
            "银行说明": facts.bank_text,
            "含义": meaning.meaning,
            "首先要做": meaning.first_action or "联系银行",
        },
    )


@rule("bank_answer.review", "银行没有在审查", gate=False)
def review(facts: Facts) -> Iterator[Finding]:
    """B4.5: the bank is looking into it and may want papers."""
    if facts.stage not in {Stage.SUBMITTED, Stage.BANK_PROCESSING}:
        return
    meaning = classify_answer(facts.bank, facts.bank_code, facts.bank_text)
    if meaning.outcome is AnswerOutcome.PENDING and meaning.reason is StopReason.AML_REVIEW:
        yield Finding(
            StopReason.AML_REVIEW,
            Severity.WARNING,
            f"银行正在审查：{meaning.meaning}。",
            {"银行说明": facts.bank_text, "首先要做": meaning.first_action},
        )
