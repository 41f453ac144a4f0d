"""The trail's fields and codes in the words of the people who read it."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from app.access.approvals import DECISION_LABELS, STATE_LABELS
from app.access.rights import RIGHT_LABELS, ROLE_LABELS
from app.accounts.rules import ACCOUNT_KIND_LABELS, ACCOUNT_STATUS_LABELS, DEFAULT_CHANNELS
from app.agreements.attaching import PAPER_LABELS
from app.agreements.fields import BUSINESS_LABELS
from app.agreements.fields import FIELD_LABELS as AGREEMENT_FIELDS
from app.agreements.fields import KIND_LABELS as AGREEMENT_KINDS
from app.agreements.rhythm import RHYTHM_LABELS
from app.agreements.states import ANSWER_LABELS, METHOD_LABELS
from app.agreements.watch.rules import BAN_LABELS
from app.agreements.watch.states import HIT_LABELS
from app.core.clock import SHANGHAI, local_text
from app.core.codes import HOLD_CAUSE_LABELS, REASON_LABELS
from app.incidents.states import CAUSE_LABELS, INCIDENT_LABELS, SEVERITY_LABELS
from app.incidents.vendor.ticket_form import FIELD_LABELS as TICKET_FIELDS
from app.letters.states import PARTY_LABELS
from app.payees.contacts import SOURCE_LABELS
from app.payments.answers import CHECK_LABELS
from app.payments.attempts import ATTEMPT_LABELS
from app.payments.diagnosis.rule import all_rules
from app.payments.flow import RULE_STOP, RULE_STOP_TITLE, STEP_LABELS, VALUE_LABELS
from app.payments.states import RESUME_STATE_LABELS, SCOPE_LABELS, STATUS_LABELS
from app.payments.thresholds import THRESHOLDS
from app.reconciliation.states import SHEET_LABELS, SIDE_LABELS
from app.statements.parsed import PROOF_LABELS
from ui.payments.looks import kind_text

_FIELDS: Final = {
    **TICKET_FIELDS,
    **AGREEMENT_FIELDS,
    **VALUE_LABELS,
    "about": "函件或单据",
    "incident": "应急事件",
    "index": "索引的 SHA-256",
    "evidence": "证据",
    "plan": "应急预案",
    "review_on": "复审日",
    "waiting_for": "等待答复的单位",
    "next_on": "下次跟进日",
    "briefing": "通报",
    "department": "部门",
    "organisation": "单位",
    "post": "职务",
    "mobile": "手机",
    "hours": "服务时间",
    "contract_until": "合同到期日",
    "response_minutes": "约定响应时间（分钟）",
    "measure": "改进措施",
    "ticket": "技术支持工单",
    "vendor": "软件供应商",
    "content": "内容",
    "vendor_number": "供应商工单号",
    "direct_cause": "直接原因",
    "root_cause": "根本原因",
    "fee_minor": "费用（分）",
    "bank_minor": "银行余额（分）",
    "book_minor": "日记账余额（分）",
    "does": "作用",
    "match_ids": "勾对编号",
    "position": "次序",
    "matches": "勾对组数",
    "members": "流水与单据",
    "sides": "核对对象",
    "account": "账户",
    "addressee": "收件单位",
    "cause": "原因",
    "conclusion": "处理结论",
    "hits": "异常扣款",
    "proof": "余额核对",
    "owner": "负责人",
    "severity": "等级",
    "title": "事件",
    "attention": "待处理项数",
    "thorough": "全面检查",
    "carrier": "方式",
    "confidence": "把握",
    "hit": "异常扣款编号",
    "ban": "情形",
    "marks": "依据",
    "edition": "模板版本",
    "email": "电子邮箱",
    "file_hash": "文件校验值",
    "files": "附件校验值",
    "letter": "函件",
    "signer": "签名人",
    "issuer": "证书签发者",
    "serial": "证书序列号",
    "recipient": "收件人",
    "reply_days": "回复期限（工作日）",
    "sender": "发件邮箱",
    "smtp_host": "邮件服务器",
    "smtp_port": "端口",
    "smtp_security": "加密方式",
    "smtp_user": "邮箱用户名",
    "text": "模板内容",
    "tracking_no": "快递单号",
    "word": "机关代字",
    "active": "启用",
    "admin": "管理员",
    "as_of": "余额时间",
    "on": "日期",
    "party": "答复方",
    "answer": "答复",
    "effective_on": "终止生效日",
    "receipt_no": "回执编号",
    "person": "答复人",
    "wished_on": "期望终止日",
    "reference": "银行流水号",
    "attempt": "第几次提交",
    "authority": "机关",
    "bank": "银行",
    "bank_person": "银行经办人",
    "book": "账面余额",
    "branch": "开户行",
    "bytes": "字节数",
    "called": "回拨号码",
    "category": "种类",
    "causes": "原因数",
    "certificate_until": "证书有效至",
    "change": "变更编号",
    "client_ref": "业务参考号",
    "cnaps": "联行号",
    "code": "代码",
    "contact": "联系人",
    "columns": "列对应",
    "count": "笔数",
    "daily_limit": "日累计限额",
    "days": "天数",
    "debits": "撤回的扣款记录数",
    "decision": "决定",
    "drill": "演练账套",
    "entries": "条数",
    "failed": "未通过的检查",
    "file": "文件",
    "import": "导入编号",
    "since": "自",
    "subject": "科目",
    "total_in": "收入合计",
    "total_out": "支出合计",
    "first": "首笔指令号",
    "form": "单据号",
    "from": "起",
    "frozen": "冻结",
    "headings": "表头",
    "hold": "暂停令",
    "holds": "暂停令",
    "imported": "导入笔数",
    "kind": "种类",
    "last": "末笔指令号",
    "level": "审批级次",
    "levels": "审批级次",
    "lines": "明细行数",
    "name": "名称",
    "next_execution": "下次执行时间",
    "note": "说明",
    "ok": "通过",
    "on_behalf_of": "代何人",
    "payee": "收款方",
    "payee_kind": "对公/对私",
    "payments": "付款",
    "phone": "联系电话",
    "planned_on": "恢复后付款日",
    "posts": "岗位与期限",
    "problems": "有问题的行数",
    "reason": "原因",
    "request": "申请编号",
    "reserve": "保留余额",
    "result": "结果",
    "role": "岗位",
    "roles": "岗位",
    "rule_change": "关联规则变更",
    "run": "诊断批次",
    "scope": "范围",
    "seed": "随机种子",
    "sha256": "文件校验值",
    "single_limit": "单笔限额",
    "skipped": "跳过的行数",
    "source": "号码来源",
    "spoke_with": "通话人",
    "stage": "环节",
    "state": "状态",
    "status": "状态",
    "step": "步骤",
    "stopped": "新停付",
    "sums": "合计",
    "target": "对象",
    "task": "人工付款日",
    "method": "付款方式",
    "payment": "付款指令",
    "tiers": "档次",
    "undone": "撤销的流水笔数",
    "to": "受托人",
    "tries": "失败次数",
    "until": "至",
    "up": "可用",
    "up_to": "金额上限",
    "urgent": "加急",
    "value": "值",
    "version": "版本",
    "waivers": "豁免",
}
_SUBJECTS: Final = {
    "account": "账户",
    "audit": "操作日志",
    "backup": "备份",
    "bank": "银行",
    "batch": "导入批次",
    "calendar": "工作日历",
    "channel": "渠道",
    "company": "公司",
    "contact": "通讯录",
    "plan": "应急预案",
    "diagnosis": "诊断批次",
    "filter": "筛选条件",
    "hold": "暂停令",
    "incident": "应急事件",
    "mail": "邮件",
    "matrix": "审批矩阵",
    "payee": "收款方",
    "payment": "付款",
    "agreement": "自动扣款协议",
    "agreements": "自动扣款协议清单",
    "payments": "付款清单",
    "recheck": "状态核查",
    "selfcheck": "自诊断",
    "resume": "恢复付款",
    "right": "权限",
    "rule": "规则",
    "statement_layout": "流水的列对应",
    "user": "用户",
}
# What stands behind the colon only so that something does.
_NO_NUMBER: Final = frozenset({"1", "file", "list", "trail"})
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


def field_label(key: str) -> str:
    """The field in Chinese; its own name where it has no label."""
    return _FIELDS.get(key) or _codes().get(key, key)


def subject_text(subject: str) -> str:
    """What was acted on, as people call it: "付款 FK-20261119-0022"."""
    kind, _, number = subject.partition(":")
    said_kind = _SUBJECTS.get(kind, kind)
    if not number or number in _NO_NUMBER:
        return said_kind
    return f"{said_kind} {_codes().get(number, number)}"


def said(value: Any, zone: ZoneInfo = SHANGHAI, key: str = "") -> str:
    """A value of the trail as people read it, instants in local time; "—" for none."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        yes, no = _tr("是"), _tr("否")
        return yes if value else no
    if isinstance(value, list | tuple):
        return "、".join(said(one, zone, key) for one in value) or "—"
    if isinstance(value, Mapping):
        pairs = (f"{field_label(name)} {said(one, zone, name)}" for name, one in value.items())
        return "；".join(pairs) or "—"
    return _said_text(str(value), zone, key)


def _said_text(text: str, zone: ZoneInfo, key: str) -> str:
    if _INSTANT.fullmatch(text):
        return local_text(datetime.fromisoformat(text), zone)
    if key == "payee_kind":
        return kind_text(text)
    return _BY_FIELD.get(key, {}).get(text) or _codes().get(text, text)


def _plain(*every: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): label for labels in every for code, label in labels.items()}


# One code means different things: a payment is returned by the bank, a request by its approver.
_BY_FIELD: Final[dict[str, dict[str, str]]] = {
    "decision": _plain(DECISION_LABELS),
    "reason": _plain(HOLD_CAUSE_LABELS, REASON_LABELS),
    "ban": _plain(BAN_LABELS),
    "business": _plain(BUSINESS_LABELS),
    "category": _plain(PAPER_LABELS),
    "method": _plain(METHOD_LABELS),
    "kind": _plain(AGREEMENT_KINDS),
    "rhythm": _plain(RHYTHM_LABELS),
    "party": _plain(PARTY_LABELS),
    "answer": _plain(ANSWER_LABELS),
    "result": {**_plain(ATTEMPT_LABELS, CHECK_LABELS), "PROCESSING": "银行处理中"},
    "stage": _plain(STATUS_LABELS),
    "state": _plain(INCIDENT_LABELS, HIT_LABELS, RESUME_STATE_LABELS, SHEET_LABELS),
    "severity": _plain(SEVERITY_LABELS),
    "sides": _plain(SIDE_LABELS),
    "proof": _plain(PROOF_LABELS),
    "cause": _plain(CAUSE_LABELS),
}


@cache
def _codes() -> dict[str, str]:
    found = _plain(
        STATE_LABELS,
        RESUME_STATE_LABELS,
        DECISION_LABELS,
        HOLD_CAUSE_LABELS,
        SCOPE_LABELS,
        ACCOUNT_KIND_LABELS,
        ACCOUNT_STATUS_LABELS,
        SOURCE_LABELS,
        STATUS_LABELS,
        REASON_LABELS,
        ROLE_LABELS,
        RIGHT_LABELS,
        STEP_LABELS,
    )
    found |= {code: name for code, name, *_ in DEFAULT_CHANNELS}
    found |= {code: one.title for code, one in THRESHOLDS.items()}
    found |= {rule.code: rule.title for rule in all_rules()}
    return {**found, RULE_STOP: RULE_STOP_TITLE}


def _tr(text: str) -> str:
    return QCoreApplication.translate("trail", text)
