"""The workbook of agreements that a clerk downloads, fills in and imports."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.agreements.fields import BUSINESS_LABELS, FIELD_LABELS, KIND_LABELS
from app.agreements.intake import REQUIRED
from app.agreements.rhythm import RHYTHM_LABELS
from app.tabular.template import TemplateColumn, write_book

SHEET: Final = "自动扣款协议"
_FIGURES: Final = frozenset({"amount", "single_limit", "daily_limit", "monthly_limit"})
_CHOICES: Final[dict[str, Sequence[str]]] = {
    "kind": tuple(KIND_LABELS.values()),
    "business": tuple(BUSINESS_LABELS.values()),
    "rhythm": tuple(RHYTHM_LABELS.values()),
}
_EXAMPLES: Final[dict[str, str]] = {
    "bank_no": "ICBC202600001",
    "kind": "授权支付",
    "account_number": "6200000000001230",
    "payee_name": "示例供电有限公司",
    "payee_account": "6222020200012345678",
    "customer_no": "3100882211",
    "business": "电费",
    "single_limit": "50000",
    "rhythm": "每月",
    "first_debit_on": "2026-12-20",
    "signed_on": "2026-11-30",
    "starts_on": "2026-12-01",
    "ends_on": "2027-11-30",
    "notice_days": "30",
    "late_rate": "0.0005",
}
_NOTES: Final[dict[str, str]] = {
    "number": "本公司内唯一；不填则由系统编号（XY-年份-序号）",
    "pboc_no": "人民银行系统的协议号，最多 60 个字符",
    "kind": "不填视为授权支付",
    "account_number": "8 至 35 位数字，须是已登记的付款账户",
    "payee_name": "与银行预留户名完全一致，最多 60 个汉字",
    "customer_no": "收款单位给本公司的户号",
    "business": "不填视为其他",
    "amount": "每期固定扣款的金额；不固定的不填",
    "single_limit": "单位为元；单笔不超过日累计，日累计不超过月累计",
    "rhythm": "不填时：有首次扣款日的视为每月，没有的视为不定期",
    "first_debit_on": "以后各期按周期顺延；当月没有该日的为月末",
    "starts_on": "如 2026-12-01",
    "ends_on": "不填视为长期有效",
    "notice_days": "合同约定的解约提前通知天数",
    "late_rate": "每日费率，0.0005 即万分之五",
}


def write_template(path: Path) -> None:
    """A workbook with headings, one example row and notes. Raises TemplateNotWritten."""
    write_book(path, SHEET, [_column(name) for name in FIELD_LABELS], _LINES)


def _column(name: str) -> TemplateColumn:
    return TemplateColumn(
        FIELD_LABELS[name],
        _EXAMPLES.get(name, ""),
        26 if name in {"payee_name", "payee_account", "account_number", "payee_bank"} else 16,
        _NOTES.get(name, ""),
        _CHOICES.get(name, ()),
        name in _FIGURES,
        "必填" if name in REQUIRED else "选填",
    )


_LINES: Final = (
    "账号、协议号、户号必须是文本格式：以数字保存的长号码末位会丢失，导入时会被指出。",
    "已登记的协议会跳过：协议编号、人行协议号，或同一账户的银行协议号相同的，视为同一份协议。",
)
