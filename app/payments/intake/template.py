"""The workbook of payments that a clerk downloads, fills in and imports."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.payments.intake.aliases import DEFAULTABLE, LABELS, REQUIRED, Field
from app.tabular.template import TemplateColumn, write_book

SHEET: Final = "付款明细"
_FIGURES: Final = frozenset({Field.AMOUNT, Field.DOCUMENT_AMOUNT})


def write_template(path: Path) -> None:
    """A workbook with headings, one example row and notes. Raises TemplateNotWritten."""
    write_book(path, SHEET, _COLUMNS, _NOTES)


def _need(field: Field) -> str:
    if field in REQUIRED:
        return "必填"
    return "可用默认值" if field in DEFAULTABLE else "选填"


def _column(
    field: Field, example: str, width: int = 16, note: str = "", choices: Sequence[str] = ()
) -> TemplateColumn:
    return TemplateColumn(
        LABELS[field], example, width, note, choices, field in _FIGURES, _need(field)
    )


_COLUMNS: Final = (
    _column(Field.CLIENT_REF, "FKSQ-20261123-001", 20, "本公司内唯一，最多 30 个字符；可不填"),
    _column(
        Field.PAYER_ACCOUNT, "6200000000001230", 24, "8 至 35 位数字；不填则使用导入窗口选定的账户"
    ),
    _column(Field.PAYEE_NAME, "示例贸易有限公司", 28, "与银行预留户名完全一致，最多 60 个汉字"),
    _column(Field.PAYEE_ACCOUNT, "6222020200012345678", 26, "8 至 35 位数字，保持文本格式"),
    _column(Field.PAYEE_BANK, "中国工商银行北京王府井支行", 30, "开户行或联行号至少填一项"),
    _column(Field.CNAPS, "102100099996", 16, "12 位数字"),
    _column(Field.PAYEE_CITY, "北京市", 14),
    _column(Field.PAYEE_KIND, "对公", 12, "不填视为对公", ("对公", "对私", "银行内部户")),
    _column(Field.AMOUNT, "12345.60", 16, "单位为元，大于 0，最多两位小数"),
    _column(
        Field.CURRENCY,
        "人民币",
        10,
        "不填视为人民币",
        ("人民币", "美元", "欧元", "港币", "英镑", "日元"),
    ),
    _column(Field.PURPOSE, "货款", 24, "最多 62 字节（31 个汉字）"),
    _column(Field.SUMMARY, "", 24, "最多 102 字节（51 个汉字）"),
    _column(Field.DUE_ON, "2026-11-30", 14, "如 2026-11-30；不填则使用导入窗口选定的日期"),
    _column(
        Field.CHANNEL,
        "",
        12,
        "不填则使用付款账户的默认渠道",
        ("大额", "小额", "超级网银", "银企直连", "网银", "柜面", "支票"),
    ),
    _column(Field.URGENCY, "普通", 8, "不填视为普通", ("普通", "加急")),
    _column(Field.CONTRACT_NO, "HT-2026-001", 18),
    _column(Field.INVOICE_NO, "", 24, "20 位数电发票号码请保持文本格式"),
    _column(Field.ORDER_NO, "", 18),
    _column(Field.DOCUMENT_NO, "", 18, "作为付款依据的单据编号"),
    _column(Field.DOCUMENT_AMOUNT, "", 16, "单据上的金额，用于与付款金额核对"),
    _column(Field.DOCUMENT_PAYEE_NAME, "", 28, "单据上的收款方，用于核对"),
    _column(Field.DOCUMENT_PAYEE_ACCOUNT, "", 26, "单据上的收款账号，用于核对"),
)
_NOTES: Final = (
    "账号、联行号、发票号必须是文本格式：以数字保存的长号码末位会丢失，导入时会被指出。",
    "同一文件重复导入不会产生重复付款；文件内两笔完全相同的付款会都保留。",
    "合计行、空行和重复的表头会跳过，并在导入结果中逐行列出。",
)
