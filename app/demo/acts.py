"""What people did about the troubled payments in the last days, through the services themselves."""

from sqlalchemy import select

from app.access.approvals import Decision, Verdict, find_request
from app.access.drafts import save_filter
from app.core.codes import HoldCause, StopReason
from app.demo.agreements import put_agreements
from app.demo.books import put_month
from app.demo.cancellation import (
    answer_of_payee,
    pay_by_hand,
    put_cancellation,
    set_bank_days,
    set_up_letters,
)
from app.demo.company import ABC, Firm
from app.demo.days import Days
from app.demo.desk import Desk
from app.demo.forbidden import put_statement
from app.demo.ledger import Put
from app.demo.response import put_response
from app.demo.trouble import DISPUTED, Troubles
from app.payees import changes
from app.payments import corrections, diagnosing, dry_runs, holds, resume_request, resuming
from app.payments.cover import refresh
from app.payments.diagnosis.facts import SystemFacts
from app.payments.holds import PlaceHold
from app.payments.model import Hold, Payment
from app.payments.states import HoldScope, Stage
from app.payments.verification import Tick, items

_WELL = SystemFacts()
_FAULTS = {
    StopReason.SYSTEM_FAULT: "付款模块调用银行接口时程序出错（错误号 E-5031），指令未发出",
    StopReason.UPGRADE_INCOMPLETE: "升级到 0.1.0 时中断，付款功能停用后已回退，须逐笔复核",
    StopReason.APPROVAL_BROKEN: "审批链中断：退回后原审批人已调岗，须重新提交审批",
}


def play(desk: Desk, days: Days, firm: Firm, troubles: Troubles) -> None:
    """The last seven working days, in their order."""
    desk.move_to(days.at(days.ago(7), 9, 10))
    put_agreements(desk, days, firm)
    set_up_letters(desk)
    set_bank_days(desk)
    put_cancellation(desk, days)
    desk.move_to(days.at(days.ago(7), 16, 10))
    _wide_holds(desk, firm)
    desk.move_to(days.at(days.ago(6), 10, 20))
    _single_holds(desk, troubles)
    _software_faults(desk, troubles)
    desk.move_to(days.at(days.ago(5), 15, 40))
    _resume(desk, troubles.resumed)
    answer_of_payee(desk, days)
    desk.move_to(days.at(days.ago(3), 16, 0))
    pay_by_hand(desk, days)
    _payee_changes(desk, firm)
    _filters(desk)
    desk.move_to(days.at(days.ago(1), 17, 5))
    put_statement(desk, days)
    put_month(desk, days)
    _hold_flagship(desk, troubles.flagship)
    diagnosing.screen(desk.db, _WELL, [put.id for put in troubles.screen])
    _ask_resume(desk, troubles.resuming)
    _ask_more(desk)
    desk.move_to(days.at(days.ago(1), 17, 20))
    diagnosing.run(desk.db, desk.as_("clerk"), _WELL)
    put_response(desk, days)


def _wide_holds(desk: Desk, firm: Firm) -> None:
    supervisor = desk.as_("supervisor")
    holds.place(
        desk.db,
        supervisor,
        PlaceHold(
            HoldScope.PAYEE,
            str(firm.payees[DISPUTED].id),
            HoldCause.COMMERCIAL_DISPUTE,
            "7 月到货的纸箱受潮，质量扣款未谈妥，先停付",
            evidence="质检单 ZJ-0716、往来函件",
        ),
    )
    holds.place(
        desk.db,
        supervisor,
        PlaceHold(
            HoldScope.ACCOUNT,
            ABC,
            HoldCause.RISK_CONTROL,
            "专户被保全，解封前一律不安排付款",
            evidence="民事裁定书复印件",
        ),
    )


def _single_holds(desk: Desk, troubles: Troubles) -> None:
    texts = (
        (HoldCause.SUSPECTED_ERROR, "金额与入库单对不上，等采购部回复"),
        (HoldCause.REVIEW_FAILED, "缺验收单，补齐后再付"),
        (HoldCause.COMMERCIAL_DISPUTE, "对方延期交货，商务要求暂缓付款"),
    )
    for put, (cause, text) in zip(troubles.held, texts, strict=True):
        _hold(desk, "checker", put, cause, text)
    for put in (*troubles.resumed, *troubles.resuming):
        _hold(desk, "checker", put, HoldCause.SUSPECTED_ERROR, "收款账号待核对原始合同")


def _hold(desk: Desk, who: str, put: Put, cause: HoldCause, text: str, evidence: str = "") -> None:
    command = PlaceHold(HoldScope.PAYMENT, put.number, cause, text, evidence=evidence)
    holds.place(desk.db, desk.as_(who), command)


def _hold_flagship(desk: Desk, flagship: Put) -> None:
    _hold(
        desk,
        "checker",
        flagship,
        HoldCause.REVIEW_FAILED,
        "发票销方为“恒力”，付款单收款户名为“恒立”，户名不一致，核实前先停付",
        "发票复印件",
    )


def _software_faults(desk: Desk, troubles: Troubles) -> None:
    with desk.db.write() as uow:
        rows = []
        for put, reason in troubles.faulty:
            payment = uow.session.get_one(Payment, put.id)
            holds.place_system_hold(uow, payment, reason, _FAULTS[reason], None)
            rows.append(payment)
        refresh(uow, *rows)
        uow.commit()


def _resume(desk: Desk, resumed: list[Put]) -> None:
    for put in resumed:
        approval_id = _ask(desk, put)
        for who in ("checker", "supervisor"):
            with desk.db.read() as work:
                seen = find_request(work, approval_id).version
            verdict = Verdict(approval_id, Decision.APPROVE, "资料已核对，同意恢复", seen)
            resuming.decide(desk.db, desk.as_(who), verdict, _WELL)


def _ask_resume(desk: Desk, payments: list[Put]) -> None:
    for put in payments:
        _ask(desk, put)


def _ask(desk: Desk, put: Put) -> int:
    with desk.db.read() as work:
        payment = work.session.get_one(Payment, put.id)
        shown = items(dry_runs.facts_of(work, payment, _WELL))
        version = payment.version
        planned = max(payment.due_on, work.today)
    asked = resuming.request(
        desk.db,
        desk.as_("clerk"),
        resume_request.RequestResume(
            number=put.number,
            expected_version=version,
            ticks=tuple(Tick(item.code, item.ours, True) for item in shown),
            reason="收款账号已与原始合同核对一致",
            measures="向供应商财务电话核实，合同复印件已归档",
            planned_on=planned,
        ),
        _WELL,
    )
    return asked.approval_id


def _payee_changes(desk: Desk, firm: Firm) -> None:
    for name, number in (
        ("杭州钱塘纸业有限公司", "1202024109900388177"),
        ("长沙湘江电缆有限公司", "9701015480000712"),
    ):
        payee = firm.payees[name]
        before = {
            "name": payee.name,
            "account": payee.account,
            "bank": payee.bank,
            "cnaps": payee.cnaps,
        }
        changes.ask(
            desk.db,
            desk.as_("clerk"),
            changes.AskChange(
                payee.id, before, {**before, "account": number}, "对方来函更换收款账号"
            ),
        )


def _filters(desk: Desk) -> None:
    clerk = desk.as_("clerk")
    save_filter(desk.db, clerk, "payments", "余额不足的停付", {"reason": ["INSUFFICIENT_FUNDS"]})
    save_filter(desk.db, clerk, "payments", "十万元以上", {"amount": ["100000.00", None]})


def _ask_more(desk: Desk) -> None:
    """A lifting and a correction that wait for the next person."""
    with desk.db.read() as work:
        hold = work.session.scalars(select(Hold).where(Hold.scope == HoldScope.PAYEE)).one()
        number = work.session.scalar(
            select(Payment.number)
            .where(Payment.stage == Stage.EXECUTED)
            .order_by(Payment.executed_at.desc())
        )
    clerk = desk.as_("clerk")
    holds.request_lift(desk.db, clerk, hold.number, "质量扣款已达成一致，见补充协议", hold.version)
    corrections.request_correction(desk.db, clerk, number or "", "银行来函：该笔实际未入账")
