"""Refusals about who may do what."""

from app.core.errors import BadInput, Conflict, Refused


class Denied(Refused):
    """The right is missing now; the attempt is written to the trail."""

    code = "ACC-001"
    remedy = "如工作需要，请向系统管理员申请权限；本次尝试已记入操作日志。"


class SignInFailed(Refused):
    code = "ACC-002"
    remedy = "请核对用户名和密码（注意大小写和输入法）。"


class LockedOut(Refused):
    code = "ACC-003"
    remedy = "请等待锁定时间结束，或请系统管理员解锁。"


class SignedOut(Refused):
    code = "ACC-004"
    remedy = "请重新登录。"


class FreshSignInNeeded(Refused):
    code = "ACC-005"
    remedy = "请输入您的密码确认身份后继续。"


class WeakPassword(BadInput):
    code = "ACC-006"
    remedy = "密码至少 10 位，须同时包含字母和数字，且不能与用户名或最近用过的密码相同。"


class PasswordChangeNeeded(Refused):
    code = "ACC-007"
    remedy = "首次登录或密码被重置后，请先修改密码。"


class SelfApproval(Denied):
    code = "APR-003"
    remedy = "请由其他有权限的人员审批。"


class NotAnApprover(Denied):
    code = "APR-004"
    remedy = "该级审批请由所列岗位的人员办理；本次尝试已记入操作日志。"


class AlreadyDecided(Conflict):
    code = "APR-005"
    remedy = "请刷新待办列表。"


class RemarkNeeded(BadInput):
    code = "APR-006"
    remedy = "退回或驳回时请填写意见。"


class MatrixInvalid(BadInput):
    code = "APR-007"
    remedy = "请按金额从小到大填写各档，最后一档不设上限，每档至少一级审批。"
