"""The demo company's incident about payments whose result nobody knows, half dealt with."""

from datetime import date
from typing import Final

from sqlalchemy import select

from app.demo.days import Days
from app.demo.desk import Desk
from app.incidents import cases, checklist, tasks
from app.incidents.contacts.briefings import Brief, brief
from app.incidents.contacts.directory import DirectoryCard, add_contact
from app.incidents.contacts.talks import Mode, Talk, record_talk
from app.incidents.contacts.waiting import BeginWait, begin_wait
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.planning.plans import adopt_shipped
from app.incidents.response_view import response
from app.incidents.states import Cause, Outside, Severity, TaskKind
from app.incidents.tasks import AddTask
from app.payments.diagnosis.facts import SystemFacts
from app.payments.model import Payment
from app.payments.states import Stage

_BRANCH: Final = "工商银行张江支行"
_CONTACTS: Final = (
    DirectoryCard(
        Outside.VENDOR,
        "停付管家技术支持",
        "值班工程师",
        phone="400-820-0000",
        email="support@example.com",
        hours="工作日 8:30-20:00，节假日 9:00-18:00",
        contract_no="FW-2026-018",
        contract_until=date(2027, 3, 31),
        response_minutes=30,
    ),
    DirectoryCard(
        Outside.BANK,
        _BRANCH,
        "李经理",
        "对公客户经理",
        phone="021-50800001",
        mobile="13800000001",
        hours="工作日 9:00-17:00",
    ),
    DirectoryCard(
        Outside.BANK,
        "招商银行上海分行",
        "企业网银客服",
        phone="95555",
        hours="7×24 小时",
    ),
    DirectoryCard(
        Outside.INTERNAL,
        "信息部",
        "周工",
        "系统管理员",
        phone="8021",
        hours="工作日 8:30-17:30",
        response_minutes=15,
    ),
)


def put_response(desk: Desk, days: Days) -> None:
    """Opened yesterday evening; the bank was asked and promised an answer for this morning."""
    db, clerk, supervisor = desk.db, desk.as_("clerk"), desk.as_("supervisor")
    adopt_shipped(db, supervisor)
    for card in _CONTACTS:
        add_contact(db, supervisor, card)
    number = open_incident(
        db,
        clerk,
        OpenIncident(
            (),
            Severity.P1,
            "日终核对时发现，提交银行后一直没有回执，是否已扣款不明。",
            payments=_unknown(desk),
        ),
    )
    cases.take_over(db, clerk, number, _version(desk, number))
    cases.set_cause(
        db,
        clerk,
        number,
        Cause.BANK_INTERFACE,
        "三笔均已提交而没有回执，同一时段银企直连渠道报通讯超时。",
        _version(desk, number),
    )
    checklist.run_checks(db, clerk, number, SystemFacts())
    said = Talk(
        number,
        Outside.BANK,
        Mode.PHONE,
        _BRANCH,
        "李经理",
        "后台显示在途，需总行核对，暂不能确定是否扣款。",
        db.clock.now(),
        "021-50800001",
        promised="书面答复是否扣款",
        promised_until=days.at(days.today, 9, 0),
        measure="核实前不重新提交，急付款改走柜面",
    )
    record_talk(db, clerk, said)
    begin_wait(db, clerk, BeginWait(number, Outside.BANK, _BRANCH, "书面答复三笔付款是否扣款", 1))
    tasks.add_task(
        db, clerk, number, AddTask(TaskKind.ASK_BANK, "clerk", days.today, title="送交付款查询函")
    )
    text = "三笔付款结果不明，核实前不会重付；请采购部向供应商说明，如对方已收到请告知。"
    brief(db, clerk, Brief(number, "采购部", text, "supervisor"))


def _unknown(desk: Desk) -> tuple[str, ...]:
    with desk.db.read() as work:
        return tuple(
            work.session.scalars(
                select(Payment.number)
                .where(Payment.stage == Stage.UNKNOWN)
                .order_by(Payment.id)
                .limit(3)
            )
        )


def _version(desk: Desk, number: str) -> int:
    return response(desk.db, desk.as_("clerk"), number).line.version
