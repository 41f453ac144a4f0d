"""One try to pay: what it is owed for, what the bank made of it, and what that does to a payment."""

from enum import StrEnum
from typing import Final

from sqlalchemy import exists, select

from app.access import approvals
from app.access.approvals import ApprovalKind
from app.core.codes import StopReason
from app.core.states import move
from app.payees.model import Payee
from app.payees.registry import doubt_account, know_account
from app.payments.cover import refresh
from app.payments.errors import NotResumable
from app.payments.holds import close_payment_holds, place_system_hold
from app.payments.model import Attempt, Payment
from app.payments.moves import to_stage
from app.payments.states import ATTEMPT_MOVES, LIVE_ATTEMPTS, AttemptState, Stage
from app.storage.work import ReadWork, UnitOfWork

ATTEMPT_LABELS: Final[dict[AttemptState, str]] = {
    AttemptState.WRITTEN: "已登记待回执",
    AttemptState.PROCESSING: "银行处理中",
    AttemptState.UNKNOWN: "状态不明",
    AttemptState.SUCCEEDED: "成功",
    AttemptState.FAILED: "失败",
    AttemptState.RETURNED: "退票",
}


class BankResult(StrEnum):
    """What a clerk may record of the bank's answer."""

    PROCESSING = "PROCESSING"
    UNKNOWN = "UNKNOWN"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    RETURNED = "RETURNED"


_STAGE_OF: Final[dict[BankResult, Stage]] = {
    BankResult.PROCESSING: Stage.BANK_PROCESSING,
    BankResult.UNKNOWN: Stage.UNKNOWN,
    BankResult.SUCCEEDED: Stage.EXECUTED,
    BankResult.FAILED: Stage.FAILED,
    BankResult.RETURNED: Stage.RETURNED,
}


def obligation_of(payment: Payment) -> str:
    """What the payment is owed for: payee and invoice or order; else the instruction itself."""
    reference = payment.invoice_no or payment.order_no
    return f"{payment.payee_id}|{reference}" if reference else f"#{payment.id}"


def attempts_of(work: ReadWork, payment: Payment) -> list[Attempt]:
    """The payment's attempts, oldest first."""
    return list(
        work.session.scalars(
            select(Attempt).where(Attempt.payment_id == payment.id).order_by(Attempt.ordinal)
        )
    )


def newest_attempt(work: ReadWork, payment: Payment) -> Attempt:
    """The attempt that the bank's answers are about. Raises NotResumable when there is none."""
    attempts = attempts_of(work, payment)
    if not attempts:
        raise NotResumable(f"{payment.number} 没有提交银行的记录。", "请先提交银行。")
    return attempts[-1]


def settle(
    uow: UnitOfWork,
    payment: Payment,
    attempt: Attempt,
    result: BankResult,
    by: str,
    reason: StopReason = StopReason.OTHER,
    text: str = "",
) -> None:
    """Put a result into attempt and payment, with the stop and the knowledge that follow from it.

    reason, text: why a payment that failed is stopped. Raises IllegalTransition.
    """
    target = AttemptState(result)
    attempt.state = move(
        payment.number, AttemptState(attempt.state), target, ATTEMPT_MOVES, ATTEMPT_LABELS
    )
    attempt.live = target in LIVE_ATTEMPTS
    attempt.answered_at = uow.now
    to_stage(uow, payment, _STAGE_OF[result], by)
    approvals.void(uow, ApprovalKind.RESULT_CORRECTION, payment.id, "银行结果已变化")
    payment.bank_code, payment.bank_text = attempt.bank_code, attempt.bank_text or text
    if result is BankResult.SUCCEEDED:
        payment.executed_at = uow.now
        close_payment_holds(uow, payment, by, "银行已执行")
        _know(uow, payment)
    if result in {BankResult.FAILED, BankResult.RETURNED}:
        was_executed, payment.executed_at = payment.executed_at is not None, None
        kind = StopReason.RETURNED if result is BankResult.RETURNED else reason
        place_system_hold(uow, payment, kind, text or "银行未成功执行", None)
        if was_executed:
            _doubt(uow, payment)
    if result is BankResult.UNKNOWN:
        place_system_hold(uow, payment, StopReason.BANK_INTERFACE, "已发出而结果不明", None)
    refresh(uow, payment)


def _know(uow: UnitOfWork, payment: Payment) -> None:
    payee = uow.session.get_one(Payee, payment.payee_id)
    account, bank = payment.payee_account, payment.payee_bank
    know_account(uow, payee, account, bank, payment.payee_cnaps, confirmed=True)


def _doubt(uow: UnitOfWork, payment: Payment) -> None:
    """What came back proves nothing of the account, unless another payment to it went through."""
    uow.session.flush()
    went_through = uow.session.scalar(
        select(
            exists().where(
                Payment.payee_id == payment.payee_id,
                Payment.payee_account == payment.payee_account,
                Payment.stage == Stage.EXECUTED,
            )
        )
    )
    if not went_through:
        doubt_account(uow, payment.payee_id, payment.payee_account)
