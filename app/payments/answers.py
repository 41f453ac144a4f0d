"""What the bank said of a payment: its answer to an attempt, and its answer when asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.codes import StopReason, classify_answer
from app.payments.attempts import BankResult, newest_attempt, settle
from app.payments.editing import find_payment
from app.payments.errors import NoEvidence, NotResumable
from app.payments.model import Attempt, BankCheck, Payment
from app.payments.states import STAGE_LABELS, UNDECIDED, AttemptState, Stage
from app.storage.work import Database


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


def record_answer(db: Database, actor: Actor, answer: BankAnswer) -> Stage:
    """Record what the bank answered to the newest attempt; returns the payment's stage.

    An answer that the tables do not know is 状态不明, never guessed. Raises NoEvidence while the
    result is unknown, NotResumable for a success that would become anything but a 退票.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        payment = find_payment(act.uow, answer.number)
        attempt = newest_attempt(act.uow, payment)
        bank = act.uow.session.get_one(BankAccount, payment.account_id).bank
        meaning = classify_answer(bank, answer.code, answer.text)
        result = answer.result or _RESULT_OF[meaning.outcome]
        _refuse_shortcut(payment, answer, result)
        attempt.bank_code, attempt.bank_text = answer.code, answer.text
        attempt.bank_ref = answer.reference
        reason = meaning.reason or StopReason.OTHER
        text = answer.text or answer.code
        settle(act.uow, payment, attempt, result, act.person.label, reason, text)
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

    Unknown → executed or not debited needs one person and evidence (anchors, first 6), and so does
    a success that came late, after the attempt had been taken for failed.
    Raises NoEvidence, NotResumable when no result is open.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        payment = find_payment(act.uow, check.number)
        if not check.evidence.strip() or not check.bank_person.strip():
            raise NoEvidence("银行核实结果缺少依据。")
        attempt = newest_attempt(act.uow, payment)
        _refuse_unasked(payment, attempt, check.result)
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
        _settle_check(act, payment, attempt, check.result)
        act.done(
            Event(
                "bank_check.recorded",
                f"payment:{payment.number}",
                after={"result": check.result, "bank_person": check.bank_person},
                reason=check.evidence,
            )
        )
        return Stage(payment.stage)


def _refuse_shortcut(payment: Payment, answer: BankAnswer, result: BankResult) -> None:
    if payment.stage == Stage.UNKNOWN:
        raise NoEvidence(f"{answer.number} 状态不明，须登记向银行核实的结果。")
    if payment.stage not in UNDECIDED | {Stage.EXECUTED}:
        raise NotResumable(
            f"{answer.number} 当前为“{STAGE_LABELS[Stage(payment.stage)]}”，没有待登记的银行结果。",
            "登记失败后银行又称已扣款的，请登记向银行核实的结果。",
        )
    if payment.stage == Stage.EXECUTED and result is not BankResult.RETURNED:
        raise NotResumable(
            f"{answer.number} 已登记为“已执行”，不能由一人改为其他结果。",
            "退票请登记“已退票”；实际未成功的，请申请更正结果，由两人审批。",
        )
    if result is BankResult.RETURNED and not f"{answer.text}{answer.reference}".strip():
        raise NoEvidence("登记退票缺少依据。", "请填写银行的退票原因或退汇回单号。")


def _refuse_unasked(payment: Payment, attempt: Attempt, result: CheckResult) -> None:
    if payment.stage in UNDECIDED:
        return
    untouched = payment.edited_at is None or payment.edited_at < attempt.written_at
    failed = attempt.state == AttemptState.FAILED and untouched
    if result is CheckResult.DEBITED and failed and payment.stage in {Stage.FAILED, Stage.READY}:
        return
    raise NotResumable(
        f"{payment.number} 当前为“{STAGE_LABELS[Stage(payment.stage)]}”，没有待核实的结果。",
        "只有已提交银行而结果未定的付款，或登记失败后银行又称已扣款的付款，需要核实。",
    )


def _settle_check(act: Act, payment: Payment, attempt: Attempt, result: CheckResult) -> None:
    by, fault = act.person.label, StopReason.BANK_INTERFACE
    match result:
        case CheckResult.DEBITED:
            settle(act.uow, payment, attempt, BankResult.SUCCEEDED, by)
        case CheckResult.NOT_DEBITED:
            settle(act.uow, payment, attempt, BankResult.FAILED, by, fault, "银行核实：未扣款")
        case CheckResult.UNCLEAR:
            if payment.stage != Stage.UNKNOWN:
                why = "银行核实：结果不明"
                settle(act.uow, payment, attempt, BankResult.UNKNOWN, by, fault, why)
