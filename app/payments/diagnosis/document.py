"""The payment against the contract, order or invoice that it rests on (requirement C2.3)."""

from collections.abc import Iterator

from app.core.codes import StopReason
from app.core.names import normalise_name
from app.payments.diagnosis.actions import NextAction
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import yuan


@rule("document.amount", "金额与单据一致", waivable=True)
def amount(facts: Facts) -> Iterator[Finding]:
    """Paying more than the document says stops; paying less may be a part and is only told."""
    document = facts.document
    if document is None or document.amount.currency != facts.amount.currency:
        return
    if facts.amount == document.amount:
        return
    over = facts.amount > document.amount
    yield Finding(
        StopReason.RISK_RULE,
        Severity.BLOCKING if over else Severity.NOTICE,
        f"本笔 {yuan(facts.amount)}，{document.kind}金额 {yuan(document.amount)}。",
        {
            "单据": f"{document.kind} {document.number}",
            "单据金额": yuan(document.amount),
            "本笔金额": yuan(facts.amount),
        },
    )


@rule("document.payee", "收款方与单据一致", waivable=True)
def payee(facts: Facts) -> Iterator[Finding]:
    document = facts.document
    if document is None or not document.payee_name:
        return
    if normalise_name(document.payee_name) != normalise_name(facts.payee_name):
        yield Finding(
            StopReason.NAME_MISMATCH,
            Severity.BLOCKING,
            f"收款方“{facts.payee_name}”与{document.kind}上的“{document.payee_name}”不一致。",
            {
                "单据": f"{document.kind} {document.number}",
                "单据收款方": document.payee_name,
                "指令收款方": facts.payee_name,
            },
        )


@rule("document.account", "收款账号与单据一致", waivable=True)
def account(facts: Facts) -> Iterator[Finding]:
    document = facts.document
    if document is None or not document.payee_account:
        return
    if document.payee_account != facts.payee_account:
        yield Finding(
            StopReason.PAYEE_ACCOUNT_INVALID,
            Severity.BLOCKING,
            f"收款账号与{document.kind}上的账号不一致。",
            {"单据账号": document.payee_account, "指令账号": facts.payee_account},
        )


@rule("document.due", "付款日与单据约定一致", gate=False)
def due(facts: Facts) -> Iterator[Finding]:
    """Early or late is a decision of the company, so it is only told."""
    document = facts.document
    if document is None or document.due_on is None or document.due_on == facts.due_on:
        return
    days = (facts.due_on - document.due_on).days
    yield Finding(
        StopReason.OTHER,
        Severity.NOTICE,
        f"付款日 {facts.due_on} 比{document.kind}约定的 {document.due_on} "
        f"{'晚' if days > 0 else '早'} {abs(days)} 天。",
        {
            "单据": f"{document.kind} {document.number}",
            "约定付款日": document.due_on.isoformat(),
            "本笔付款日": facts.due_on.isoformat(),
        },
        (NextAction("check_due_date", "核对约定付款日", "经办"),),
    )
