"""What the five-step page shows of one incident: plain, frozen records, read in one view."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access.guard import Actor, name_of, reading
from app.access.model import User
from app.access.rights import Right
from app.audit.queries import AuditLine
from app.core.money import Money
from app.incidents import flow
from app.incidents.at_risk import Impact, at_risk, impact_of
from app.incidents.case_view import IncidentLine, line_of
from app.incidents.causes_view import (
    AROUND,
    FindingGroup,
    changes_around,
    findings_of,
    stop_time,
    undiagnosed,
)
from app.incidents.checklist_items import ITEMS, CheckItem
from app.incidents.escalating import clocks_of
from app.incidents.flow import Standing
from app.incidents.model import Incident, IncidentBackup, IncidentStep
from app.incidents.planning.plans import PlanLine, plan_for
from app.incidents.response_clock import Clock
from app.incidents.standing import latest_results, payments_of, standing_of, unfinished
from app.incidents.states import Cause, Step, StepState
from app.incidents.tasks import TaskLine, task_lines
from app.incidents.writing import find_incident
from app.payments.detail import hold_line
from app.payments.holds import find_hold
from app.payments.model import Payment
from app.payments.records import HoldLine
from app.payments.rule_changes import threshold_values
from app.payments.states import Status
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class StepView:
    """One step. locked: why it can't be worked on; missing: what keeps it from being done."""

    step: Step
    state: StepState
    said: str
    by: str
    at: datetime | None
    locked: str
    missing: tuple[str, ...]
    no_skip: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """One item of the checklist with the result that counts; result "" for none yet."""

    item: CheckItem
    result: str
    said: str
    by: str
    at: datetime | None
    computed: bool


@dataclass(frozen=True, slots=True)
class BackupView:
    path: str
    bytes: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Response:
    """Everything of one incident's response. clocks: empty where the calendar is unknown.

    plan: the 应急预案 in force for its cause.
    """

    line: IncidentLine
    standing: Standing
    steps: tuple[StepView, ...]
    following: Step | None
    advice: str
    clocks: tuple[Clock, ...]
    impact: Impact
    findings: tuple[FindingGroup, ...]
    undiagnosed: int
    stopped_at: datetime
    changes: tuple[AuditLine, ...]
    checks: tuple[CheckView, ...]
    tasks: tuple[TaskLine, ...]
    holds: tuple[HoldLine, ...]
    backups: tuple[BackupView, ...]
    left: tuple[tuple[str, str], ...]
    plan: PlanLine | None


def response(db: Database, actor: Actor, number: str) -> Response:
    """All of it, as of now. Raises NotFound, UnknownCalendar, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        row = find_incident(work, number)
        line = line_of(work, row)
        standing = standing_of(work, row)
        payments = payments_of(work, row)
        stopped_at = stop_time(row, payments)
        return Response(
            line,
            standing,
            tuple(_steps(work, row, standing)),
            flow.next_step(standing),
            flow.advice(standing),
            clocks_of(work, row),
            impact(work, payments),
            tuple(findings_of(work, payments)),
            undiagnosed(work, payments),
            stopped_at,
            tuple(changes_around(work, stopped_at - AROUND, stopped_at + AROUND)),
            tuple(_checks(work, row)),
            tuple(task_lines(work, row)),
            tuple(hold_line(work, find_hold(work, one)) for one in line.holds),
            tuple(_backups(work, row)),
            tuple(unfinished(work, row)),
            plan_for(work, Cause(row.cause)),
        )


def impact(work: ReadWork, payments: Sequence[Payment]) -> Impact:
    """An incident's payments, their days, and what being late costs."""
    rate = int(threshold_values(work)["L01.late"])
    return impact_of(
        at_risk(
            one.number,
            one.payee_name,
            Money(one.amount_minor, one.currency),
            one.due_on,
            Status(one.status),
            work.today,
            rate,
        )
        for one in payments
    )


def handlers(db: Database, actor: Actor) -> list[tuple[str, str]]:
    """Username and name of everybody who can be given something to do. Raises Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        rows = work.session.execute(
            select(User.username, User.name).where(User.active).order_by(User.name)
        )
        return [(username, name) for username, name in rows]


def _steps(work: ReadWork, row: Incident, at: Standing) -> list[StepView]:
    known = {
        Step(one.step): one
        for one in work.session.scalars(
            select(IncidentStep).where(IncidentStep.incident_id == row.id)
        )
    }
    return [
        StepView(
            step,
            at.steps[step],
            known[step].said if step in known else "",
            name_of(work, known[step].by_id) if step in known else "",
            known[step].at if step in known else None,
            flow.locked(step, at),
            flow.missing(step, at),
            flow.may_skip(step, at),
        )
        for step in Step
    ]


def _checks(work: ReadWork, row: Incident) -> list[CheckView]:
    results = latest_results(work, row)
    return [
        CheckView(item, "", "", "", None, item.computed)
        if (one := results.get(item.code)) is None
        else CheckView(
            item,
            one.result,
            one.said,
            name_of(work, one.checked_by),
            one.checked_at,
            one.computed,
        )
        for item in ITEMS
    ]


def _backups(work: ReadWork, row: Incident) -> list[BackupView]:
    rows = work.session.scalars(
        select(IncidentBackup)
        .where(IncidentBackup.incident_id == row.id)
        .order_by(IncidentBackup.id.desc())
    )
    return [
        BackupView(one.path, one.bytes, name_of(work, one.made_by), one.made_at) for one in rows
    ]
