"""Which headings clerks write for which field of a payment."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.tabular.header import aliases_in, normal


class Field(StrEnum):
    CLIENT_REF = "client_ref"
    PAYER_ACCOUNT = "payer_account"
    PAYEE_NAME = "payee_name"
    PAYEE_ACCOUNT = "payee_account"
    PAYEE_BANK = "payee_bank"
    CNAPS = "cnaps"
    PAYEE_CITY = "payee_city"
    PAYEE_KIND = "payee_kind"
    AMOUNT = "amount"
    AMOUNT_CAPITALS = "amount_capitals"
    CURRENCY = "currency"
    PURPOSE = "purpose"
    SUMMARY = "summary"
    DUE_ON = "due_on"
    CHANNEL = "channel"
    URGENCY = "urgency"
    CONTRACT_NO = "contract_no"
    INVOICE_NO = "invoice_no"
    ORDER_NO = "order_no"
    DOCUMENT_NO = "document_no"
    DOCUMENT_AMOUNT = "document_amount"
    DOCUMENT_PAYEE_NAME = "document_payee_name"
    DOCUMENT_PAYEE_ACCOUNT = "document_payee_account"


LABELS: Final[Mapping[Field, str]] = {
    Field.CLIENT_REF: "业务参考号",
    Field.PAYER_ACCOUNT: "付款账号",
    Field.PAYEE_NAME: "收款户名",
    Field.PAYEE_ACCOUNT: "收款账号",
    Field.PAYEE_BANK: "收款开户行",
    Field.CNAPS: "联行号",
    Field.PAYEE_CITY: "收款省市",
    Field.PAYEE_KIND: "对公/对私",
    Field.AMOUNT: "金额",
    Field.AMOUNT_CAPITALS: "金额大写",
    Field.CURRENCY: "币种",
    Field.PURPOSE: "用途",
    Field.SUMMARY: "摘要",
    Field.DUE_ON: "期望付款日",
    Field.CHANNEL: "支付方式",
    Field.URGENCY: "加急",
    Field.CONTRACT_NO: "合同号",
    Field.INVOICE_NO: "发票号",
    Field.ORDER_NO: "订单号",
    Field.DOCUMENT_NO: "单据号",
    Field.DOCUMENT_AMOUNT: "单据金额",
    Field.DOCUMENT_PAYEE_NAME: "单据收款方",
    Field.DOCUMENT_PAYEE_ACCOUNT: "单据收款账号",
}
REQUIRED: Final = (Field.PAYEE_NAME, Field.PAYEE_ACCOUNT, Field.AMOUNT)
DEFAULTABLE: Final = (Field.PAYER_ACCOUNT, Field.DUE_ON)


@lru_cache(maxsize=1)
def aliases() -> Mapping[str, tuple[Field, int]]:
    """Normal heading → its field and how weak a name for it that is (0 is the best)."""
    found = aliases_in("payment_aliases.csv")
    return {heading: (Field(name), rank) for heading, (name, rank) in found.items()}


def field_of(heading: str) -> tuple[Field, int] | None:
    """The field that a heading names, with the rank of that name; None when unknown."""
    return aliases().get(normal(heading))
