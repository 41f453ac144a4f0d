"""恢复付款审批单: the paper that is filed for a payment that was stopped and resumed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.core.money import Money
from app.documents.approvals import ApprovalStep, approval_table, listing
from app.documents.blocks import Block, Document, Row, Table
from app.documents.fonts import FontBook
from app.documents.forms import (
    CENTERED,
    capitals,
    date_text,
    head,
    pair,
    section,
    signatures,
    time_text,
    value,
    wide,
)
from app.documents.writing import PdfResult, write_pdf

SIGNERS = ("申请人", "复核人", "财务主管", "财务总监")


@dataclass(frozen=True, slots=True)
class PartyAccount:
    """户名, 账号, 开户行 and, for a payee, 联行号."""

    name: str
    account: str
    bank: str
    cnaps: str = ""


@dataclass(frozen=True, slots=True)
class StopLine:
    """One stop as it was placed; `reasons` as the user reads them, with their codes."""

    at: datetime
    by: str
    reasons: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    reason: str
    summary: str
    severity: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One item of the 核对清单: the instruction's value and the one it was compared with."""

    item: str
    agreed: bool
    instructed: str
    compared: str


@dataclass(frozen=True, slots=True)
class ResumeApprovalSheet:
    """Everything that stands on the sheet, as it was at the moment of printing."""

    company: str
    drill: bool
    number: str
    payment_no: str
    order_no: str
    contract_no: str
    invoice_no: str
    payer: PartyAccount
    payee: PartyAccount
    amount: Money
    planned_on: date | None
    stops: tuple[StopLine, ...]
    findings: tuple[FindingLine, ...]
    measures: str
    rule_change: str
    changes: tuple[ChangeLine, ...]
    checks: tuple[CheckLine, ...]
    execute_on: date | None
    risk_note: str
    steps: tuple[ApprovalStep, ...]
    dry_run: tuple[str, ...]
    log_no: str
    audit_hash: str
    printed_at: datetime
    printed_by: str


def resume_approval_pdf(sheet: ResumeApprovalSheet, book: FontBook | None = None) -> PdfResult:
    """The sheet as A4 PDF with every font embedded. Raises MissingGlyph."""
    return write_pdf(resume_approval_document(sheet), book)


def resume_approval_document(sheet: ResumeApprovalSheet) -> Document:
    """The sheet before it is set, to be written alone or among others."""
    return Document(
        title=f"恢复付款审批单 {sheet.number}",
        company=sheet.company,
        blocks=tuple(_blocks(sheet)),
        footer=f"审批单 {sheet.number}  指令 {sheet.payment_no}  "
        f"打印：{sheet.printed_by} {time_text(sheet.printed_at)}",
        watermark="演练" if sheet.drill else "",
        keywords=(sheet.number, sheet.payment_no, sheet.log_no),
    )


def _blocks(sheet: ResumeApprovalSheet) -> Iterator[Block]:
    yield from head(
        sheet.company,
        "恢复付款审批单",
        f"付款指令：{sheet.payment_no}",
        f"编号：{sheet.number}",
        drill=sheet.drill,
    )
    yield Table((21, 62, 21, 62), (*_instruction(sheet), *_stops(sheet)))
    yield _findings(sheet)
    yield Table((21, 145), tuple(_measures(sheet)))
    yield _changes(sheet)
    yield _checks(sheet)
    yield Table((21, 145), tuple(_resumption(sheet)))
    yield approval_table("八、审批记录", sheet.steps)
    yield Table(
        (21, 145), (wide("系统日志号", sheet.log_no, 1), wide("审计哈希", sheet.audit_hash, 1))
    )
    yield signatures(SIGNERS)


def _instruction(sheet: ResumeApprovalSheet) -> Iterator[Row]:
    payer, payee = sheet.payer, sheet.payee
    yield section("一、付款指令", 4)
    yield pair(("订单号", sheet.order_no), ("合同号", sheet.contract_no))
    yield pair(("发票号", sheet.invoice_no), ("原计划日", date_text(sheet.planned_on)))
    yield pair(("付款户名", payer.name), ("收款户名", payee.name))
    yield pair(("付款账号", payer.account), ("收款账号", payee.account))
    yield pair(("付款开户行", payer.bank), ("收款开户行", payee.bank))
    yield pair(("小写金额", sheet.amount.figure()), ("联行号", payee.cnaps))
    yield wide("大写金额", capitals(sheet.amount))


def _stops(sheet: ResumeApprovalSheet) -> Iterator[Row]:
    yield section("二、停付情况", 4)
    for stop in sheet.stops:
        yield pair(("停付日期", time_text(stop.at)), ("停付人", stop.by))
        yield wide("原因代码", stop.reasons)
        yield wide("原因说明", stop.text)
        yield wide("依据", stop.evidence)


def _findings(sheet: ResumeApprovalSheet) -> Table:
    rows = [
        Row((value(each.reason), value(each.summary), value(each.severity, 1, CENTERED)))
        for each in sheet.findings
    ]
    return listing("三、诊断结论", (40, 106, 20), ("原因", "结论", "程度"), rows)


def _measures(sheet: ResumeApprovalSheet) -> Iterator[Row]:
    yield section("四、整改措施", 2)
    yield wide("整改措施", sheet.measures, 1)
    yield wide("规则变更", sheet.rule_change, 1)


def _changes(sheet: ResumeApprovalSheet) -> Table:
    rows = [
        Row((value(each.field), value(each.before), value(each.after))) for each in sheet.changes
    ]
    return listing("五、变更前后对照", (36, 65, 65), ("项目", "变更前", "变更后"), rows)


def _checks(sheet: ResumeApprovalSheet) -> Table:
    rows = [
        Row(
            (
                value(each.item),
                value("☑ 相符" if each.agreed else "☐ 不符", 1, CENTERED),
                value(each.instructed),
                value(each.compared),
            )
        )
        for each in sheet.checks
    ]
    names = ("核对项目", "结论", "指令内容", "核对依据")
    return listing("六、核对清单", (24, 20, 61, 61), names, rows)


def _resumption(sheet: ResumeApprovalSheet) -> Iterator[Row]:
    yield section("七、恢复执行", 2)
    yield wide("恢复执行日", date_text(sheet.execute_on), 1)
    yield wide("预演结果", "\n".join(sheet.dry_run), 1)
    yield wide("风险提示", sheet.risk_note, 1)
