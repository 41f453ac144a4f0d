"""Rights, roles and which role carries which right: values only."""

from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """What a person may do, named object.action."""

    PAYMENT_VIEW = "payment.view"
    PAYMENT_CREATE = "payment.create"
    PAYMENT_EDIT = "payment.edit"
    PAYMENT_APPROVE = "payment.approve"
    PAYMENT_SEND = "payment.send"
    PAYMENT_EXPORT = "payment.export"
    BANK_ANSWER_RECORD = "bank_answer.record"
    BANK_ANSWER_CORRECT = "bank_answer.correct"
    DIAGNOSIS_RUN = "diagnosis.run"
    SELFCHECK_RUN = "selfcheck.run"
    HOLD_PLACE = "hold.place"
    HOLD_PLACE_WIDE = "hold.place_wide"
    HOLD_LIFT_REQUEST = "hold.lift_request"
    HOLD_LIFT_APPROVE = "hold.lift_approve"
    RESUME_REQUEST = "resume.request"
    RESUME_APPROVE = "resume.approve"
    PAYEE_CHANGE = "payee.change"
    PAYEE_CONFIRM = "payee.confirm"
    PAYEE_CONTACT = "payee.contact"
    AGREEMENT_VIEW = "agreement.view"
    AGREEMENT_MANAGE = "agreement.manage"
    AGREEMENT_EXPORT = "agreement.export"
    AGREEMENT_REINSTATE = "agreement.reinstate"
    CANCEL_APPROVE = "cancel.approve"
    STATEMENT_IMPORT = "statement.import"
    RECONCILE_VIEW = "reconcile.view"
    RECONCILE_MATCH = "reconcile.match"
    SHEET_PREPARE = "balance_sheet.prepare"
    SHEET_REVIEW = "balance_sheet.review"
    TEMPLATE_EDIT = "template.edit"
    LETTER_SETUP = "letter.setup"
    INCIDENT_VIEW = "incident.view"
    INCIDENT_HANDLE = "incident.handle"
    INCIDENT_CLOSE = "incident.close"
    LETTER_SIGN = "letter.sign"
    RULE_CHANGE = "rule.change"
    ACCOUNT_MANAGE = "account.manage"
    BALANCE_RECORD = "balance.record"
    USER_MANAGE = "user.manage"
    MATRIX_PROPOSE = "matrix.propose"
    MATRIX_CONFIRM = "matrix.confirm"
    DELEGATION_MAKE = "delegation.make"
    AUDIT_VIEW = "audit.view"
    AUDIT_VERIFY = "audit.verify"
    BACKUP_MAKE = "backup.make"
    BACKUP_RESTORE = "backup.restore"


RIGHT_LABELS: Final[dict[Right, str]] = {
    Right.PAYMENT_VIEW: "查看付款",
    Right.PAYMENT_CREATE: "录入、导入付款",
    Right.PAYMENT_EDIT: "修改付款",
    Right.PAYMENT_APPROVE: "审批付款",
    Right.PAYMENT_SEND: "提交银行",
    Right.PAYMENT_EXPORT: "导出付款",
    Right.BANK_ANSWER_RECORD: "登记银行结果",
    Right.BANK_ANSWER_CORRECT: "更正银行结果",
    Right.DIAGNOSIS_RUN: "诊断停付原因",
    Right.SELFCHECK_RUN: "运行自诊断",
    Right.HOLD_PLACE: "拦截单笔付款",
    Right.HOLD_PLACE_WIDE: "暂停账户、收款方或全公司付款",
    Right.HOLD_LIFT_REQUEST: "申请解除暂停",
    Right.HOLD_LIFT_APPROVE: "批准解除暂停",
    Right.RESUME_REQUEST: "申请恢复付款",
    Right.RESUME_APPROVE: "批准恢复付款",
    Right.PAYEE_CHANGE: "申请变更收款信息",
    Right.PAYEE_CONFIRM: "回拨核实收款信息",
    Right.PAYEE_CONTACT: "登记收款方联系电话",
    Right.AGREEMENT_VIEW: "查看自动扣款协议",
    Right.AGREEMENT_MANAGE: "管理自动扣款协议",
    Right.AGREEMENT_EXPORT: "导出自动扣款协议",
    Right.AGREEMENT_REINSTATE: "恢复自动扣款协议",
    Right.CANCEL_APPROVE: "批准取消自动扣款",
    Right.STATEMENT_IMPORT: "导入银行流水",
    Right.RECONCILE_VIEW: "查看对账",
    Right.RECONCILE_MATCH: "核对流水",
    Right.SHEET_PREPARE: "编制余额调节表",
    Right.SHEET_REVIEW: "复核余额调节表",
    Right.TEMPLATE_EDIT: "修改函件模板、应急预案",
    Right.LETTER_SETUP: "设置函件与邮件",
    Right.INCIDENT_VIEW: "查看应急事件",
    Right.INCIDENT_HANDLE: "处理应急事件",
    Right.INCIDENT_CLOSE: "关闭应急事件",
    Right.LETTER_SIGN: "对函件数字签章",
    Right.RULE_CHANGE: "调整风控规则与限额",
    Right.ACCOUNT_MANAGE: "管理银行账户与渠道",
    Right.BALANCE_RECORD: "登记账户余额",
    Right.USER_MANAGE: "管理用户与权限",
    Right.MATRIX_PROPOSE: "修改审批矩阵",
    Right.MATRIX_CONFIRM: "确认审批矩阵",
    Right.DELEGATION_MAKE: "委托授权",
    Right.AUDIT_VIEW: "查看操作日志",
    Right.AUDIT_VERIFY: "验证操作日志",
    Right.BACKUP_MAKE: "备份数据",
    Right.BACKUP_RESTORE: "恢复备份",
}


class Role(StrEnum):
    """A post in the finance desk (domain.md §7)."""

    MAKER = "MAKER"
    CASHIER = "CASHIER"
    ACCOUNTANT = "ACCOUNTANT"
    CHECKER = "CHECKER"
    SUPERVISOR = "SUPERVISOR"
    CFO = "CFO"
    GM = "GM"
    ADMIN = "ADMIN"
    AUDITOR = "AUDITOR"


ROLE_LABELS: Final[dict[Role, str]] = {
    Role.MAKER: "经办（制单）",
    Role.CASHIER: "出纳",
    Role.ACCOUNTANT: "会计",
    Role.CHECKER: "复核",
    Role.SUPERVISOR: "财务主管",
    Role.CFO: "财务总监",
    Role.GM: "总经理/法定代表人",
    Role.ADMIN: "系统管理员",
    Role.AUDITOR: "内审",
}

# Lowest first; a higher post may decide for a lower level, each person once per request.
APPROVAL_RANK: Final[dict[Role, int]] = {
    Role.CHECKER: 1,
    Role.SUPERVISOR: 2,
    Role.CFO: 3,
    Role.GM: 4,
}

_DESK = frozenset(
    {
        Right.AGREEMENT_VIEW,
        Right.PAYMENT_VIEW,
        Right.PAYMENT_EXPORT,
        Right.AGREEMENT_EXPORT,
        Right.DIAGNOSIS_RUN,
        Right.SELFCHECK_RUN,
        Right.HOLD_PLACE,
        Right.INCIDENT_VIEW,
        Right.INCIDENT_HANDLE,
        Right.RECONCILE_VIEW,
    }
)
_APPROVER = _DESK | {
    Right.PAYMENT_APPROVE,
    Right.RESUME_APPROVE,
    Right.PAYEE_CONFIRM,
    Right.DELEGATION_MAKE,
}
_CHIEF = _APPROVER | {
    Right.HOLD_PLACE_WIDE,
    Right.HOLD_LIFT_REQUEST,
    Right.HOLD_LIFT_APPROVE,
    Right.MATRIX_CONFIRM,
    Right.BANK_ANSWER_CORRECT,
    Right.CANCEL_APPROVE,
    Right.TEMPLATE_EDIT,
    Right.LETTER_SETUP,
    Right.LETTER_SIGN,
    Right.RULE_CHANGE,
    Right.INCIDENT_CLOSE,
    Right.AUDIT_VIEW,
    Right.RECONCILE_MATCH,
    Right.SHEET_PREPARE,
    Right.SHEET_REVIEW,
}

ROLE_RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.MAKER: _DESK
    | {
        Right.PAYMENT_CREATE,
        Right.PAYMENT_EDIT,
        Right.RESUME_REQUEST,
        Right.PAYEE_CHANGE,
        Right.HOLD_LIFT_REQUEST,
        Right.AGREEMENT_MANAGE,
        Right.STATEMENT_IMPORT,
        Right.RECONCILE_MATCH,
    },
    Role.CASHIER: _DESK
    | {
        Right.STATEMENT_IMPORT,
        Right.PAYMENT_SEND,
        Right.BANK_ANSWER_RECORD,
        Right.BALANCE_RECORD,
        Right.HOLD_LIFT_REQUEST,
    },
    Role.ACCOUNTANT: frozenset(
        {
            Right.AGREEMENT_VIEW,
            Right.PAYMENT_VIEW,
            Right.PAYMENT_EXPORT,
            Right.AGREEMENT_EXPORT,
            Right.DIAGNOSIS_RUN,
            Right.SELFCHECK_RUN,
            Right.STATEMENT_IMPORT,
            Right.RECONCILE_VIEW,
            Right.RECONCILE_MATCH,
            Right.SHEET_PREPARE,
            Right.INCIDENT_VIEW,
            Right.INCIDENT_HANDLE,
            Right.AUDIT_VIEW,
        }
    ),
    Role.CHECKER: _APPROVER,
    Role.SUPERVISOR: _CHIEF | {Right.PAYEE_CONTACT, Right.AGREEMENT_REINSTATE},
    Role.CFO: _CHIEF | {Right.PAYEE_CONTACT, Right.AGREEMENT_REINSTATE},
    Role.GM: _CHIEF,
    Role.ADMIN: frozenset(
        {
            Right.PAYMENT_VIEW,
            Right.ACCOUNT_MANAGE,
            Right.LETTER_SETUP,
            Right.USER_MANAGE,
            Right.MATRIX_PROPOSE,
            Right.DELEGATION_MAKE,
            Right.AUDIT_VIEW,
            Right.AUDIT_VERIFY,
            Right.SELFCHECK_RUN,
            Right.BACKUP_MAKE,
            Right.BACKUP_RESTORE,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Right.AGREEMENT_VIEW,
            Right.PAYMENT_VIEW,
            Right.PAYMENT_EXPORT,
            Right.RECONCILE_VIEW,
            Right.INCIDENT_VIEW,
            Right.AGREEMENT_EXPORT,
            Right.AUDIT_VIEW,
            Right.AUDIT_VERIFY,
            Right.SELFCHECK_RUN,
        }
    ),
}

# Posts that one person should not hold together (domain.md §5.3); a small firm may, and is told.
CONFLICTING: Final[tuple[tuple[Role, Role], ...]] = (
    (Role.MAKER, Role.CHECKER),
    (Role.MAKER, Role.SUPERVISOR),
    (Role.CASHIER, Role.ACCOUNTANT),
    (Role.CASHIER, Role.CHECKER),
    (Role.ADMIN, Role.MAKER),
    (Role.ADMIN, Role.SUPERVISOR),
    (Role.ADMIN, Role.AUDITOR),
)


def rights_of(roles: frozenset[Role]) -> frozenset[Right]:
    """Everything that these posts together may do."""
    return frozenset[Right]().union(*(ROLE_RIGHTS[role] for role in roles))


def conflicts(roles: frozenset[Role]) -> list[tuple[Role, Role]]:
    """The pairs of posts that ought to be held by different people."""
    return [pair for pair in CONFLICTING if set(pair) <= roles]
