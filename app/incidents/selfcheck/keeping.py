"""Runs of the self-diagnosis, kept as they were found: by number, with who made them, and when."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app.access.errors import Denied
from app.access.guard import Actor, acting, name_of, reading
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import NotFound, Refused
from app.core.version import VERSION
from app.incidents.selfcheck.all_checks import selfcheck
from app.incidents.selfcheck.checks import Check, Group, Outside, Progress, State
from app.incidents.selfcheck.model import SelfDiagnosis
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork

_SERIES: Final = "ZD"
_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run. number: "" where it could not be kept."""

    number: str
    made_at: datetime
    made_by: str
    machine: str
    program_version: str
    thorough: bool
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(one.ok for one in self.checks)

    def count(self, state: State) -> int:
        return sum(one.state is state for one in self.checks)

    @property
    def broken(self) -> tuple[Check, ...]:
        """What is wrong."""
        return tuple(one for one in self.checks if not one.ok)


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A run and, where it could not be kept, why: what was found is worth more than its record."""

    line: RunLine
    trouble: Refused | None


def diagnose(
    db: Database,
    actor: Actor,
    *,
    thorough: bool = True,
    outside: Outside | None = None,
    progress: Progress | None = None,
) -> Diagnosed:
    """Make every check and keep what was found. Raises Denied, and what progress raises."""
    with reading(db, actor, Right.SELFCHECK_RUN):
        pass
    checks = tuple(selfcheck(db, thorough=thorough, outside=outside, progress=progress))
    try:
        return Diagnosed(_keep(db, actor, checks, thorough=thorough), None)
    except Denied:
        raise
    except Refused as refusal:
        now = db.clock.now()
        line = RunLine("", now, actor.name, db.machine, VERSION, thorough, checks)
        return Diagnosed(line, refusal)


def make_selfcheck(
    db: Database,
    actor: Actor,
    *,
    thorough: bool = True,
    outside: Outside | None = None,
    progress: Progress | None = None,
) -> str:
    """As `diagnose`; returns the run's number. Raises also why it could not be kept."""
    made = diagnose(db, actor, thorough=thorough, outside=outside, progress=progress)
    if made.trouble is not None:
        raise made.trouble
    return made.line.number


def selfcheck_lines(db: Database, actor: Actor) -> list[RunLine]:
    """The newest runs, the newest first: the trend. Raises Denied."""
    with reading(db, actor, Right.SELFCHECK_RUN) as work:
        newest = select(SelfDiagnosis).order_by(SelfDiagnosis.id.desc()).limit(_LISTED)
        return [_line(work, row) for row in work.session.scalars(newest)]


def selfcheck_of(db: Database, actor: Actor, number: str) -> RunLine:
    """The run of that number. Raises NotFound, Denied."""
    with reading(db, actor, Right.SELFCHECK_RUN) as work:
        return find_selfcheck(work, number)


def find_selfcheck(work: ReadWork, number: str) -> RunLine:
    """The same inside somebody's own transaction. Raises NotFound."""
    row = work.session.scalar(select(SelfDiagnosis).where(SelfDiagnosis.number == number))
    if row is None:
        raise NotFound(f"没有自诊断记录“{number}”。")
    return _line(work, row)


def _keep(db: Database, actor: Actor, checks: tuple[Check, ...], *, thorough: bool) -> RunLine:
    with acting(db, actor, Right.SELFCHECK_RUN) as act:
        failed = [one.title for one in checks if not one.ok]
        row = SelfDiagnosis(
            number=yearly(act.uow, _SERIES),
            made_at=act.uow.now,
            made_by=act.person.user_id,
            machine=act.uow.machine,
            program_version=VERSION,
            thorough=thorough,
            ok=not failed,
            checks=[_stored(one) for one in checks],
        )
        act.uow.session.add(row)
        act.uow.session.flush()
        line = _line(act.uow, row)
        told = {"thorough": thorough, "ok": not failed, "failed": failed}
        act.done(Event("selfcheck.made", f"selfcheck:{row.number}", after=told))
        return line


def _stored(check: Check) -> dict[str, Any]:
    kept = {one.name: getattr(check, one.name) for one in fields(Check)}
    return {**kept, "seconds": round(check.seconds, 3)}


def _line(work: ReadWork, row: SelfDiagnosis) -> RunLine:
    return RunLine(
        row.number,
        row.made_at,
        name_of(work, row.made_by),
        row.machine,
        row.program_version,
        row.thorough,
        tuple(_check(one) for one in row.checks),
    )


def _check(kept: dict[str, Any]) -> Check:
    return Check(**{**kept, "group": Group(kept["group"]), "state": State(kept["state"])})
