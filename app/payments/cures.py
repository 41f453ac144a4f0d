"""Which ways out the 恢复付款 wizard offers for a cause: values only."""

from enum import StrEnum
from typing import Final

from app.core.codes import StopReason


class Cure(StrEnum):
    """PAYEE: 收款信息变更. EDIT: another account, channel or amount. FUNDS: record a balance.

    RULE: a rule change or a waiver. BANK: record what the bank says. PEOPLE: rights and posts.
    """

    PAYEE = "payee"
    EDIT = "edit"
    FUNDS = "funds"
    RULE = "rule"
    BANK = "bank"
    PEOPLE = "people"


_CURES: Final[dict[StopReason, tuple[Cure, ...]]] = {
    StopReason.INSUFFICIENT_FUNDS: (Cure.FUNDS, Cure.EDIT),
    StopReason.PERMISSION_CHANGED: (Cure.PEOPLE,),
    StopReason.AUTO_LOCKED: (Cure.PEOPLE,),
    StopReason.APPROVAL_BROKEN: (Cure.PEOPLE,),
    StopReason.BANK_INTERFACE: (Cure.BANK, Cure.EDIT),
    StopReason.ACCOUNT_FROZEN: (Cure.EDIT,),
    StopReason.ACCOUNT_BLOCKED: (Cure.EDIT,),
    StopReason.ACCOUNT_CLOSED: (Cure.EDIT,),
    StopReason.ACCOUNT_DORMANT: (Cure.EDIT,),
    StopReason.ACCOUNT_LOSS_REPORTED: (Cure.EDIT,),
    StopReason.PAYEE_ACCOUNT_INVALID: (Cure.PAYEE,),
    StopReason.NAME_MISMATCH: (Cure.PAYEE,),
    StopReason.RETURNED: (Cure.PAYEE,),
    StopReason.LIMIT_EXCEEDED: (Cure.EDIT, Cure.RULE),
    StopReason.RISK_RULE: (Cure.RULE, Cure.PAYEE, Cure.EDIT),
    StopReason.DUPLICATE: (Cure.BANK, Cure.EDIT),
    StopReason.CERT_OR_CONTRACT: (Cure.EDIT,),
    StopReason.AML_REVIEW: (Cure.BANK,),
}


def cures_for(reason: StopReason) -> tuple[Cure, ...]:
    """The ways out in the order of their likelihood; none where only others can help."""
    return _CURES.get(reason, ())
