"""Refusals about payments; each says what to do next."""

from app.core.errors import BadInput, Conflict, Refused


class PaymentHeld(Refused):
    """A hold is open over the payment: nothing under it may be approved, sent or resumed."""

    code = "PAY-001"
    remedy = "请先按“解除暂停”流程解除后再办理。"


class ResultUnknown(Refused):
    code = "PAY-002"
    remedy = "请联系银行核实并登记核实结果；核实为“未扣款”后才能申请恢复。"


class NotEditable(Refused):
    code = "PAY-003"
    remedy = "已提交银行的付款不能修改；如需更正请联系银行。"


class PaymentChanged(Conflict):
    code = "PAY-004"


class BadPayment(BadInput):
    code = "PAY-005"


class NotVerified(BadInput):
    code = "RES-001"
    remedy = "请逐条核对，全部打勾后再提交。"


class RuleChangeNeeded(BadInput):
    code = "RES-002"
    remedy = "请关联已生效的规则变更，或逐项填写豁免理由。"


class ResumeRefused(Refused):
    """The gate found a cause that still stands."""

    code = "RES-003"
    remedy = "请先消除所列原因，再重新申请恢复。"


class NotResumable(Refused):
    code = "RES-004"
    remedy = "请刷新列表，选择“已停止”“已暂停”“异常”“执行失败”或“已退票”的付款。"


class LiftByResume(Refused):
    code = "HLD-001"
    remedy = "单笔停付请从“恢复付款”办理，须逐条核对并重新授权。"


class BadHold(BadInput):
    code = "HLD-002"


class HoldNotOpen(Conflict):
    code = "HLD-003"
    remedy = "请刷新暂停令台账。"


class LiveAttempt(Refused):
    code = "ATT-001"
    remedy = "请先核实在途付款的结果。"


class NotDue(Refused):
    code = "ATT-003"
    remedy = "如需提前付款，请先修改计划付款日。"


class NoEvidence(BadInput):
    code = "ATT-002"
    remedy = "请填写银行经办人、核实时间和依据（回单号、通话记录等）。"
