"""证据: added once under a number of its own, read with its hash checked, never deleted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select

from app.access.guard import Actor, acting, name_of, reading
from app.access.rights import Right
from app.agreements.attaching import Added, add_each, check, plain_name, size_text
from app.agreements.confirming import Scan
from app.agreements.errors import PaperKnown, PaperWithdrawn
from app.audit.trail import Event
from app.core.errors import NotFound
from app.core.file_types import PICTURES, FileType, type_by_name
from app.incidents.evidence.model import EvidenceWithdrawal, IncidentEvidence
from app.incidents.model import Incident
from app.incidents.states import EntryKind
from app.incidents.writing import find_incident, said_of, tell, writable
from app.storage.kept import keep, kept
from app.storage.model import StoredFile
from app.storage.work import Database, ReadWork


class Category(StrEnum):
    """What a file is (requirement B5.2)."""

    SCREENSHOT = "SCREENSHOT"
    LOG = "LOG"
    TALK = "TALK"
    VOUCHER = "VOUCHER"
    PLAN = "PLAN"
    MAIL = "MAIL"
    LETTER = "LETTER"
    OTHER = "OTHER"


CATEGORY_LABELS: Final[dict[Category, str]] = {
    Category.SCREENSHOT: "截图",
    Category.LOG: "日志",
    Category.TALK: "沟通记录",
    Category.VOUCHER: "凭证",
    Category.PLAN: "方案",
    Category.MAIL: "邮件",
    Category.LETTER: "函件",
    Category.OTHER: "其他",
}


_USUAL: Final = {
    FileType.EML: Category.MAIL,
    FileType.PDF: Category.VOUCHER,
    FileType.OFD: Category.VOUCHER,
    FileType.DOCX: Category.LETTER,
}


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """A file that belongs to the incident of that number."""

    number: str
    category: Category
    file: Scan
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One file of an incident. withdrawn_at: None while it counts; size: in bytes."""

    id: int
    number: str
    category: Category
    name: str
    size: int
    hash: str
    note: str
    added_by: str
    added_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    why: str

    @property
    def type(self) -> FileType | None:
        return type_by_name(self.name)


def add_evidence(db: Database, actor: Actor, command: AddEvidence) -> str:
    """Keep a file with an incident; returns the number of the evidence.

    Raises BadPaper (empty, over 20 MB, of another type than its name says), PaperKnown where the
    incident has the same content, Conflict where it is closed, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, command.number)
        name, data = plain_name(command.file.name), command.file.data
        check(name, data)
        file_hash = keep(act.uow, data)
        known = _same(act.uow, row, file_hash)
        if known is not None:
            raise PaperKnown(f"“{name}”与已有证据 {known.number}“{known.file_name}”内容相同。")
        count = act.uow.session.scalar(
            select(func.count()).where(IncidentEvidence.incident_id == row.id)
        )
        made = IncidentEvidence(
            incident_id=row.id,
            number=f"{row.number}-E{(count or 0) + 1:02d}",
            category=command.category,
            file_name=name,
            file_hash=file_hash,
            note=command.note.strip(),
            added_by=act.person.user_id,
            added_at=act.uow.now,
        )
        act.uow.session.add(made)
        label = CATEGORY_LABELS[command.category]
        said = f"{made.number} {label}“{name}”（{size_text(len(data))}）{made.note}"
        tell(act, row, EntryKind.EVIDENCE, said)
        after = {"evidence": made.number, "file": name, "file_hash": file_hash, "bytes": len(data)}
        act.done(Event("incident.evidence_added", f"incident:{row.number}", after=after))
        return made.number


def add_files(
    db: Database,
    actor: Actor,
    number: str,
    category: Category | None,
    files: Sequence[tuple[str, Callable[[], Scan]]],
    note: str = "",
) -> Added:
    """Add several files, each in an act of its own; names: the numbers of the evidence.

    category: None for what each name says. Raises Denied, and the refusal itself where there is
    one file only.
    """

    def add(file: Scan) -> str:
        kind = category or category_of(file.name)
        return add_evidence(db, actor, AddEvidence(number, kind, file, note))

    return add_each(files, add)


def category_of(name: str) -> Category:
    """What a file of that name usually is."""
    suffix = name.rpartition(".")[2].lower()
    if suffix == "log":
        return Category.LOG
    kind = type_by_name(name)
    if kind in PICTURES:
        return Category.SCREENSHOT
    return _USUAL.get(kind, Category.OTHER) if kind else Category.OTHER


def withdraw_evidence(db: Database, actor: Actor, number: str, why: str) -> None:
    """Let a file not count any more; it stays readable. Raises PaperWithdrawn, BadInput, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        made = _find(act.uow, number)
        row = writable(act.uow, act.uow.session.get_one(Incident, made.incident_id).number)
        said = said_of(why, "请填写撤回原因。")
        known = act.uow.session.scalar(
            select(EvidenceWithdrawal).where(EvidenceWithdrawal.evidence_id == made.id)
        )
        if known is not None:
            raise PaperWithdrawn(f"{number} 已由 {name_of(act.uow, known.withdrawn_by)} 撤回。")
        act.uow.session.add(
            EvidenceWithdrawal(
                evidence_id=made.id,
                why=said,
                withdrawn_by=act.person.user_id,
                withdrawn_at=act.uow.now,
            )
        )
        tell(act, row, EntryKind.EVIDENCE, f"撤回 {number}：{said}")
        event = Event(
            "incident.evidence_withdrawn",
            f"incident:{row.number}",
            after={"evidence": number, "file": made.file_name},
            reason=said,
        )
        act.done(event)


def evidence_of(work: ReadWork, row: Incident) -> list[EvidenceLine]:
    """The files of an incident, in the order in which they were added."""
    rows = work.session.execute(
        select(IncidentEvidence, EvidenceWithdrawal, StoredFile.size)
        .join(StoredFile, StoredFile.hash == IncidentEvidence.file_hash)
        .outerjoin(EvidenceWithdrawal, EvidenceWithdrawal.evidence_id == IncidentEvidence.id)
        .where(IncidentEvidence.incident_id == row.id)
        .order_by(IncidentEvidence.id)
    )
    return [_line(work, *one) for one in rows]


def evidence_lines(db: Database, actor: Actor, number: str) -> list[EvidenceLine]:
    """The same for a page. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return evidence_of(work, find_incident(work, number))


def evidence_file(db: Database, actor: Actor, number: str) -> tuple[str, bytes]:
    """Name and bytes. Raises NotFound, also where the bytes are not what was kept; Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        row = _find(work, number)
        return row.file_name, kept(work, row.file_hash)


def _same(work: ReadWork, row: Incident, file_hash: str) -> IncidentEvidence | None:
    """Evidence of that content that counts."""
    return work.session.scalar(
        select(IncidentEvidence)
        .outerjoin(EvidenceWithdrawal, EvidenceWithdrawal.evidence_id == IncidentEvidence.id)
        .where(
            IncidentEvidence.incident_id == row.id,
            IncidentEvidence.file_hash == file_hash,
            EvidenceWithdrawal.id.is_(None),
        )
        .limit(1)
    )


def _find(work: ReadWork, number: str) -> IncidentEvidence:
    row = work.session.scalar(select(IncidentEvidence).where(IncidentEvidence.number == number))
    if row is None:
        raise NotFound(f"没有证据“{number}”。")
    return row


def _line(
    work: ReadWork, row: IncidentEvidence, gone: EvidenceWithdrawal | None, size: int
) -> EvidenceLine:
    return EvidenceLine(
        row.id,
        row.number,
        Category(row.category),
        row.file_name,
        size,
        row.file_hash,
        row.note,
        name_of(work, row.added_by),
        row.added_at,
        "" if gone is None else name_of(work, gone.withdrawn_by),
        None if gone is None else gone.withdrawn_at,
        "" if gone is None else gone.why,
    )
