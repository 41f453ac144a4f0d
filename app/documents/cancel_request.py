"""取消自动扣款申请单 (domain.md §3.5): what is filed for agreements that shall end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.documents.approvals import ApprovalStep, approval_table, listing
from app.documents.blocks import Block, Document, Row, Table
from app.documents.fonts import FontBook
from app.documents.forms import (
    CENTERED,
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

SIGNERS = ("经办人", "复核人", "财务主管", "财务总监")


@dataclass(frozen=True, slots=True)
class AgreementPart:
    """One agreement of the form; everything as it reads there."""

    number: str
    bank_numbers: str
    name: str
    bank: str
    payee: str
    account: str
    amount: str
    next_on: str
    valid: str
    outcome: str
    expected_on: date | None
    effective_on: date | None
    impact: tuple[str, ...]
    takeover: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """Whom the form has told, and what came back."""

    party: str
    name: str
    carrier: str
    result: str


@dataclass(frozen=True, slots=True)
class CancelRequestSheet:
    """Everything that stands on the form, as it was at the moment of printing."""

    company: str
    drill: bool
    number: str
    state: str
    asked_by: str
    asked_at: datetime
    reason: str
    wished_on: date
    parts: tuple[AgreementPart, ...]
    notices: tuple[NoticeLine, ...]
    steps: tuple[ApprovalStep, ...]
    machine: str
    log_no: str
    audit_hash: str
    printed_at: datetime
    printed_by: str


def cancel_request_pdf(sheet: CancelRequestSheet, book: FontBook | None = None) -> PdfResult:
    """The form as A4 PDF with every font embedded. Raises MissingGlyph."""
    return write_pdf(cancel_request_document(sheet), book)


def cancel_request_document(sheet: CancelRequestSheet) -> Document:
    """The form before it is set."""
    return Document(
        title=f"取消自动扣款申请单 {sheet.number}",
        company=sheet.company,
        blocks=tuple(_blocks(sheet)),
        footer=f"申请单 {sheet.number}  打印：{sheet.printed_by} {time_text(sheet.printed_at)}",
        watermark="演练" if sheet.drill else "",
        keywords=(sheet.number, *(part.number for part in sheet.parts)),
    )


def _blocks(sheet: CancelRequestSheet) -> Iterator[Block]:
    yield from head(
        sheet.company,
        "取消自动扣款申请单",
        f"申请日期：{date_text(sheet.asked_at.date())}",
        f"编号：{sheet.number}",
        drill=sheet.drill,
    )
    yield Table((21, 62, 21, 62), tuple(_request(sheet)))
    for place, part in enumerate(sheet.parts, start=1):
        yield Table((21, 62, 21, 62), tuple(_part(part, place, len(sheet.parts))))
    yield _notices(sheet)
    yield approval_table("四、审批记录", sheet.steps)
    yield Table((21, 145), tuple(_system(sheet)))
    yield signatures(SIGNERS)


def _request(sheet: CancelRequestSheet) -> Iterator[Row]:
    yield section("一、申请", 4)
    yield pair(("申请人", sheet.asked_by), ("申请时间", time_text(sheet.asked_at)))
    yield pair(("期望终止日", date_text(sheet.wished_on)), ("状态", sheet.state))
    yield wide("取消原因", sheet.reason)
    yield wide("说明", "协议以银行书面确认终止为准；确认前仍可能发生扣款。")


def _part(part: AgreementPart, place: int, count: int) -> Iterator[Row]:
    which = f"（{place} / {count}）" if count > 1 else ""
    yield section(f"二、协议与影响{which}", 4)
    yield pair(("协议编号", part.number), ("协议名称", part.name))
    yield pair(("银行协议号", part.bank_numbers), ("银行", part.bank))
    yield pair(("收款单位", part.payee), ("付款账号", part.account))
    yield pair(("扣款金额", part.amount), ("下次扣款日", part.next_on))
    yield pair(("有效期", part.valid), ("办理结果", part.outcome))
    yield pair(
        ("预计终止日", date_text(part.expected_on)), ("确认终止日", date_text(part.effective_on))
    )
    yield wide("影响评估", "\n".join(part.impact))
    yield wide("后续付款", part.takeover)


def _notices(sheet: CancelRequestSheet) -> Table:
    rows = [
        Row(
            (
                value(one.party, 1, CENTERED),
                value(one.name),
                value(one.carrier, 1, CENTERED),
                value(one.result),
            )
        )
        for one in sheet.notices
    ]
    names = ("通知对象", "名称", "方式", "答复")
    return listing("三、通知清单", (20, 62, 20, 64), names, rows)


def _system(sheet: CancelRequestSheet) -> Iterator[Row]:
    yield section("五、系统记录", 2)
    yield wide("机器", sheet.machine, 1)
    yield wide("系统日志号", sheet.log_no, 1)
    yield wide("审计哈希", sheet.audit_hash, 1)
