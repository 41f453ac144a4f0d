"""Past incidents read for comparing and counting."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, name_of, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.accounts.reading import channels, workdays
from app.core.clock import business_date
from app.core.parts import parts
from app.incidents.closing.model import IncidentReview
from app.incidents.model import Incident, IncidentSubject
from app.incidents.planning.likeness import Likeness, Traits, likeness
from app.incidents.planning.statistics import Case
from app.incidents.response_clock import Target
from app.incidents.standing import limits_of, moments_of
from app.incidents.states import UNRESOLVED, Cause, IncidentState, Severity, SubjectKind
from app.incidents.writing import find_incident
from app.payments.model import FindingRow, Hold, Payment
from app.payments.states import HoldScope
from app.storage.work import Database, ReadWork

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Similar:
    """A past incident like the one at hand. lessons: what its 复盘 taught."""

    number: str
    title: str
    cause: Cause
    state: IncidentState
    found_at: datetime
    like: Likeness
    conclusion: str
    lessons: str


@dataclass(frozen=True, slots=True)
class _Of:
    """What the payments of one incident tell."""

    banks: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    payments: frozenset[int] = frozenset()


def similar(db: Database, actor: Actor, number: str) -> list[Similar]:
    """Other incidents like this one, the most alike first. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        mine = find_incident(work, number)
        rows = list(work.session.scalars(select(Incident)))
        told, reviews = _told(work, rows), _reviews(work)
        wanted = _traits(mine, told, reviews)
        found = [
            Similar(
                row.number,
                row.title,
                Cause(row.cause),
                IncidentState(row.state),
                row.found_at,
                likeness(wanted, _traits(row, told, reviews)),
                row.conclusion,
                reviews[row.id].lessons if row.id in reviews else "",
            )
            for row in rows
            if row.id != mine.id
        ]
    alike = [one for one in found if one.like.counts]
    return sorted(alike, key=lambda one: (-one.like.score, one.number))[:_SHOWN]


def cases(db: Database, actor: Actor) -> list[Case]:
    """Every incident as it counts, the newest first. Raises UnknownCalendar, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        rows = list(work.session.scalars(select(Incident).order_by(Incident.id.desc())))
        told = _told(work, rows)
        limits, holds = limits_of(work), _released(work)
        named = {code: one.name for code, one in channels(work).items()}
        found = []
        calendar = workdays(work)
        for row in rows:
            clocks = limits.clocks(moments_of(row), work.now)
            spent = {one.target: one.used for one in clocks if one.done}
            about, began = told[row.id], business_date(row.found_at, work.tz)
            let_go = [holds[key] for key in about.payments if key in holds]
            resumed = [at for at in let_go if at > row.found_at]
            unresolved = row.state in UNRESOLVED
            found.append(
                Case(
                    row.number,
                    row.title,
                    Severity(row.severity),
                    Cause(row.cause),
                    began,
                    tuple(sorted(about.banks)),
                    tuple(sorted(named.get(one, one) for one in about.channels)),
                    spent.get(Target.RESPOND),
                    spent.get(Target.CAUSE),
                    spent.get(Target.RESOLVE),
                    limits.hours.minutes(row.found_at, max(resumed)) if resumed else None,
                    calendar.count_between(began, work.today) if unresolved else None,
                    name_of(work, row.owner_id),
                )
            )
        return found


def _traits(row: Incident, told: dict[int, _Of], reviews: dict[int, IncidentReview]) -> Traits:
    about, review = told[row.id], reviews.get(row.id)
    said = [row.title, row.cause_why, row.conclusion]
    said += [review.direct_cause, review.root_cause] if review else []
    return Traits(Cause(row.cause), about.findings, about.banks, about.channels, "\n".join(said))


def _reviews(work: ReadWork) -> dict[int, IncidentReview]:
    return {row.incident_id: row for row in work.session.scalars(select(IncidentReview))}


def _told(work: ReadWork, rows: Sequence[Incident]) -> dict[int, _Of]:
    """What each incident's payments tell; as many queries for a thousand incidents as for one."""
    found = work.session.execute(
        select(IncidentSubject.incident_id, Payment.id, Payment.channel, BankAccount.bank)
        .join(Payment, Payment.number == IncidentSubject.number)
        .join(BankAccount, BankAccount.id == Payment.account_id)
        .where(IncidentSubject.kind == SubjectKind.PAYMENT)
    )
    groups: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for key, payment, channel, bank in found:
        groups[key].append((payment, channel, bank))
    rules = _rules(work, {one[0] for group in groups.values() for one in group})
    return {
        row.id: _Of(
            frozenset(bank for _, _, bank in groups[row.id]),
            frozenset(channel for _, channel, _ in groups[row.id]),
            frozenset(rule for key, _, _ in groups[row.id] for rule in rules[key]),
            frozenset(key for key, _, _ in groups[row.id]),
        )
        for row in rows
    }


def _rules(work: ReadWork, payments: Iterable[int]) -> dict[int, set[str]]:
    """The rules that ever found something at each payment."""
    found: dict[int, set[str]] = defaultdict(set)
    for part in parts(sorted(payments)):
        rows = work.session.execute(
            select(FindingRow.payment_id, FindingRow.rule)
            .where(FindingRow.payment_id.in_(part))
            .distinct()
        )
        for payment, rule in rows:
            found[payment].add(rule)
    return found


def _released(work: ReadWork) -> dict[int, datetime]:
    """When the last hold of a payment alone was lifted."""
    rows = work.session.execute(
        select(Hold.scope_id, Hold.released_at).where(
            Hold.scope == HoldScope.PAYMENT, Hold.released_at.is_not(None)
        )
    )
    found: dict[int, datetime] = {}
    for key, at in rows:
        if at is not None:
            found[key] = max(at, found.get(key, at))
    return found
