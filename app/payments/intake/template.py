"""The workbook that a clerk downloads, fills in and imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.core.errors import BadInput
from app.payments.intake.aliases import DEFAULTABLE, LABELS, REQUIRED, Field

SHEET: Final = "付款明细"
NOTES_SHEET: Final = "填写说明"
MARK: Final = "示例"
_PREPARED_ROWS: Final = 1000
_TEXT: Final = "@"
_FIGURE: Final = "#,##0.00"


class TemplateNotWritten(BadInput):
    code = "INT-004"
    remedy = "请关闭正在打开的同名文件，或另选一个可以写入的文件夹。"


@dataclass(frozen=True, slots=True)
class _Column:
    field: Field
    example: str
    width: int = 16
    note: str = ""
    choices: Sequence[str] = ()


_COLUMNS: Final = (
    _Column(Field.CLIENT_REF, "FKSQ-20261123-001", 20, "本公司内唯一，最多 30 个字符；可不填"),
    _Column(
        Field.PAYER_ACCOUNT, "6200000000001230", 24, "8 至 35 位数字；不填则使用导入窗口选定的账户"
    ),
    _Column(Field.PAYEE_NAME, "示例贸易有限公司", 28, "与银行预留户名完全一致，最多 60 个汉字"),
    _Column(Field.PAYEE_ACCOUNT, "6222020200012345678", 26, "8 至 35 位数字，保持文本格式"),
    _Column(Field.PAYEE_BANK, "中国工商银行北京王府井支行", 30, "开户行或联行号至少填一项"),
    _Column(Field.CNAPS, "102100099996", 16, "12 位数字"),
    _Column(Field.PAYEE_CITY, "北京市", 14),
    _Column(Field.PAYEE_KIND, "对公", 12, "不填视为对公", ("对公", "对私", "银行内部户")),
    _Column(Field.AMOUNT, "12345.60", 16, "单位为元，大于 0，最多两位小数"),
    _Column(
        Field.CURRENCY,
        "人民币",
        10,
        "不填视为人民币",
        ("人民币", "美元", "欧元", "港币", "英镑", "日元"),
    ),
    _Column(Field.PURPOSE, "货款", 24, "最多 62 字节（31 个汉字）"),
    _Column(Field.SUMMARY, "", 24, "最多 102 字节（51 个汉字）"),
    _Column(Field.DUE_ON, "2026-11-30", 14, "如 2026-11-30；不填则使用导入窗口选定的日期"),
    _Column(
        Field.CHANNEL,
        "",
        12,
        "不填则使用付款账户的默认渠道",
        ("大额", "小额", "超级网银", "银企直连", "网银", "柜面", "支票"),
    ),
    _Column(Field.URGENCY, "普通", 8, "不填视为普通", ("普通", "加急")),
    _Column(Field.CONTRACT_NO, "HT-2026-001", 18),
    _Column(Field.INVOICE_NO, "", 24, "20 位数电发票号码请保持文本格式"),
    _Column(Field.ORDER_NO, "", 18),
    _Column(Field.DOCUMENT_NO, "", 18, "作为付款依据的单据编号"),
    _Column(Field.DOCUMENT_AMOUNT, "", 16, "单据上的金额，用于与付款金额核对"),
    _Column(Field.DOCUMENT_PAYEE_NAME, "", 28, "单据上的收款方，用于核对"),
    _Column(Field.DOCUMENT_PAYEE_ACCOUNT, "", 26, "单据上的收款账号，用于核对"),
)
_FIGURES: Final = frozenset({Field.AMOUNT, Field.DOCUMENT_AMOUNT})


def write_template(path: Path) -> None:
    """A workbook with headings, one example row and notes. Raises TemplateNotWritten."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    _fill(sheet)
    _fill_notes(book.create_sheet(NOTES_SHEET))
    try:
        book.save(path)
    except OSError as error:
        raise TemplateNotWritten(f"无法写入模板文件“{path.name}”：{error.strerror}。") from error


def _heading(field: Field) -> str:
    return f"*{LABELS[field]}" if field in REQUIRED else LABELS[field]


def _fill(sheet: Any) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.append(["标记", *(_heading(column.field) for column in _COLUMNS)])
    sheet.append([MARK, *(_example(column) for column in _COLUMNS)])
    sheet.column_dimensions["A"].width = 8
    for index, column in enumerate(_COLUMNS, 2):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        style = _FIGURE if column.field in _FIGURES else _TEXT
        sheet.column_dimensions[letter].number_format = style
        # the column's own format is ignored where a cell already exists, so each is set
        for row in range(2, _PREPARED_ROWS + 2):
            sheet.cell(row, index).number_format = style
        _offer(sheet, letter, column)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
    for cell in sheet[2]:
        cell.font = Font(italic=True, color="808080")
    sheet.freeze_panes = "B2"


def _example(column: _Column) -> str | float:
    if column.field in _FIGURES and column.example:
        return float(column.example)
    return column.example


def _offer(sheet: Any, letter: str, column: _Column) -> None:
    if not column.choices:
        return
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
    choice.add(f"{letter}2:{letter}{_PREPARED_ROWS + 1}")
    sheet.add_data_validation(choice)


def _fill_notes(sheet: Any) -> None:
    from openpyxl.styles import Font

    sheet.append(["栏目", "是否必填", "说明"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in _COLUMNS:
        sheet.append([LABELS[column.field], _need(column.field), column.note])
    sheet.append([])
    for line in (
        f"标记为“{MARK}”的行不会导入；填写真实付款时请不要保留“{MARK}”二字。",
        "账号、联行号、发票号必须是文本格式：以数字保存的长号码末位会丢失，导入时会被指出。",
        "同一文件重复导入不会产生重复付款；文件内两笔完全相同的付款会都保留。",
        "合计行、空行和重复的表头会跳过，并在导入结果中逐行列出。",
    ):
        sheet.append([line])
    for letter, width in (("A", 20), ("B", 12), ("C", 60)):
        sheet.column_dimensions[letter].width = width


def _need(field: Field) -> str:
    if field in REQUIRED:
        return "必填"
    return "可用默认值" if field in DEFAULTABLE else "选填"
