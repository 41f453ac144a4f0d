"""Sub-tasks of an incident: 解冻, 授权, 提额, 反洗钱材料 …, with an owner, a day and papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.access.guard import Act, Actor, acting, name_of
from app.access.model import User
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.incidents.model import Incident, IncidentTask
from app.incidents.papers_wanted import (
    PAPER_STATE_LABELS,
    Paper,
    PaperState,
    usual_papers,
    with_paper,
)
from app.incidents.states import (
    TASK_LABELS,
    TASK_STATE_LABELS,
    EntryKind,
    Step,
    TaskKind,
    TaskState,
)
from app.incidents.steps import unlocked
from app.incidents.writing import said_of, tell, writable
from app.payments.editing import find_payment
from app.storage.work import Database, ReadWork, UnitOfWork


@dataclass(frozen=True, slots=True)
class AddTask:
    """A sub-task. owner: username. papers: None for those that are usual for the kind."""

    kind: TaskKind
    owner: str
    due_on: date
    payment: str = ""
    title: str = ""
    papers: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A sub-task as a list shows it."""

    task_id: int
    kind: TaskKind
    title: str
    payment: str
    owner: str
    due_on: date
    papers: tuple[Paper, ...]
    state: TaskState
    result: str
    ended_by: str
    version: int


def add_task(db: Database, actor: Actor, number: str, command: AddTask) -> int:
    """Give somebody something to do for an incident; returns the sub-task's id.

    Raises BadInput for a day that is over or an unknown owner, Conflict while the step is locked.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = unlocked(act.uow, number, Step.BANK)
        task = task_in(act, row, command)
        owner = name_of(act.uow, task.owner_id)
        after = {"task": task.title, "owner": owner, "due_on": task.due_on.isoformat()}
        act.done(Event("incident.task_added", f"incident:{number}", after=after))
        return task.id


def task_in(act: Act, row: Incident, command: AddTask) -> IncidentTask:
    """add_task as a part of a larger act, with its line of the timeline."""
    if command.due_on < act.uow.today:
        raise BadInput("办理期限不能早于今天。", "请选择今天或以后的日期。")
    owner = act.uow.session.scalar(select(User).where(User.username == command.owner, User.active))
    if owner is None:
        raise BadInput("请选择负责人。", "负责人须是在用的账号。")
    abroad = False
    if command.payment:
        abroad = find_payment(act.uow, command.payment).currency != "CNY"
    papers = (
        usual_papers(command.kind, abroad=abroad)
        if command.papers is None
        else tuple(Paper(name) for name in command.papers)
    )
    about = f" {command.payment}" if command.payment else ""
    task = IncidentTask(
        incident_id=row.id,
        kind=command.kind,
        title=command.title.strip() or f"{TASK_LABELS[command.kind]}{about}",
        payment=command.payment,
        owner_id=owner.id,
        due_on=command.due_on,
        documents=[one.stored() for one in papers],
        state=TaskState.OPEN,
        made_by=act.person.user_id,
        made_at=act.uow.now,
    )
    act.uow.session.add(task)
    act.uow.session.flush()
    flag_modified(row, "title")
    tell(act, row, EntryKind.TASK, f"{task.title}，由 {owner.name} 于 {task.due_on} 前办理")
    return task


def set_paper(
    db: Database, actor: Actor, task_id: int, name: str, state: PaperState, expected_version: int
) -> None:
    """Say how far a paper of a sub-task is; a new name is added to its list."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        task, row = _task(act.uow, task_id, expected_version)
        before = [Paper.from_stored(one) for one in task.documents]
        task.documents = [one.stored() for one in with_paper(before, name, state, act.uow.today)]
        tell(act, row, EntryKind.TASK, f"{task.title}：{name.strip()} {PAPER_STATE_LABELS[state]}")
        after = {"task": task.title, "paper": name.strip(), "state": state}
        act.done(Event("incident.paper_set", f"incident:{row.number}", after=after))


def end_task(
    db: Database,
    actor: Actor,
    task_id: int,
    state: TaskState,
    result: str,
    expected_version: int,
) -> None:
    """Finish a sub-task with its result, or drop it with the reason.

    Raises BadInput without a word, or where papers of a finished one are still open.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        task, row = _task(act.uow, task_id, expected_version)
        if state is TaskState.OPEN:
            raise BadInput("请选择“已办结”或“不需要”。")
        said = said_of(result, "请写明办理结果，或不需要办理的理由。")
        left = [one.name for one in map(Paper.from_stored, task.documents) if one.open]
        if state is TaskState.DONE and left:
            raise BadInput(
                f"“{task.title}”还有材料没有交：{'、'.join(left)}。",
                "请登记“已交”，不需要的登记“不需要”。",
            )
        task.state, task.result = state, said
        task.ended_by, task.ended_at = act.person.user_id, act.uow.now
        tell(act, row, EntryKind.TASK, f"{task.title}：{TASK_STATE_LABELS[state]}。{said}")
        flag_modified(row, "title")
        after = {"task": task.title, "state": state}
        act.done(Event("incident.task_ended", f"incident:{row.number}", after=after, reason=said))


def task_lines(work: ReadWork, row: Incident) -> list[TaskLine]:
    """The sub-tasks of an incident: open ones first, the most urgent first."""
    rows = work.session.scalars(
        select(IncidentTask).where(IncidentTask.incident_id == row.id).order_by(IncidentTask.id)
    )
    found = [
        TaskLine(
            one.id,
            TaskKind(one.kind),
            one.title,
            one.payment,
            name_of(work, one.owner_id),
            one.due_on,
            tuple(map(Paper.from_stored, one.documents)),
            TaskState(one.state),
            one.result,
            name_of(work, one.ended_by),
            one.version,
        )
        for one in rows
    ]
    return sorted(found, key=lambda one: (one.state is not TaskState.OPEN, one.due_on))


def overdue_tasks(work: ReadWork) -> list[tuple[Incident, IncidentTask]]:
    """Open sub-tasks whose day has come, with their incidents, the oldest first."""
    rows = work.session.execute(
        select(Incident, IncidentTask)
        .join(IncidentTask, IncidentTask.incident_id == Incident.id)
        .where(IncidentTask.state == TaskState.OPEN, IncidentTask.due_on <= work.today)
        .order_by(IncidentTask.due_on, IncidentTask.id)
    )
    return [(incident, task) for incident, task in rows]


def _task(uow: UnitOfWork, task_id: int, expected: int) -> tuple[IncidentTask, Incident]:
    task = uow.session.get(IncidentTask, task_id)
    if task is None:
        raise NotFound("没有这个子任务。")
    row = writable(uow, uow.session.get_one(Incident, task.incident_id).number)
    if task.version != expected:
        raise Conflict(f"“{task.title}”已被他人修改。", "请刷新后核对，再重新办理。")
    if task.state != TaskState.OPEN:
        raise Conflict(f"“{task.title}”已由 {name_of(uow, task.ended_by)} 办结。")
    return task, row
