"""应急预案: what to do at each step for a cause, with an owner and a day of review (B5.5, B6.2).

Every edition is kept as it was written; the newest of a number is in force.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from app.access.founding import company_of
from app.access.guard import Act, Actor, acting, identify, name_of, reading
from app.access.model import User
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.core.shipped import data_file
from app.documents.response_plan import PlanPaper, response_plan
from app.documents.writing import PdfResult
from app.incidents.planning.model import ResponsePlan
from app.incidents.states import CAUSE_LABELS, STEP_LABELS, Cause, Step
from app.incidents.writing import said_of
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork

_SERIES: Final = "YA"
_EVERY: Final = ""
_YEAR: Final = timedelta(days=365)
EVERY_CAUSE: Final = "各种原因"
_LONGEST: Final = 120
Todo = Mapping[Step, Sequence[str]]


@dataclass(frozen=True, slots=True)
class SavePlan:
    """A plan as somebody wrote it. number "": a new one; expected: the edition that was looked at.

    cause: None for every cause. owner: username.
    """

    title: str
    cause: Cause | None
    owner: str
    review_on: date
    todo: Todo
    reason: str
    message: str = ""
    number: str = ""
    expected: int = 0


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One edition. due: its day of review has come."""

    number: str
    edition: int
    title: str
    cause: Cause | None
    todo: Mapping[Step, tuple[str, ...]]
    message: str
    owner: str
    username: str
    review_on: date
    active: bool
    due: bool
    reason: str
    made_by: str
    made_at: datetime

    @property
    def cause_label(self) -> str:
        return EVERY_CAUSE if self.cause is None else CAUSE_LABELS[self.cause]


def plan_lines(db: Database, actor: Actor) -> list[PlanLine]:
    """The newest edition of each plan, those in force first. Raises Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        found = [_line(work, row) for row in _newest(work)]
    return sorted(found, key=lambda one: (not one.active, one.number))


def plan_editions(db: Database, actor: Actor, number: str) -> list[PlanLine]:
    """Every edition of one plan, the newest first. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        rows = work.session.scalars(
            select(ResponsePlan)
            .where(ResponsePlan.number == number)
            .order_by(ResponsePlan.edition.desc())
        )
        found = [_line(work, row) for row in rows]
    if not found:
        raise NotFound(f"没有应急预案“{number}”。")
    return found


def save_plan(db: Database, actor: Actor, command: SavePlan) -> str:
    """Keep a plan, or a new edition of one; returns its number.

    Raises BadInput without title, owner, reason or anything to do, for a review that is over, and
    where another plan in force is for that cause; Conflict where another was faster, Denied.
    """
    with acting(db, actor, Right.TEMPLATE_EDIT) as act:
        row = _save(act, command)
        act.done(_event(act.uow, row))
        return row.number


def stop_plan(db: Database, actor: Actor, number: str, expected: int, why: str) -> None:
    """Take a plan out of force by an edition of its own. Raises BadInput, NotFound, Conflict."""
    with acting(db, actor, Right.TEMPLATE_EDIT) as act:
        before = _in_force(act.uow, number, expected)
        row = _add(
            act,
            number,
            before.edition + 1,
            title=before.title,
            cause=before.cause,
            todo=before.todo,
            message=before.message,
            owner_id=before.owner_id,
            review_on=before.review_on,
            active=False,
            reason=said_of(why, "请写明停用的原因。"),
        )
        act.done(_event(act.uow, row))


def adopt_shipped(db: Database, actor: Actor) -> list[str]:
    """Take over the plans that come with the program, for causes without one; returns numbers."""
    with acting(db, actor, Right.TEMPLATE_EDIT) as act:
        known = {row.cause for row in _newest(act.uow) if row.active}
        made = [
            _save(act, replace(one, owner=actor.username, review_on=act.uow.today + _YEAR))
            for one in shipped_plans()
            if str(one.cause) not in known
        ]
        if not made:
            raise BadInput("内置的各项预案都已有对应的预案。", "需要修改的，请直接修改原有预案。")
        act.done(*(_event(act.uow, row) for row in made))
        return [row.number for row in made]


def shipped_plans() -> list[SavePlan]:
    """What comes with the program, by cause; owner and day of review are the company's."""
    found: dict[tuple[str, str], dict[Step, list[str]]] = {}
    with data_file("response_plans.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            todo = found.setdefault((row["cause"], row["title"]), defaultdict(list))
            todo[Step(row["step"])].append(row["todo"])
    return [
        SavePlan(title, Cause(cause), "", date.max, todo, "采用程序内置的预案")
        for (cause, title), todo in found.items()
    ]


def plan_for(work: ReadWork, cause: Cause) -> PlanLine | None:
    """The plan in force for a cause, else the one for every cause; None without one."""
    found = {row.cause: row for row in _newest(work) if row.active}
    row = found.get(str(cause)) or found.get(_EVERY)
    return None if row is None else _line(work, row)


def due_reviews(work: ReadWork) -> Iterator[tuple[str, str]]:
    """Number and words of each plan that its owner has to look through again."""
    for row in _newest(work):
        if row.active and row.review_on <= work.today:
            owner = name_of(work, row.owner_id)
            text = f"应急预案 {row.number}“{row.title}”应于 {row.review_on} 复审，请{owner}复审。"
            yield row.number, text


def plan_sheet(db: Database, actor: Actor, number: str, edition: int) -> PdfResult:
    """The plan as paper. Raises NotFound, MissingGlyph, Denied."""
    line = next((one for one in plan_editions(db, actor, number) if one.edition == edition), None)
    if line is None:
        raise NotFound(f"没有应急预案“{number}”第 {edition} 版。")
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        card, who = company_of(work), identify(work, actor)
        paper = PlanPaper(
            card.name,
            card.drill,
            line.number,
            line.edition,
            line.title,
            line.cause_label,
            line.owner,
            line.review_on,
            tuple((STEP_LABELS[step], line.todo.get(step, ())) for step in Step),
            line.message,
            line.reason,
            line.made_by,
            line.made_at,
            work.now,
            who.name,
        )
    return response_plan(paper)


def _save(act: Act, command: SavePlan) -> ResponsePlan:
    edition = 1
    if command.number:
        edition += _in_force(act.uow, command.number, command.expected).edition
    title = said_of(command.title, "请填写预案名称。")
    if len(title) > _LONGEST:
        raise BadInput(f"预案名称不能超过 {_LONGEST} 个字。")
    reason = said_of(command.reason, "请填写制定或修改的原因。")
    todo = {
        str(step): [one.strip() for one in command.todo.get(step, ()) if one.strip()]
        for step in Step
    }
    if not any(todo.values()):
        raise BadInput("请至少写一件要做的事。", "每行一件，写在对应的步骤下。")
    owner = act.uow.session.scalar(select(User).where(User.username == command.owner, User.active))
    if owner is None:
        raise BadInput("请选择责任人。", "责任人须是在用的账号。")
    if command.review_on <= act.uow.today:
        raise BadInput("复审日须晚于今天。", "请选择下一次复审的日期。")
    cause = _EVERY if command.cause is None else str(command.cause)
    _refuse_second(act.uow, command, cause)
    return _add(
        act,
        command.number or yearly(act.uow, _SERIES),
        edition,
        title=title,
        cause=cause,
        todo=todo,
        message=command.message.strip(),
        owner_id=owner.id,
        review_on=command.review_on,
        active=True,
        reason=reason,
    )


def _add(act: Act, number: str, edition: int, **said: Any) -> ResponsePlan:
    row = ResponsePlan(
        number=number,
        edition=edition,
        made_by=act.person.user_id,
        made_at=act.uow.now,
        **said,
    )
    act.uow.session.add(row)
    act.uow.session.flush()
    return row


def _in_force(work: ReadWork, number: str, expected: int) -> ResponsePlan:
    """The newest edition, where it is the one that was looked at."""
    row = next((one for one in _newest(work) if one.number == number), None)
    if row is None:
        raise NotFound(f"没有应急预案“{number}”。")
    if row.edition != expected:
        by = name_of(work, row.made_by)
        raise Conflict(f"{row.number} 已由 {by} 修改为第 {row.edition} 版。", "请刷新后核对。")
    return row


def _refuse_second(work: ReadWork, command: SavePlan, cause: str) -> None:
    for row in _newest(work):
        if row.active and row.cause == cause and row.number != command.number:
            label = EVERY_CAUSE if cause == _EVERY else CAUSE_LABELS[Cause(cause)]
            raise BadInput(
                f"“{label}”已有预案 {row.number}“{row.title}”。", "请修改该预案，或先停用它。"
            )


def _newest(work: ReadWork) -> list[ResponsePlan]:
    newest = select(func.max(ResponsePlan.id)).group_by(ResponsePlan.number)
    return list(
        work.session.scalars(
            select(ResponsePlan).where(ResponsePlan.id.in_(newest)).order_by(ResponsePlan.number)
        )
    )


def _event(work: ReadWork, row: ResponsePlan) -> Event:
    after = {
        "plan": row.title,
        "edition": row.edition,
        "cause": row.cause or EVERY_CAUSE,
        "owner": name_of(work, row.owner_id),
        "review_on": row.review_on.isoformat(),
        "active": row.active,
    }
    return Event("plan.saved", f"plan:{row.number}", after=after, reason=row.reason)


def _line(work: ReadWork, row: ResponsePlan) -> PlanLine:
    owner = work.session.get_one(User, row.owner_id)
    return PlanLine(
        row.number,
        row.edition,
        row.title,
        Cause(row.cause) if row.cause else None,
        {Step(step): tuple(found) for step, found in row.todo.items()},
        row.message,
        owner.name,
        owner.username,
        row.review_on,
        row.active,
        row.active and row.review_on <= work.today,
        row.reason,
        name_of(work, row.made_by),
        row.made_at,
    )
