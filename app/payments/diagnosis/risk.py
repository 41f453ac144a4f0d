"""Risk rules on amount, time and payee (domain.md §5.1, §2.7). None advises to split."""

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from statistics import median

from app.core.codes import StopReason
from app.core.errors import Refused
from app.core.money import Money
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when, yuan

_TEN_THOUSAND = 1_000_000
_OPENS, _CLOSES = time(8, 30), time(18, 0)


@rule("risk.unusual", "金额与往来相符", waivable=True)
def unusual(facts: Facts) -> Iterator[Finding]:
    """R02: several times the median of the payee's last payments."""
    known = [Decimal(m.minor) for m in facts.payee.amounts if m.currency == facts.amount.currency]
    if len(known) < int(facts.thresholds["R02.history"]):
        return
    middle = median(known)
    if facts.amount.minor > int(facts.thresholds["R02.median"]) * middle:
        yield Finding(
            StopReason.RISK_RULE,
            Severity.WARNING,
            f"本笔 {yuan(facts.amount)}，远高于该收款方近 {len(known)} 笔的中位数（R02）。",
            {
                "中位数": yuan(Money(1, facts.amount.currency).times(middle)),
                "本笔金额": yuan(facts.amount),
            },
        )


@rule("risk.first", "不是新收款方的大额付款", waivable=True)
def first(facts: Facts) -> Iterator[Finding]:
    """R04: the first payment to a payee, and a large one, wants a look before it leaves."""
    if facts.payee.amounts or not _reaches(facts, "R04.first"):
        return
    if facts.payee_account in facts.payee.proven_accounts:
        return
    yield Finding(
        StopReason.RISK_RULE,
        Severity.BLOCKING,
        f"首次向该收款方付款且达到 {_line(facts, 'R04.first')}（R04），须核实后放行。",
        {"收款方": facts.payee_name, "本笔金额": yuan(facts.amount)},
    )


@rule("risk.private", "不是公转私大额", gate=False)
def private(facts: Facts) -> Iterator[Finding]:
    """R12: from the company to a person."""
    if facts.payee_kind == "PERSON" and _reaches(facts, "R12.private"):
        yield Finding(
            StopReason.RISK_RULE,
            Severity.WARNING,
            f"公转私 {yuan(facts.amount)}，请确认用途和附件（R12）。",
            {"用途": facts.purpose},
        )


@rule("risk.round", "整数金额有发票", gate=False)
def round_figure(facts: Facts) -> Iterator[Finding]:
    """R11: a round figure without an invoice."""
    even = facts.amount.minor % _TEN_THOUSAND == 0
    if even and not facts.invoice_no and _reaches(facts, "R11.round"):
        yield Finding(
            StopReason.RISK_RULE,
            Severity.NOTICE,
            f"整数金额 {yuan(facts.amount)} 且没有发票号（R11）。",
            {"合同号": facts.contract_no},
        )


@rule("risk.hours", "在工作时间制单", gate=False)
def off_hours(facts: Facts) -> Iterator[Finding]:
    """R09: made outside 8:30–18:00 or on a day off."""
    local = facts.made_at.astimezone(facts.tz)
    evidence = {"制单时间": when(facts.made_at, facts), "经办人": facts.maker.name}
    summary = "在非工作时间制单（R09）。"
    working = _OPENS <= local.time() < _CLOSES
    if working:
        try:
            working = facts.calendar.is_workday(local.date())
        except Refused as unknown:
            working, summary = False, f"无法判断是否在工作日制单（R09）：{unknown.message}"
    if not working:
        yield Finding(StopReason.RISK_RULE, Severity.NOTICE, summary, evidence)


@rule("risk.report", "未达大额交易报告线", gate=False)
def report(facts: Facts) -> Iterator[Finding]:
    """domain.md §2.7: the bank reports such a payment and may ask for documents."""
    if _reaches(facts, "R01.report"):
        yield Finding(
            StopReason.AML_REVIEW,
            Severity.NOTICE,
            f"达到大额交易报告线 {_line(facts, 'R01.report')}，银行将报告并可能要求提供材料。",
            {"本笔金额": yuan(facts.amount), "备齐材料": "合同、发票、审批单"},
        )
    elif _reaches(facts, "R01.large"):
        yield Finding(
            StopReason.RISK_RULE,
            Severity.NOTICE,
            f"大额单笔 {yuan(facts.amount)}（R01）。",
            {"提示线": _line(facts, "R01.large")},
        )


def _reaches(facts: Facts, code: str) -> bool:
    line = Money.parse(facts.thresholds[code])
    return facts.amount.currency == line.currency and facts.amount >= line


def _line(facts: Facts, code: str) -> str:
    return yuan(Money.parse(facts.thresholds[code]))
