"""What letters are, to whom and by what way they go, and how far a mail came."""

from enum import StrEnum
from typing import Final


class Party(StrEnum):
    BANK = "BANK"
    SUPPLIER = "SUPPLIER"


PARTY_LABELS: Final[dict[Party, str]] = {Party.BANK: "银行", Party.SUPPLIER: "收款单位"}


class Carrier(StrEnum):
    """How something went out or came in (domain.md §3; requirement D5.2)."""

    MAIL = "MAIL"
    FAX = "FAX"
    COURIER = "COURIER"
    COUNTER = "COUNTER"
    PHONE = "PHONE"


CARRIER_LABELS: Final[dict[Carrier, str]] = {
    Carrier.MAIL: "电子邮件",
    Carrier.FAX: "传真",
    Carrier.COURIER: "快递",
    Carrier.COUNTER: "柜台",
    Carrier.PHONE: "电话",
}


class LetterKind(StrEnum):
    BANK_END = "BANK_END"
    SUPPLIER_END = "SUPPLIER_END"
    BANK_DISPUTE = "BANK_DISPUTE"
    SUPPLIER_DISPUTE = "SUPPLIER_DISPUTE"
    BANK_QUERY = "BANK_QUERY"
    PROOF = "PROOF"


LETTER_LABELS: Final[dict[LetterKind, str]] = {
    LetterKind.BANK_END: "终止自动扣款授权的函",
    LetterKind.SUPPLIER_END: "取消自动扣款及变更付款方式的函",
    LetterKind.BANK_DISPUTE: "退回终止后扣款的函（银行）",
    LetterKind.SUPPLIER_DISPUTE: "退还终止后扣款的函（收款单位）",
    LetterKind.BANK_QUERY: "付款查询函（银行）",
    LetterKind.PROOF: "取消操作证明",
}

# They ask for money back, instead of an end.
DISPUTES: Final = frozenset({LetterKind.BANK_DISPUTE, LetterKind.SUPPLIER_DISPUTE})


class MailState(StrEnum):
    """How far one mail came. UNKNOWN: it may have arrived, and is never sent again by itself."""

    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


MAIL_LABELS: Final[dict[MailState, str]] = {
    MailState.SENDING: "正在发送",
    MailState.SENT: "已发送",
    MailState.FAILED: "未发出",
    MailState.UNKNOWN: "状态不明",
}
MAIL_MOVES: Final[dict[MailState, frozenset[MailState]]] = {
    MailState.SENDING: frozenset({MailState.SENT, MailState.FAILED, MailState.UNKNOWN}),
    MailState.FAILED: frozenset({MailState.SENDING}),
    # By a person's choice only.
    MailState.UNKNOWN: frozenset({MailState.SENDING, MailState.SENT}),
    MailState.SENT: frozenset(),
}
