"""复盘: why it could happen, what it cost, what was learnt, and the measures that follow."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.access.guard import Actor, acting, name_of, reading
from app.access.model import User
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.incidents.closing.model import IncidentMeasure, IncidentReview
from app.incidents.model import Incident
from app.incidents.states import TASK_STATE_LABELS, EntryKind, TaskState
from app.incidents.writing import find_incident, said_of, tell, writable
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody writes. fee: late fees and costs in yuan, as text; "" for none."""

    direct_cause: str
    root_cause: str
    impact: str = ""
    fee: str = ""
    lessons: str = ""


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure."""

    measure_id: int
    text: str
    owner: str
    due_on: date
    state: TaskState
    result: str
    version: int


def write_review(db: Database, actor: Actor, number: str, review: Review) -> None:
    """Write or rewrite the 复盘. Raises BadInput, Conflict where it is closed, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, number)
        direct = said_of(review.direct_cause, "请填写直接原因。")
        root = said_of(review.root_cause, "请填写根本原因。")
        fee = Money.parse(review.fee).minor if review.fee.strip() else 0
        if fee < 0:
            raise BadInput("逾期费用不能为负数。")
        known = review_of(act.uow, row)
        if known is None:
            known = IncidentReview(
                incident_id=row.id,
                direct_cause=direct,
                root_cause=root,
                made_by=act.person.user_id,
                made_at=act.uow.now,
            )
            act.uow.session.add(known)
        known.direct_cause, known.root_cause = direct, root
        known.impact, known.lessons = review.impact.strip(), review.lessons.strip()
        known.fee_minor, known.made_by, known.made_at = fee, act.person.user_id, act.uow.now
        tell(act, row, EntryKind.REVIEW, f"直接原因：{direct}；根本原因：{root}")
        after = {"direct_cause": direct, "root_cause": root, "fee_minor": fee}
        act.done(Event("incident.reviewed", f"incident:{number}", after=after))


def add_measure(
    db: Database, actor: Actor, number: str, text: str, owner: str, due_on: date
) -> int:
    """A measure with its owner (username) and day; returns its id. Raises BadInput, Conflict."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, number)
        said = said_of(text, "请填写改进措施。")
        who = act.uow.session.scalar(select(User).where(User.username == owner, User.active))
        if who is None:
            raise BadInput("请选择负责人。")
        if due_on < act.uow.today:
            raise BadInput("期限不能早于今天。")
        made = IncidentMeasure(
            incident_id=row.id,
            text=said,
            owner_id=who.id,
            due_on=due_on,
            state=TaskState.OPEN,
            made_by=act.person.user_id,
            made_at=act.uow.now,
        )
        act.uow.session.add(made)
        act.uow.session.flush()
        tell(act, row, EntryKind.REVIEW, f"改进措施：{said}，由 {who.name} 于 {due_on} 前完成")
        after = {"measure": said, "owner": who.name, "due_on": due_on.isoformat()}
        act.done(Event("incident.measure_added", f"incident:{number}", after=after))
        return made.id


def end_measure(
    db: Database, actor: Actor, measure_id: int, state: TaskState, result: str, expected: int
) -> None:
    """Finish or drop a measure, also after the incident was closed: measures live on.

    Raises BadInput without a word, Conflict, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = act.uow.session.get(IncidentMeasure, measure_id)
        if row is None:
            raise NotFound("没有这项措施。")
        if row.version != expected or row.state != TaskState.OPEN or state is TaskState.OPEN:
            raise Conflict("该措施已被他人办理。", "请刷新后核对。")
        row.state, row.result = state, said_of(result, "请写明完成情况，或不再需要的理由。")
        row.ended_by, row.ended_at = act.person.user_id, act.uow.now
        number = act.uow.session.get_one(Incident, row.incident_id).number
        after = {"measure": row.text, "state": TASK_STATE_LABELS[state]}
        act.done(
            Event("incident.measure_ended", f"incident:{number}", after=after, reason=row.result)
        )


def review_of(work: ReadWork, row: Incident) -> IncidentReview | None:
    """The 复盘 of an incident, if it was written."""
    return work.session.scalar(select(IncidentReview).where(IncidentReview.incident_id == row.id))


def known_review(db: Database, actor: Actor, number: str) -> Review | None:
    """What was written, for a form. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        row = review_of(work, find_incident(work, number))
    if row is None:
        return None
    fee = Money(row.fee_minor, "CNY").decimal() if row.fee_minor else ""
    return Review(row.direct_cause, row.root_cause, row.impact, fee, row.lessons)


def measures_of(work: ReadWork, row: Incident) -> list[MeasureLine]:
    """Its measures, in the order in which they were written."""
    rows = work.session.scalars(
        select(IncidentMeasure)
        .where(IncidentMeasure.incident_id == row.id)
        .order_by(IncidentMeasure.id)
    )
    return [
        MeasureLine(
            one.id,
            one.text,
            name_of(work, one.owner_id),
            one.due_on,
            TaskState(one.state),
            one.result,
            one.version,
        )
        for one in rows
    ]


def measure_lines(db: Database, actor: Actor, number: str) -> list[MeasureLine]:
    """The same for a page. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return measures_of(work, find_incident(work, number))


def overdue_measures(work: ReadWork) -> list[tuple[str, IncidentMeasure]]:
    """Open measures whose day has come, with their incidents' numbers."""
    rows = work.session.execute(
        select(Incident.number, IncidentMeasure)
        .join(IncidentMeasure, IncidentMeasure.incident_id == Incident.id)
        .where(IncidentMeasure.state == TaskState.OPEN, IncidentMeasure.due_on <= work.today)
        .order_by(IncidentMeasure.due_on, IncidentMeasure.id)
    )
    return [(number, measure) for number, measure in rows]
