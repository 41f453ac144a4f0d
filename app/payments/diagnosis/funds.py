"""Funds: available = book − frozen − in transit (requirements A2.1 … A2.3)."""

from collections.abc import Iterator

from app.core.codes import StopReason
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when, yuan


@rule("funds.available", "可用余额足够")
def available(facts: Facts) -> Iterator[Finding]:
    """The gap is what has to come in before this payment can leave."""
    funds = facts.payer.funds
    if funds.as_of is None or facts.amount.currency != funds.book.currency:
        return
    gap = funds.gap(facts.amount)
    if gap.minor:
        yield Finding(
            StopReason.INSUFFICIENT_FUNDS,
            Severity.BLOCKING,
            f"可用余额 {yuan(funds.available)}，本笔 {yuan(facts.amount)}，缺口 {yuan(gap)}。",
            _evidence(facts, 缺口=yuan(gap)),
        )


@rule("funds.unknown", "余额已登记")
def unknown(facts: Facts) -> Iterator[Finding]:
    """Without a balance nobody can tell: a warning, never a guess."""
    if facts.payer.funds.as_of is None:
        yield Finding(
            StopReason.INSUFFICIENT_FUNDS,
            Severity.WARNING,
            "付款账户还没有登记余额，无法判断资金是否足够。",
            {"付款账户": facts.payer.number},
        )


@rule("funds.stale", "余额是近期的", gate=False)
def stale(facts: Facts) -> Iterator[Finding]:
    as_of = facts.payer.funds.as_of
    if as_of is None:
        return
    days = (facts.now - as_of).days
    if days >= int(facts.thresholds["A02.balance"]):
        yield Finding(
            StopReason.INSUFFICIENT_FUNDS,
            Severity.WARNING,
            f"余额是 {days} 天前登记的，请刷新后再判断。",
            _evidence(facts),
        )


@rule("funds.due", "同期应付有余额覆盖", gate=False)
def due(facts: Facts) -> Iterator[Finding]:
    """Enough for this one, but not for all that is due up to its date."""
    payer, funds = facts.payer, facts.payer.funds
    if funds.as_of is None or facts.amount.currency != funds.book.currency:
        return
    together = facts.amount + payer.due_before
    if not funds.gap(facts.amount).minor and funds.gap(together).minor:
        yield Finding(
            StopReason.INSUFFICIENT_FUNDS,
            Severity.WARNING,
            f"连同 {facts.due_on} 前待执行的 {yuan(payer.due_before)}，"
            f"还缺 {yuan(funds.gap(together))}。",
            _evidence(facts, 同期待执行=yuan(payer.due_before)),
        )


@rule("funds.reserve", "不低于备付金", gate=False)
def reserve(facts: Facts) -> Iterator[Finding]:
    """R15: below the reserve that the company wants to keep."""
    payer, funds = facts.payer, facts.payer.funds
    if funds.as_of is None or not payer.reserve.minor:
        return
    if facts.amount.currency != funds.book.currency or funds.gap(facts.amount).minor:
        return
    left = funds.available - facts.amount
    if left < payer.reserve:
        yield Finding(
            StopReason.INSUFFICIENT_FUNDS,
            Severity.WARNING,
            f"付款后余 {yuan(left)}，低于备付线 {yuan(payer.reserve)}。",
            _evidence(facts, 备付线=yuan(payer.reserve)),
        )


def _evidence(facts: Facts, **more: str) -> dict[str, str]:
    funds = facts.payer.funds
    return {
        "付款账户": facts.payer.number,
        "账面余额": yuan(funds.book),
        "冻结": yuan(funds.frozen),
        "在途": yuan(funds.in_transit),
        "可用余额": yuan(funds.available),
        "本笔金额": yuan(facts.amount),
        **more,
        "余额时间": when(funds.as_of, facts),
    }
