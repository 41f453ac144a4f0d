"""The way to the bank: down, in maintenance, closed, too narrow, certificate (A4.1, A4.2, F3.1)."""

from collections.abc import Iterator
from datetime import timedelta

from app.accounts.rules import next_execution
from app.core.codes import StopReason
from app.core.errors import Refused
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when, yuan


@rule("channel.known", "付款渠道有效")
def known(facts: Facts) -> Iterator[Finding]:
    if facts.channel is None:
        yield Finding(
            StopReason.BANK_INTERFACE,
            Severity.BLOCKING,
            "付款渠道不存在或已停用。",
            {"可用渠道": "、".join(one.name for one in facts.other_channels if one.up)},
        )


@rule("channel.up", "银行渠道可用")
def up(facts: Facts) -> Iterator[Finding]:
    channel = facts.channel
    if channel is not None and not channel.up:
        yield Finding(
            StopReason.BANK_INTERFACE,
            Severity.BLOCKING,
            f"{channel.name}自 {when(channel.state_since, facts)} 起不可用：{channel.state_note}",
            {
                "渠道": channel.name,
                "自": when(channel.state_since, facts),
                "说明": channel.state_note,
                "可用备选": _accepting(facts),
            },
        )


@rule("channel.maintenance", "不在维护窗口内", gate=False)
def maintenance(facts: Facts) -> Iterator[Finding]:
    """F3.1: a window now or at the planned day; the payment waits for its end by itself."""
    if facts.channel is None:
        return
    for window in facts.channel.windows:
        starts = window.starts_at.astimezone(facts.tz).date()
        ends = window.ends_at.astimezone(facts.tz).date()
        if window.covers(facts.now) or starts <= facts.due_on <= ends:
            yield Finding(
                StopReason.BANK_INTERFACE,
                Severity.WARNING,
                f"{facts.channel.name}维护至 {when(window.ends_at, facts)}，建议改期。",
                {
                    "开始": when(window.starts_at, facts),
                    "结束": when(window.ends_at, facts),
                    "说明": window.note,
                },
            )


@rule("channel.hours", "在渠道营业时间内", gate=False)
def hours(facts: Facts) -> Iterator[Finding]:
    channel = facts.channel
    if channel is None or facts.due_on > facts.today:
        return
    try:
        if channel.hours.open_at(facts.now, facts.calendar, facts.tz):
            return
        opens = next_execution(channel, facts.due_on, facts.now, facts.calendar, facts.tz)
    except Refused as unknown:
        yield Finding(StopReason.BANK_INTERFACE, Severity.WARNING, unknown.message, {})
        return
    yield Finding(
        StopReason.BANK_INTERFACE,
        Severity.NOTICE,
        f"现在不在{channel.name}营业时间，下次可执行时间 {when(opens, facts)}。",
        {
            "渠道": channel.name,
            "营业时间": f"{channel.hours.opens:%H:%M}–{channel.hours.closes:%H:%M}",
        },
    )


@rule("channel.limit", "不超过渠道限额")
def limit(facts: Facts) -> Iterator[Finding]:
    channel = facts.channel
    if channel is None or channel.accepts(facts.amount):
        return
    low = channel.minimum
    below = low is not None and facts.amount.currency == low.currency and facts.amount < low
    bound = low if below else channel.maximum or low
    yield Finding(
        StopReason.LIMIT_EXCEEDED,
        Severity.BLOCKING,
        f"本笔 {yuan(facts.amount)} {'低于' if below else '超出'}{channel.name}的限额"
        f"{'' if bound is None else ' ' + yuan(bound)}。",
        {
            "渠道": channel.name,
            "限额": "" if bound is None else yuan(bound),
            "可用备选": _accepting(facts),
        },
    )


@rule("channel.certificate", "渠道证书有效")
def certificate(facts: Facts) -> Iterator[Finding]:
    channel = facts.channel
    if channel is None or channel.certificate_until is None:
        return
    until = channel.certificate_until
    evidence = {
        "渠道": channel.name,
        "证书有效期至": until.isoformat(),
        "可用备选": _accepting(facts),
    }
    if until < facts.today:
        yield Finding(
            StopReason.CERT_OR_CONTRACT,
            Severity.BLOCKING,
            f"{channel.name}的证书已于 {until} 到期。",
            evidence,
        )
    elif until - facts.today <= timedelta(days=int(facts.thresholds["C01.certificate"])):
        yield Finding(
            StopReason.CERT_OR_CONTRACT,
            Severity.WARNING,
            f"{channel.name}的证书将于 {until} 到期，还有 {(until - facts.today).days} 天。",
            evidence,
        )


def _accepting(facts: Facts) -> str:
    names = [c.name for c in facts.other_channels if c.up and c.accepts(facts.amount)]
    return "、".join(names) or "无"
