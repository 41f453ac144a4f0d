"""A debit of the demo company that was not allowed any more, as its statement told."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from app.agreements import queries
from app.agreements.states import AgreementState
from app.demo.days import Days
from app.demo.desk import Desk
from app.incidents import cases
from app.incidents.contacts.talks import Mode, Talk, record_talk
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Outside, Severity
from app.statements.importing import StatementPreview, take_in
from app.statements.parsed import Statement, StatementFile, StatementLine

PAYEE: Final = "上海张江软件服务有限公司"
_AFTER: Final = timedelta(days=5)


def put_statement(desk: Desk, days: Days) -> None:
    """Two lines of yesterday's statement: a fee, and the payee of an agreement that is over."""
    cashier = desk.as_("clerk")
    over = next(
        one
        for one in queries.agreement_lines(desk.db, cashier)
        if one.payee == PAYEE and one.state is AgreementState.EXPIRED
    )
    detail = queries.agreement_detail(desk.db, cashier, over.number)
    assert over.ends_on is not None
    usual = detail.debits[0].amount
    on = min(over.ends_on + _AFTER, days.ago(1))
    lines = (
        StatementLine(7, on, -36_00, summary="网银服务费", reference="FY0007"),
        StatementLine(
            8,
            on,
            -usual.minor,
            name=PAYEE,
            payee_account=detail.fields.payee_account,
            summary="批量代扣 SQ209901010088",
            reference="DK0008",
        ),
    )
    statement = Statement(lines, number=over.account, since=on, until=on)
    file = StatementFile("建行对账单.xlsx", "XLSX", (statement,), "中国建设银行")
    seen = StatementPreview(Path(file.name), "0" * 64, file, (over.account,), lambda _: file)
    taken = take_in(desk.db, cashier, seen)
    number = open_incident(
        desk.db,
        desk.as_("supervisor"),
        OpenIncident(
            taken.alarms,
            Severity.P2,
            "导入建行流水时发现，协议已到期而收款单位以新协议号继续扣款。",
        ),
    )
    cases.take_over(desk.db, cashier, number, 1)
    call = Talk(
        number,
        Outside.BANK,
        Mode.PHONE,
        "建设银行张江支行",
        "陈经理",
        "由收款单位以新协议号发起，要求我公司来函，3 个工作日内答复能否退回。",
        desk.db.clock.now(),
        "021-58660011",
    )
    record_talk(desk.db, cashier, call)
