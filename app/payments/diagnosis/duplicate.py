"""Payments that may be for the same debt (R06; requirement E3.2)."""

from collections.abc import Iterator

from app.core.codes import StopReason
from app.payments.diagnosis.actions import ASK_BANK, QUERY
from app.payments.diagnosis.facts import Facts, TwinFacts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when, yuan
from app.payments.states import STAGE_LABELS, UNDECIDED, debited
from app.payments.states import undecided as still_open


@rule("duplicate.same", "没有疑似重复付款", waivable=True)
def same(facts: Facts) -> Iterator[Finding]:
    for twin in facts.twins:
        if twin.stage not in UNDECIDED:
            yield Finding(
                StopReason.DUPLICATE,
                Severity.BLOCKING,
                f"与 {twin.number}（{STAGE_LABELS[twin.stage]}）的{twin.same}相同，疑似重复付款。",
                _evidence(twin),
            )


@rule("duplicate.undecided", "同一笔应付没有未定结果")
def undecided(facts: Facts) -> Iterator[Finding]:
    """While the other one's result is open, nothing may be sent (design.md, invariant 2)."""
    for twin in facts.twins:
        if twin.stage in UNDECIDED:
            yield Finding(
                StopReason.DUPLICATE,
                Severity.BLOCKING,
                f"同一笔应付的 {twin.number} 结果未定（{STAGE_LABELS[twin.stage]}），不能再次提交。",
                _evidence(twin),
            )


@rule("duplicate.attempts", "本笔没有扣款两次", gate=False)
def attempts(facts: Facts) -> Iterator[Finding]:
    """A success that came late, beside another try that was debited or may yet be."""
    paid, open_ = debited(facts.attempts), still_open(facts.attempts)
    if len(paid) > 1:
        which = "和".join(f"第 {one.ordinal} 次" for one in paid)
        text = f"{which}提交均已扣款：同一笔付款扣了 {len(paid)} 次，须立即追回。"
    elif paid and open_:
        text = (
            f"第 {paid[0].ordinal} 次提交已扣款，第 {open_[0].ordinal} 次结果未定："
            "可能重复扣款，请立即联系银行撤回。"
        )
    else:
        return
    evidence = {f"第 {one.ordinal} 次提交": when(one.written_at, facts) for one in (*paid, *open_)}
    yield Finding(StopReason.DUPLICATE, Severity.BLOCKING, text, evidence, (ASK_BANK, QUERY))


def _evidence(twin: TwinFacts) -> dict[str, str]:
    return {
        "另一笔": twin.number,
        "状态": STAGE_LABELS[twin.stage],
        "相同": twin.same,
        "金额": yuan(twin.amount),
        "付款日": twin.due_on.isoformat(),
    }
