"""What the bank said of a payment: its answer to an attempt, and its answer when asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.codes import StopReason, classify_answer
from app.payments.attempts import ATTEMPT_LABELS, BankResult, attempts_of, settle
from app.payments.editing import find_payment
from app.payments.errors import NoEvidence, NotResumable
from app.payments.model import Attempt, BankCheck, Payment
from app.payments.states import ANSWERABLE, CHECKABLE, AttemptState, Stage, debited
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
    """An answer as the bank gave it. result None: read it from code and text by the bank's table.

    attempt: which try it is about; None: the one on its way, else the newest success.
    """

    number: str
    code: str
    text: str
    reference: str = ""
    result: BankResult | None = None
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """A question put to the bank and its answer, with who said so and what proves it.

    attempt: which try was asked about; None: the newest, if it had been made by then.
    """

    number: str
    result: CheckResult
    bank_person: str
    asked_at: datetime
    evidence: str
    attempt: int | None = None


def record_answer(db: Database, actor: Actor, answer: BankAnswer) -> Stage:
    """Record what the bank answered to an attempt; returns the payment's stage.

    An answer that the tables do not know is 状态不明, never guessed. Raises NoEvidence while the
    result is unknown, NotResumable for a success that would become anything but a 退票.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        payment = find_payment(act.uow, answer.number)
        attempt = _answered(attempts_of(act.uow, payment), answer)
        bank = act.uow.session.get_one(BankAccount, payment.account_id).bank
        meaning = classify_answer(bank, answer.code, answer.text)
        result = answer.result or _RESULT_OF[meaning.outcome]
        _refuse_shortcut(attempt, answer, result)
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
    """Record what the bank said when asked about an attempt; returns the payment's stage.

    Unknown → executed or not debited needs one person and evidence (anchors, first 6), and so does
    a success that came late, after the attempt had been taken for failed: it is kept whatever was
    done with the payment since. Raises NoEvidence, NotResumable when no result is open.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        stage, event = check_in(act, check)
        act.done(event)
        return stage


def check_in(act: Act, check: RecordCheck) -> tuple[Stage, Event]:
    """record_check as a part of a larger act, which commits it with the entry for the trail."""
    payment = find_payment(act.uow, check.number)
    if not check.evidence.strip() or not check.bank_person.strip():
        raise NoEvidence("银行核实结果缺少依据。")
    if check.asked_at > act.uow.now:
        raise NoEvidence("核实时间不能晚于现在。", "请核对核实时间。")
    attempt = _asked_about(attempts_of(act.uow, payment), check)
    _refuse_unasked(payment.number, attempt, check.result)
    act.uow.session.add(
        BankCheck(
            payment_id=payment.id,
            attempt=attempt.ordinal,
            result=check.result,
            asked_at=check.asked_at,
            bank_person=check.bank_person.strip(),
            evidence=check.evidence.strip(),
            recorded_by=act.person.label,
            recorded_at=act.uow.now,
        )
    )
    _settle_check(act, payment, attempt, check.result)
    event = Event(
        "bank_check.recorded",
        f"payment:{payment.number}",
        after={
            "attempt": attempt.ordinal,
            "result": check.result,
            "bank_person": check.bank_person,
        },
        reason=check.evidence,
    )
    return Stage(payment.stage), event


def _answered(attempts: Sequence[Attempt], answer: BankAnswer) -> Attempt:
    if answer.attempt is not None:
        return _named(attempts, answer.number, answer.attempt)
    paid = debited(attempts)
    newest = _newest(attempts, answer.number)
    return paid[-1] if paid and not newest.live else newest


def _asked_about(attempts: Sequence[Attempt], check: RecordCheck) -> Attempt:
    if check.attempt is None:
        attempt = _newest(attempts, check.number)
    else:
        attempt = _named(attempts, check.number, check.attempt)
    # People write down minutes.
    if check.asked_at < attempt.written_at.replace(second=0, microsecond=0):
        raise NotResumable(
            f"核实时间早于 {check.number} 的第 {attempt.ordinal} 次提交。",
            "请注明银行答复的是哪一次提交，并核对核实时间。",
        )
    return attempt


def _newest(attempts: Sequence[Attempt], number: str) -> Attempt:
    if not attempts:
        raise NotResumable(f"{number} 没有提交银行的记录。", "请先提交银行。")
    return attempts[-1]


def _named(attempts: Sequence[Attempt], number: str, ordinal: int) -> Attempt:
    for one in attempts:
        if one.ordinal == ordinal:
            return one
    raise NotResumable(f"{number} 没有第 {ordinal} 次提交。", "请从列表中选择提交记录。")


def _refuse_shortcut(attempt: Attempt, answer: BankAnswer, result: BankResult) -> None:
    state, which = AttemptState(attempt.state), f"{answer.number} 第 {attempt.ordinal} 次提交"
    if state is AttemptState.UNKNOWN:
        raise NoEvidence(f"{answer.number} 状态不明，须登记向银行核实的结果。")
    if state not in ANSWERABLE:
        raise NotResumable(
            f"{which}已登记为“{ATTEMPT_LABELS[state]}”，没有待登记的银行结果。",
            "登记失败后银行又称已扣款的，请登记向银行核实的结果。",
        )
    if state is AttemptState.SUCCEEDED and result is not BankResult.RETURNED:
        raise NotResumable(
            f"{which}已登记为成功（已执行），不能由一人改为其他结果。",
            "退票请登记“已退票”；实际未成功的，请申请更正结果，由两人审批。",
        )
    if result is BankResult.RETURNED and not f"{answer.text}{answer.reference}".strip():
        raise NoEvidence("登记退票缺少依据。", "请填写银行的退票原因或退汇回单号。")


def _refuse_unasked(number: str, attempt: Attempt, result: CheckResult) -> None:
    failed = attempt.state == AttemptState.FAILED
    if attempt.state not in CHECKABLE or (failed and result is not CheckResult.DEBITED):
        label = ATTEMPT_LABELS[AttemptState(attempt.state)]
        raise NotResumable(
            f"{number} 第 {attempt.ordinal} 次提交已登记为“{label}”，没有待核实的结果。",
            "只有已提交银行而结果未定的付款，或登记失败后银行又称已扣款的付款，需要核实。",
        )


def _settle_check(act: Act, payment: Payment, attempt: Attempt, result: CheckResult) -> None:
    by, fault = act.person.label, StopReason.BANK_INTERFACE
    match result:
        case CheckResult.DEBITED:
            found = "银行核实：已扣款"
            settle(act.uow, payment, attempt, BankResult.SUCCEEDED, by, text=found)
        case CheckResult.NOT_DEBITED:
            settle(act.uow, payment, attempt, BankResult.FAILED, by, fault, "银行核实：未扣款")
        case CheckResult.UNCLEAR:
            if attempt.state != AttemptState.UNKNOWN:
                why = "银行核实：结果不明"
                settle(act.uow, payment, attempt, BankResult.UNKNOWN, by, fault, why)
