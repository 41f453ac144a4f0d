"""What must hold of incidents whatever happened: for tests and self-diagnosis."""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from sqlalchemy import or_, select

from app.audit.model import AuditEntry
from app.incidents.closing.model import IncidentReport
from app.incidents.closing.reporting import SEALED
from app.incidents.contacts.model import IncidentTalk, IncidentWait
from app.incidents.evidence.model import IncidentEvidence
from app.incidents.model import (
    Incident,
    IncidentEntry,
    IncidentStep,
    IncidentSubject,
    IncidentTask,
)
from app.incidents.states import (
    UNRESOLVED,
    EntryKind,
    IncidentState,
    ReportState,
    Step,
    StepState,
    SubjectKind,
    TaskState,
)
from app.payments.invariants import Promise
from app.payments.model import Hold, Payment
from app.payments.states import HOLDING
from app.storage.work import ReadWork


def examine(work: ReadWork) -> list[Promise]:
    """Every promise about incidents."""
    return [Promise(code, title, tuple(look(work))) for code, title, look in PROMISES]


def _five_steps(work: ReadWork) -> list[str]:
    """Each has its five steps and its first line; the later steps wait for the cause."""
    steps: dict[int, dict[str, str]] = defaultdict(dict)
    for row in work.session.scalars(select(IncidentStep)):
        steps[row.incident_id][row.step] = row.state
    told = set(
        work.session.scalars(
            select(IncidentEntry.incident_id).where(IncidentEntry.kind == EntryKind.OPENED)
        )
    )
    wrong = []
    for key, number in work.session.execute(select(Incident.id, Incident.number)):
        found = steps[key]
        early = found.get(Step.CAUSE) != StepState.DONE and any(
            state != StepState.OPEN for step, state in found.items() if step != Step.CAUSE
        )
        if set(found) != {str(step) for step in Step} or key not in told or early:
            wrong.append(number)
    return wrong


def _closed_by_another(work: ReadWork) -> list[str]:
    """What is over says who said so; what is closed was closed by somebody else."""
    over = [IncidentState.RESOLVED, IncidentState.CLOSED]
    rows = work.session.scalars(
        select(Incident.number).where(
            or_(
                Incident.state.in_(over)
                & (Incident.resolved_by.is_(None) | (Incident.conclusion == "")),
                (Incident.state == IncidentState.CLOSED)
                & (Incident.closed_by.is_(None) | (Incident.closed_by == Incident.resolved_by)),
                Incident.state.in_(list(UNRESOLVED)) & Incident.closed_by.is_not(None),
            )
        )
    )
    return list(rows)


def _closed_is_settled(work: ReadWork) -> list[str]:
    """What is closed holds nothing: no hold, no sub-task, no wait, no open subject."""
    closed = select(Incident.id).where(Incident.state == IncidentState.CLOSED)
    subjects = select(IncidentSubject.incident_id).where(IncidentSubject.incident_id.in_(closed))
    held = subjects.where(
        IncidentSubject.kind == SubjectKind.HOLD,
        IncidentSubject.number.in_(select(Hold.number).where(Hold.state.in_(HOLDING))),
    )
    tasks = select(IncidentTask.incident_id).where(
        IncidentTask.incident_id.in_(closed), IncidentTask.state == TaskState.OPEN
    )
    waits = select(IncidentWait.incident_id).where(
        IncidentWait.incident_id.in_(closed), IncidentWait.ended_at.is_(None)
    )
    wrong = select(Incident.number).where(
        or_(
            Incident.id.in_(subjects.where(IncidentSubject.open)),
            Incident.id.in_(held),
            Incident.id.in_(tasks),
            Incident.id.in_(waits),
        )
    )
    return list(work.session.scalars(wrong))


def _subjects_exist(work: ReadWork) -> list[str]:
    """Payments and holds of an incident are there."""
    wrong: list[str] = []
    for kind, numbers in (
        (SubjectKind.PAYMENT, select(Payment.number)),
        (SubjectKind.HOLD, select(Hold.number)),
    ):
        wrong += work.session.scalars(
            select(IncidentSubject.number).where(
                IncidentSubject.kind == kind, IncidentSubject.number.not_in(numbers)
            )
        )
    return wrong


def _talks_are_told(work: ReadWork) -> list[str]:
    """A contact stands in the timeline of its own incident."""
    astray = or_(
        IncidentEntry.incident_id != IncidentTalk.incident_id,
        IncidentEntry.kind != EntryKind.CONTACT,
    )
    rows = work.session.scalars(
        select(IncidentTalk.id)
        .outerjoin(IncidentEntry, IncidentEntry.id == IncidentTalk.entry_id)
        .where(IncidentEntry.id.is_(None) | astray)
        .order_by(IncidentTalk.id)
    )
    return [str(key) for key in rows]


def _evidence_without_gap(work: ReadWork) -> list[str]:
    """Evidence is numbered from one on, without a gap: none was taken away."""
    given: dict[int, list[str]] = defaultdict(list)
    for row in work.session.scalars(select(IncidentEvidence).order_by(IncidentEvidence.id)):
        given[row.incident_id].append(row.number)
    rows = work.session.execute(select(Incident.id, Incident.number))
    numbers = {key: number for key, number in rows}  # noqa: C416 - typed
    return [
        numbers[key]
        for key, found in given.items()
        if found != [f"{numbers[key]}-E{place:02d}" for place in range(1, len(found) + 1)]
    ]


def _reports_are_sealed(work: ReadWork) -> list[str]:
    """An approved report has three people, and the trail carries the hash of its index."""
    sealed = {
        json.loads(after).get("index")
        for after in work.session.scalars(select(AuditEntry.after).where(AuditEntry.act == SEALED))
    }
    rows = work.session.execute(
        select(IncidentReport, Incident.number)
        .join(Incident, Incident.id == IncidentReport.incident_id)
        .where(IncidentReport.state == ReportState.APPROVED)
    )
    return [
        f"{number} 第 {one.edition} 版"
        for one, number in rows
        if len({one.prepared_by, one.reviewed_by, one.approved_by} - {None}) != len(_THREE)
        or one.index_hash not in sealed
    ]


_THREE: Final = ("编制", "复核", "批准")
PROMISES: Final[tuple[tuple[str, str, Callable[[ReadWork], list[str]]], ...]] = (
    ("I1", "每个事件有五个步骤，定因前不办后面的步骤", _five_steps),
    ("I2", "已解决的有人负责，关闭由另一人办理", _closed_by_another),
    ("I3", "已关闭的事件没有未了结的事项", _closed_is_settled),
    ("I4", "事件涉及的付款和暂停令都存在", _subjects_exist),
    ("I5", "联系记录都在事件的经过中", _talks_are_told),
    ("I6", "证据编号连续", _evidence_without_gap),
    ("I7", "批准的报告由三人办理并封存", _reports_are_sealed),
)
