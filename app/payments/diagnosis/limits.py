"""The account's own limits, agreed with the bank or set by the company."""

from collections.abc import Iterator

from app.core.codes import StopReason
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import yuan


@rule("limits.single", "不超过账户单笔限额")
def single(facts: Facts) -> Iterator[Finding]:
    limit = facts.payer.single_limit
    if limit is not None and limit.currency == facts.amount.currency and facts.amount > limit:
        yield Finding(
            StopReason.LIMIT_EXCEEDED,
            Severity.BLOCKING,
            f"本笔 {yuan(facts.amount)} 超过付款账户单笔限额 {yuan(limit)}。",
            {
                "付款账户": facts.payer.number,
                "单笔限额": yuan(limit),
                "本笔金额": yuan(facts.amount),
            },
        )


@rule("limits.daily", "不超过账户日累计限额")
def daily(facts: Facts) -> Iterator[Finding]:
    limit, sent = facts.payer.daily_limit, facts.payer.sent_today
    if limit is None or limit.currency != facts.amount.currency:
        return
    if sent + facts.amount > limit:
        yield Finding(
            StopReason.LIMIT_EXCEEDED,
            Severity.BLOCKING,
            f"今日已提交 {yuan(sent)}，加本笔将超过日累计限额 {yuan(limit)}。",
            {"今日已提交": yuan(sent), "日累计限额": yuan(limit), "本笔金额": yuan(facts.amount)},
        )
