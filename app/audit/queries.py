"""Reading the trail: filtered and page by page, newest first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from app.audit.model import AuditEntry
from app.core.clock import iso
from app.storage.work import ReadWork

ACT_LABELS: Final[dict[str, str]] = {
    "access.confirmed_identity": "确认身份",
    "access.denied": "越权尝试被拒绝",
    "access.locked_out": "账号被锁定",
    "access.locked_try": "锁定期间尝试登录",
    "access.password_changed": "修改密码",
    "access.sign_in_failed": "登录失败",
    "access.signed_in": "登录",
    "access.signed_out": "退出",
    "account.added": "登记账户",
    "account.status_changed": "变更账户状态",
    "attempt.answered": "登记银行结果",
    "attempt.written": "提交银行",
    "audit.export_begun": "开始导出操作日志",
    "audit.exported": "导出操作日志",
    "audit.verified": "验证操作日志",
    "backup.begun": "开始备份",
    "backup.created": "备份数据",
    "backup.restored": "恢复备份",
    "backup.restoring": "开始恢复备份",
    "balance.recorded": "登记余额",
    "bank_check.recorded": "登记银行核实结果",
    "calendar.changed": "导入工作日历",
    "channel.changed": "变更渠道状态",
    "channel.maintenance": "登记维护窗口",
    "company.founded": "建立公司",
    "correction.decided": "审批结果更正",
    "correction.requested": "申请结果更正",
    "data.generated": "生成演练数据",
    "delegation.ended": "结束委托",
    "delegation.made": "委托授权",
    "demo.built": "建立演示数据",
    "diagnosis.run": "诊断停付原因",
    "document.issued": "生成单据",
    "draft.discarded": "放弃草稿",
    "draft.saved": "保存草稿",
    "dry_run.made": "付款测试",
    "filter.deleted": "删除筛选条件",
    "filter.saved": "保存筛选条件",
    "hold.expired": "暂停到期",
    "hold.lift_refused": "不同意解除暂停",
    "hold.lift_requested": "申请解除暂停",
    "hold.lift_step": "解除暂停逐级审批",
    "hold.lifted": "解除暂停",
    "hold.placed": "停止/暂停付款",
    "matrix.confirmed": "确认审批矩阵",
    "matrix.proposed": "修改审批矩阵",
    "matrix.refused": "否决审批矩阵",
    "payee.change_asked": "申请变更收款信息",
    "payee.change_refused": "收款信息核实未通过",
    "payee.changed": "收款信息变更生效",
    "payee.contact_changed": "登记收款方联系电话",
    "payment.created": "录入付款",
    "payment.decided": "审批付款",
    "agreement.registered": "登记自动扣款协议",
    "agreement.imported": "导入自动扣款协议",
    "agreement.changed": "修改自动扣款协议",
    "agreement.suspended": "暂停自动扣款协议",
    "agreement.reinstated": "恢复自动扣款协议",
    "agreement.export_begun": "开始导出自动扣款协议",
    "agreement.exported": "导出自动扣款协议",
    "agreement.paper_added": "添加协议附件",
    "agreement.paper_withdrawn": "撤回协议附件",
    "agreement.debit_recorded": "登记自动扣款",
    "cancel.requested": "申请取消自动扣款",
    "cancel.approved": "批准取消自动扣款",
    "cancel.returned": "退回取消申请",
    "cancel.rejected": "驳回取消申请",
    "cancel.confirmed": "登记取消的答复",
    "letter.address_kept": "登记收件地址",
    "letter.chased": "催办",
    "letter.dispatched": "登记送达",
    "letter.issued": "生成函件",
    "letter.refund_answered": "登记追回的答复",
    "letter.setup_changed": "修改函件与邮件设置",
    "letter.signed": "数字签章函件",
    "letter.template_changed": "修改函件模板",
    "letter.voided": "作废函件",
    "rule.raised": "对账规则上移",
    "rule.saved": "保存对账规则",
    "rule.withdrawn": "停用对账规则",
    "carried.entered": "录入期初未达",
    "carried.withdrawn": "撤回期初未达",
    "reconcile.accepted": "采纳勾对建议",
    "reconcile.matched": "手工勾对",
    "reconcile.refused": "否定勾对建议",
    "reconcile.run": "自动勾对",
    "reconcile.undone": "撤销勾对",
    "sheet.prepared": "编制余额调节表",
    "sheet.reviewed": "复核余额调节表",
    "sheet.sent_back": "退回余额调节表",
    "sheet.voided": "作废余额调节表",
    "statement.imported": "导入银行流水",
    "journal.imported": "导入银行存款日记账",
    "journal.undone": "撤销日记账导入",
    "statement.undone": "撤销流水导入",
    "statement.layout_kept": "记住流水的列对应",
    "statement.layout_renamed": "改名流水的列对应",
    "statement.layout_withdrawn": "删除流水的列对应",
    "incident.opened": "建立应急事件",
    "incident.joined": "并入应急事件",
    "incident.noted": "应急事件记录",
    "incident.corrected": "更正应急事件记录",
    "incident.cause_set": "应急事件定因",
    "incident.severity_changed": "调整应急事件等级",
    "incident.owner_changed": "应急事件负责人",
    "incident.moved": "应急事件状态",
    "incident.escalated": "超时上报",
    "incident.held": "事件关联暂停令",
    "incident.talked": "登记联系记录",
    "incident.wait_begun": "开始等待答复",
    "incident.wait_asked": "登记跟进",
    "incident.wait_ended": "结束等待",
    "incident.briefed": "发出通报",
    "incident.brief_taken": "知悉通报",
    "plan.saved": "保存应急预案",
    "contact.added": "登记联系人",
    "contact.changed": "修改联系人",
    "contact.used": "停用或恢复联系人",
    "incident.evidence_added": "添加证据",
    "incident.evidence_withdrawn": "撤回证据",
    "incident.reviewed": "填写复盘",
    "incident.measure_added": "增加改进措施",
    "incident.measure_ended": "办结改进措施",
    "incident.report_prepared": "编制处理报告",
    "incident.report_reviewed": "复核处理报告",
    "incident.report_approved": "批准处理报告",
    "incident.package_begun": "导出证据包",
    "incident.paper_set": "登记材料",
    "incident.task_ended": "办结子任务",
    "incident.task_added": "建立子任务",
    "incident.step": "办理处置步骤",
    "incident.checked": "账户与软件检查",
    "incident.ticket_saved": "填写技术支持工单",
    "incident.ticket_sent": "提交技术支持工单",
    "incident.diagnostic_package": "导出诊断包",
    "recheck.made": "自动付款状态核查",
    "recheck.signed": "状态核查签字",
    "selfcheck.made": "自诊断",
    "takeover.changed": "调整人工付款任务",
    "takeover.linked": "关联人工付款",
    "takeover.paid": "由任务生成付款",
    "takeover.reopened": "恢复人工付款任务",
    "takeover.unlinked": "取消关联人工付款",
    "takeover.waived": "人工付款任务不需支付",
    "bank_term.changed": "设置银行办理天数",
    "watch.hit": "发现异常扣款",
    "watch.decided": "处理异常扣款",
    "mail.begun": "开始发送邮件",
    "mail.failed": "邮件未发出",
    "mail.sent": "邮件已发送",
    "mail.settled": "核实邮件已送达",
    "mail.unknown": "邮件送达不明",
    "payment.edited": "修改付款",
    "payee.account_doubted": "收款账户存疑",
    "payment.put_back": "还原为银行已执行的内容",
    "payment.imported": "导入付款",
    "payment.submitted": "提交审批",
    "payment.exported": "导出付款清单",
    "payment.voided": "作废付款",
    "restriction.lifted": "解除账户限制",
    "restriction.recorded": "登记账户限制",
    "resume.approved": "批准恢复付款",
    "resume.done": "恢复付款完成",
    "resume.gate_refused": "恢复复验未通过",
    "resume.rejected": "驳回恢复付款",
    "resume.requested": "申请恢复付款",
    "resume.returned": "退回恢复付款",
    "resume.voided": "恢复申请失效",
    "right.changed": "变更权限",
    "rule.changed": "调整规则",
    "user.activated": "启用账号",
    "user.added": "新增用户",
    "user.disabled": "停用账号",
    "user.password_reset": "重置密码",
}


# For acts of a newer program, whose codes this one has no label for.
KIND_LABELS: Final[dict[str, str]] = {
    "access": "登录与权限",
    "agreement": "自动扣款",
    "cancel": "取消自动扣款",
    "letter": "函件",
    "mail": "邮件",
    "statement": "银行流水",
    "reconcile": "对账",
    "match_rule": "对账规则",
    "carried": "期初未达",
    "sheet": "余额调节表",
    "journal": "银行存款日记账",
    "takeover": "人工付款任务",
    "bank_term": "银行办理天数",
    "watch": "扣款监控",
    "incident": "应急事件",
    "contact": "通讯录",
    "plan": "应急预案",
    "recheck": "状态核查",
    "selfcheck": "自诊断",
    "account": "账户",
    "attempt": "提交银行",
    "audit": "操作日志",
    "backup": "备份",
    "balance": "余额",
    "bank_check": "银行核实",
    "calendar": "工作日历",
    "channel": "渠道",
    "company": "公司",
    "correction": "结果更正",
    "data": "数据",
    "delegation": "委托",
    "demo": "演示",
    "diagnosis": "诊断",
    "document": "单据",
    "draft": "草稿",
    "dry_run": "付款测试",
    "filter": "筛选条件",
    "hold": "暂停付款",
    "matrix": "审批矩阵",
    "payee": "收款方",
    "payment": "付款",
    "restriction": "账户限制",
    "resume": "恢复付款",
    "right": "权限",
    "rule": "规则",
    "user": "账号",
}


def act_label(act: str) -> str:
    """The act in Chinese; for an unknown one its matter with the code, or the code alone."""
    known = ACT_LABELS.get(act)
    if known is not None:
        return known
    matter = KIND_LABELS.get(act.partition(".")[0])
    return act if matter is None else f"{matter}（{act}）"


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Empty means all. act: a code or its beginning; acts: any of several; text: in subject,
    reason or values.
    """

    actor: str = ""
    act: str = ""
    subject: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry as a window shows it."""

    seq: int
    at: datetime
    actor: str
    machine: str
    act: str
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    hash: str

    @property
    def label(self) -> str:
        return act_label(self.act)


def entries(
    work: ReadWork, wanted: AuditFilter, before_seq: int | None = None, limit: int = 100
) -> list[AuditLine]:
    """The newest entries that fit, older than `before_seq` where it is given."""
    query = select(AuditEntry).where(*_where(wanted)).order_by(AuditEntry.seq.desc())
    if before_seq is not None:
        query = query.where(AuditEntry.seq < before_seq)
    return [_line(row) for row in work.session.scalars(query.limit(limit))]


def page(work: ReadWork, wanted: AuditFilter, start: int, size: int) -> list[AuditLine]:
    """The entries from position `start`, newest first."""
    query = select(AuditEntry).where(*_where(wanted)).order_by(AuditEntry.seq.desc())
    return [_line(row) for row in work.session.scalars(query.offset(start).limit(size))]


def count(work: ReadWork, wanted: AuditFilter) -> int:
    """How many entries fit."""
    query = select(func.count()).select_from(AuditEntry).where(*_where(wanted))
    return work.session.scalar(query) or 0


def of_subject(work: ReadWork, subject: str) -> list[AuditLine]:
    """Everything that was done to one subject, newest first."""
    return entries(work, AuditFilter(subject=subject), limit=10_000)


def entry(work: ReadWork, seq: int) -> AuditLine | None:
    """One entry by its number."""
    row = work.session.get(AuditEntry, seq)
    return None if row is None else _line(row)


def _where(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.actor:
        conditions.append(AuditEntry.actor.contains(wanted.actor, autoescape=True))
    if wanted.act:
        conditions.append(AuditEntry.act.startswith(wanted.act, autoescape=True))
    if wanted.acts:
        begins = (AuditEntry.act.startswith(one, autoescape=True) for one in wanted.acts)
        conditions.append(or_(*begins))
    if wanted.subject:
        conditions.append(AuditEntry.subject == wanted.subject)
    if wanted.text:
        conditions.append(
            or_(
                *(
                    column.contains(wanted.text, autoescape=True)
                    for column in (
                        AuditEntry.subject,
                        AuditEntry.reason,
                        AuditEntry.before,
                        AuditEntry.after,
                    )
                )
            )
        )
    if wanted.since is not None:
        conditions.append(AuditEntry.at >= iso(wanted.since))
    if wanted.until is not None:
        conditions.append(AuditEntry.at < iso(wanted.until))
    return conditions


def _line(row: AuditEntry) -> AuditLine:
    return AuditLine(
        row.seq,
        datetime.fromisoformat(row.at),
        row.actor,
        row.machine,
        row.act,
        row.subject,
        _values(row.before),
        _values(row.after),
        row.reason,
        row.hash,
    )


def _values(text: str) -> Mapping[str, Any]:
    """What was written; a text that was tampered with is shown as it is."""
    try:
        found = json.loads(text)
    except ValueError:
        return {"原文": text}
    return found if isinstance(found, dict) else {"原文": text}
