from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from app.core.money import Money
from app.documents.fonts import FontBook
from app.documents.payment_sheet import PaymentSheet, payment_sheet_pdf
from app.documents.preview import page_sizes, page_text
from app.documents.release_log import (
    ReleaseEntry,
    ReleaseLog,
    release_log_pdf,
    release_log_xlsx,
)
from app.documents.resume_approval import ResumeApprovalSheet

START = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)


def entry(number: int) -> ReleaseEntry:
    return ReleaseEntry(
        at=START + timedelta(minutes=17 * number),
        person="王晓敏",
        machine="FIN-PC-07",
        payment_no=f"FK-20260227-{number:04d}",
        payee="上海䶮𬭎轴承制造有限公司",
        amount=Money(32_504_004 + number),
        hold_reason="INSUFFICIENT_FUNDS 余额不足",
        changes="状态：已停止→待执行；收款账号：310066865018170004321→310066865018800012345",
        approvals="复核 李卫国；财务主管 赵雅琴（代陈𫖯）；财务总监 孙立",
        sheet_no=f"HF-2026-{number:04d}",
        log_no=f"RZ-20260303-{number:06d}",
    )


@pytest.fixture
def log() -> ReleaseLog:
    return ReleaseLog(
        company="华东㛃泽精密仪器（苏州）有限公司",
        drill=False,
        since=date(2026, 3, 1),
        until=date(2026, 3, 31),
        entries=tuple(entry(number) for number in range(1, 48)),
        printed_at=START,
        printed_by="王晓敏",
    )


def test_the_log_prints_every_release_under_its_headings(
    log: ReleaseLog, book: FontBook
) -> None:  # C5.4
    result = release_log_pdf(log, book)
    pages = ["".join(page_text(result.data, page).split()) for page in range(result.pages)]
    assert [n for n in range(1, 48) if f"RZ-20260303-{n:06d}" not in "".join(pages)] == []
    assert all("停付原因修改内容审批" in page for page in pages)
    assert len(pages) > 1
    assert "期间：2026年3月1日至2026年3月31日共47笔" in pages[0]


def test_the_log_lies_on_its_side(log: ReleaseLog, book: FontBook) -> None:  # C5.4
    sizes = page_sizes(release_log_pdf(log, book).data)
    assert all(width > height for width, height in sizes)


def test_an_empty_period_says_so(log: ReleaseLog, book: FontBook) -> None:  # C5.4
    result = release_log_pdf(replace(log, entries=()), book)
    assert "本期没有解除止付" in page_text(result.data, 0)


def test_the_workbook_holds_time_person_changes_and_approval(
    log: ReleaseLog, tmp_path: Path
) -> None:  # C5.4
    target = tmp_path / "log.xlsx"
    assert release_log_xlsx(target, log.entries) == 47
    rows = list(openpyxl.load_workbook(target).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("时间", "人员")
    assert rows[1][0] == datetime(2026, 3, 3, 9, 47)
    assert rows[1][1] == "王晓敏"
    assert rows[1][6] == pytest.approx(325_040.05)
    assert rows[1][8:10] == (log.entries[0].changes, log.entries[0].approvals)


def test_the_request_prints_amount_and_both_parties(
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:  # C4.5
    request = PaymentSheet(
        company=sheet.company,
        drill=False,
        payment_no=sheet.payment_no,
        department="生产部",
        applicant="王晓敏",
        applied_on=date(2026, 2, 25),
        reason="购买 6204-2RS 轴承 1,200 套，合同约定验收后 30 日内付款。",
        amount=sheet.amount,
        payer=sheet.payer,
        payee=sheet.payee,
        method="银企直连（大额支付系统）",
        due_on=date(2026, 2, 27),
        order_no=sheet.order_no,
        contract_no=sheet.contract_no,
        invoice_no=sheet.invoice_no,
        remark="",
        printed_at=START,
        printed_by="王晓敏",
    )
    result = payment_sheet_pdf(request, book)
    text = "".join(page_text(result.data, 0).split())
    assert result.pages == 1
    for part in ("¥325,040.04", "人民币叁拾贰万伍仟零肆拾元零肆分", sheet.payee.account, "生产部"):
        assert part in text
