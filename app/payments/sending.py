"""Handing payments to the bank, and what the bank says: at most one live attempt per obligation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.access import approvals
from app.access.approvals import ApprovalKind, Opening, RequestState, Verdict
from app.access.guard import Act, Actor, acting
from app.access.rights import Right, Role
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.codes import StopReason, classify_answer
from app.core.states import move
from app.payees.model import Payee
from app.payees.registry import know_account
from app.payments import gate
from app.payments.cover import refresh
from app.payments.diagnosis.facts import SystemFacts
from app.payments.editing import expect_version, find_payment, money_of, refuse_if_held
from app.payments.errors import LiveAttempt, NoEvidence, NotResumable
from app.payments.holds import close_payment_holds, place_system_hold
from app.payments.model import Attempt, BankCheck, Payment
from app.payments.resuming import approved_waivers, facts_of
from app.payments.states import (
    ATTEMPT_MOVES,
    LIVE_ATTEMPTS,
    MOVES,
    STAGE_LABELS,
    AttemptState,
    Stage,
)
from app.storage.work import Database, UnitOfWork

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


class CheckResult(StrEnum):
    """The bank's answer to a question about a payment: 已扣 / 未扣 / 不明."""

    DEBITED = "DEBITED"
    NOT_DEBITED = "NOT_DEBITED"
    UNCLEAR = "UNCLEAR"


CHECK_LABELS: Final[dict[CheckResult, str]] = {
    CheckResult.DEBITED: "已扣款",
    CheckResult.NOT_DEBITED: "未扣款",
    CheckResult.UNCLEAR: "不明",
}
_STAGE_OF: Final[dict[BankResult, Stage]] = {
    BankResult.PROCESSING: Stage.BANK_PROCESSING,
    BankResult.UNKNOWN: Stage.UNKNOWN,
    BankResult.SUCCEEDED: Stage.EXECUTED,
    BankResult.FAILED: Stage.FAILED,
    BankResult.RETURNED: Stage.RETURNED,
}
_RESULT_OF: Final[dict[str, BankResult]] = {
    "SUCCEEDED": BankResult.SUCCEEDED,
    "FAILED": BankResult.FAILED,
    "RETURNED": BankResult.RETURNED,
    "PENDING": BankResult.PROCESSING,
    "UNKNOWN": BankResult.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """An answer as the bank gave it. result None: read it from code and text by the bank's table."""

    number: str
    code: str
    text: str
    reference: str = ""
    result: BankResult | None = None


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """A question put to the bank and its answer, with who said so and what proves it."""

    number: str
    result: CheckResult
    bank_person: str
    asked_at: datetime
    evidence: str


def obligation_of(payment: Payment) -> str:
    """What the payment is owed for: payee and invoice or order; else the instruction itself."""
    reference = payment.invoice_no or payment.order_no
    return f"{payment.payee_id}|{reference}" if reference else f"#{payment.id}"


def write_attempt(
    db: Database, actor: Actor, number: str, expected_version: int, system: SystemFacts
) -> int:
    """Commit an attempt before anything leaves the machine; returns its ordinal.

    Raises PaymentHeld, ResumeRefused (a check is not passed), LiveAttempt, NotResumable.
    """
    with acting(db, actor, Right.PAYMENT_SEND) as act:
        payment = find_payment(act.uow, number)
        expect_version(act.uow, payment, expected_version)
        refuse_if_held(act.uow, payment)
        _refuse_live(act.uow, payment)
        facts = facts_of(act.uow, payment, system)
        gate.refuse_if_closed(gate.walk(facts, approved_waivers(act.uow, payment)), number)
        _to(payment, Stage.SUBMITTED)
        ordinal = len(_attempts(act.uow, payment)) + 1
        act.uow.session.add(
            Attempt(
                payment_id=payment.id,
                ordinal=ordinal,
                obligation=obligation_of(payment),
                channel=payment.channel,
                state=AttemptState.WRITTEN,
                live=True,
                by_name=act.person.label,
                written_at=act.uow.now,
            )
        )
        refresh(act.uow, payment)
        act.done(
            Event(
                "attempt.written",
                f"payment:{number}",
                after={"attempt": ordinal, "channel": payment.channel},
            )
        )
        return ordinal


def record_answer(db: Database, actor: Actor, answer: BankAnswer) -> Stage:
    """Record what the bank answered to the newest attempt; returns the payment's stage.

    An answer that the tables do not know is 状态不明, never guessed.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        payment = find_payment(act.uow, answer.number)
        attempt = _newest(act.uow, payment)
        bank = act.uow.session.get_one(BankAccount, payment.account_id).bank
        meaning = classify_answer(bank, answer.code, answer.text)
        result = answer.result or _RESULT_OF[meaning.outcome]
        if payment.stage == Stage.UNKNOWN and result is not BankResult.PROCESSING:
            raise NoEvidence(f"{answer.number} 状态不明，须登记向银行核实的结果。")
        if payment.stage == Stage.EXECUTED and result is not BankResult.RETURNED:
            raise NotResumable(
                f"{answer.number} 已登记为“已执行”，不能由一人改为其他结果。",
                "退票请登记“已退票”；实际未成功的，请申请更正结果，由两人审批。",
            )
        attempt.bank_code, attempt.bank_text = answer.code, answer.text
        attempt.bank_ref = answer.reference
        reason = meaning.reason or StopReason.OTHER
        _apply(act, payment, attempt, result, reason, answer.text or answer.code)
        act.done(
            Event(
                "attempt.answered",
                f"payment:{payment.number}",
                after={"attempt": attempt.ordinal, "code": answer.code, "result": result},
                reason=answer.text,
            )
        )
        return Stage(payment.stage)


def record_check(db: Database, actor: Actor, check: RecordCheck) -> Stage:
    """Record what the bank said when asked about a payment; returns its stage.

    Unknown → executed or not debited needs one person and evidence (anchors, first 6).
    Raises NoEvidence, NotResumable when the result is not unknown.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        payment = find_payment(act.uow, check.number)
        if not check.evidence.strip() or not check.bank_person.strip():
            raise NoEvidence("银行核实结果缺少依据。")
        if payment.stage not in {Stage.UNKNOWN, Stage.SUBMITTED, Stage.BANK_PROCESSING}:
            raise NotResumable(
                f"{check.number} 当前为“{STAGE_LABELS[Stage(payment.stage)]}”，没有待核实的结果。",
                "只有已提交银行而结果未定的付款需要核实。",
            )
        act.uow.session.add(
            BankCheck(
                payment_id=payment.id,
                result=check.result,
                asked_at=check.asked_at,
                bank_person=check.bank_person.strip(),
                evidence=check.evidence.strip(),
                recorded_by=act.person.label,
                recorded_at=act.uow.now,
            )
        )
        attempt = _newest(act.uow, payment)
        match check.result:
            case CheckResult.DEBITED:
                _apply(act, payment, attempt, BankResult.SUCCEEDED, StopReason.OTHER, "")
            case CheckResult.NOT_DEBITED:
                _apply(
                    act,
                    payment,
                    attempt,
                    BankResult.FAILED,
                    StopReason.BANK_INTERFACE,
                    "银行核实：未扣款",
                )
            case CheckResult.UNCLEAR:
                if payment.stage != Stage.UNKNOWN:
                    _apply(
                        act,
                        payment,
                        attempt,
                        BankResult.UNKNOWN,
                        StopReason.BANK_INTERFACE,
                        "银行核实：结果不明",
                    )
        act.done(
            Event(
                "bank_check.recorded",
                f"payment:{payment.number}",
                after={"result": check.result, "bank_person": check.bank_person},
                reason=check.evidence,
            )
        )
        return Stage(payment.stage)


def request_correction(db: Database, actor: Actor, number: str, reason: str) -> int:
    """Ask to change a recorded success to failed, which can pay twice: two persons decide.

    Returns the approval request's id. Raises NotResumable unless the payment counts as executed.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        payment = find_payment(act.uow, number)
        if payment.stage != Stage.EXECUTED:
            raise NotResumable(f"{number} 不是“已执行”，不需要更正。", "")
        if not reason.strip():
            raise NoEvidence("请填写更正的依据（银行证明等）。")
        asked = approvals.open_request(
            act.uow,
            Opening(
                ApprovalKind.RESULT_CORRECTION,
                payment.id,
                number,
                f"更正为执行失败：{reason.strip()}",
                money_of(payment),
                (Role.SUPERVISOR, Role.CFO),
                frozenset({act.person.user_id}),
            ),
            act.person.user_id,
        )
        act.done(Event("correction.requested", f"payment:{number}", reason=reason))
        return asked.id


def decide_correction(db: Database, actor: Actor, verdict: Verdict) -> Stage:
    """Decide on a correction; the second approval makes the payment failed, thus resumable."""
    with acting(db, actor, Right.BANK_ANSWER_CORRECT) as act:
        outcome = approvals.decide(act, verdict, ApprovalKind.RESULT_CORRECTION)
        payment = act.uow.session.get_one(Payment, outcome.request.subject_id)
        if outcome.state is RequestState.APPROVED:
            _apply(
                act,
                payment,
                _newest(act.uow, payment),
                BankResult.FAILED,
                StopReason.OTHER,
                "银行结果更正：实际未成功",
            )
        act.done(
            Event(
                "correction.decided",
                f"payment:{payment.number}",
                after={"decision": verdict.decision, "stage": payment.stage},
                reason=verdict.remark,
            )
        )
        return Stage(payment.stage)


def _apply(
    act: Act,
    payment: Payment,
    attempt: Attempt,
    result: BankResult,
    reason: StopReason,
    text: str,
) -> None:
    uow = act.uow
    target = AttemptState(result)
    attempt.state = move(
        payment.number, AttemptState(attempt.state), target, ATTEMPT_MOVES, ATTEMPT_LABELS
    )
    attempt.live = target in LIVE_ATTEMPTS
    attempt.answered_at = uow.now
    _to(payment, _STAGE_OF[result])
    payment.bank_code, payment.bank_text = attempt.bank_code, attempt.bank_text or text
    if result is BankResult.SUCCEEDED:
        payment.executed_at = uow.now
        close_payment_holds(uow, payment, act.person.label, "银行已执行")
        payee = uow.session.get_one(Payee, payment.payee_id)
        know_account(
            uow,
            payee,
            payment.payee_account,
            payment.payee_bank,
            payment.payee_cnaps,
            confirmed=True,
        )
    if result in {BankResult.FAILED, BankResult.RETURNED}:
        payment.executed_at = None
        kind = StopReason.RETURNED if result is BankResult.RETURNED else reason
        place_system_hold(uow, payment, kind, text or "银行未成功执行", None)
    if result is BankResult.UNKNOWN:
        place_system_hold(uow, payment, StopReason.BANK_INTERFACE, "已发出而结果不明", None)
    refresh(uow, payment)


def _refuse_live(uow: UnitOfWork, payment: Payment) -> None:
    live = uow.session.scalar(
        select(Attempt).where(Attempt.obligation == obligation_of(payment), Attempt.live)
    )
    if live is not None:
        other = uow.session.get_one(Payment, live.payment_id)
        raise LiveAttempt(f"同一笔应付（{other.number}）已有在途付款，结果未定前不能再次提交。")


def _attempts(uow: UnitOfWork, payment: Payment) -> list[Attempt]:
    return list(
        uow.session.scalars(
            select(Attempt).where(Attempt.payment_id == payment.id).order_by(Attempt.ordinal)
        )
    )


def _newest(uow: UnitOfWork, payment: Payment) -> Attempt:
    attempts = _attempts(uow, payment)
    if not attempts:
        raise NotResumable(f"{payment.number} 没有提交银行的记录。", "请先提交银行。")
    return attempts[-1]


def _to(payment: Payment, target: Stage) -> None:
    payment.stage = move(payment.number, Stage(payment.stage), target, MOVES, STAGE_LABELS)
