"""付款申请单: the paper on which a payment is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.core.money import Money
from app.documents.blocks import Block, Document, Row, Table
from app.documents.fonts import FontBook
from app.documents.forms import capitals, date_text, head, pair, signatures, time_text, wide
from app.documents.resume_approval import PartyAccount
from app.documents.writing import PdfResult, write_pdf

_SIGNERS: Final = ("申请人", "部门负责人", "复核人", "财务主管")


@dataclass(frozen=True, slots=True)
class PaymentSheet:
    """Everything that stands on the sheet, as it was at the moment of printing."""

    company: str
    drill: bool
    payment_no: str
    department: str
    applicant: str
    applied_on: date
    reason: str
    amount: Money
    payer: PartyAccount
    payee: PartyAccount
    method: str
    due_on: date | None
    order_no: str
    contract_no: str
    invoice_no: str
    remark: str
    printed_at: datetime
    printed_by: str


def payment_sheet_pdf(sheet: PaymentSheet, book: FontBook | None = None) -> PdfResult:
    """The sheet as one A4 page. Raises MissingGlyph."""
    return write_pdf(payment_sheet_document(sheet), book)


def payment_sheet_document(sheet: PaymentSheet) -> Document:
    """The sheet before it is set, to be written alone or among others."""
    return Document(
        title=f"付款申请单 {sheet.payment_no}",
        company=sheet.company,
        blocks=tuple(_blocks(sheet)),
        footer=f"付款申请单 {sheet.payment_no}  "
        f"打印：{sheet.printed_by} {time_text(sheet.printed_at)}",
        watermark="演练" if sheet.drill else "",
    )


def _blocks(sheet: PaymentSheet) -> Iterator[Block]:
    left = f"申请日期：{date_text(sheet.applied_on)}"
    right = f"编号：{sheet.payment_no}"
    yield from head(sheet.company, "付款申请单", left, right, drill=sheet.drill)
    yield Table((22, 61, 22, 61), tuple(_rows(sheet)))
    yield signatures(_SIGNERS)


def _rows(sheet: PaymentSheet) -> Iterator[Row]:
    yield pair(("申请部门", sheet.department), ("申请人", sheet.applicant))
    yield wide("付款事由", sheet.reason)
    yield pair(("小写金额", sheet.amount.figure()), ("计划付款日", date_text(sheet.due_on)))
    yield wide("大写金额", capitals(sheet.amount))
    yield pair(("付款户名", sheet.payer.name), ("收款单位", sheet.payee.name))
    yield pair(("付款账号", sheet.payer.account), ("收款账号", sheet.payee.account))
    yield pair(("付款开户行", sheet.payer.bank), ("收款开户行", sheet.payee.bank))
    yield pair(("付款方式", sheet.method), ("联行号", sheet.payee.cnaps))
    yield pair(("订单号", sheet.order_no), ("合同号", sheet.contract_no))
    yield wide("发票号", sheet.invoice_no)
    yield wide("备注", sheet.remark)
