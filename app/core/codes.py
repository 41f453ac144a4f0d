"""The field's codes: why payments stop, and what banks answer."""

import csv
import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Final

from app.core.errors import BadInput
from app.core.shipped import data_file


class StopReason(StrEnum):
    """Why a payment stands still (domain.md §7)."""

    SYSTEM_FAULT = "SYSTEM_FAULT"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    PERMISSION_CHANGED = "PERMISSION_CHANGED"
    BANK_INTERFACE = "BANK_INTERFACE"
    MANUAL_PAUSE = "MANUAL_PAUSE"
    AUTO_LOCKED = "AUTO_LOCKED"
    APPROVAL_BROKEN = "APPROVAL_BROKEN"
    ACCOUNT_FROZEN = "ACCOUNT_FROZEN"
    ACCOUNT_BLOCKED = "ACCOUNT_BLOCKED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    ACCOUNT_DORMANT = "ACCOUNT_DORMANT"
    ACCOUNT_LOSS_REPORTED = "ACCOUNT_LOSS_REPORTED"
    PAYEE_ACCOUNT_INVALID = "PAYEE_ACCOUNT_INVALID"
    NAME_MISMATCH = "NAME_MISMATCH"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    AML_REVIEW = "AML_REVIEW"
    RISK_RULE = "RISK_RULE"
    DUPLICATE = "DUPLICATE"
    RETURNED = "RETURNED"
    CERT_OR_CONTRACT = "CERT_OR_CONTRACT"
    AGREEMENT_INVALID = "AGREEMENT_INVALID"
    UPGRADE_INCOMPLETE = "UPGRADE_INCOMPLETE"
    OTHER = "OTHER"


REASON_LABELS: Final[dict[StopReason, str]] = {
    StopReason.SYSTEM_FAULT: "系统故障",
    StopReason.INSUFFICIENT_FUNDS: "余额不足",
    StopReason.PERMISSION_CHANGED: "权限变更",
    StopReason.BANK_INTERFACE: "银行接口异常",
    StopReason.MANUAL_PAUSE: "人工暂停",
    StopReason.AUTO_LOCKED: "系统自动锁定",
    StopReason.APPROVAL_BROKEN: "审批中断",
    StopReason.ACCOUNT_FROZEN: "账户冻结",
    StopReason.ACCOUNT_BLOCKED: "账户止付",
    StopReason.ACCOUNT_CLOSED: "账户已销户",
    StopReason.ACCOUNT_DORMANT: "账户久悬",
    StopReason.ACCOUNT_LOSS_REPORTED: "账户挂失",
    StopReason.PAYEE_ACCOUNT_INVALID: "收款账号有误",
    StopReason.NAME_MISMATCH: "户名不符",
    StopReason.LIMIT_EXCEEDED: "超过限额",
    StopReason.AML_REVIEW: "反洗钱审查",
    StopReason.RISK_RULE: "风控规则",
    StopReason.DUPLICATE: "疑似重复",
    StopReason.RETURNED: "退票退汇",
    StopReason.CERT_OR_CONTRACT: "证书或签约问题",
    StopReason.AGREEMENT_INVALID: "协议无效",
    StopReason.UPGRADE_INCOMPLETE: "升级未完成",
    StopReason.OTHER: "其他",
}


class ReasonClass(StrEnum):
    """How a reason shows: as a pause, a fault or a stop."""

    PAUSE = "PAUSE"
    FAULT = "FAULT"
    STOP = "STOP"


_FAULTS: Final = frozenset(
    {
        StopReason.SYSTEM_FAULT,
        StopReason.UPGRADE_INCOMPLETE,
        StopReason.BANK_INTERFACE,
        StopReason.AUTO_LOCKED,
        StopReason.CERT_OR_CONTRACT,
    }
)
REASON_CLASS: Final[dict[StopReason, ReasonClass]] = {
    reason: ReasonClass.PAUSE
    if reason is StopReason.MANUAL_PAUSE
    else ReasonClass.FAULT
    if reason in _FAULTS
    else ReasonClass.STOP
    for reason in StopReason
}


class HoldCause(StrEnum):
    """Why a person stops a payment (requirement A5.3)."""

    SUSPECTED_ERROR = "SUSPECTED_ERROR"
    REVIEW_FAILED = "REVIEW_FAILED"
    COMMERCIAL_DISPUTE = "COMMERCIAL_DISPUTE"
    RISK_CONTROL = "RISK_CONTROL"
    OTHER = "OTHER"


HOLD_CAUSE_LABELS: Final[dict[HoldCause, str]] = {
    HoldCause.SUSPECTED_ERROR: "疑似错误",
    HoldCause.REVIEW_FAILED: "审核未通过",
    HoldCause.COMMERCIAL_DISPUTE: "商业争议",
    HoldCause.RISK_CONTROL: "风控",
    HoldCause.OTHER: "其他",
}


class AnswerOutcome(StrEnum):
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    PENDING = "PENDING"
    UNKNOWN = "UNKNOWN"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class AnswerMeaning:
    """What a bank's answer means; an answer that no table knows is UNKNOWN, never guessed."""

    outcome: AnswerOutcome
    reason: StopReason | None
    meaning: str
    first_action: str


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A line of the shipped table: a bank's code, or words that any bank may use.

    bank: its names, divided by "|", or "*" for words; pattern: the words, divided by "|".
    """

    bank: str
    code: str
    pattern: str
    meaning: AnswerMeaning


@cache
def known_answers() -> tuple[KnownAnswer, ...]:
    """Every answer that the table knows, in its order."""
    with data_file("bank_answers.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            KnownAnswer(
                row["bank"],
                row["code"],
                row["text"],
                AnswerMeaning(
                    AnswerOutcome(row["outcome"]),
                    StopReason(row["reason"]) if row["reason"] else None,
                    row["meaning"],
                    row["first_action"],
                ),
            )
            for row in csv.DictReader(file)
        )


def classify_answer(bank: str, code: str, text: str) -> AnswerMeaning:
    """What the bank's code and text mean; UNKNOWN for a code that the bank's table lacks.

    Only the code decides the outcome where there is one; the text may name the reason.
    招商银行's code is its reqSts, with its rtnFlg behind a dash when finished: "FIN-S".
    """
    code, text = code.strip().upper(), text.strip()
    worded = _by_text(text)
    if not code:
        return worded or _unknown(None, text)
    coded = _by_code(bank, code)
    if coded is None:
        return _unknown(worded.reason if worded else None, text or code)
    failed = coded.outcome is AnswerOutcome.FAILED
    if failed and coded.reason is None and worded is not None:
        return replace(worded, outcome=AnswerOutcome.FAILED)
    return coded


def _unknown(reason: StopReason | None, meaning: str) -> AnswerMeaning:
    return AnswerMeaning(
        AnswerOutcome.UNKNOWN, reason, meaning or "银行未答复", "向银行查询，不重发"
    )


def _by_code(bank: str, code: str) -> AnswerMeaning | None:
    for answer in known_answers():
        if answer.code == code and is_of(answer.bank, bank.strip()):
            return answer.meaning
    return None


def is_of(names: str, bank: str) -> bool:
    """Whether a table's bank ("工商银行|ICBC") is the one named "中国工商银行…" or "ICBC"."""
    return any(
        bank.upper() == name if name.isascii() else name in bank for name in names.split("|")
    )


def _by_text(text: str) -> AnswerMeaning | None:
    for answer in known_answers():
        if answer.pattern and any(part in text for part in answer.pattern.split("|")):
            return answer.meaning
    return None


_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 8, 35
_GAPS: Final = re.compile(r"[\s\-‐‑‒–—−]")


def clean_account(text: str) -> str:
    """The account number as digits only. Raises BadInput unless it has 8 to 35 of them."""
    digits = _GAPS.sub("", unicodedata.normalize("NFKC", text))
    if digits and not (digits.isascii() and digits.isdigit()):
        raise BadInput(f"账号“{text}”含有数字以外的字符。", "账号只能是数字，请核对。")
    if not _SHORTEST_ACCOUNT <= len(digits) <= _LONGEST_ACCOUNT:
        raise BadInput(f"账号“{text}”应为 8 至 35 位数字，现为 {len(digits)} 位。")
    return digits


def valid_uscc(code: str) -> bool:
    """Whether the 统一社会信用代码 carries its check digit (GB 32100)."""
    from stdnum.cn import uscc

    return bool(uscc.is_valid(code))
