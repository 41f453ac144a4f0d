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
from app.core.parts import parts
from app.incidents.model import Incident
from app.payments.diagnosis.actions import NextAction
from app.payments.diagnosis.rule import Severity
from app.payments.model import DiagnosisRun, DiagnosisSubject, FindingRow, Payment
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


def findings_of(work: ReadWork, payments: Sequence[Payment]) -> list[FindingGroup]:
    """Every cause, the gravest first, those that most payments show before others."""
    numbers = {one.id: one.number for one in payments}
    groups: dict[tuple[str, str], _Group] = {}
    for one, at in _newest(work, list(numbers)):
        group = groups.setdefault((one.rule, one.reason), _Group(one, at))
        group.payments.append(numbers[one.payment_id])
        group.at = max(group.at, at)
    order = list(Severity)
    found = [_shown(group) for group in groups.values()]
    return sorted(found, key=lambda one: (order.index(one.severity), -len(one.payments), one.rule))


def undiagnosed(work: ReadWork, payments: Sequence[Payment]) -> int:
    """How many of the payments were never diagnosed."""
    ids = [one.id for one in payments]
    known = sum(
        work.session.scalar(
            select(func.count(DiagnosisSubject.payment_id.distinct())).where(
                DiagnosisSubject.payment_id.in_(part)
            )
        )
        or 0
        for part in parts(ids)
    )
    return len(ids) - known


def changes_around(
    work: ReadWork, since: datetime, until: datetime, most: int = _MOST
) -> list[AuditLine]:
    """What was changed of policies, rights, accounts, channels and holds, the newest first."""
    return entries(work, AuditFilter(acts=_CHANGES, since=since, until=until), limit=most)


def stop_time(row: Incident, payments: Sequence[Payment]) -> datetime:
    """When the earliest of its payments stopped; when it was found where none says so."""
    return min(
        (one.stopped_at for one in payments if one.stopped_at is not None),
        default=row.found_at,
    )


def _newest(work: ReadWork, ids: Sequence[int]) -> Iterator[tuple[FindingRow, datetime]]:
    for part in parts(ids):
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
