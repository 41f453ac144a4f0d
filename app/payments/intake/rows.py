"""Which rows of a payment list are no payments: totals, notes, repeated headings, examples."""

import re
from collections.abc import Sequence
from typing import Final

from app.payments.intake.aliases import Field
from app.payments.intake.mapping import HeaderMap
from app.tabular.header import normal
from app.tabular.model import Row

_TOTAL = re.compile(
    r"(本页|本日|本月|全部|累计|总)?(合计|总计|小计|共计|累计|总额)"
    r"([:：]|[(（].*[)）]|金额.*|笔数.*|[\d,.]+.*)?|共\d+[笔条行].*"
)
_SIGNED = re.compile(
    r"(制表|制单|编制|经办|复核|审核|审批|批准|主管|会计|出纳|打印)[^:：]{0,6}[:：].*"
)
_NOTE = re.compile(r"(注|备注|说明|附注|温馨提示|提示)[:：].*|以上.*|第\d+页.*|.*[。！]", re.DOTALL)
_EXAMPLE = re.compile(r"[(（【\[]?(示例|样例|范例|例)(?:$|[\s:：)）】\]（(,，\-—行请])")

BLANK: Final = "空行"
TOTAL: Final = "合计行"
HEADER: Final = "重复的表头"
NOTE: Final = "说明文字"
SIGNATURES: Final = "签字行"
EXAMPLE: Final = "示例行；如为真实付款，请删除“示例”二字后重新导入"


def why_skipped(row: Row, layout: HeaderMap, header: Sequence[str]) -> str | None:
    """Why the row is no payment; None when it must be read as one."""
    filled = [cell.strip() for cell in row.cells if cell and not cell.isspace()]
    if not filled:
        return BLANK
    first = filled[0]
    if _EXAMPLE.match(first):
        return EXAMPLE
    if _is_header(row, header):
        return HEADER
    if _value(row, layout, Field.PAYEE_ACCOUNT):
        return None
    return _without_account(first, filled)


def _without_account(first: str, filled: Sequence[str]) -> str | None:
    if _TOTAL.fullmatch("".join(first.split())):
        return TOTAL
    if _SIGNED.fullmatch(first):
        return SIGNATURES
    if len(filled) == 1 and _NOTE.fullmatch(first):
        return NOTE
    return None


def _is_header(row: Row, header: Sequence[str]) -> bool:
    """Whether the row says again what the header says, in all columns it fills."""
    same = 0
    for cell, heading in zip(row.cells, header, strict=False):
        if cell and not cell.isspace():
            if normal(cell) != heading:
                return False
            same += 1
    return same > 1 and not any(cell.strip() for cell in row.cells[len(header) :])


def _value(row: Row, layout: HeaderMap, field: Field) -> str:
    column = layout.columns.get(field)
    return "" if column is None else row.cell(column).strip()
