"""Payee data: name, account, bank and 联行号 (requirement C3.4; domain.md §2.1, §2.2)."""

import re
from collections.abc import Iterator
from datetime import timedelta

from app.core.cnaps import bank_of, is_valid
from app.core.codes import StopReason
from app.core.names import normalise_name
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when

# City and rural banks share a class, so that it doesn't tell which of them is meant.
_MANY_BANKS = frozenset({"313", "314", "402"})
_SHORTEST, _LONGEST, _LONGEST_NAME = 8, 35, 60


@rule("payee.name", "收款户名完整且与登记一致")
def name(facts: Facts) -> Iterator[Finding]:
    given, registered = facts.payee_name.strip(), facts.payee.registered_name
    if not given or len(given) > _LONGEST_NAME:
        yield Finding(
            StopReason.NAME_MISMATCH,
            Severity.BLOCKING,
            "收款户名为空或超过 60 个字。",
            {"收款户名": given},
        )
    elif normalise_name(given) != normalise_name(registered):
        yield Finding(
            StopReason.NAME_MISMATCH,
            Severity.BLOCKING,
            f"收款户名“{given}”与登记的“{registered}”不一致。",
            {"指令户名": given, "登记户名": registered},
        )


@rule("payee.account", "收款账号格式正确")
def account(facts: Facts) -> Iterator[Finding]:
    number = facts.payee_account
    if not (number.isascii() and number.isdigit() and _SHORTEST <= len(number) <= _LONGEST):
        yield Finding(
            StopReason.PAYEE_ACCOUNT_INVALID,
            Severity.BLOCKING,
            f"收款账号“{number}”应为 8 至 35 位数字。",
            {"收款账号": number, "位数": str(len(number))},
        )


@rule("payee.bank", "开户行或联行号已填")
def bank(facts: Facts) -> Iterator[Finding]:
    """Without either the bank hands the payment to its counter (落地)."""
    if not facts.payee_bank.strip() and not facts.payee_cnaps.strip():
        yield Finding(
            StopReason.PAYEE_ACCOUNT_INVALID,
            Severity.BLOCKING,
            "收款开户行和联行号都没有填写。",
            {"收款账号": facts.payee_account},
        )


@rule("payee.cnaps", "联行号校验位相符", waivable=True)
def cnaps(facts: Facts) -> Iterator[Finding]:
    """A mismatch wants a reason, not a stop: one official code in 420 fails the check itself."""
    code = facts.payee_cnaps.strip()
    if code and not is_valid(code):
        yield Finding(
            StopReason.PAYEE_ACCOUNT_INVALID,
            Severity.WARNING,
            "联行号校验位不符，请核对；确认无误可继续并注明原因。",
            {"联行号": code, "开户行": facts.payee_bank},
        )


@rule("payee.bank_class", "联行号与开户行一致", gate=False)
def bank_class(facts: Facts) -> Iterator[Finding]:
    code, given = facts.payee_cnaps.strip(), facts.payee_bank.strip()
    owner = bank_of(code)
    if owner is None or not given or not is_valid(code) or code[:3] in _MANY_BANKS:
        return
    if not _names(given, owner):
        yield Finding(
            StopReason.PAYEE_ACCOUNT_INVALID,
            Severity.WARNING,
            f"联行号属于{owner}，与开户行“{given}”不一致。",
            {"联行号": facts.payee_cnaps, "所属银行": owner, "开户行": given},
        )


def _names(given: str, owner: str) -> bool:
    """Whether the text names the bank: 浦发银行 as 上海浦东发展银行, 建设银行 as 建行."""
    whole = owner if owner == "中国银行" else ".*".join(owner.removesuffix("银行"))
    return re.search(whole, given) is not None or f"{owner[0]}行" in given


@rule("payee.changed", "收款账户近期未变更或已核实", waivable=True)
def changed(facts: Facts) -> Iterator[Finding]:
    """R10: a new account of a known payee, not called back (business e-mail compromise).

    What came back leaves its account in doubt, however old; it is compared with all the same, so
    that a return never opens the way to an account from a letter.
    """
    payee, number = facts.payee, facts.payee_account
    if payee.account_doubted_at is not None:
        yield Finding(
            StopReason.RISK_RULE,
            Severity.BLOCKING,
            f"该收款账户的付款于 {when(payee.account_doubted_at, facts)} 被退回或更正为失败，"
            "须回拨核实后再付（R10）。",
            {"本笔账号": number, "退回或更正时间": when(payee.account_doubted_at, facts)},
        )
        return
    if number in payee.proven_accounts or not payee.proven_accounts:
        return
    days = int(facts.thresholds["R10.window"])
    since = payee.account_since
    if since is None or facts.now - since < timedelta(days=days):
        yield Finding(
            StopReason.RISK_RULE,
            Severity.BLOCKING,
            f"收款账号与以往核实过的账户不同，{days} 天内变更的账户须回拨核实（R10）。",
            {
                "本笔账号": number,
                "核实过的账号": "、".join(sorted(payee.proven_accounts)),
                "首次出现": "本笔" if since is None else when(since, facts),
            },
        )
