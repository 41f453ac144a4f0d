"""What an incident does to payments: holds because of it, the bank's word, and the backup before
anything is repaired (requirements A1.4, B3.5, B4.2).
"""

from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.access.errors import Denied
from app.access.guard import Act, Actor, acting
from app.access.rights import RIGHT_LABELS, Right
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput, Conflict
from app.incidents.model import Incident, IncidentBackup, IncidentSubject
from app.incidents.standing import payments_of
from app.incidents.states import EntryKind, Step, SubjectKind
from app.incidents.steps import unlocked
from app.incidents.writing import find_incident, tell, writable
from app.payments.answers import CHECK_LABELS, RecordCheck, check_in
from app.payments.holds import HoldResult, PlaceHold, find_hold, hold_in, right_for
from app.payments.states import HOLDING, SCOPE_LABELS, STATUS_LABELS, HoldState, Stage, Status
from app.storage.archive import Cancelled, Progress
from app.storage.backup import BackupInfo, create_backup
from app.storage.work import Database

_STAMP: Final = "%Y%m%d-%H%M%S"


def hold_because(db: Database, actor: Actor, number: str, command: PlaceHold) -> HoldResult:
    """Pause payments because of an incident; it can't be closed while the hold is open.

    Raises BadHold, Conflict where it is closed, NotFound, Denied without the right to hold.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, number)
        _also(act, right_for(command.scope))
        made, event = hold_in(act, command)
        _link(act, row, made.number)
        what = f"{SCOPE_LABELS[command.scope]}，停住 {len(made.stopped)} 笔"
        tell(act, row, EntryKind.HOLD, f"暂停令 {made.number}：{what}。{command.text.strip()}")
        act.done(event, _held(row, made.number))
        return made


def link_hold(db: Database, actor: Actor, number: str, hold: str) -> None:
    """Let an open hold belong to the incident. Raises Conflict, NotFound, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, number)
        found = find_hold(act.uow, hold)
        if HoldState(found.state) not in HOLDING:
            raise Conflict(f"暂停令 {hold} 已解除。", "只能关联未解除的暂停令。")
        _link(act, row, hold)
        tell(act, row, EntryKind.HOLD, f"关联暂停令 {hold}（{found.scope_label}）")
        act.done(_held(row, hold))


def bank_said(db: Database, actor: Actor, number: str, check: RecordCheck) -> Stage:
    """Record what the bank said of one payment of the incident; its state follows at once.

    Raises NoEvidence, NotResumable, BadInput for a payment of another incident, Denied.
    """
    with acting(db, actor, Right.BANK_ANSWER_RECORD) as act:
        row = unlocked(act.uow, number, Step.BANK)
        payments = {one.number: one for one in payments_of(act.uow, row)}
        if check.number not in payments:
            raise BadInput(f"{check.number} 不在 {number} 中。", "请先把该笔付款并入事件。")
        stage, event = check_in(act, check)
        status = STATUS_LABELS[Status(payments[check.number].status)]
        said = f"{check.number}：银行答复“{CHECK_LABELS[check.result]}”，现为“{status}”。"
        tell(
            act,
            row,
            EntryKind.CONTACT,
            said + check.evidence.strip(),
            at=check.asked_at,
            organisation="开户行",
            person=check.bank_person,
        )
        act.done(event)
        return stage


def back_up(
    db: Database,
    actor: Actor,
    number: str,
    folder: Path,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BackupInfo:
    """故障快照备份: a backup of this moment into the folder, before anything is repaired.

    Whoever deals with the incident may make it; restoring stays the administrator's. Raises
    BackupUnwritable, DiskFull, BackupCancelled (then nothing is left), Conflict, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = unlocked(act.uow, number, Step.CHECK)
        name = f"{number}-{act.uow.now.astimezone(act.uow.tz).strftime(_STAMP)}.tfbak"
        event = Event("backup.begun", "backup:file", after={"file": name, "incident": number})
        act.done(event)
    folder.mkdir(parents=True, exist_ok=True)
    made = create_backup(db, folder / name, progress, cancelled)
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = find_incident(act.uow, number)
        act.uow.session.add(
            IncidentBackup(
                incident_id=row.id,
                path=str(made.path),
                sha256=made.manifest.sha256,
                bytes=made.bytes,
                entries=made.entries,
                made_by=act.person.user_id,
                made_at=act.uow.now,
            )
        )
        when = local_text(act.uow.now, act.uow.tz)
        tell(act, row, EntryKind.BACKUP, f"{made.path}，{when}，{made.bytes:,} 字节")
        told = {"file": name, "bytes": made.bytes, "entries": made.entries, "incident": number}
        act.done(Event("backup.created", "backup:file", after=told))
    return made


def _also(act: Act, right: Right) -> None:
    if right not in act.person.rights:
        raise Denied(f"{act.person.name} 当前没有“{RIGHT_LABELS[right]}”权限。")


def _link(act: Act, row: Incident, hold: str) -> None:
    known = act.uow.session.scalar(
        select(Incident.number)
        .join(IncidentSubject, IncidentSubject.incident_id == Incident.id)
        .where(
            IncidentSubject.kind == SubjectKind.HOLD,
            IncidentSubject.number == hold,
            IncidentSubject.open,
        )
    )
    if known is not None:
        raise Conflict(f"暂停令 {hold} 已关联应急事件 {known}。")
    act.uow.session.add(IncidentSubject(incident_id=row.id, kind=SubjectKind.HOLD, number=hold))
    act.uow.session.flush()


def _held(row: Incident, hold: str) -> Event:
    return Event("incident.held", f"incident:{row.number}", after={"hold": hold})
