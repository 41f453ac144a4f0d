"""核对: what must be looked at before an agreement is cancelled, with its value of this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.agreements.errors import NotVerified
from app.agreements.fields import AgreementFields


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing to look at."""

    code: str
    label: str
    value: str


def check_items(number: str, fields: AgreementFields, next_on: str) -> tuple[CheckItem, ...]:
    """The checklist of an agreement (requirement D2.3). next_on: the next debit day as a text."""
    numbers = " ".join(filter(None, (fields.bank_no, fields.pboc_no)))
    last = fields.ends_on.isoformat() if fields.ends_on else "长期"
    return (
        CheckItem("number", "协议编号", number),
        CheckItem("bank_numbers", "银行、人行协议号", numbers),
        CheckItem("payee", "收款单位", f"{fields.payee_name} {fields.customer_no}".strip()),
        CheckItem("account", "付款账户", fields.account_number),
        CheckItem("amount", "金额", _amounts(fields)),
        CheckItem("next", "下次扣款日", next_on or "不确定"),
        CheckItem("valid", "有效期", f"{fields.starts_on} 至 {last}"),
    )


def accept_ticks(
    number: str, current: Sequence[CheckItem], ticks: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The verified checklist as it is stored. ticks: code → the value that was on the screen.

    Raises NotVerified when something is not ticked, or was ticked with another value.
    """
    for item in current:
        if item.code not in ticks:
            raise NotVerified(f"{number} 的“{item.label}”尚未核对。")
        if ticks[item.code] != item.value:
            raise NotVerified(f"{number} 的“{item.label}”在核对后已变化，现为“{item.value}”。")
    return [{"code": one.code, "label": one.label, "value": one.value} for one in current]


def _amounts(fields: AgreementFields) -> str:
    parts = (("约定", fields.amount), ("单笔上限", fields.single_limit))
    said = [f"{label} {money.named()}" for label, money in parts if money is not None]
    return "，".join(said) or "未约定"
