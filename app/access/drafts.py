"""What people typed and have not submitted: kept after every step, offered after a crash."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access.guard import Actor, identify
from app.access.model import SavedFilter, WizardDraft
from app.audit.trail import Event, record
from app.core.errors import BadInput
from app.storage.work import Database, ReadWork, UnitOfWork


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished wizard: which, about what, at which step, and what was typed (JSON-ready)."""

    kind: str
    subject_no: str
    step: str
    data: dict[str, Any]
    saved_at: datetime


def save_draft(
    db: Database, actor: Actor, kind: str, subject_no: str, step: str, data: dict[str, Any]
) -> None:
    """Keep the wizard as it stands; the newest state replaces the older one."""
    with db.write() as uow:
        person = identify(uow, actor)
        row = _find(uow, person.user_id, kind, subject_no)
        if row is None:
            row = WizardDraft(user_id=person.user_id, kind=kind, subject_no=subject_no)
            uow.session.add(row)
        row.step, row.data, row.saved_at = step, data, uow.now
        record(
            uow, person.label, Event("draft.saved", f"{kind}:{subject_no}", after={"step": step})
        )
        uow.commit()


def drop_draft(uow: UnitOfWork, user_id: int, kind: str, subject_no: str) -> None:
    """Remove a draft as part of the act that submits it."""
    row = _find(uow, user_id, kind, subject_no)
    if row is not None:
        uow.session.delete(row)
        uow.session.flush()


def discard_draft(db: Database, actor: Actor, kind: str, subject_no: str) -> None:
    """Remove a draft because its author said so."""
    with db.write() as uow:
        person = identify(uow, actor)
        drop_draft(uow, person.user_id, kind, subject_no)
        record(uow, person.label, Event("draft.discarded", f"{kind}:{subject_no}"))
        uow.commit()


def drafts_of(db: Database, actor: Actor) -> list[Draft]:
    """The person's unfinished wizards, newest first. Raises SignedOut."""
    with db.read() as work:
        identify(work, actor)
        rows = work.session.scalars(
            select(WizardDraft)
            .where(WizardDraft.user_id == actor.user_id)
            .order_by(WizardDraft.saved_at.desc())
        )
        return [Draft(r.kind, r.subject_no, r.step, r.data, r.saved_at) for r in rows]


def load_draft(db: Database, actor: Actor, kind: str, subject_no: str) -> Draft | None:
    """The draft about that subject, if there is one."""
    mine = drafts_of(db, actor)
    return next((d for d in mine if (d.kind, d.subject_no) == (kind, subject_no)), None)


def save_filter(db: Database, actor: Actor, list_name: str, name: str, data: Any) -> None:
    """Keep a filter of a list under a name; the same name is replaced."""
    if not name.strip():
        raise BadInput("请给筛选条件起个名字。")
    with db.write() as uow:
        person = identify(uow, actor)
        row = _find_filter(uow, person.user_id, list_name, name.strip())
        if row is None:
            row = SavedFilter(user_id=person.user_id, list_name=list_name, name=name.strip())
            uow.session.add(row)
        row.data = data
        record(
            uow, person.label, Event("filter.saved", f"filter:{list_name}", after={"name": name})
        )
        uow.commit()


def delete_filter(db: Database, actor: Actor, list_name: str, name: str) -> None:
    """Forget a saved filter."""
    with db.write() as uow:
        person = identify(uow, actor)
        row = _find_filter(uow, person.user_id, list_name, name)
        if row is not None:
            uow.session.delete(row)
        record(
            uow, person.label, Event("filter.deleted", f"filter:{list_name}", before={"name": name})
        )
        uow.commit()


def filters_of(db: Database, actor: Actor, list_name: str) -> list[tuple[str, Any]]:
    """The person's saved filters of a list, by name. Raises SignedOut."""
    with db.read() as work:
        identify(work, actor)
        rows = work.session.scalars(
            select(SavedFilter)
            .where(SavedFilter.user_id == actor.user_id, SavedFilter.list_name == list_name)
            .order_by(SavedFilter.name)
        )
        return [(row.name, row.data) for row in rows]


def _find(work: ReadWork, user_id: int, kind: str, subject_no: str) -> WizardDraft | None:
    return work.session.scalar(
        select(WizardDraft).where(
            WizardDraft.user_id == user_id,
            WizardDraft.kind == kind,
            WizardDraft.subject_no == subject_no,
        )
    )


def _find_filter(work: ReadWork, user_id: int, list_name: str, name: str) -> SavedFilter | None:
    return work.session.scalar(
        select(SavedFilter).where(
            SavedFilter.user_id == user_id,
            SavedFilter.list_name == list_name,
            SavedFilter.name == name,
        )
    )
