"""What may have caused an incident: every finding of its payments' newest diagnoses, and what was
changed around the time (requirements B1.1–B1.5, F4.5).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from app.audit.queries import AuditFilter, AuditLine, entries
from app.core.codes import REASON_LABELS, StopReason
from app.incidents.model import Incident
from app.incidents.standing import payments_of
from app.payments.diagnosis.actions import NextAction
from app.payments.diagnosis.rule import Severity
from app.payments.model import DiagnosisRun, DiagnosisSubject, FindingRow
from app.storage.work import ReadWork

# Acts that can stop payments by what they change.
_CHANGES: Final = (
    "right.",
    "user.",
    "matrix.",
    "delegation.",
    "rule.changed",
    "account.",
    "restriction.",
    "channel.",
    "calendar.",
    "hold.",
    "payee.changed",
    "letter.setup_changed",
    "access.locked_out",
    "backup.restored",
)
AROUND: Final = timedelta(hours=24)
_MOST: Final = 200
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One cause that several payments show. example: the evidence of the first of them."""

    rule: str
    reason: StopReason
    severity: Severity
    summary: str
    payments: tuple[str, ...]
    example: dict[str, str]
    actions: tuple[NextAction, ...]
    at: datetime

    @property
    def reason_label(self) -> str:
        return REASON_LABELS[self.reason]


@dataclass(slots=True)
class _Group:
    first: FindingRow
    at: datetime
    payments: list[str] = field(default_factory=list)


def findings_of(work: ReadWork, row: Incident) -> list[FindingGroup]:
    """Every cause, the gravest first, those that most payments show before others."""
    payments = {one.id: one.number for one in payments_of(work, row)}
    groups: dict[tuple[str, str], _Group] = {}
    for one, at in _newest(work, list(payments)):
        group = groups.setdefault((one.rule, one.reason), _Group(one, at))
        group.payments.append(payments[one.payment_id])
        group.at = max(group.at, at)
    order = list(Severity)
    found = [_shown(group) for group in groups.values()]
    return sorted(found, key=lambda one: (order.index(one.severity), -len(one.payments), one.rule))


def undiagnosed(work: ReadWork, row: Incident) -> int:
    """How many of its payments were never diagnosed."""
    numbers = [one.id for one in payments_of(work, row)]
    known = sum(
        work.session.scalar(
            select(func.count(DiagnosisSubject.payment_id.distinct())).where(
                DiagnosisSubject.payment_id.in_(part)
            )
        )
        or 0
        for part in _parts(numbers)
    )
    return len(numbers) - known


def changes_around(
    work: ReadWork, since: datetime, until: datetime, most: int = _MOST
) -> list[AuditLine]:
    """What was changed of policies, rights, accounts, channels and holds, the newest first."""
    return entries(work, AuditFilter(acts=_CHANGES, since=since, until=until), limit=most)


def stop_time(work: ReadWork, row: Incident) -> datetime:
    """When the earliest of its payments stopped; when it was found where none says so."""
    return min(
        (one.stopped_at for one in payments_of(work, row) if one.stopped_at is not None),
        default=row.found_at,
    )


def _newest(work: ReadWork, ids: Sequence[int]) -> Iterator[tuple[FindingRow, datetime]]:
    for part in _parts(ids):
        newest = (
            select(DiagnosisSubject.payment_id, func.max(DiagnosisSubject.run_id).label("run_id"))
            .where(DiagnosisSubject.payment_id.in_(part))
            .group_by(DiagnosisSubject.payment_id)
            .subquery()
        )
        yield from work.session.execute(
            select(FindingRow, DiagnosisRun.at)
            .join(
                newest,
                (FindingRow.payment_id == newest.c.payment_id)
                & (FindingRow.run_id == newest.c.run_id),
            )
            .join(DiagnosisRun, DiagnosisRun.id == FindingRow.run_id)
            .order_by(FindingRow.rank, FindingRow.id)
        )


def _shown(group: _Group) -> FindingGroup:
    one = group.first
    return FindingGroup(
        one.rule,
        StopReason(one.reason),
        Severity(one.severity),
        one.summary,
        tuple(group.payments),
        dict(one.evidence),
        tuple(NextAction(**action) for action in one.actions),
        group.at,
    )


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
