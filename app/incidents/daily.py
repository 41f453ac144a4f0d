"""What runs daily: holds that end, and everything that waits too long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.access.approvals import KIND_LABELS, ApprovalKind, RequestState
from app.access.guard import name_of
from app.access.model import ApprovalRequest, RoleGrant, User
from app.access.rights import ROLE_LABELS, Role
from app.accounts import reading
from app.accounts.calendar import unknown_year
from app.agreements.letter_view import SlotState, slots
from app.agreements.model import Agreement, CancellationItem
from app.agreements.rhythm import Rhythm, next_debit
from app.agreements.takeover_rules import LATE, TaskState
from app.agreements.takeover_view import lines_of
from app.agreements.watch.deciding import open_hits
from app.agreements.watch.states import HIT_LABELS
from app.audit.trail import SYSTEM_ACTOR
from app.incidents.case_view import unresolved
from app.incidents.closing.reviewing import overdue_measures
from app.incidents.contacts.briefings import unread
from app.incidents.contacts.directory import ending_contracts
from app.incidents.contacts.waiting import due_waits
from app.incidents.escalating import escalate_due, escalation_notices
from app.incidents.planning.plans import due_reviews
from app.incidents.recheck import recheck_due
from app.incidents.states import SEVERITY_LABELS, Severity
from app.incidents.tasks import overdue_tasks
from app.payments.diagnosing import screen_due
from app.payments.diagnosis.facts import SystemFacts
from app.payments.holds import expire_due
from app.payments.model import Attempt, Hold, Payment
from app.payments.rule_changes import threshold_values
from app.payments.states import HOLDING, UNDECIDED
from app.statements.importing import look_again
from app.storage.work import Database, ReadWork

_SOON = timedelta(days=30)
_LONG_HOLD = timedelta(days=30)
_NEAR_DEBIT = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that wants a person: kind is stable, subject names the row."""

    kind: str
    text: str
    subject: str


def daily_check(db: Database, system: SystemFacts) -> list[Notice]:
    """End what is due, stop what can't leave today, and list what needs attention."""
    ended = expire_due(db)
    escalate_due(db)
    stopped = screen_due(db, system)
    look_again(db, SYSTEM_ACTOR)
    notices = [
        Notice("hold_expired", f"暂停令 {number} 已到期，自动解除。", number) for number in ended
    ]
    notices.extend(
        Notice("stopped", f"{number} 今日应付而检查未通过，已自动停付，请查看原因。", number)
        for number in stopped
    )
    with db.read() as work:
        limits = threshold_values(work)
        notices.extend(_unknown(work, int(limits["R14.unknown"])))
        notices.extend(_stuck(work, int(limits["A01.pending"])))
        notices.extend(_old_holds(work))
        notices.extend(_rights(work))
        notices.extend(_certificates(work, int(limits["C01.certificate"])))
        notices.extend(_calendar(work))
        notices.extend(_unconfirmed(work))
        notices.extend(_letters(work))
        notices.extend(_forbidden(work))
        notices.extend(_incidents(work))
        notices.extend(_overdue(work))
        notices.extend(_followed(work))
        notices.extend(_by_hand(work))
        if recheck_due(work):
            text = "自动付款状态核查已超过 30 天未做，请核查并签字。"
            notices.append(Notice("recheck", text, ""))
    return notices


def _unknown(work: ReadWork, minutes: int) -> Iterator[Notice]:
    rows = work.session.execute(
        select(Payment.number, Attempt.written_at)
        .join(Attempt, Attempt.payment_id == Payment.id)
        .where(
            Attempt.live,
            Payment.stage.in_(UNDECIDED),
            Attempt.written_at < work.now - timedelta(minutes=minutes),
        )
        .order_by(Attempt.written_at)
    )
    for number, at in rows:
        waited = int((work.now - at).total_seconds() // 60)
        yield Notice("unknown", f"{number} 提交 {waited} 分钟仍无确定结果，请向银行核实。", number)


def _stuck(work: ReadWork, hours: int) -> Iterator[Notice]:
    rows = work.session.scalars(
        select(ApprovalRequest)
        .where(
            ApprovalRequest.state == RequestState.OPEN,
            ApprovalRequest.opened_at < work.now - timedelta(hours=hours),
        )
        .order_by(ApprovalRequest.opened_at)
    )
    for row in rows:
        label = KIND_LABELS[ApprovalKind(row.kind)]
        level = ROLE_LABELS[Role(row.levels[row.position])]
        yield Notice(
            "approval",
            f"{label} {row.subject_no} 待“{level}”审批已超过 {hours} 小时。",
            row.subject_no,
        )


def _old_holds(work: ReadWork) -> Iterator[Notice]:
    rows = work.session.scalars(
        select(Hold)
        .where(Hold.state.in_(HOLDING), Hold.placed_at < work.now - _LONG_HOLD)
        .order_by(Hold.placed_at)
    )
    for hold in rows:
        yield Notice(
            "hold", f"暂停令 {hold.number}（{hold.scope_label}）已超过 30 天，请复核。", hold.number
        )


def _rights(work: ReadWork) -> Iterator[Notice]:
    rows = work.session.execute(
        select(RoleGrant, User.name)
        .join(User, User.id == RoleGrant.user_id)
        .where(
            User.active,
            RoleGrant.ended_at.is_(None),
            RoleGrant.valid_until.is_not(None),
            RoleGrant.valid_until >= work.today,
            RoleGrant.valid_until <= work.today + _SOON,
        )
    )
    for grant, name in rows:
        role = ROLE_LABELS[Role(grant.role)]
        yield Notice("right", f"{name} 的“{role}”岗位将于 {grant.valid_until} 到期。", name)


def _certificates(work: ReadWork, days: int) -> Iterator[Notice]:
    for channel in reading.channels(work).values():
        until = channel.certificate_until
        if until is not None and until <= work.today + timedelta(days=days):
            yield Notice("certificate", f"渠道“{channel.name}”的证书 {until} 到期。", channel.code)


def _unconfirmed(work: ReadWork) -> Iterator[Notice]:
    """Cancellations that the bank should have confirmed, or that are debited before it does."""
    rows = work.session.execute(
        select(CancellationItem, Agreement)
        .join(Agreement, Agreement.id == CancellationItem.agreement_id)
        .where(CancellationItem.open)
        .order_by(Agreement.number)
    )
    for item, agreement in rows:
        due = next_debit(
            Rhythm(agreement.rhythm), agreement.first_debit_on, work.today, agreement.ends_on
        )
        late = item.expected_on is not None and item.expected_on < work.today
        if late:
            text = f"{agreement.number} 应于 {item.expected_on} 前终止，银行仍未确认，请催办。"
            yield Notice("cancel_late", text, agreement.number)
        if due is not None and due - work.today <= _NEAR_DEBIT:
            text = f"{agreement.number} 正在取消，{due} 仍可能扣款，请联系银行。"
            yield Notice("cancel_debit_near", text, agreement.number)


def _letters(work: ReadWork) -> Iterator[Notice]:
    """Letters that nobody made, sent or answered (requirements D3.4, D5.5)."""
    for slot in slots(work):
        whom = f"{slot.subject} 致{slot.addressee}的函"
        match slot.state:
            case SlotState.MISSING:
                yield Notice("letter_missing", f"{whom}尚未生成，请生成并发出。", slot.subject)
            case SlotState.READY:
                yield Notice("letter_unsent", f"{slot.number} {whom}尚未发出。", slot.number)
            case SlotState.UNKNOWN:
                text = f"{slot.number} {whom}邮件送达不明，请向收件人核实。"
                yield Notice("letter_unknown", text, slot.number)
            case SlotState.LATE if slot.chase_wanted:
                wanted = "退回款项" if slot.answers else "答复"
                text = f"{slot.number} {whom}应于 {slot.due_on} 前{wanted}，请催办。"
                yield Notice("letter_late", text, slot.number)
            case _:
                pass


def _forbidden(work: ReadWork) -> Iterator[Notice]:
    """R13: what was debited after the end or in a suspension, until it is recovered or was a false alarm."""
    for hit in open_hits(work):
        text = (
            f"{hit.agreement} 已于 {hit.since}，{hit.debited_on} 仍被扣款 "
            f"{hit.amount.named()}（{hit.number}，{HIT_LABELS[hit.state]}）。"
        )
        yield Notice("forbidden_debit", text, hit.number)


def _incidents(work: ReadWork) -> Iterator[Notice]:
    """What nobody has taken over, and what is being dealt with (requirement F4.6)."""
    for row in unresolved(work):
        head = f"{row.number}（{SEVERITY_LABELS[Severity(row.severity)]}）"
        if row.owner_id is None:
            text = f"{head}{row.title}，尚无人负责，请接手。"
        else:
            days = (work.now - row.found_at).days
            owner = name_of(work, row.owner_id)
            text = f"{head}{row.title}，{owner} 处理中，已 {days} 天。"
        yield Notice("incident", text, row.number)


def _overdue(work: ReadWork) -> Iterator[Notice]:
    """Responses that take too long, and sub-tasks whose day has come (requirement F4.2)."""
    for number, text in escalation_notices(work):
        yield Notice("incident_late", text, number)
    for incident, task in overdue_tasks(work):
        owner = name_of(work, task.owner_id)
        text = f"{incident.number} 的子任务“{task.title}”应于 {task.due_on} 办结，请{owner}办理。"
        yield Notice("incident_task", text, incident.number)
    for number, measure in overdue_measures(work):
        owner = name_of(work, measure.owner_id)
        text = f"{number} 的改进措施“{measure.text}”应于 {measure.due_on} 完成，请{owner}办理。"
        yield Notice("measure", text, number)


def _followed(work: ReadWork) -> Iterator[Notice]:
    """Whom to ask again, who has not taken note, and whose contract ends (F4.3, F4.4)."""
    for number, text in due_waits(work):
        yield Notice("incident_wait", text, number)
    for number, text in unread(work):
        yield Notice("briefing", text, number)
    for number, text in due_reviews(work):
        yield Notice("plan_review", text, number)
    for organisation, text in ending_contracts(work):
        yield Notice("contract", text, organisation)


def _by_hand(work: ReadWork) -> Iterator[Notice]:
    """Payments by hand at T-7, -3, -1 and 0, and daily once they are late (requirement E2.4)."""
    for task in lines_of(work):
        what = f"{task.agreement} {task.payee} {task.due_on} 的人工付款（{task.amount_text}）"
        if task.state is TaskState.WITHDRAWN and task.warning:
            yield Notice("takeover_stray", f"{what}：{task.warning}", task.agreement)
        if not task.is_reminded or task.unpayable:
            continue
        if task.state is TaskState.OVERDUE:
            text = f"{what}已逾期 {task.days_late} 天，请{task.owner_name}立即办理。{task.warning}"
            yield Notice("takeover_late", text, task.agreement)
        else:
            when = f"还有 {task.left} 个工作日" if task.left else "今天须付"
            when = "付款日非工作日，请立即办理" if task.left == LATE else when
            text = f"{what}{when}，负责人 {task.owner_name}。{task.warning}"
            yield Notice("takeover_due", text, task.agreement)


def _calendar(work: ReadWork) -> Iterator[Notice]:
    year = unknown_year(work)
    if year is not None:
        text = f"{year} 年的节假日安排尚未导入，请在“系统—工作日历”导入。"
        yield Notice("calendar", text, str(year))
