"""A believable stopped payment on paper."""

from datetime import UTC, date, datetime

import pytest

from app.core.money import Money
from app.documents.fonts import FontBook, shipped_book
from app.documents.resume_approval import (
    ApprovalStep,
    ChangeLine,
    CheckLine,
    FindingLine,
    PartyAccount,
    ResumeApprovalSheet,
    StopLine,
)


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 3, day, hour - 8, minute, tzinfo=UTC)


@pytest.fixture(scope="session")
def book() -> FontBook:
    return shipped_book()


@pytest.fixture
def sheet() -> ResumeApprovalSheet:
    return ResumeApprovalSheet(
        company="华东㛃泽精密仪器（苏州）有限公司",
        drill=False,
        number="HF-2026-0001",
        payment_no="FK-20260227-0014",
        order_no="PO-2026-0231",
        contract_no="HT-2025-0876（补充协议二）",
        invoice_no="26322000000123456789",
        payer=PartyAccount(
            "华东㛃泽精密仪器（苏州）有限公司",
            "1102020409000123456",
            "中国工商银行股份有限公司苏州工业园区支行",
        ),
        payee=PartyAccount(
            "上海䶮𬭎轴承制造有限公司",
            "310066865018800012345",
            "交通银行股份有限公司上海漕河泾支行",
            "301290050037",
        ),
        amount=Money.parse("325,040.04"),
        planned_on=date(2026, 2, 27),
        stops=(
            StopLine(
                at(2, 9, 12),
                "陈𫖯（财务主管）",
                "INSUFFICIENT_FUNDS 余额不足；MANUAL_PAUSE 人工暂停",
                "付款账户可用余额 211,300.00 元，缺口 113,740.04 元；"
                "同时收到供应商更换开户行的来函，待回拨核实。",
                "银行余额截图（附件 A-17）；供应商来函（附件 A-18）",
            ),
        ),
        findings=(
            FindingLine(
                "余额不足", "停付时可用余额低于应付金额，调拨后已覆盖，并留有备付金。", "已解除"
            ),
            FindingLine(
                "收款账户变更",
                "30 天内变更过收款账号，已按合同登记电话回拨核实，第二人复核。",
                "已解除",
            ),
            FindingLine("接近审批限额", "金额为本级审批限额的 65%，未见拆分付款迹象。", "提示"),
        ),
        measures="由一般户向基本户调拨 500,000.00 元；收款账户变更经回拨核实并双人复核；"
        "备付金警戒线由 100,000.00 元调至 200,000.00 元。",
        rule_change="GZ-2026-0003（备付金警戒线）",
        changes=(
            ChangeLine("收款账号", "310066865018170004321", "310066865018800012345"),
            ChangeLine(
                "收款开户行",
                "交通银行股份有限公司上海徐汇支行",
                "交通银行股份有限公司上海漕河泾支行",
            ),
            ChangeLine("执行日", "2026年2月27日", "2026年3月4日"),
        ),
        checks=(
            CheckLine("金额", True, "325,040.04", "发票价税合计 325,040.04"),
            CheckLine(
                "收款方", True, "上海䶮𬭎轴承制造有限公司", "上海䶮𬭎轴承制造有限公司（合同）"
            ),
            CheckLine("账号", True, "310066865018800012345", "回拨核实记录 HB-2026-0009"),
            CheckLine("时间", True, "2026年3月4日", "工作日，大额支付系统营业时间内"),
            CheckLine("订单", True, "PO-2026-0231", "未付余额 325,040.04"),
            CheckLine("余额", True, "325,040.04", "可用余额 711,300.00"),
            CheckLine("权限", True, "财务总监", "上一级审批，授权有效期至 2026年12月31日"),
            CheckLine("重复", False, "近 30 天同收款方同金额", "FK-20260129-0008（已退票）"),
        ),
        execute_on=date(2026, 3, 4),
        risk_note="逾期 3 个工作日，合同约定违约金每日万分之五，约 487.56 元；"
        "供应商账户新近变更，首笔付款后请电话确认到账。",
        steps=(
            ApprovalStep("申请", "王晓敏", "", "提交", "资金已到位，申请恢复。", at(3, 10, 5)),
            ApprovalStep("复核", "李卫国", "", "同意", "", at(3, 10, 31)),
            ApprovalStep(
                "财务主管", "赵雅琴", "陈𫖯", "同意", "已看回拨录音，账户资料无误。", at(3, 14, 2)
            ),
            ApprovalStep(
                "财务总监", "孙立", "", "同意", "请出纳付款后当日核对回单。", at(3, 15, 47)
            ),
        ),
        dry_run=(
            "账户状态：正常；可用余额 711,300.00 元，付款后 386,259.96 元。",
            "路由：大额支付系统，2026-03-04 08:30 起可发送。",
            "停付与预警：无生效的停付；R06 重复付款经说明后放行。",
        ),
        log_no="RZ-20260303-000871",
        audit_hash="9f2c7b64e1a05d38c4f0b9a6d2e7835146cb0f9d8a3e57214bd60c9e8f173a52",
        printed_at=at(3, 15, 50),
        printed_by="王晓敏",
    )
