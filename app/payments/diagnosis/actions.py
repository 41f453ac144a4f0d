"""What may be done next about each reason, and by whom (domain.md §2.4; requirements A and B)."""

from dataclasses import dataclass
from typing import Final

from app.core.codes import StopReason


@dataclass(frozen=True, slots=True)
class NextAction:
    """A step that a person can take: a stable code, its Chinese label, and whose it is."""

    action: str
    label: str
    who: str


_CASHIER, _MAKER, _CHECKER = "出纳", "经办", "复核"
_CHIEF, _CFO, _ADMIN = "财务主管", "财务总监", "系统管理员"

ASK_BANK = NextAction("contact_bank", "联系银行", _CASHIER)
QUERY = NextAction("record_bank_check", "登记银行核实结果", _CASHIER)
_RESUME = NextAction("request_resume", "申请恢复付款", _MAKER)
_CHANGE_PAYEE = NextAction("change_payee", "变更收款信息", _MAKER)
_CALL_BACK = NextAction("confirm_payee", "回拨核实", _CHECKER)
_OTHER_CHANNEL = NextAction("switch_channel", "切换备用渠道", _MAKER)
_POSTPONE = NextAction("postpone", "推迟付款", _MAKER)
_OTHER_ACCOUNT = NextAction("change_payer", "改用其他账户", _MAKER)
_SUPPORT = NextAction("contact_support", "联系技术支持", _ADMIN)
_BACKUP = NextAction("make_backup", "先备份数据", _ADMIN)
_RIGHTS = NextAction("restore_right", "核对并恢复权限", _ADMIN)
_TAKE_OVER = NextAction("take_over", "由有权人员接办", _MAKER)
_RULE = NextAction("change_rule", "调整规则并留号", _CHIEF)
_WAIVE = NextAction("waive", "说明理由申请豁免", _MAKER)
_VOID = NextAction("void_payment", "作废重复付款", _MAKER)
_LOOK_TWIN = NextAction("open_twin", "查看原指令", _MAKER)
_DOCUMENTS = NextAction("hand_in_documents", "准备并递交材料", _MAKER)
_LIFT = NextAction("request_lift", "申请解除暂停", _CHIEF)

REASON_ACTIONS: Final[dict[StopReason, tuple[NextAction, ...]]] = {
    StopReason.SYSTEM_FAULT: (
        _BACKUP,
        NextAction("run_selfcheck", "运行自诊断", _ADMIN),
        _SUPPORT,
    ),
    StopReason.UPGRADE_INCOMPLETE: (
        _BACKUP,
        NextAction("finish_upgrade", "完成或回退升级", _ADMIN),
        _SUPPORT,
    ),
    StopReason.INSUFFICIENT_FUNDS: (
        NextAction("transfer_funds", "内部资金调拨", _CASHIER),
        NextAction("deposit", "追加存入", _CASHIER),
        NextAction("record_balance", "刷新余额后复查", _CASHIER),
        _OTHER_ACCOUNT,
        _POSTPONE,
        ASK_BANK,
    ),
    StopReason.PERMISSION_CHANGED: (_RIGHTS, _TAKE_OVER, _RESUME),
    StopReason.AUTO_LOCKED: (
        NextAction("unlock_user", "核实后解锁账号", _ADMIN),
        _TAKE_OVER,
    ),
    StopReason.APPROVAL_BROKEN: (
        NextAction("submit_again", "重新提交审批", _MAKER),
        NextAction("delegate", "委托授权或补派审批人", _CHIEF),
    ),
    StopReason.BANK_INTERFACE: (
        QUERY,
        ASK_BANK,
        NextAction("test_channel", "测试通道", _ADMIN),
        _OTHER_CHANNEL,
        _POSTPONE,
    ),
    StopReason.CERT_OR_CONTRACT: (
        NextAction("renew_certificate", "更换证书或补签约", _CASHIER),
        _OTHER_CHANNEL,
    ),
    StopReason.MANUAL_PAUSE: (_LIFT, _RESUME),
    StopReason.ACCOUNT_FROZEN: (
        NextAction("ask_freeze", "查冻结机关金额期限", _CASHIER),
        _DOCUMENTS,
        _OTHER_ACCOUNT,
    ),
    StopReason.ACCOUNT_BLOCKED: (ASK_BANK, _OTHER_ACCOUNT),
    StopReason.ACCOUNT_LOSS_REPORTED: (
        NextAction("lift_loss", "办理解挂", _CASHIER),
        _OTHER_ACCOUNT,
    ),
    StopReason.ACCOUNT_CLOSED: (_OTHER_ACCOUNT,),
    StopReason.ACCOUNT_DORMANT: (
        NextAction("activate_account", "到柜台激活账户", _CASHIER),
        _OTHER_ACCOUNT,
    ),
    StopReason.PAYEE_ACCOUNT_INVALID: (
        NextAction("check_payee", "向收款方核对账户", _MAKER),
        _CHANGE_PAYEE,
        _CALL_BACK,
    ),
    StopReason.NAME_MISMATCH: (
        NextAction("check_payee", "核对收款方全称", _MAKER),
        _CHANGE_PAYEE,
        _CALL_BACK,
    ),
    StopReason.LIMIT_EXCEEDED: (
        NextAction("raise_limit", "申请提额（须审批）", _CHIEF),
        _OTHER_CHANNEL,
    ),
    StopReason.AML_REVIEW: (_DOCUMENTS, ASK_BANK),
    StopReason.RISK_RULE: (_CALL_BACK, _RULE, _WAIVE),
    StopReason.DUPLICATE: (_LOOK_TWIN, _VOID, _WAIVE),
    StopReason.RETURNED: (_CHANGE_PAYEE, _CALL_BACK, _RESUME),
    StopReason.AGREEMENT_INVALID: (
        NextAction("check_agreement", "核对自动扣款协议", _MAKER),
        _RESUME,
    ),
    StopReason.OTHER: (ASK_BANK, _RESUME),
}
