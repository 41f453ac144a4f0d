"""Item-by-item verification of a payment against its source document (requirements C2.2, C2.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.names import normalise_name
from app.payments.diagnosis.facts import Facts
from app.payments.errors import NotVerified


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at: what the payment says and what the source says.

    differs is None where there is nothing to compare with.
    """

    code: str
    label: str
    ours: str
    source: str
    differs: bool | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A person's tick, with the value that was on the screen."""

    code: str
    ours: str
    ticked: bool


def items(facts: Facts) -> tuple[Item, ...]:
    """The checklist of the 恢复付款审批单 (domain.md §3.5), filled from the facts."""
    document = facts.document
    has = document is not None
    amount = facts.amount.display()
    document_no = document.number if document else ""
    document_payee = document.payee_name if document else ""
    document_account = document.payee_account if document else ""
    document_amount = document.amount.display() if document else ""
    document_due = document.due_on.isoformat() if document and document.due_on else ""
    order = facts.order_no or facts.contract_no or facts.invoice_no
    return (
        Item("amount", "金额", amount, document_amount, amount != document_amount if has else None),
        Item(
            "payee",
            "收款方",
            facts.payee_name,
            document_payee,
            normalise_name(facts.payee_name) != normalise_name(document_payee) if has else None,
        ),
        Item(
            "account",
            "收款账号",
            facts.payee_account,
            document_account,
            facts.payee_account != document_account if document_account else None,
        ),
        Item("bank", "开户行及联行号", f"{facts.payee_bank} {facts.payee_cnaps}".strip(), "", None),
        Item(
            "due",
            "付款时间",
            facts.due_on.isoformat(),
            document_due,
            facts.due_on.isoformat() != document_due if document_due else None,
        ),
        Item(
            "order",
            "订单/合同/发票号",
            order,
            document_no,
            document_no not in {facts.order_no, facts.contract_no, facts.invoice_no}
            if has
            else None,
        ),
        Item("payer", "付款账户", f"{facts.payer.name} {facts.payer.number}", "", None),
    )


def accept(current: Sequence[Item], ticks: Sequence[Tick]) -> list[dict[str, Any]]:
    """The verified checklist as it is stored.

    Raises NotVerified when an item is not ticked, or was ticked with another value than it has now.
    """
    by_code = {tick.code: tick for tick in ticks}
    for item in current:
        tick = by_code.get(item.code)
        if tick is None or not tick.ticked:
            raise NotVerified(f"“{item.label}”尚未核对。")
        if tick.ours != item.ours:
            raise NotVerified(
                f"“{item.label}”在核对后已变化：原为“{tick.ours}”，现为“{item.ours}”。",
                "请重新核对该项。",
            )
    return [
        {
            "code": item.code,
            "label": item.label,
            "ours": item.ours,
            "source": item.source,
            "differs": item.differs,
        }
        for item in current
    ]
