"""One try to pay: what it is owed for, what the bank made of it, and what that does to a payment."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.access import approvals
from app.access.approvals import ApprovalKind
from app.audit.trail import Event, record
from app.core.codes import StopReason
from app.core.states import move
from app.payees.model import Payee
from app.payees.registry import doubt_account, know_account, known_account, payee_for
from app.payments.cover import refresh
from app.payments.editing import put_back
from app.payments.holds import close_payment_holds, place_system_hold
from app.payments.model import Attempt, Payment
from app.payments.moves import to_stage
from app.payments.states import (
    ATTEMPT_MOVES,
    LATE_MOVES,
    LIVE_ATTEMPTS,
    MOVES,
    UNDECIDED,
    AttemptState,
    Stage,
    debited,
    undecided,
)
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


def undecided_since(work: ReadWork) -> dict[str, datetime]:
    """When each payment was given to the bank whose result nobody knows, by its number.

    It is the newest try that counts: what was asked or answered before it was about another one.
    """
    rows = work.session.execute(
        select(Payment.number, Attempt.written_at)
        .join(Attempt, Attempt.payment_id == Payment.id)
        .where(Attempt.live)
    )
    return {number: at for number, at in rows}  # noqa: C416 - typed


def settle(
    uow: UnitOfWork,
    payment: Payment,
    attempt: Attempt,
    result: BankResult,
    by: str,
    reason: StopReason = StopReason.OTHER,
    text: str = "",
) -> None:
    """Put a result into an attempt, and into its payment what follows from all its attempts.

    While a later one is on its way the payment waits for that. Else it counts as executed as long
    as any attempt stands as a success, with the content that was sent by it.
    reason, text: why a payment that failed is stopped. Raises IllegalTransition.
    """
    target = AttemptState(result)
    stood = attempt.state == AttemptState.SUCCEEDED
    attempt.state = move(
        payment.number, AttemptState(attempt.state), target, ATTEMPT_MOVES, ATTEMPT_LABELS
    )
    attempt.live = target in LIVE_ATTEMPTS
    attempt.answered_at = uow.now
    uow.session.flush()
    tries = attempts_of(uow, payment)
    for one in tries:
        approvals.void(uow, ApprovalKind.RESULT_CORRECTION, one.id, "银行结果已变化")
    paid, waits = debited(tries), any(one is not attempt for one in undecided(tries))
    if paid and not attempt.live and not waits:
        _paid(uow, payment, paid[-1], by, text if paid[-1] is attempt else "")
    elif not waits:
        _not_paid(uow, payment, attempt, result, by, reason, text)
    if result is BankResult.SUCCEEDED:
        _prove(uow, attempt)
    if stood:
        _doubt(uow, attempt, result, by)
    refresh(uow, payment)


def _paid(uow: UnitOfWork, payment: Payment, attempt: Attempt, by: str, text: str) -> None:
    put_back(uow, payment, attempt.sent, by)
    if payment.stage != Stage.EXECUTED:
        to_stage(
            uow, payment, Stage.EXECUTED, by, MOVES if payment.stage in UNDECIDED else LATE_MOVES
        )
    # What a check found takes the place of the refusal that it contradicts.
    said = ("", text) if text else (attempt.bank_code, attempt.bank_text)
    payment.bank_code, payment.bank_text = said
    payment.executed_at = attempt.answered_at
    approvals.void(uow, ApprovalKind.PAYMENT, payment.id, "银行已执行")
    close_payment_holds(uow, payment, by, "银行已执行")


def _not_paid(
    uow: UnitOfWork,
    payment: Payment,
    attempt: Attempt,
    result: BankResult,
    by: str,
    reason: StopReason,
    text: str,
) -> None:
    to_stage(uow, payment, _STAGE_OF[result], by)
    payment.bank_code, payment.bank_text = attempt.bank_code, attempt.bank_text or text
    if result in {BankResult.FAILED, BankResult.RETURNED}:
        payment.executed_at = None
        kind = StopReason.RETURNED if result is BankResult.RETURNED else reason
        place_system_hold(uow, payment, kind, text or "银行未成功执行", None)
    if result is BankResult.UNKNOWN:
        place_system_hold(uow, payment, StopReason.BANK_INTERFACE, "已发出而结果不明", None)


def _prove(uow: UnitOfWork, attempt: Attempt) -> None:
    """A success proves the account that it went to, but for what came back from it since."""
    payee, number = _went_to(uow, attempt)
    bank, cnaps = attempt.sent["payee_bank"], attempt.sent["payee_cnaps"]
    known = known_account(uow, payee.id, number)
    doubted = None if known is None else known.doubted_at
    proven = doubted is None or doubted < attempt.written_at
    know_account(uow, payee, number, bank, cnaps, confirmed=proven)


def _doubt(uow: UnitOfWork, attempt: Attempt, result: BankResult, by: str) -> None:
    """What came back proves nothing of the account, unless another payment to it went through:
    after a 退票 one that was sent later, since an account can be closed between two payments.
    """
    payee, number = _went_to(uow, attempt)
    other = (
        select(Attempt.id)
        .join(Payment, Payment.id == Attempt.payment_id)
        .where(
            Attempt.id != attempt.id,
            Attempt.state == AttemptState.SUCCEEDED,
            Payment.payee_id == payee.id,
            Payment.payee_account == number,
        )
    )
    if result is BankResult.RETURNED:
        other = other.where(Attempt.written_at > attempt.written_at)
    if uow.session.scalar(other.limit(1)) is None:
        doubt_account(uow, payee.id, number)
        record(
            uow,
            by,
            Event("payee.account_doubted", f"payee:{payee.id}", after={"account": number}),
        )


def _went_to(uow: UnitOfWork, attempt: Attempt) -> tuple[Payee, str]:
    """Whom that try paid, and on which account."""
    sent = attempt.sent
    return payee_for(uow, sent["payee_name"], sent["payee_kind"]), sent["payee_account"]
