"""Every check there is, in the order in which they are made and shown."""

from typing import Final

from app.incidents.selfcheck import backups, database, machine, outside, promises
from app.incidents.selfcheck.checks import Asked, Check, Outside, Progress, Step, run
from app.storage.work import Database

_STEPS: Final[tuple[Step, ...]] = (
    *database.STEPS,
    *promises.STEPS,
    *machine.STEPS,
    *backups.STEPS,
    *outside.STEPS,
)


def step_titles() -> tuple[str, ...]:
    """What is looked at, one after another: for showing how far a run has come."""
    return tuple(step.title for step in _STEPS)


def selfcheck(
    db: Database,
    *,
    thorough: bool = True,
    outside: Outside | None = None,
    progress: Progress | None = None,
) -> list[Check]:
    """Every check, whether it is well or not.

    thorough: read every page, the whole trail and every file, restore the newest backup aside and
    call the mail server. progress: hears (done, total) before each step; what it raises ends it.
    """
    return run(_STEPS, Asked(db, outside or Outside(), thorough), progress)
