"""The workbook that a company without accounting software fills in."""

from pathlib import Path
from typing import Final

from app.tabular.template import REQUIRED, TemplateColumn, write_book

FILE_NAME: Final = "银行存款日记账模板"
COLUMNS: Final = (
    TemplateColumn("日期", "2026-03-05", 12, "记账日期，如 2026-03-05", need=REQUIRED),
    TemplateColumn("凭证字号", "记-12", 10, "如 记-12、银付-3"),
    TemplateColumn("摘要", "收回货款", 28, "业务内容"),
    TemplateColumn("对方科目", "应收账款", 16),
    TemplateColumn("往来单位", "上海示例贸易有限公司", 28, "对方的户名，便于与银行流水核对"),
    TemplateColumn("结算方式", "网银转账", 12),
    TemplateColumn("结算号", "", 18, "支票号、票据号或银行流水号"),
    TemplateColumn("借方", "1000", 16, "收到的钱；与贷方填一个，红字填负数", figure=True),
    TemplateColumn("贷方", "", 16, "付出的钱；与借方填一个，红字填负数", figure=True),
    TemplateColumn("余额", "21000", 16, "记账后的余额，填写后可自动核对", figure=True),
    TemplateColumn("银行账号", "", 24, "有几个账户时填写，每行都填；只有一个账户可不填"),
)
NOTES: Final = (
    "本表从本公司的角度填写：借方是收到的钱，贷方是付出的钱，与银行对账单正好相反。",
    "第一行可以填期初余额：摘要写“期初余额”，余额写金额，其余留空。",
    "可以有“本月合计”“本年累计”行（写在摘要中），导入时核对，不作为分录。",
)


def write_template(path: Path) -> None:
    """Write the empty workbook. Raises TemplateNotWritten."""
    write_book(path, "日记账", COLUMNS, NOTES)
