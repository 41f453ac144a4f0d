"""Refusals of the register of debit agreements."""

from app.core.errors import BadInput, Refused


class BadAgreement(BadInput):
    code = "AGR-001"
    remedy = "请按提示改正后再保存。"


class AgreementKnown(BadInput):
    code = "AGR-002"
    remedy = "请在“自动扣款”中查找该协议，核对后修改，不要重复登记。"


class AgreementOver(Refused):
    code = "AGR-003"
    remedy = "已取消、已失效或取消处理中的协议不能修改。"


class AgreementChanged(Refused):
    code = "AGR-004"
    remedy = "请刷新后核对最新内容，再重新操作。"


class SamePerson(Refused):
    code = "AGR-005"
    remedy = "请由另一位财务主管或财务总监办理。"
