"""How far a response came, gathered from the rows for the rules of the flow."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Select, func, select

from app.accounts import reading
from app.agreements.model import WatchHit
from app.agreements.watch.states import SETTLED, HitState
from app.incidents.checklist_items import ITEMS, Area
from app.incidents.closing.model import IncidentReport, IncidentReview
from app.incidents.contacts.model import IncidentTalk, IncidentWait
from app.incidents.evidence.model import EvidenceWithdrawal, IncidentEvidence
from app.incidents.flow import FAIL, Standing
from app.incidents.model import (
    Incident,
    IncidentBackup,
    IncidentCheck,
    IncidentStep,
    IncidentSubject,
    IncidentTask,
)
from app.incidents.response_clock import Limits, Moments, hours_of
from app.incidents.states import (
    UNRESOLVED,
    Outside,
    ReportState,
    Severity,
    Step,
    StepState,
    SubjectKind,
    TaskState,
)
from app.incidents.vendor.model import SupportTicket
from app.payments.model import BankCheck, DiagnosisRun, DiagnosisSubject, Hold, Payment
from app.payments.rule_changes import threshold_values
from app.payments.states import HOLDING, UNDECIDED
from app.storage.work import ReadWork

_SHOWN: Final = 5


def standing_of(work: ReadWork, row: Incident) -> Standing:
    """Everything that the flow asks of one incident, as it is now."""
    results = latest_results(work, row)
    faults = [item for item in ITEMS if item.code in results and results[item.code].result == FAIL]
    steps = steps_of(work, row)
    talks = _talks(work, row)
    return Standing(
        severity=Severity(row.severity),
        steps=steps,
        owned=row.owner_id is not None,
        caused=steps[Step.CAUSE] is StepState.DONE,
        backups=_count(work, IncidentBackup, row),
        unchecked=tuple(item.title for item in ITEMS if item.code not in results),
        account_faults=tuple(item.title for item in faults if item.area is Area.ACCOUNT),
        software_faults=tuple(item.title for item in faults if item.area is Area.SOFTWARE),
        unknown=tuple(unknown_payments(work, row)),
        tasks=tuple(open_tasks(work, row)),
        vendor_talks=talks.get(Outside.VENDOR, 0) + _sent_tickets(work, row),
        bank_talks=talks.get(Outside.BANK, 0),
        bank_checks=_bank_checks(work, row),
        reviewed=_count(work, IncidentReview, row) > 0,
        reported=_approved(work, row),
        resolved=row.state not in UNRESOLVED,
    )


def steps_of(work: ReadWork, row: Incident) -> dict[Step, StepState]:
    """The state of each step."""
    rows = work.session.scalars(select(IncidentStep).where(IncidentStep.incident_id == row.id))
    found = {Step(one.step): StepState(one.state) for one in rows}
    return {step: found.get(step, StepState.OPEN) for step in Step}


def has_evidence(work: ReadWork, row: Incident) -> bool:
    """Whether a file counts as evidence, or a diagnosis was run for it since it was opened."""
    kept = (
        select(IncidentEvidence.id)
        .outerjoin(EvidenceWithdrawal, EvidenceWithdrawal.evidence_id == IncidentEvidence.id)
        .where(IncidentEvidence.incident_id == row.id, EvidenceWithdrawal.id.is_(None))
    )
    if work.session.scalar(kept.limit(1)) is not None:
        return True
    run = (
        select(DiagnosisRun.id)
        .join(DiagnosisSubject, DiagnosisSubject.run_id == DiagnosisRun.id)
        .join(Payment, Payment.id == DiagnosisSubject.payment_id)
        .where(
            DiagnosisRun.at >= row.opened_at, Payment.number.in_(_numbers(row, SubjectKind.PAYMENT))
        )
    )
    return work.session.scalar(run.limit(1)) is not None


def payments_of(work: ReadWork, row: Incident) -> Sequence[Payment]:
    """The payments that an incident is about, in the order in which they came."""
    return work.session.scalars(
        select(Payment)
        .join(IncidentSubject, IncidentSubject.number == Payment.number)
        .where(IncidentSubject.incident_id == row.id, IncidentSubject.kind == SubjectKind.PAYMENT)
        .order_by(IncidentSubject.id)
    ).all()


def unknown_payments(work: ReadWork, row: Incident) -> list[str]:
    """Numbers of its payments that the bank was given and whose result nobody knows."""
    return list(
        work.session.scalars(
            select(Payment.number)
            .where(
                Payment.number.in_(_numbers(row, SubjectKind.PAYMENT)), Payment.stage.in_(UNDECIDED)
            )
            .order_by(Payment.number)
        )
    )


def open_holds(work: ReadWork, row: Incident) -> list[str]:
    """Numbers of the holds that were placed because of it and are not lifted."""
    return list(
        work.session.scalars(
            select(Hold.number)
            .where(Hold.number.in_(_numbers(row, SubjectKind.HOLD)), Hold.state.in_(HOLDING))
            .order_by(Hold.number)
        )
    )


def open_tasks(work: ReadWork, row: Incident) -> list[str]:
    """Titles of its sub-tasks that are not done."""
    return list(
        work.session.scalars(
            select(IncidentTask.title)
            .where(IncidentTask.incident_id == row.id, IncidentTask.state == TaskState.OPEN)
            .order_by(IncidentTask.id)
        )
    )


def open_waits(work: ReadWork, row: Incident) -> list[str]:
    """Whom an incident still waits for."""
    return list(
        work.session.scalars(
            select(IncidentWait.organisation)
            .where(IncidentWait.incident_id == row.id, IncidentWait.ended_at.is_(None))
            .order_by(IncidentWait.id)
        )
    )


def open_hits(work: ReadWork, row: Incident) -> list[str]:
    """Numbers of its forbidden debits that are neither recovered nor excluded."""
    rows = work.session.execute(
        select(WatchHit.number, WatchHit.state)
        .where(WatchHit.number.in_(_numbers(row, SubjectKind.HIT)))
        .order_by(WatchHit.id)
    )
    return [number for number, state in rows if HitState(state) not in SETTLED]


def unfinished(work: ReadWork, row: Incident) -> list[tuple[str, str]]:
    """What keeps an incident from being over: what it is, and what to do about it."""
    found: list[tuple[str, str]] = []
    for names, what, cure in (
        (
            open_hits(work, row),
            "笔扣款未追回、未排除",
            "请在“扣款监控”登记追回，或由主管排除误报后再办理。",
        ),
        (
            unknown_payments(work, row),
            "笔付款状态不明",
            "请向银行核实并登记结果，不能按成功或失败猜测。",
        ),
        (open_holds(work, row), "个暂停令未解除", "请在“暂停令台账”申请解除，由主管批准。"),
        (open_tasks(work, row), "个子任务未办结", "请在“联系银行”一步办结或注明不需要。"),
        (open_waits(work, row), "个等待未结束", "请在“跟进与通报”登记对方的答复后结束等待。"),
    ):
        if names:
            more = "等" if len(names) > _SHOWN else ""
            found.append((f"{len(names)} {what}：{'、'.join(names[:_SHOWN])}{more}", cure))
    return found


def latest_results(work: ReadWork, row: Incident) -> dict[str, IncidentCheck]:
    """The result that counts of each item of the checklist, by code."""
    newest = (
        select(func.max(IncidentCheck.id))
        .where(IncidentCheck.incident_id == row.id)
        .group_by(IncidentCheck.code)
    )
    rows = work.session.scalars(select(IncidentCheck).where(IncidentCheck.id.in_(newest)))
    return {one.code: one for one in rows}


def moments_of(row: Incident) -> Moments:
    """The instants that the clock of the response asks."""
    resolved = None if row.state in UNRESOLVED else row.resolved_at
    return Moments(Severity(row.severity), row.found_at, row.owned_at, row.caused_at, resolved)


def limits_of(work: ReadWork) -> Limits:
    """The company's limits of time: its settings, its working hours, its calendar."""
    settings = threshold_values(work)
    return Limits(hours_of(settings, reading.workdays(work), work.tz), settings)


def _numbers(row: Incident, kind: SubjectKind) -> Select[str]:
    return select(IncidentSubject.number).where(
        IncidentSubject.incident_id == row.id, IncidentSubject.kind == kind
    )


def _count(
    work: ReadWork, model: type[IncidentBackup] | type[IncidentReview], row: Incident
) -> int:
    query = select(func.count()).select_from(model).where(model.incident_id == row.id)
    return work.session.scalar(query) or 0


def _talks(work: ReadWork, row: Incident) -> dict[str, int]:
    rows = work.session.execute(
        select(IncidentTalk.party, func.count())
        .where(IncidentTalk.incident_id == row.id)
        .group_by(IncidentTalk.party)
    )
    return {party: count for party, count in rows}  # noqa: C416 - typed


def _sent_tickets(work: ReadWork, row: Incident) -> int:
    """What the vendor was given in writing."""
    query = (
        select(func.count())
        .select_from(SupportTicket)
        .where(SupportTicket.incident_id == row.id, SupportTicket.sent_at.is_not(None))
    )
    return work.session.scalar(query) or 0


def _bank_checks(work: ReadWork, row: Incident) -> int:
    query = (
        select(func.count())
        .select_from(BankCheck)
        .join(Payment, Payment.id == BankCheck.payment_id)
        .where(
            Payment.number.in_(_numbers(row, SubjectKind.PAYMENT)),
            BankCheck.recorded_at >= row.opened_at,
        )
    )
    return work.session.scalar(query) or 0


def _approved(work: ReadWork, row: Incident) -> bool:
    query = select(IncidentReport.id).where(
        IncidentReport.incident_id == row.id, IncidentReport.state == ReportState.APPROVED
    )
    return work.session.scalar(query.limit(1)) is not None
