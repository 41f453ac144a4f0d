"""What a page shows of incidents; the timeline is made of what people wrote and of the trail."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select, true

from app.access.guard import Actor, identify, name_of, reading
from app.access.model import User
from app.access.rights import Right
from app.agreements.model import Agreement, WatchHit
from app.agreements.watch.states import HIT_LABELS, SETTLED, HitState
from app.audit.queries import AuditLine, of_subject
from app.core.money import Money, sum_up
from app.core.workdays import UnknownCalendar
from app.incidents.cases import hits_of
from app.incidents.model import Incident, IncidentEntry, IncidentSubject
from app.incidents.response_clock import Clock
from app.incidents.standing import limits_of, moments_of
from app.incidents.states import (
    ENTRY_LABELS,
    UNRESOLVED,
    Cause,
    EntryKind,
    IncidentState,
    Severity,
    SubjectKind,
)
from app.incidents.writing import find_incident
from app.letters.model import Letter
from app.payments.model import Payment
from app.statements.model import BankLine
from app.storage.work import Database, ReadWork

# What the trail tells of a debit and of its letters; everything else of the agreement is elsewhere.
_OF_HITS: Final = "watch."
_OF_LETTERS: Final = ("letter.", "mail.", "dispute.")


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident in the list. hits: forbidden debits; settled: how many of these are over.

    amounts: the sum of hits, payments and bank lines in each currency.
    """

    number: str
    title: str
    severity: Severity
    state: IncidentState
    found_at: datetime
    opened_by: str
    owner: str
    cause: Cause
    cause_why: str
    conclusion: str
    resolved_by: str
    resolved_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    hits: tuple[str, ...]
    settled: int
    payments: tuple[str, ...]
    lines: tuple[int, ...]
    holds: tuple[str, ...]
    amounts: tuple[Money, ...]
    agreements: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline. entry_id: of what people wrote; None for what the trail tells."""

    at: datetime
    who: str
    what: str
    text: str
    entry_id: int | None = None
    kind: EntryKind | None = None
    corrected: bool = False


def incident_lines(db: Database, actor: Actor) -> list[IncidentLine]:
    """Every incident that the person may see, the newest first. Raises Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        # A debit tells of an agreement, which not everybody may see.
        if Right.AGREEMENT_VIEW not in identify(work, actor).rights:
            return []
        rows = list(work.session.scalars(select(Incident).order_by(Incident.id.desc())))
        return list(_lines(work, rows))


def timeline(db: Database, actor: Actor, number: str) -> list[Happening]:
    """Everything that is known of one incident, the newest first. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return everything(work, find_incident(work, number))


def everything(work: ReadWork, row: Incident) -> list[Happening]:
    """What people wrote and what the trail tells, the newest first."""
    found = [*_traced(work, hits_of(work, row)), *_written(work, row)]
    # Of one instant, what was written last stands first as well.
    return sorted(found, key=lambda one: one.at)[::-1]


def incident_of(db: Database, actor: Actor) -> dict[str, str]:
    """The incident of each debit that is in an open one. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        rows = work.session.execute(
            select(IncidentSubject.number, Incident.number)
            .join(Incident, Incident.id == IncidentSubject.incident_id)
            .where(IncidentSubject.kind == SubjectKind.HIT, IncidentSubject.open)
        )
        return {hit: number for hit, number in rows}  # noqa: C416 - typed


@dataclass(frozen=True, slots=True)
class IncidentCounts:
    """unresolved: what wants somebody; unowned: of these, what nobody has taken over.

    pressing: the limit that is overrun the most or comes first, with its incident's number; None
    without one, or where nobody knows the holidays.
    """

    unresolved: int
    unowned: int
    pressing: tuple[str, Clock] | None


def incident_counts(db: Database, actor: Actor) -> IncidentCounts:
    """What the 工作台 shows of incidents. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        rows = unresolved(work)
        return IncidentCounts(
            len(rows),
            sum(row.owner_id is None for row in rows),
            _pressing(work, rows),
        )


def _pressing(work: ReadWork, rows: Sequence[Incident]) -> tuple[str, Clock] | None:
    if not rows:
        return None
    limits = limits_of(work)
    try:
        running = [
            (row.number, clock)
            for row in rows
            for clock in limits.clocks(moments_of(row), work.now)
            if not clock.done
        ]
    except UnknownCalendar:
        # The page of incidents says what to import; the desk's own page goes on without.
        return None
    return min(running, key=lambda one: one[1].left, default=None)


def unresolved(work: ReadWork) -> list[Incident]:
    """Incidents that want somebody, the gravest first."""
    rows = work.session.scalars(
        select(Incident)
        .where(Incident.state.in_([str(state) for state in UNRESOLVED]))
        .order_by(Incident.severity, Incident.id)
    )
    return list(rows)


def line_of(work: ReadWork, row: Incident) -> IncidentLine:
    """One incident as the list shows it."""
    [found] = _lines(work, [row])
    return found


@dataclass(slots=True)
class _About:
    """What one incident is about, gathered."""

    hits: list[WatchHit] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    amounts: list[Money] = field(default_factory=list)

    def count(self, amount_minor: int, currency: str) -> None:
        self.amounts.append(Money(abs(amount_minor), currency))


def _lines(work: ReadWork, rows: Sequence[Incident]) -> Iterator[IncidentLine]:
    people = _names(work, select(User.id, User.name))
    agreements = _names(work, select(Agreement.id, Agreement.number))
    abouts = _abouts(work, rows)
    for row in rows:
        about = abouts.get(row.id, _About())
        yield IncidentLine(
            row.number,
            row.title,
            Severity(row.severity),
            IncidentState(row.state),
            row.found_at,
            people.get(row.opened_by, ""),
            people.get(row.owner_id or 0, ""),
            Cause(row.cause),
            row.cause_why,
            row.conclusion,
            people.get(row.resolved_by or 0, ""),
            row.resolved_at,
            people.get(row.closed_by or 0, ""),
            row.closed_at,
            tuple(hit.number for hit in about.hits),
            sum(hit.state in SETTLED for hit in about.hits),
            tuple(about.payments),
            tuple(about.lines),
            tuple(about.holds),
            sum_up(about.amounts),
            tuple(dict.fromkeys(agreements[hit.agreement_id] for hit in about.hits)),
            row.version,
        )


def _names(work: ReadWork, query: Select[int, str]) -> dict[int, str]:
    return {key: name for key, name in work.session.execute(query)}  # noqa: C416 - typed


def _abouts(work: ReadWork, rows: Sequence[Incident]) -> dict[int, _About]:
    found: dict[int, _About] = defaultdict(_About)
    # One by its id; a list asks for all of them at once.
    wanted = IncidentSubject.incident_id == rows[0].id if len(rows) == 1 else true()
    hits = (
        select(IncidentSubject.incident_id, WatchHit)
        .join(WatchHit, WatchHit.number == IncidentSubject.number)
        .where(IncidentSubject.kind == SubjectKind.HIT, wanted)
        .order_by(WatchHit.id)
    )
    for key, hit in work.session.execute(hits):
        found[key].hits.append(hit)
        found[key].count(hit.amount_minor, hit.currency)
    payments = (
        select(IncidentSubject.incident_id, Payment.number, Payment.amount_minor, Payment.currency)
        .join(Payment, Payment.number == IncidentSubject.number)
        .where(IncidentSubject.kind == SubjectKind.PAYMENT, wanted)
        .order_by(IncidentSubject.id)
    )
    for key, number, minor, currency in work.session.execute(payments):
        found[key].payments.append(number)
        found[key].count(minor, currency)
    rest = (
        select(IncidentSubject)
        .where(IncidentSubject.kind.in_([SubjectKind.LINE, SubjectKind.HOLD]), wanted)
        .order_by(IncidentSubject.id)
    )
    for subject in work.session.scalars(rest):
        about = found[subject.incident_id]
        if subject.kind == SubjectKind.HOLD:
            about.holds.append(subject.number)
            continue
        about.lines.append(int(subject.number))
        line = work.session.get(BankLine, int(subject.number))
        if line is not None:
            about.count(line.amount_minor, line.currency)
    return found


def _written(work: ReadWork, row: Incident) -> Iterator[Happening]:
    entries = list(
        work.session.scalars(
            select(IncidentEntry)
            .where(IncidentEntry.incident_id == row.id)
            .order_by(IncidentEntry.id)
        )
    )
    wrong = {entry.corrects for entry in entries}
    for entry in entries:
        whom = "　".join(filter(None, (entry.organisation, entry.person)))
        kind = EntryKind(entry.kind)
        yield Happening(
            entry.at,
            name_of(work, entry.recorded_by),
            ENTRY_LABELS[kind],
            f"{whom}：{entry.text}" if whom else entry.text,
            entry.id,
            kind,
            entry.id in wrong,
        )


def _traced(work: ReadWork, hits: Iterable[WatchHit]) -> Iterator[Happening]:
    rows = list(hits)
    numbers = {hit.number for hit in rows}
    letters = set(work.session.scalars(select(Letter.number).where(Letter.subject.in_(numbers))))
    agreements = {work.session.get_one(Agreement, hit.agreement_id).number for hit in rows}
    for agreement in sorted(agreements):
        for line in of_subject(work, f"agreement:{agreement}"):
            if _tells_of(line, numbers, letters):
                yield Happening(line.at, _name(line.actor), line.label, _words(line))


def _tells_of(line: AuditLine, hits: set[str], letters: set[str]) -> bool:
    if line.act.startswith(_OF_HITS):
        return line.after.get("hit") in hits
    return line.act.startswith(_OF_LETTERS) and line.after.get("letter") in letters


def _words(line: AuditLine) -> str:
    said = [str(line.after.get(key) or "") for key in ("hit", "letter", "addressee", "recipient")]
    state = line.after.get("state")
    if line.act.startswith(_OF_HITS) and state in set(HitState):
        said.append(HIT_LABELS[HitState(str(state))])
    return "　".join(filter(None, (*said, line.reason)))


def _name(label: str) -> str:
    """The person's name out of "username 姓名"."""
    return label.partition(" ")[2] or label
