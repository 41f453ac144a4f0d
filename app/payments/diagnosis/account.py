"""The paying account's status and restrictions (domain.md §2.5; requirement B2.3)."""

from collections.abc import Iterator
from typing import Final

from app.accounts.rules import ACCOUNT_STATUS_LABELS, AccountStatus, Restriction
from app.core.codes import StopReason
from app.payments.diagnosis.actions import NextAction
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when, yuan

_REASONS: Final[dict[AccountStatus, StopReason]] = {
    AccountStatus.FROZEN: StopReason.ACCOUNT_FROZEN,
    AccountStatus.BLOCKED: StopReason.ACCOUNT_BLOCKED,
    AccountStatus.CREDIT_ONLY: StopReason.ACCOUNT_BLOCKED,
    AccountStatus.NO_CREDIT_NO_DEBIT: StopReason.ACCOUNT_BLOCKED,
    AccountStatus.LOSS_REPORTED: StopReason.ACCOUNT_LOSS_REPORTED,
    AccountStatus.DORMANT: StopReason.ACCOUNT_DORMANT,
    AccountStatus.INACTIVE: StopReason.ACCOUNT_DORMANT,
    AccountStatus.CLOSED: StopReason.ACCOUNT_CLOSED,
}


@rule("account.status", "付款账户状态正常")
def status(facts: Facts) -> Iterator[Finding]:
    payer = facts.payer
    if payer.status is AccountStatus.NORMAL:
        return
    label = ACCOUNT_STATUS_LABELS[payer.status]
    yield Finding(
        _REASONS[payer.status],
        Severity.BLOCKING,
        f"付款账户 {payer.number} 状态为“{label}”，不能对外付款。",
        {"付款账户": payer.number, "状态": label, "自": when(payer.status_since, facts)},
    )


@rule("account.currency", "付款账户与付款币种一致")
def currency(facts: Facts) -> Iterator[Finding]:
    """Neither funds nor limits can be told in another currency, so such a payment can't pass."""
    held = facts.payer.funds.book.currency
    if facts.amount.currency != held:
        yield Finding(
            StopReason.OTHER,
            Severity.BLOCKING,
            f"本笔币种为 {facts.amount.currency}，付款账户币种为 {held}。",
            {"付款账户": facts.payer.number, "账户币种": held, "本笔金额": yuan(facts.amount)},
            (NextAction("change_payer", "改用其他账户", "经办"),),
        )


@rule("account.restriction", "付款账户没有全额限制")
def restriction(facts: Facts) -> Iterator[Finding]:
    """A restriction on the whole account stops it; one on a sum is seen in the available funds."""
    for one in facts.payer.restrictions:
        if one.amount is None:
            yield Finding(
                _REASONS.get(one.kind, StopReason.ACCOUNT_BLOCKED),
                Severity.BLOCKING,
                f"付款账户被{ACCOUNT_STATUS_LABELS[one.kind]}（全额），不能对外付款。",
                _evidence(facts, one),
            )


@rule("account.partial", "付款账户没有部分限制", gate=False)
def partial(facts: Facts) -> Iterator[Finding]:
    for one in facts.payer.restrictions:
        if one.amount is not None:
            yield Finding(
                _REASONS.get(one.kind, StopReason.ACCOUNT_BLOCKED),
                Severity.WARNING,
                f"付款账户部分{ACCOUNT_STATUS_LABELS[one.kind]} {yuan(one.amount)}。",
                _evidence(facts, one),
            )


def _evidence(facts: Facts, one: Restriction) -> dict[str, str]:
    return {
        "付款账户": facts.payer.number,
        "类型": ACCOUNT_STATUS_LABELS[one.kind],
        "机关": one.authority or "未登记",
        "金额": "全额" if one.amount is None else yuan(one.amount),
        "期限": f"{one.starts_on} 至 {one.ends_on or '未定'}",
        "说明": one.note,
    }
