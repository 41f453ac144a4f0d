"""The five steps: finished, skipped with a reason, or taken up again."""

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.core.errors import BadInput, Conflict
from app.incidents import flow
from app.incidents.model import Incident, IncidentStep
from app.incidents.standing import standing_of, steps_of
from app.incidents.states import STEP_LABELS, EntryKind, Step, StepState
from app.incidents.writing import at_version, changed, said_of, tell, writable
from app.storage.work import Database, ReadWork


def finish_step(
    db: Database, actor: Actor, number: str, step: Step, said: str, expected_version: int
) -> None:
    """Say that a step is done. Raises BadInput with all that is missing, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        left = flow.missing(step, standing_of(act.uow, row))
        if left:
            raise BadInput(f"“{STEP_LABELS[step]}”还不能办结：{left[0]}", "".join(left[1:]))
        _set(act, row, step, StepState.DONE, said.strip())


def skip_step(
    db: Database, actor: Actor, number: str, step: Step, why: str, expected_version: int
) -> None:
    """Leave out a step that is not needed, with the reason. Raises as finish_step does."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        refused = flow.may_skip(step, standing_of(act.uow, row))
        if refused:
            raise BadInput(f"“{STEP_LABELS[step]}”不能跳过：{refused}")
        _set(act, row, step, StepState.SKIPPED, said_of(why, "请写明不需要这一步的理由。"))


def reopen_step(
    db: Database, actor: Actor, number: str, step: Step, why: str, expected_version: int
) -> None:
    """Take up a step again. Raises BadInput, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = at_version(act.uow, number, expected_version)
        if step is Step.CAUSE:
            raise BadInput("原因有变的，请直接重新定因。")
        _set(act, row, step, StepState.OPEN, said_of(why, "请写明重新办理这一步的原因。"))


def put_step(act: Act, row: Incident, step: Step, state: StepState, said: str) -> None:
    """Write the state of a step without a line of its own: a part of a larger act."""
    one = act.uow.session.scalars(
        select(IncidentStep).where(IncidentStep.incident_id == row.id, IncidentStep.step == step)
    ).one()
    one.state, one.said = state, said
    one.by_id, one.at = act.person.user_id, act.uow.now


def unlocked(work: ReadWork, number: str, step: Step) -> Incident:
    """The incident, where something can be done in that step. Raises Conflict, NotFound."""
    row = writable(work, number)
    why = flow.locked(step, standing_of(work, row))
    if why:
        raise Conflict(f"“{STEP_LABELS[step]}”尚未开放：{why}")
    return row


def _set(act: Act, row: Incident, step: Step, state: StepState, said: str) -> None:
    before = steps_of(act.uow, row)[step]
    if before is state and state is not StepState.DONE:
        raise Conflict(f"“{STEP_LABELS[step]}”已是这个状态。", "请刷新后核对。")
    put_step(act, row, step, state, said)
    # Whoever changes the incident at the same time is told.
    flag_modified(row, "title")
    words = {StepState.DONE: "办结", StepState.SKIPPED: "不需要", StepState.OPEN: "重新办理"}
    text = f"{STEP_LABELS[step]}：{words[state]}" + (f"。{said}" if said else "")
    tell(act, row, EntryKind.STEP, text)
    told = {"step": step, "state": state}
    changed(act, row, "incident.step", {"step": step, "state": before}, told, said)
