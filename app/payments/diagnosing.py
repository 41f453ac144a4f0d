"""Running the diagnosis over stored payments, and keeping what was found with its time."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.access.guard import Actor, acting
from app.access.rights import Right
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.codes import StopReason
from app.core.errors import NotFound
from app.core.version import VERSION
from app.payments.cover import refresh
from app.payments.diagnosis.actions import NextAction
from app.payments.diagnosis.facts import SystemFacts
from app.payments.diagnosis.rule import Finding, Ranked, Severity, diagnose
from app.payments.gather import gather
from app.payments.holds import place_system_hold
from app.payments.model import DiagnosisRun, DiagnosisSubject, FindingRow, Hold, HoldCover, Payment
from app.payments.states import STOPPABLE, TROUBLED, Status
from app.storage.work import Database, ReadWork, UnitOfWork

_CHUNK = 1000
_PASSING = frozenset(
    {
        StopReason.BANK_INTERFACE,
        StopReason.SYSTEM_FAULT,
        StopReason.UPGRADE_INCOMPLETE,
        StopReason.AUTO_LOCKED,
    }
)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Cause:
    """One finding as it was known at the time of its run."""

    rank: int
    rule: str
    reason: StopReason
    severity: Severity
    summary: str
    evidence: dict[str, str]
    actions: tuple[NextAction, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All causes of one payment at one time."""

    number: str
    at: datetime
    by: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class RunResult:
    """A diagnosis run: how many payments, how many causes, and what it newly stopped."""

    run_id: int
    at: datetime
    payments: int
    causes: int
    newly_stopped: tuple[str, ...]


def run(
    db: Database,
    actor: Actor,
    system: SystemFacts,
    numbers: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Diagnose these payments, or all troubled ones; findings are stored with their time.

    A payment that has not gone to the bank and shows a blocking cause is stopped by it.
    Raises Denied, NotFound for an unknown number.
    """
    with acting(db, actor, Right.DIAGNOSIS_RUN) as act:
        payments = _chosen(act.uow, numbers)
        header = begin_run(act.uow, act.person.label, len(payments))
        causes, stopped = _examine(act.uow, header.id, payments, system, progress)
        changed = refresh(act.uow, *stopped)
        subject = (
            f"payment:{payments[0].number}" if len(payments) == 1 else f"diagnosis:{header.id}"
        )
        act.done(
            Event(
                "diagnosis.run",
                subject,
                after={
                    "run": header.id,
                    "payments": len(payments),
                    "causes": causes,
                    "stopped": [shown.number for shown in changed],
                },
            )
        )
        return RunResult(
            header.id, header.at, len(payments), causes, tuple(s.number for s in changed)
        )


def latest(work: ReadWork, number: str) -> Diagnosis | None:
    """What was known of the payment at its newest diagnosis; None when there was none."""
    return next(iter(history(work, number, limit=1)), None)


def history(work: ReadWork, number: str, limit: int = 20) -> list[Diagnosis]:
    """The payment's diagnoses, newest first. A run that found nothing shows with no causes."""
    payment = work.session.scalar(select(Payment).where(Payment.number == number))
    if payment is None:
        raise NotFound(f"没有付款指令“{number}”。")
    runs = work.session.scalars(
        select(DiagnosisSubject.run_id)
        .where(DiagnosisSubject.payment_id == payment.id)
        .order_by(DiagnosisSubject.run_id.desc())
        .limit(limit)
    ).all()
    return [_diagnosis(work, payment, run_id) for run_id in runs]


def in_run(work: ReadWork, run_id: int, number: str) -> Diagnosis:
    """What one run found of one payment."""
    payment = work.session.scalar(select(Payment).where(Payment.number == number))
    if payment is None:
        raise NotFound(f"没有付款指令“{number}”。")
    return _diagnosis(work, payment, run_id)


def cause_of(ranked: Ranked) -> Cause:
    """A fresh finding in the form in which stored ones are shown."""
    finding = ranked.finding
    return Cause(
        ranked.rank,
        ranked.rule.code,
        finding.reason,
        finding.severity,
        finding.summary,
        dict(finding.evidence),
        finding.next_actions,
    )


def _diagnosis(work: ReadWork, payment: Payment, run_id: int) -> Diagnosis:
    header = work.session.get_one(DiagnosisRun, run_id)
    rows = work.session.scalars(
        select(FindingRow)
        .where(FindingRow.payment_id == payment.id, FindingRow.run_id == run_id)
        .order_by(FindingRow.rank)
    )
    return Diagnosis(payment.number, header.at, header.by_name, tuple(map(_cause, rows)))


def _cause(row: FindingRow) -> Cause:
    return Cause(
        row.rank,
        row.rule,
        StopReason(row.reason),
        Severity(row.severity),
        row.summary,
        dict(row.evidence),
        tuple(NextAction(**action) for action in row.actions),
    )


def _chosen(uow: UnitOfWork, numbers: Sequence[str] | None) -> list[Payment]:
    if numbers is None:
        return list(
            uow.session.scalars(
                select(Payment).where(Payment.status.in_(TROUBLED)).order_by(Payment.number)
            )
        )
    found: dict[str, Payment] = {}
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        rows = uow.session.scalars(select(Payment).where(Payment.number.in_(part)))
        found.update((row.number, row) for row in rows)
    missing = [number for number in numbers if number not in found]
    if missing:
        raise NotFound(f"没有付款指令“{missing[0]}”。")
    return [found[number] for number in numbers]


def _examine(
    uow: UnitOfWork,
    run_id: int,
    payments: Sequence[Payment],
    system: SystemFacts,
    progress: Progress | None,
    passing: Collection[StopReason] = (),
) -> tuple[int, list[Payment]]:
    causes, stopped, rows = 0, [], list[dict[str, Any]]()
    _note_subjects(uow, run_id, [payment.id for payment in payments])
    held = _reasons_held(uow, payments)
    for done, (payment, facts) in enumerate(gather(uow, payments, system), start=1):
        ranked = diagnose(facts)
        causes += len(ranked)
        blocking = _to_stop(payment, ranked, held.get(payment.id, set()).union(passing))
        rows.extend(_row(run_id, payment.id, one) for one in ranked)
        if blocking:
            _stop(uow, payment, blocking)
            stopped.append(payment)
        if len(rows) >= _CHUNK:
            uow.session.execute(insert(FindingRow), rows)
            rows.clear()
        if progress is not None and done % 100 == 0:
            progress(done, len(payments))
    if rows:
        uow.session.execute(insert(FindingRow), rows)
    return causes, stopped


def _to_stop(payment: Payment, ranked: Iterable[Ranked], held: set[StopReason]) -> list[Finding]:
    """The first blocking finding of each reason that does not hold the payment already."""
    # While its resumption is being approved it stands still, and the gate asks again at the end.
    if payment.stage not in STOPPABLE or payment.status == Status.RESUME_PENDING:
        return []
    fresh: dict[StopReason, Finding] = {}
    for one in ranked:
        blocks = one.finding.severity is Severity.BLOCKING and one.rule.gate
        if blocks and one.finding.reason not in held and not one.rule.code.startswith("holds."):
            fresh.setdefault(one.finding.reason, one.finding)
    return list(fresh.values())


def _stop(uow: UnitOfWork, payment: Payment, findings: Iterable[Finding]) -> None:
    for finding in findings:
        place_system_hold(uow, payment, finding.reason, finding.summary, None)


def _reasons_held(uow: UnitOfWork, payments: Sequence[Payment]) -> dict[int, set[StopReason]]:
    found: dict[int, set[StopReason]] = {}
    ids = [payment.id for payment in payments]
    for start in range(0, len(ids), _CHUNK):
        rows = uow.session.execute(
            select(HoldCover.payment_id, Hold.reason)
            .join(Hold, Hold.id == HoldCover.hold_id)
            .where(
                HoldCover.payment_id.in_(ids[start : start + _CHUNK]),
                HoldCover.ended_at.is_(None),
            )
        )
        for payment_id, reason in rows:
            found.setdefault(payment_id, set()).add(StopReason(reason))
    return found


def begin_run(uow: UnitOfWork, by: str, payments: int) -> DiagnosisRun:
    """The head of a run over so many payments, under which its findings are kept."""
    header = DiagnosisRun(at=uow.now, by_name=by, program_version=VERSION, payments=payments)
    uow.session.add(header)
    uow.session.flush()
    return header


def store_causes(uow: UnitOfWork, run_id: int, payment_id: int, ranked: Sequence[Ranked]) -> None:
    """Keep the findings of one payment under a run."""
    _note_subjects(uow, run_id, [payment_id])
    if ranked:
        uow.session.execute(insert(FindingRow), [_row(run_id, payment_id, one) for one in ranked])


def _note_subjects(uow: UnitOfWork, run_id: int, ids: Sequence[int]) -> None:
    """Keep which payments a run looked at, so that a clean run is known as one."""
    if ids:
        uow.session.execute(
            insert(DiagnosisSubject), [{"run_id": run_id, "payment_id": one} for one in ids]
        )


def _row(run_id: int, payment_id: int, one: Ranked) -> dict[str, Any]:
    finding = one.finding
    return {
        "run_id": run_id,
        "payment_id": payment_id,
        "rank": one.rank,
        "rule": one.rule.code,
        "reason": finding.reason,
        "severity": finding.severity,
        "summary": finding.summary,
        # Pairs, since the order is the rule's and JSON objects are stored sorted.
        "evidence": [list(pair) for pair in finding.evidence.items()],
        "actions": [
            {"action": a.action, "label": a.label, "who": a.who} for a in finding.next_actions
        ],
    }


def screen(db: Database, system: SystemFacts, payments: Sequence[int]) -> tuple[str, ...]:
    """Check these payments and stop those with a blocking cause; returns their numbers."""
    with db.write() as uow:
        wanted = select(Payment).where(Payment.id.in_(payments), Payment.stage.in_(STOPPABLE))
        return _screened(uow, system, uow.session.scalars(wanted).all())


def screen_due(db: Database, system: SystemFacts) -> tuple[str, ...]:
    """Stop what would leave today and can't (A2.2), before the bank refuses it.

    What passes by itself stops nothing: the gate waits for the bank and for the program.
    """
    with db.write() as uow:
        wanted = (
            select(Payment)
            .where(Payment.status == Status.READY, Payment.due_on <= uow.today)
            .order_by(Payment.number)
        )
        due = uow.session.scalars(wanted).all()
        return _screened(uow, system, due, _PASSING) if due else ()


def _screened(
    uow: UnitOfWork,
    system: SystemFacts,
    payments: Sequence[Payment],
    passing: Collection[StopReason] = (),
) -> tuple[str, ...]:
    header = begin_run(uow, SYSTEM_ACTOR, len(payments))
    causes, stopped = _examine(uow, header.id, payments, system, None, passing)
    changed = refresh(uow, *stopped)
    record(
        uow,
        SYSTEM_ACTOR,
        Event(
            "diagnosis.run",
            f"diagnosis:{header.id}",
            after={
                "run": header.id,
                "payments": len(payments),
                "causes": causes,
                "stopped": [shown.number for shown in changed],
            },
        ),
    )
    uow.commit()
    return tuple(shown.number for shown in changed)
