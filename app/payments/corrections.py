"""Turning a recorded success into a failure, which can pay twice: two persons decide."""

from app.access import approvals
from app.access.approvals import ApprovalKind, Opening, RequestState, Verdict
from app.access.guard import Actor, acting
from app.access.rights import Right, Role
from app.audit.trail import Event
from app.core.codes import StopReason
from app.payments.attempts import BankResult, attempts_of, settle
from app.payments.editing import find_payment, money_of
from app.payments.errors import NoEvidence, NotResumable
from app.payments.model import Attempt, Payment
from app.payments.states import AttemptState, Stage, debited
from app.storage.work import Database, ReadWork


def request_correction(
    db: Database, actor: Actor, number: str, reason: str, attempt: int | None = None
) -> int:
    """Ask to change a recorded success to failed, which can pay twice: two persons decide.

    attempt: which try was none; None: the only one that counts as a success.
    Returns the approval request's id. Raises NotResumable unless the payment counts as executed
    by that try, NoEvidence without a reason.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        payment = find_payment(act.uow, number)
        if payment.stage != Stage.EXECUTED:
            raise NotResumable(f"{number} 不是“已执行”，不需要更正。", "")
        if not reason.strip():
            raise NoEvidence("请填写更正的依据（银行证明等）。")
        wrong = _wrong(act.uow, payment, attempt)
        asked = approvals.open_request(
            act.uow,
            Opening(
                ApprovalKind.RESULT_CORRECTION,
                wrong.id,
                number,
                f"第 {wrong.ordinal} 次提交更正为执行失败：{reason.strip()}",
                money_of(payment),
                (Role.SUPERVISOR, Role.CFO),
                frozenset({act.person.user_id}),
            ),
            act.person.user_id,
        )
        act.done(
            Event(
                "correction.requested",
                f"payment:{number}",
                after={"attempt": wrong.ordinal},
                reason=reason,
            )
        )
        return asked.id


def decide_correction(db: Database, actor: Actor, verdict: Verdict) -> Stage:
    """Decide on a correction; the second approval makes the payment failed, thus resumable.

    Raises what approvals.decide raises, NotResumable when the result changed since the request.
    """
    with acting(db, actor, Right.BANK_ANSWER_CORRECT) as act:
        outcome = approvals.decide(act, verdict, ApprovalKind.RESULT_CORRECTION)
        wrong = act.uow.session.get_one(Attempt, outcome.request.subject_id)
        payment = act.uow.session.get_one(Payment, wrong.payment_id)
        if payment.stage != Stage.EXECUTED or wrong.state != AttemptState.SUCCEEDED:
            raise NotResumable(f"{payment.number} 在申请更正之后已有新的结果，原申请失效。", "")
        if outcome.state is RequestState.APPROVED:
            why = "银行结果更正：实际未成功"
            settle(
                act.uow,
                payment,
                wrong,
                BankResult.FAILED,
                act.person.label,
                StopReason.OTHER,
                why,
            )
        act.done(
            Event(
                "correction.decided",
                f"payment:{payment.number}",
                after={
                    "attempt": wrong.ordinal,
                    "decision": verdict.decision,
                    "stage": payment.stage,
                },
                reason=verdict.remark,
            )
        )
        return Stage(payment.stage)


def _wrong(work: ReadWork, payment: Payment, ordinal: int | None) -> Attempt:
    paid = debited(attempts_of(work, payment))
    if ordinal is None and len(paid) > 1:
        raise NotResumable(
            f"{payment.number} 有 {len(paid)} 次提交登记为成功。", "请选择要更正的是哪一次提交。"
        )
    for one in paid:
        if ordinal in {None, one.ordinal}:
            return one
    raise NotResumable(f"{payment.number} 没有登记为成功的第 {ordinal} 次提交。", "请重新选择。")
