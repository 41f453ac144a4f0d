"""Records turned into papers: the 恢复付款审批单 and the 解除止付操作日志."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from app.access.founding import CompanyCard, company_of
from app.access.guard import Actor, reading
from app.access.rights import Right
from app.audit.model import AuditEntry
from app.core.clock import business_date, local_text
from app.core.codes import REASON_LABELS, StopReason
from app.core.errors import NotFound
from app.documents.approvals import ApprovalStep
from app.documents.release_log import ReleaseLog, release_log_pdf, release_log_xlsx
from app.documents.resume_approval import (
    ChangeLine,
    CheckLine,
    FindingLine,
    PartyAccount,
    ResumeApprovalSheet,
    StopLine,
    resume_approval_pdf,
)
from app.documents.table_export import never_cancelled, no_progress
from app.documents.writing import PdfResult
from app.payments.detail import payment_detail, resume_form
from app.payments.diagnosis.rule import SEVERITY_LABELS, Severity
from app.payments.records import PaymentDetail, ResumeForm
from app.payments.release_log import LogFilter, log_number, releases, waiver_text
from app.storage.work import Database, ReadWork

# What the checklist of the form asks beside the payment's own values (domain.md §3.5).
_COMPUTED: Final = (
    ("余额", (StopReason.INSUFFICIENT_FUNDS,)),
    ("权限", (StopReason.PERMISSION_CHANGED, StopReason.APPROVAL_BROKEN)),
    ("重复", (StopReason.DUPLICATE,)),
)


def resume_sheet(db: Database, actor: Actor, form_no: str) -> PdfResult:
    """The 恢复付款审批单 as it stands now, as PDF. Raises NotFound, Denied, MissingGlyph."""
    return resume_approval_pdf(resume_paper(db, actor, form_no))


def resume_paper(db: Database, actor: Actor, form_no: str) -> ResumeApprovalSheet:
    """What stands on the sheet. Raises NotFound, Denied."""
    form = resume_form(db, actor, form_no)
    if form is None:
        raise NotFound(f"没有恢复付款审批单“{form_no}”。")
    detail = payment_detail(db, actor, form.payment_no)
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        card = company_of(work)
        entry = _audit_entry(work, form)
        number = log_number(entry.seq, datetime.fromisoformat(entry.at), work)
        return _sheet(card, form, detail, (number, entry.hash), (actor.name, work.now))


def release_log_sheet(db: Database, actor: Actor, wanted: LogFilter) -> PdfResult:
    """The 解除止付操作日志 of a period as PDF, oldest first. Raises Denied, MissingGlyph."""
    entries = releases(db, actor, wanted)
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        card, now = company_of(work), work.now
    return release_log_pdf(
        ReleaseLog(
            card.name,
            card.drill,
            wanted.since,
            wanted.until,
            tuple(reversed(entries)),
            now,
            actor.name,
        )
    )


def release_log_workbook(
    db: Database,
    actor: Actor,
    wanted: LogFilter,
    target: Path,
    progress: Callable[[int], None] = no_progress,
    cancelled: Callable[[], bool] = never_cancelled,
) -> int:
    """The same as a workbook; gives how many rows. Raises Denied and what export_xlsx raises."""
    entries = releases(db, actor, wanted)
    return release_log_xlsx(target, reversed(entries), progress, cancelled)


def _audit_entry(work: ReadWork, form: ResumeForm) -> AuditEntry:
    """The newest entry about the form: its last decision, else the request itself."""
    if form.audit_seq is not None:
        return work.session.get_one(AuditEntry, form.audit_seq)
    return work.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject == f"payment:{form.payment_no}",
            AuditEntry.act == "resume.requested",
            AuditEntry.after.contains(f'"{form.number}"', autoescape=True),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).one()


def _sheet(
    card: CompanyCard,
    form: ResumeForm,
    detail: PaymentDetail,
    trail: tuple[str, str],
    printed: tuple[str, datetime],
) -> ResumeApprovalSheet:
    fields = detail.fields
    planned = _planned(form, detail)
    execute = _execution_day(form)
    return ResumeApprovalSheet(
        company=card.name,
        drill=card.drill,
        number=form.number,
        payment_no=form.payment_no,
        order_no=fields.order_no,
        contract_no=fields.contract_no,
        invoice_no=fields.invoice_no,
        payer=PartyAccount(detail.payer_name, fields.account_number, detail.payer_branch),
        payee=PartyAccount(
            fields.payee_name, fields.payee_account, fields.payee_bank, fields.payee_cnaps
        ),
        amount=fields.amount,
        planned_on=planned,
        stops=tuple(_stops(form, detail)),
        findings=_findings(form),
        measures=f"{form.measures}\n恢复理由：{form.reason}",
        rule_change="；".join(
            filter(None, (form.rule_change, waiver_text(form.waivers, form.waived)))
        ),
        changes=tuple(ChangeLine(c["field"], c["before"], c["after"]) for c in form.changes),
        checks=tuple(_checks(form)),
        execute_on=execute,
        risk_note=_risk_note(form, planned, execute),
        steps=tuple(_steps(form)),
        dry_run=tuple(_dry_run(form.dry_run)),
        log_no=trail[0],
        audit_hash=trail[1],
        printed_at=printed[1],
        printed_by=printed[0],
    )


def _planned(form: ResumeForm, detail: PaymentDetail) -> date:
    # Resuming moves the payment's own day; the checklist keeps the one that was planned.
    kept = next((item["ours"] for item in form.verification if item["code"] == "due"), None)
    return detail.fields.due_on if kept is None else date.fromisoformat(kept)


def _execution_day(form: ResumeForm) -> date:
    found = (form.dry_run or {}).get("next_execution")
    return form.planned_on if found is None else business_date(datetime.fromisoformat(found))


def _stops(form: ResumeForm, detail: PaymentDetail) -> Iterator[StopLine]:
    for hold in sorted(detail.holds, key=lambda one: one.placed_at):
        if hold.number in form.hold_numbers:
            reasons = f"{hold.reason} {hold.reason_label}（{hold.number}）"
            yield StopLine(hold.placed_at, hold.placed_by, reasons, hold.text, hold.evidence)


def _findings(form: ResumeForm) -> tuple[FindingLine, ...]:
    causes = form.diagnosis.causes if form.diagnosis else ()
    return tuple(
        FindingLine(
            f"{cause.reason} {REASON_LABELS[cause.reason]}",
            cause.summary,
            SEVERITY_LABELS[cause.severity],
        )
        for cause in causes
    )


def _checks(form: ResumeForm) -> Iterator[CheckLine]:
    for item in form.verification:
        compared = item["source"] or "无来源单据，由申请人核对"
        yield CheckLine(item["label"], not item["differs"], item["ours"], compared)
    causes = form.diagnosis.causes if form.diagnosis else ()
    for title, reasons in _COMPUTED:
        against = [
            cause.summary
            for cause in causes
            if cause.reason in reasons and cause.severity is Severity.BLOCKING
        ]
        at = local_text(form.diagnosis.at) if form.diagnosis else ""
        yield CheckLine(title, not against, f"申请时诊断 {at}", "；".join(against) or "未发现问题")


def _risk_note(form: ResumeForm, planned: date, execute: date) -> str:
    late = (execute - planned).days
    notes = [f"较原计划日推迟 {late} 天。"] if late > 0 else []
    differing = [item["label"] for item in form.verification if item["differs"]]
    if differing:
        notes.append(f"与来源单据不一致：{'、'.join(differing)}，申请人已确认。")
    if form.waivers:
        notes.append(f"有 {len(form.waivers)} 项检查经豁免放行。")
    return "".join(notes)


def _steps(form: ResumeForm) -> Iterator[ApprovalStep]:
    yield ApprovalStep("申请", form.requested_by, "", "提交", form.reason, form.requested_at)
    for step in form.approval.steps if form.approval else ():
        yield ApprovalStep(
            step.level, step.name, step.on_behalf_of, step.decision, step.remark, step.at
        )


def _dry_run(tested: Mapping[str, Any] | None) -> Iterator[str]:
    if tested is None:
        yield "尚未最终批准；批准时复验全部检查项。"
        return
    passages = tested["passages"]
    passed = sum(1 for passage in passages if passage["ok"])
    at = local_text(datetime.fromisoformat(tested["at"]))
    yield f"{at} 付款测试：{len(passages)} 项检查，通过 {passed} 项，未动用资金。"
    for passage in passages:
        if passage["waived"]:
            yield f"豁免放行：{passage['title']}（{passage['detail']}），理由：{passage['waived']}"
        elif not passage["ok"]:
            yield f"未通过：{passage['title']}（{passage['detail']}）"
    if tested["next_execution"]:
        yield f"下次执行时间：{local_text(datetime.fromisoformat(tested['next_execution']))}"
