"""处理报告: prepared by one, reviewed and approved by others, and sealed by the trail.

The index names every file of the evidence package with its hash; the trail's entry of the approval
carries the hash of the index, and that is the seal. The files themselves are kept under their
hashes, so that the package can be written at any time, the same bytes each time.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from app.access.errors import SelfApproval
from app.access.guard import Act, Actor, acting, name_of, reading, require_fresh
from app.access.rights import Right
from app.audit.model import AuditHead
from app.audit.trail import Event
from app.core.clock import iso
from app.core.errors import BadInput, Conflict, NotFound
from app.core.version import VERSION
from app.documents.incident_report import IncidentPaper, Listing, incident_report
from app.documents.table_export import harmless
from app.documents.writing import PdfResult
from app.incidents.closing.gathering import paper_of
from app.incidents.closing.model import IncidentReport
from app.incidents.closing.reviewing import review_of
from app.incidents.evidence.keeping import CATEGORY_LABELS, evidence_of
from app.incidents.model import Incident, IncidentEntry
from app.incidents.states import UNRESOLVED, EntryKind, ReportState
from app.incidents.writing import find_incident, tell, writable
from app.storage.base import canonical_json
from app.storage.kept import keep, kept
from app.storage.work import Database, ReadWork

FORMAT: Final = 1
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
SEALED: Final = "incident.report_approved"
REPORT_LABELS: Final[dict[ReportState, str]] = {
    ReportState.PREPARED: "待复核",
    ReportState.REVIEWED: "待批准",
    ReportState.APPROVED: "已批准",
    ReportState.REPLACED: "已被新版代替",
}
_OPEN: Final = (ReportState.PREPARED, ReportState.REVIEWED)

# Signing an edition at a version.
Sign = Callable[[Database, Actor, str, int, int], object]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One edition of the report."""

    edition: int
    state: ReportState
    prepared_by: str
    prepared_at: datetime
    reviewed_by: str
    approved_by: str
    approved_at: datetime | None
    version: int


def preview_report(db: Database, actor: Actor, number: str) -> PdfResult:
    """The report as it would be prepared now. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        row = find_incident(work, number)
        return incident_report(paper_of(work, row, _next_edition(work, row), actor.name))


def prepare_report(db: Database, actor: Actor, number: str) -> int:
    """Make the next edition; one that nobody approved yet is replaced by it.

    Raises BadInput before the incident is resolved and reviewed, Conflict, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, number)
        if row.state in UNRESOLVED:
            raise BadInput(f"{number} 尚未解决。", "请先填写处理结论并解决事件，再编制报告。")
        if review_of(act.uow, row) is None:
            raise BadInput(f"{number} 还没有填写复盘。", "请先填写复盘。")
        for old in _editions(act.uow, row):
            if old.state in _OPEN:
                old.state = ReportState.REPLACED
        edition = _next_edition(act.uow, row)
        paper = paper_of(act.uow, row, edition, act.person.name)
        made = incident_report(paper)
        files = list(_files(act, row, paper, made.data))
        index = keep(act.uow, _index(act.uow, row, edition, files, {}))
        report = IncidentReport(
            incident_id=row.id,
            edition=edition,
            file_hash=files[0]["sha256"],
            index_hash=index,
            state=ReportState.PREPARED,
            prepared_by=act.person.user_id,
            prepared_at=act.uow.now,
        )
        act.uow.session.add(report)
        tell(act, row, EntryKind.REPORT, f"编制处理报告第 {edition} 版，{made.pages} 页")
        after = {"edition": edition, "file_hash": report.file_hash}
        act.done(Event("incident.report_prepared", f"incident:{number}", after=after))
        return edition


def review_report(
    db: Database, actor: Actor, number: str, edition: int, expected_version: int
) -> None:
    """Say that the report is right. Raises SelfApproval, Conflict, FreshSignInNeeded, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row, report = _at(act.uow, number, edition, expected_version, ReportState.PREPARED)
        if report.prepared_by == act.person.user_id:
            raise SelfApproval("编制人与复核人不能为同一人。")
        require_fresh(act.uow, act.person)
        _unchanged_since(act.uow, row, report)
        report.state = ReportState.REVIEWED
        report.reviewed_by, report.reviewed_at = act.person.user_id, act.uow.now
        tell(act, row, EntryKind.REPORT, f"复核处理报告第 {edition} 版")
        after = {"edition": edition, "file_hash": report.file_hash}
        act.done(Event("incident.report_reviewed", f"incident:{number}", after=after))


def approve_report(
    db: Database, actor: Actor, number: str, edition: int, expected_version: int
) -> str:
    """Approve and seal the report; returns the hash of its index.

    Raises SelfApproval for who prepared or reviewed it, Conflict where something was written since,
    FreshSignInNeeded, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_CLOSE) as act:
        row, report = _at(act.uow, number, edition, expected_version, ReportState.REVIEWED)
        if act.person.user_id in {report.prepared_by, report.reviewed_by}:
            raise SelfApproval("批准人不能是编制人或复核人。")
        require_fresh(act.uow, act.person)
        _unchanged_since(act.uow, row, report)
        signed = {
            "prepared": _signed(act.uow, report.prepared_by, report.prepared_at),
            "reviewed": _signed(act.uow, report.reviewed_by, report.reviewed_at),
            "approved": _signed(act.uow, act.person.user_id, act.uow.now),
        }
        files = json.loads(kept(act.uow, report.index_hash))["files"]
        report.index_hash = keep(act.uow, _index(act.uow, row, edition, files, signed))
        report.state = ReportState.APPROVED
        report.approved_by, report.approved_at = act.person.user_id, act.uow.now
        tell(act, row, EntryKind.REPORT, f"批准处理报告第 {edition} 版，证据包已封存")
        after = {"edition": edition, "file_hash": report.file_hash, "index": report.index_hash}
        act.done(Event(SEALED, f"incident:{number}", after=after))
        return report.index_hash


def report_lines(db: Database, actor: Actor, number: str) -> list[ReportLine]:
    """Every edition, the newest first. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return [
            ReportLine(
                one.edition,
                ReportState(one.state),
                name_of(work, one.prepared_by),
                one.prepared_at,
                name_of(work, one.reviewed_by),
                name_of(work, one.approved_by),
                one.approved_at,
                one.version,
            )
            for one in reversed(_editions(work, find_incident(work, number)))
        ]


def report_file(db: Database, actor: Actor, number: str, edition: int) -> bytes:
    """The PDF as it was prepared. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return kept(work, find_report(work, find_incident(work, number), edition).file_hash)


def find_report(work: ReadWork, row: Incident, edition: int) -> IncidentReport:
    """The edition; 0 for the newest that was approved. Raises NotFound."""
    rows = [
        one
        for one in _editions(work, row)
        if one.edition == edition or (not edition and one.state == ReportState.APPROVED)
    ]
    if not rows:
        raise NotFound(
            f"{row.number} 没有已批准的处理报告。" if not edition else "没有这一版处理报告。",
            "请先编制、复核并批准报告。",
        )
    return rows[-1]


def _editions(work: ReadWork, row: Incident) -> list[IncidentReport]:
    return list(
        work.session.scalars(
            select(IncidentReport)
            .where(IncidentReport.incident_id == row.id)
            .order_by(IncidentReport.edition)
        )
    )


def _next_edition(work: ReadWork, row: Incident) -> int:
    newest = select(func.max(IncidentReport.edition)).where(IncidentReport.incident_id == row.id)
    return (work.session.scalar(newest) or 0) + 1


def _files(act: Act, row: Incident, paper: IncidentPaper, pdf: bytes) -> Iterator[dict[str, Any]]:
    """What the package holds, each file kept: the report first."""
    made = (
        ("处理报告.pdf", pdf, "处理报告"),
        ("经过.csv", _csv(paper.happenings), "经过"),
        ("付款.csv", _csv(paper.payments), "付款"),
    )
    for path, data, kind in made:
        yield _told(path, keep(act.uow, data), len(data), kind)
    for one in evidence_of(act.uow, row):
        # Windows unpacks no file with one of these in its name; the evidence keeps its own.
        path = f"证据/{one.number} {one.name.translate(_NOT_IN_NAMES)}"
        yield _told(path, one.hash, one.size, CATEGORY_LABELS[one.category])


def _told(path: str, file_hash: str, size: int, kind: str) -> dict[str, Any]:
    return {"path": path, "sha256": file_hash, "size": size, "kind": kind}


def _csv(listing: Listing) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(listing.names)
    writer.writerows([harmless(cell) for cell in row] for row in listing.rows)
    return text.getvalue().encode("utf-8-sig")


def _index(
    work: ReadWork,
    row: Incident,
    edition: int,
    files: Sequence[dict[str, Any]],
    signed: dict[str, Any],
) -> bytes:
    head = work.session.scalars(select(AuditHead)).one()
    told = {
        "format": FORMAT,
        "program": VERSION,
        "incident": row.number,
        "title": row.title,
        "edition": edition,
        "at": iso(work.now),
        "signed": signed,
        "trail": {"seq": head.seq, "hash": head.hash},
        "files": list(files),
    }
    return canonical_json(told).encode()


def _signed(work: ReadWork, user_id: int | None, at: datetime | None) -> dict[str, str]:
    return {"name": name_of(work, user_id), "at": "" if at is None else iso(at)}


def _at(
    work: ReadWork, number: str, edition: int, expected: int, wanted: ReportState
) -> tuple[Incident, IncidentReport]:
    row = writable(work, number)
    report = find_report(work, row, edition)
    if report.version != expected or report.state != wanted:
        label = REPORT_LABELS[ReportState(report.state)]
        raise Conflict(f"第 {edition} 版处理报告现为“{label}”，已被他人办理。", "请刷新后核对。")
    return row, report


def _unchanged_since(work: ReadWork, row: Incident, report: IncidentReport) -> None:
    """What is approved must be what was read. Raises Conflict."""
    fresh = work.session.scalar(
        select(func.count()).where(
            IncidentEntry.incident_id == row.id,
            IncidentEntry.recorded_at > report.prepared_at,
            IncidentEntry.kind != EntryKind.REPORT,
        )
    )
    if fresh:
        raise Conflict(
            f"第 {report.edition} 版编制后，事件又有 {fresh} 条新记录。", "请重新编制处理报告。"
        )
