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


class NotVerified(Refused):
    code = "AGR-007"
    remedy = "请重新核对该项并打勾。"


class NotCancellable(Refused):
    code = "AGR-008"
    remedy = "请按各行的说明处理；已取消、已失效或正在取消的协议不需要再申请。"


class NoConfirmation(Refused):
    code = "AGR-009"
    remedy = "协议只有在银行确认终止后才算取消；请填写答复日期、答复人和依据。"


class BadPaper(BadInput):
    code = "AGR-010"
    remedy = "请核对文件后重新选择。"


class PaperKnown(BadInput):
    code = "AGR-011"
    remedy = "不需要重复添加；种类不对的，请先撤回原附件再添加。"


class PaperWithdrawn(Refused):
    code = "AGR-012"
    remedy = "请刷新后查看撤回原因。"


class TaskChanged(Refused):
    code = "AGR-013"
    remedy = "请刷新后核对该任务的最新内容，再重新操作。"


class TaskClosed(Refused):
    code = "AGR-014"
    remedy = "请刷新“人工付款任务”，按任务的当前状态办理。"
