"""What the report says, gathered from the rows."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import select

from app.access.founding import company_of
from app.access.guard import name_of
from app.core.clock import local_text
from app.core.money import Money
from app.documents.incident_report import IncidentPaper, Listing
from app.incidents.at_risk import Impact
from app.incidents.case_view import IncidentLine, everything, line_of
from app.incidents.causes_view import findings_of
from app.incidents.checklist_items import AREA_LABELS, ITEMS
from app.incidents.closing.reviewing import measures_of, review_of
from app.incidents.contacts.model import IncidentTalk
from app.incidents.contacts.talks import MODE_LABELS, Mode
from app.incidents.escalating import clocks_of
from app.incidents.evidence.keeping import CATEGORY_LABELS, evidence_of
from app.incidents.flow import RESULT_LABELS
from app.incidents.model import Incident, IncidentBackup, IncidentEntry
from app.incidents.response_view import impact
from app.incidents.standing import latest_results, payments_of
from app.incidents.states import (
    CAUSE_LABELS,
    INCIDENT_LABELS,
    OUTSIDE_LABELS,
    SEVERITY_LABELS,
    TASK_STATE_LABELS,
    Cause,
    Outside,
)
from app.incidents.tasks import task_lines
from app.payments.detail import hold_line
from app.payments.diagnosis.rule import SEVERITY_LABELS as FINDING_LABELS
from app.payments.holds import find_hold
from app.payments.model import Payment
from app.payments.states import STATUS_LABELS
from app.storage.work import ReadWork

_HASH: Final = 16
_RIGHT_OF_PAYMENTS: Final = frozenset({3, 5, 6})


def paper_of(work: ReadWork, row: Incident, edition: int, by: str) -> IncidentPaper:
    """The report as it would be made now. Raises UnknownCalendar."""
    card, line, review = company_of(work), line_of(work, row), review_of(work, row)
    subjects = payments_of(work, row)
    risk = impact(work, subjects)
    return IncidentPaper(
        company=card.name,
        drill=card.drill,
        number=row.number,
        edition=edition,
        prepared_by=by,
        prepared_at=local_text(work.now, work.tz),
        facts=tuple(_facts(work, row, line)),
        title=row.title,
        happenings=_happenings(work, row),
        cause=CAUSE_LABELS[Cause(row.cause)],
        cause_why=row.cause_why,
        direct_cause=review.direct_cause if review else "",
        root_cause=review.root_cause if review else "",
        findings=_findings(work, subjects),
        checks=_checks(work, row),
        talks=_talks(work, row),
        measures_taken=_taken(work, row, line),
        conclusion=row.conclusion,
        times=tuple(one.text for one in clocks_of(work, row)),
        payments=_payments(risk),
        impact=review.impact if review else "",
        fee=_fee(risk, review.fee_minor if review else 0),
        lessons=review.lessons if review else "",
        measures=_measures(work, row),
        evidence=_evidence(work, row),
    )


def _happenings(work: ReadWork, row: Incident) -> Listing:
    """The timeline, the oldest first, what was corrected marked as such."""
    rows = [
        (
            local_text(one.at, work.tz),
            f"{one.what}（已更正）" if one.corrected else one.what,
            one.text,
            one.who,
        )
        for one in reversed(everything(work, row))
    ]
    return Listing(("时间", "事项", "内容", "人员"), (27, 24, 95, 20), rows)


def _payments(risk: Impact) -> Listing:
    """Its payments, with what being late costs."""
    rows = [
        (
            one.number,
            one.payee,
            STATUS_LABELS[one.status],
            one.amount.display(),
            one.due_on.isoformat(),
            str(one.days_late) if one.days_late > 0 and not one.over else "—",
            one.fee.display() if one.fee.minor else "—",
        )
        for one in risk.payments
    ]
    names = ("指令号", "收款方", "现状", "金额", "计划付款日", "逾期天数", "费用估算")
    return Listing(names, (30, 44, 18, 26, 20, 13, 15), rows, _RIGHT_OF_PAYMENTS)


def _facts(work: ReadWork, row: Incident, line: IncidentLine) -> Iterator[tuple[str, str]]:
    yield "发现时间", local_text(row.found_at, work.tz)
    yield "建立人", f"{line.opened_by} {local_text(row.opened_at, work.tz)}"
    yield "等级", SEVERITY_LABELS[line.severity]
    yield "状态", INCIDENT_LABELS[line.state]
    yield "负责人", line.owner
    yield "涉及笔数", f"付款 {len(line.payments)}，扣款 {len(line.hits)}，流水 {len(line.lines)}"
    yield "涉及金额", "、".join(one.named() for one in line.amounts)
    yield "解决", f"{line.resolved_by} {local_text(row.resolved_at, work.tz)}".strip()


def _findings(work: ReadWork, payments: Sequence[Payment]) -> Listing:
    rows = [
        (FINDING_LABELS[one.severity], one.reason_label, one.summary, f"{len(one.payments)} 笔")
        for one in findings_of(work, payments)
    ]
    return Listing(("程度", "原因", "发现", "付款"), (14, 28, 106, 18), rows, frozenset({3}))


def _checks(work: ReadWork, row: Incident) -> Listing:
    results = latest_results(work, row)
    rows = [
        (
            AREA_LABELS[item.area],
            item.title,
            RESULT_LABELS[one.result],
            one.said,
            f"{name_of(work, one.checked_by)}{'（自动）' if one.computed else ''}",
        )
        for item in ITEMS
        if (one := results.get(item.code)) is not None
    ]
    return Listing(("范围", "检查项", "结果", "看到了什么", "检查人"), (12, 36, 12, 76, 30), rows)


def _talks(work: ReadWork, row: Incident) -> Listing:
    found = work.session.execute(
        select(IncidentTalk, IncidentEntry)
        .join(IncidentEntry, IncidentEntry.id == IncidentTalk.entry_id)
        .where(IncidentTalk.incident_id == row.id)
        .order_by(IncidentEntry.at)
    )
    rows = [
        (
            local_text(entry.at, work.tz),
            f"{OUTSIDE_LABELS[Outside(talk.party)]} {entry.organisation} {entry.person}",
            f"{MODE_LABELS[Mode(talk.mode)]} {talk.ticket}".strip(),
            entry.text,
        )
        for talk, entry in found
    ]
    return Listing(("时间", "对方", "方式、工单", "内容"), (27, 42, 22, 75), rows)


def _taken(work: ReadWork, row: Incident, line: IncidentLine) -> Listing:
    rows: list[tuple[str, ...]] = []
    for hold in (hold_line(work, find_hold(work, one)) for one in line.holds):
        until = local_text(hold.released_at, work.tz)
        state = f"{hold.state_label} {until}".strip()
        rows.append(("暂停令", f"{hold.number} {hold.scope_text}：{hold.text}", state))
    for task in task_lines(work, row):
        said = f"{task.title}（{task.owner}，{task.due_on}）{task.result}"
        rows.append(("子任务", said, TASK_STATE_LABELS[task.state]))
    backups = work.session.scalars(
        select(IncidentBackup).where(IncidentBackup.incident_id == row.id)
    )
    rows += [
        ("备份", f"{one.path}　SHA-256 {one.sha256[:_HASH]}", local_text(one.made_at, work.tz))
        for one in backups
    ]
    return Listing(("措施", "内容", "结果"), (18, 112, 36), rows)


def _fee(risk: Impact, fee_minor: int) -> str:
    estimated = "、".join(one.named() for one in risk.fees) or "0.00"
    known = Money(fee_minor, "CNY").named() if fee_minor else "未登记"
    return f"逾期未付 {risk.late_count} 笔，估算费用 {estimated}；复盘登记的费用 {known}"


def _measures(work: ReadWork, row: Incident) -> Listing:
    rows = [
        (one.text, one.owner, one.due_on.isoformat(), TASK_STATE_LABELS[one.state])
        for one in measures_of(work, row)
    ]
    return Listing(("措施", "责任人", "期限", "状态"), (98, 24, 24, 20), rows)


def _evidence(work: ReadWork, row: Incident) -> Listing:
    rows = [
        (
            one.number,
            CATEGORY_LABELS[one.category],
            one.name + ("（已撤回）" if one.withdrawn_at else ""),
            one.hash[:_HASH],
            f"{one.added_by} {local_text(one.added_at, work.tz)}",
        )
        for one in evidence_of(work, row)
    ]
    names = ("证据号", "类别", "文件", "SHA-256（前 16 位）", "添加")
    return Listing(names, (34, 18, 52, 32, 30), rows)
