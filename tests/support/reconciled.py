"""A believable reconciliation of one account, as the plain values that documents take."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.core.money import Money
from app.documents.balance_values import (
    BalanceHead,
    BalanceSheet,
    OpenEntry,
    OpenKind,
    SheetState,
    Signed,
)
from app.documents.reconciliation_values import (
    DebitAlarm,
    ExecutedPayment,
    ImportRecord,
    MatchedPart,
    MatchRecord,
    ReconciliationBook,
    TrailRecord,
    UnexecutedPayment,
)

ON = date(2026, 2, 28)
HEAD = BalanceHead(
    company="华东精密仪器（苏州）有限公司",
    bank="中国工商银行股份有限公司苏州工业园区支行",
    account="1102020409000123456",
    currency="CNY",
    on=ON,
    book=Money.parse("3,256,480.15"),
    bank_balance=Money.parse("3,347,901.77"),
    number="YE-2026-0002",
    edition=1,
    state=SheetState.REVIEWED,
    prepared=Signed("王晓敏", datetime(2026, 3, 2, 1, 12, tzinfo=UTC)),
    reviewed=Signed("李卫国", datetime(2026, 3, 2, 6, 40, tzinfo=UTC)),
    supervisor="赵雅琴",
    hints=(),
    drill=False,
    printed_at=datetime(2026, 3, 2, 7, 5, tzinfo=UTC),
    printed_by="王晓敏",
)


def open_entry(kind, day, amount, party, summary, reference, next_action="", entry=""):
    return OpenEntry(
        kind, date(2026, 2, day), summary, reference, party, Money.parse(amount), next_action, entry
    )


ITEMS = (
    open_entry(
        OpenKind.BANK_CREDIT_NOT_BOOKED,
        26,
        "128,000.00",
        "上海恒达轴承制造有限公司",
        "货款",
        "ICBC-0226-8841",
        "取回单，登记收款",
        "借 银行存款  贷 应收账款",
    ),
    open_entry(
        OpenKind.BANK_CREDIT_NOT_BOOKED,
        28,
        "1,204.36",
        "中国工商银行",
        "结息",
        "ICBC-0228-0007",
        "取利息回单",
        "借 银行存款  贷 财务费用—利息收入",
    ),
    open_entry(
        OpenKind.BANK_DEBIT_NOT_BOOKED,
        25,
        "36,720.74",
        "国网江苏省电力有限公司苏州供电分公司",
        "代扣电费",
        "ICBC-0225-3310",
        "取扣款回单和发票",
        "借 制造费用—电费  贷 银行存款",
    ),
    open_entry(
        OpenKind.BOOK_DEBIT_NOT_AT_BANK,
        27,
        "50,000.00",
        "苏州新景机电有限公司",
        "收到转账支票",
        "记-0219",
        "问银行托收进度",
    ),
    open_entry(
        OpenKind.BOOK_CREDIT_NOT_AT_BANK,
        28,
        "48,938.00",
        "无锡宏业标准件厂",
        "付材料款",
        "FK-20260228-0031",
        "次日核对银行扣款",
    ),
)


def executed(number, amount, bank="", payee="上海恒达轴承制造有限公司"):
    paid = Money.parse(amount)
    return ExecutedPayment(
        f"FK-20260227-{number:04d}",
        payee,
        paid,
        Money.parse(bank) if bank else paid,
        date(2026, 2, 27),
        f"ICBC-0227-{number:04d}",
        "相符" if not bank else "金额不符",
    )


EXECUTED = (
    executed(1, "12,000.00"),
    executed(2, "325,040.04"),
    executed(3, "8,800.00", "8,805.50", "国网江苏省电力有限公司苏州供电分公司"),
    ExecutedPayment(
        "FK-20260227-0009", "南京中天", Money.parse("99.10"), None, None, "", "银行无流水"
    ),
)
ALARMS = (
    DebitAlarm(
        "终止或暂停后扣款",
        date(2026, 2, 25),
        "国网江苏省电力有限公司苏州供电分公司",
        "ICBC-0225-3310",
        "XY-2025-0007",
        Money.parse("36,720.74"),
        "在“扣款监控”确认，致函追回",
    ),
    DebitAlarm(
        "疑似重复执行",
        date(2026, 2, 27),
        "上海恒达轴承制造有限公司",
        "ICBC-0227-0001、ICBC-0227-0014",
        "FK-20260227-0001",
        Money.parse("12,000.00"),
        "向银行和收款单位核实，要求退回重复的一笔",
    ),
)
UNEXECUTED = (
    UnexecutedPayment(
        "FK-20260226-0012",
        "苏州新景机电有限公司",
        Money.parse("64,000.00"),
        date(2026, 2, 26),
        "已停止",
        "账户余额不足；收款账户变更待回拨核实，核实前不得恢复付款",
    ),
    UnexecutedPayment(
        "FK-20260228-0031",
        "无锡宏业标准件厂",
        Money.parse("48,938.00"),
        date(2026, 2, 28),
        "状态不明",
        "银行未返回结果",
    ),
)


def part(reference, amount, day=27, party="上海恒达轴承制造有限公司"):
    return MatchedPart(reference, date(2026, 2, day), party, Money.parse(amount))


MATCHES = (
    MatchRecord(
        "P-000001",
        "流水号",
        "确定",
        "附言中有付款编号 FK-20260227-0001；金额、收款账号一致",
        (part("ICBC-0227-0001", "-12,000.00"),),
        (part("FK-20260227-0001", "-12,000.00"),),
    ),
    MatchRecord(
        "P-000002",
        "合计",
        "很可能",
        "三笔付款同日同收款账号，合计与银行一笔相同",
        (part("ICBC-0227-0100", "-333,945.54"),),
        (
            part("FK-20260227-0002", "-325,040.04"),
            part("FK-20260227-0003", "-8,805.50"),
            part("FK-20260227-0009", "-100.00"),
        ),
    ),
    MatchRecord(
        "P-000003",
        "人工",
        "人工",
        "李卫国确认：银行多扣手续费 5.50",
        (part("ICBC-0227-0003", "-8,805.50"),),
        (part("FK-20260227-0003", "-8,800.00"),),
    ),
)
IMPORTS = (
    ImportRecord(
        "工行2月明细.csv",
        "9f2c7b64e1a05d38c4f0b9a6d2e7835146cb0f9d8a3e57214bd60c9e8f173a52",
        date(2026, 2, 1),
        ON,
        Money.parse("2,900,000.00"),
        Money.parse("1,250,000.00"),
        Money.parse("802,098.23"),
        Money.parse("3,347,901.77"),
        412,
        "余额连续，期末相符",
        "",
        3,
        datetime(2026, 3, 1, 1, 2, 3, tzinfo=UTC),
        "王晓敏",
    ),
    ImportRecord(
        "工行补充.xlsx",
        "0a" * 32,
        date(2026, 2, 20),
        ON,
        None,
        Money.parse("0.00"),
        Money.parse("120.00"),
        None,
        2,
        "文件无余额，不能验证",
        "第 7 行“金额”不是有效的金额",
        0,
    ),
)
TRAIL = tuple(
    TrailRecord(
        f"RZ-202603{day:02d}-000871",
        datetime(2026, 3, day, 1, 2, 3, tzinfo=UTC),
        "王晓敏",
        act,
        "1102020409000123456",
        "",
        hashed,
    )
    for day, act, hashed in ((1, "导入银行流水", "ab" * 32), (2, "编制余额调节表", "cd" * 32))
)


def balance_sheet(**changes):
    return BalanceSheet(replace(HEAD, **changes), ITEMS)


def many_items(count):
    """So many open items of every kind in turn, each of a different amount."""
    kinds = list(OpenKind)
    return tuple(
        OpenEntry(
            kinds[at % len(kinds)],
            ON - timedelta(days=at % 90),
            f"货款 第 {at + 1} 批",
            f"记-{at + 1:04d}",
            "上海恒达轴承制造有限公司",
            Money(100_001 + at * 7),
        )
        for at in range(count)
    )


def reconciliation(**changes):
    """The whole book; its lists may be given anew."""
    values = {
        "company": HEAD.company,
        "bank": HEAD.bank,
        "account": HEAD.account,
        "currency": HEAD.currency,
        "head": HEAD,
        "since": date(2026, 2, 1),
        "until": ON,
        "executed": EXECUTED,
        "open_items": ITEMS,
        "alarms": ALARMS,
        "unexecuted": UNEXECUTED,
        "matches": MATCHES,
        "imports": IMPORTS,
        "trail": TRAIL,
    }
    return ReconciliationBook(**{**values, **changes})
