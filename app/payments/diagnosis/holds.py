"""Holds: what people stopped, and until when (requirements A5.1 … A5.4)."""

from collections.abc import Iterator

from app.core.codes import HOLD_CAUSE_LABELS, HoldCause
from app.payments.diagnosis.facts import Facts, HoldFacts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when
from app.payments.states import SCOPE_LABELS, HoldScope


@rule("holds.wide", "没有账户、收款方或全公司的暂停")
def wide(facts: Facts) -> Iterator[Finding]:
    """A hold wider than the payment must be lifted first, whatever was approved."""
    for hold in facts.holds:
        if hold.scope is not HoldScope.PAYMENT:
            yield _finding(hold, facts)


@rule("holds.single", "没有单笔停付", gate=False)
def single(facts: Facts) -> Iterator[Finding]:
    """A stop of this payment alone is what resuming releases, so it does not close the gate."""
    for hold in facts.holds:
        if hold.scope is HoldScope.PAYMENT and not hold.system:
            yield _finding(hold, facts)


@rule("holds.system", "没有系统自动停付", gate=False)
def system(facts: Facts) -> Iterator[Finding]:
    """What the program stopped on its own; whether its cause still stands the other rules say."""
    for hold in facts.holds:
        if hold.system:
            yield Finding(
                hold.reason,
                Severity.NOTICE,
                f"系统自动停付（{hold.number}）：{hold.text}",
                {"暂停令": hold.number, "时间": when(hold.placed_at, facts)},
            )


def _finding(hold: HoldFacts, facts: Facts) -> Finding:
    cause = HOLD_CAUSE_LABELS[HoldCause(hold.cause)] if hold.cause else ""
    return Finding(
        hold.reason,
        Severity.BLOCKING,
        f"该笔付款已被 {hold.placed_by} 于 {when(hold.placed_at, facts)} 暂停，原因：{hold.text}。",
        {
            "暂停令": hold.number,
            "范围": f"{SCOPE_LABELS[hold.scope]} {hold.scope_label}",
            "原因类别": cause,
            "有效期": "至解除" if hold.until is None else f"至 {hold.until}",
        },
    )
