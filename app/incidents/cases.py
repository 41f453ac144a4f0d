"""应急事件: dealt with by one, resolved by one and closed by another.

A line of the timeline and the trail's entry are written with every change, in its transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from app.access.errors import SelfApproval
from app.access.guard import Act, Actor, acting, name_of
from app.access.rights import Right
from app.agreements.model import WatchHit
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.core.states import IllegalTransition, move
from app.incidents.model import Incident, IncidentEntry, IncidentSubject
from app.incidents.standing import has_evidence, steps_of, unfinished
from app.incidents.states import (
    CAUSE_LABELS,
    INCIDENT_LABELS,
    INCIDENT_MOVES,
    SEVERITY_LABELS,
    STEP_LABELS,
    Cause,
    EntryKind,
    IncidentState,
    Severity,
    Step,
    StepState,
    SubjectKind,
)
from app.incidents.steps import put_step
from app.incidents.writing import at_version, changed, said_of, tell, writable
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody adds to the timeline. at: when it happened, not later than now."""

    text: str
    at: datetime


def write(db: Database, actor: Actor, number: str, line: Written) -> None:
    """Add to the timeline what happened. Raises BadInput, Conflict, NotFound, Denied.

    What was said with whom is a contact (`contacts.talks`): the steps ask for it.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, number)
        text = said_of(line.text, "请填写内容。")
        if line.at > act.uow.now:
            raise BadInput("发生时间不能晚于现在。", "请核对日期和时间。")
        tell(act, row, EntryKind.NOTE, text, at=line.at)
        act.done(Event("incident.noted", f"incident:{number}", after={"text": text}))


def correct(db: Database, actor: Actor, number: str, entry_id: int, text: str) -> None:
    """Put a line right by another one; the first stays as it is. Raises NotFound, BadInput."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, number)
        wrong = act.uow.session.get(IncidentEntry, entry_id)
        if wrong is None or wrong.incident_id != row.id:
            raise NotFound(f"{number} 没有这条记录。")
        said = said_of(text, "请填写更正后的内容。")
        tell(act, row, EntryKind.CORRECTION, said, corrects=entry_id)
        act.done(
            Event(
                "incident.corrected",
                f"incident:{number}",
                before={"text": wrong.text},
                after={"text": said},
            )
        )


def set_cause(
    db: Database, actor: Actor, number: str, cause: Cause, why: str, expected_version: int
) -> None:
    """定因: why it happened, and what shows it. 待查 opens the next steps too, with evidence.

    Raises BadInput for 待查 without evidence, Conflict while nobody has taken it over, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        _resolved_stays(row)
        if row.owner_id is None:
            raise Conflict(f"{number} 尚无人负责。", "请先点“接手”。")
        said = said_of(why, "请写明定因的依据。")
        if cause is Cause.PENDING and not has_evidence(act.uow, row):
            raise BadInput("设为“待查”须有证据。", "请先添加截图、日志等证据，或运行诊断。")
        before, row.cause, row.cause_why = row.cause, cause, said
        if cause is not Cause.PENDING:
            row.caused_at = row.caused_at or act.uow.now
        put_step(act, row, Step.CAUSE, StepState.DONE, said)
        tell(act, row, EntryKind.CAUSE, f"{CAUSE_LABELS[cause]}：{said}")
        changed(act, row, "incident.cause_set", {"cause": before}, {"cause": cause}, said)


def set_severity(
    db: Database, actor: Actor, number: str, severity: Severity, why: str, expected_version: int
) -> None:
    """Raise or lower the severity, with the reason. Raises BadInput, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        _resolved_stays(row)
        said = said_of(why, "请写明调整等级的理由。")
        before, row.severity = row.severity, severity
        tell(act, row, EntryKind.SEVERITY, f"{SEVERITY_LABELS[severity]}：{said}")
        changed(
            act,
            row,
            "incident.severity_changed",
            {"severity": before},
            {"severity": severity},
            said,
        )


def take_over(db: Database, actor: Actor, number: str, expected_version: int) -> None:
    """Be the one who deals with it; one that nobody dealt with is in progress from then on."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        if row.owner_id == act.person.user_id:
            raise Conflict(f"{number} 已由您负责。")
        before, row.owner_id = name_of(act.uow, row.owner_id), act.person.user_id
        row.owned_at = row.owned_at or act.uow.now
        if row.state == IncidentState.OPEN:
            row.state = IncidentState.IN_PROGRESS
        tell(act, row, EntryKind.OWNER, f"由 {act.person.name} 负责")
        changed(
            act,
            row,
            "incident.owner_changed",
            {"owner": before},
            {"owner": act.person.name, "state": row.state},
        )


def to_verify(db: Database, actor: Actor, number: str, text: str, expected_version: int) -> None:
    """What had to be done was done; whether it helped has to be seen."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        _go(act, row, IncidentState.VERIFYING, said_of(text, "请写明已采取的措施和待核实的内容。"))


def back_to_work(db: Database, actor: Actor, number: str, text: str, expected_version: int) -> None:
    """It is not over after all. Raises IllegalTransition, BadInput, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        said = said_of(text, "请写明退回处理的原因。")
        if row.state == IncidentState.OPEN:
            raise IllegalTransition(f"{number} 尚未接手。", "请先点“接手”。")
        row.resolved_by = row.resolved_at = None
        _go(act, row, IncidentState.IN_PROGRESS, said)


def resolve(db: Database, actor: Actor, number: str, text: str, expected_version: int) -> None:
    """Say that it is over, with the conclusion.

    Raises BadInput while the cause is 待查, or a debit, an unknown result, a hold, a sub-task or a
    wait is open.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        said = said_of(text, "请填写处理结论。")
        if row.cause == Cause.PENDING:
            raise BadInput(f"{number} 尚未定因。", "请先点“定因”，写明原因和依据。")
        _nothing_left(act.uow, row)
        row.conclusion = said
        row.resolved_by, row.resolved_at = act.person.user_id, act.uow.now
        _go(act, row, IncidentState.RESOLVED, said)


def close(db: Database, actor: Actor, number: str, text: str, expected_version: int) -> None:
    """Close what somebody else resolved; nothing is written to it from then on.

    Raises SelfApproval, BadInput while something is open again, Conflict, Denied.
    """
    with acting(db, actor, Right.INCIDENT_CLOSE) as act:
        row = at_version(act.uow, number, expected_version)
        if row.resolved_by == act.person.user_id:
            raise SelfApproval("处理人与关闭人不能为同一人。")
        _nothing_left(act.uow, row)
        _steps_ended(act.uow, row)
        row.closed_by, row.closed_at = act.person.user_id, act.uow.now
        act.uow.session.execute(
            update(IncidentSubject).where(IncidentSubject.incident_id == row.id).values(open=False)
        )
        _go(act, row, IncidentState.CLOSED, said_of(text, "请填写审核意见。"))


def hits_of(work: ReadWork, row: Incident) -> list[WatchHit]:
    """The debits that an incident is about, in the order in which they came."""
    numbers = select(IncidentSubject.number).where(
        IncidentSubject.incident_id == row.id, IncidentSubject.kind == SubjectKind.HIT
    )
    found = select(WatchHit).where(WatchHit.number.in_(numbers)).order_by(WatchHit.id)
    return list(work.session.scalars(found))


def _nothing_left(work: ReadWork, row: Incident) -> None:
    left = unfinished(work, row)
    if left:
        what, cure = left[0]
        raise BadInput(f"{row.number} 还有 {what}。", cure)


def _steps_ended(work: ReadWork, row: Incident) -> None:
    open_ones = [
        STEP_LABELS[step] for step, state in steps_of(work, row).items() if state is StepState.OPEN
    ]
    if open_ones:
        raise BadInput(
            f"{row.number} 还有步骤没有办结：{'、'.join(open_ones)}。",
            "请办结各步骤，不需要的注明理由后跳过。",
        )


def _resolved_stays(row: Incident) -> None:
    if row.state == IncidentState.RESOLVED:
        raise Conflict(f"{row.number} 已解决。", "需要修改的，请先退回处理。")


def _go(act: Act, row: Incident, target: IncidentState, said: str) -> None:
    before = IncidentState(row.state)
    row.state = move(row.number, before, target, INCIDENT_MOVES, INCIDENT_LABELS)
    tell(act, row, EntryKind.STATE, f"{INCIDENT_LABELS[target]}：{said}")
    changed(act, row, "incident.moved", {"state": before}, {"state": target}, said)
