"""The trail's fields and codes in the words of the people who read it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from app.access.approvals import DECISION_LABELS, STATE_LABELS
from app.access.rights import ROLE_LABELS
from app.accounts.rules import ACCOUNT_STATUS_LABELS
from app.core.codes import HOLD_CAUSE_LABELS, REASON_LABELS
from app.payments.states import SCOPE_LABELS, STATUS_LABELS

_FIELDS: Final = {
    "account": "账户",
    "active": "启用",
    "amount": "金额",
    "as_of": "余额时间",
    "authority": "机关",
    "bank": "银行",
    "book": "账面余额",
    "branch": "开户行",
    "change": "变更编号",
    "code": "代码",
    "count": "笔数",
    "days": "天数",
    "decision": "决定",
    "due_on": "付款日",
    "entries": "条数",
    "file": "文件",
    "from": "起",
    "frozen": "冻结",
    "hold": "暂停令",
    "kind": "种类",
    "level": "审批级次",
    "levels": "审批级次",
    "name": "名称",
    "note": "说明",
    "ok": "完整",
    "payee": "收款方",
    "payments": "付款",
    "reason": "原因",
    "role": "岗位",
    "roles": "岗位",
    "scope": "范围",
    "stage": "环节",
    "state": "状态",
    "status": "状态",
    "step": "步骤",
    "target": "对象",
    "tiers": "档次",
    "to": "受托人",
    "tries": "失败次数",
    "until": "至",
    "up": "可用",
    "up_to": "金额上限",
    "value": "值",
    "version": "版本",
}


def field_label(key: str) -> str:
    """The field in Chinese; its own name where it has no label."""
    return _FIELDS.get(key, key)


def said(value: Any) -> str:
    """A value of the trail as people read it; "—" for none."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        yes, no = _tr("是"), _tr("否")
        return yes if value else no
    if isinstance(value, list | tuple):
        return "、".join(said(one) for one in value) or "—"
    if isinstance(value, Mapping):
        return "；".join(f"{field_label(key)} {said(one)}" for key, one in value.items())
    return _codes().get(str(value), str(value))


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for labels in (
        STATE_LABELS,
        DECISION_LABELS,
        HOLD_CAUSE_LABELS,
        SCOPE_LABELS,
        ACCOUNT_STATUS_LABELS,
        STATUS_LABELS,
        REASON_LABELS,
        ROLE_LABELS,
    ):
        found |= {str(code): label for code, label in labels.items()}
    return found


def _tr(text: str) -> str:
    return QCoreApplication.translate("trail", text)
