"""What the watch knows and finds, as rows: expectations out of agreements, hits into the register."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from app.access.guard import Act
from app.accounts.model import BankAccount
from app.agreements.model import (
    Agreement,
    AgreementDebit,
    CancellationItem,
    Suspension,
    WatchHit,
)
from app.agreements.rhythm import Rhythm
from app.agreements.service import state_of
from app.agreements.states import AgreementState, ItemState
from app.agreements.watch.finding import Watch
from app.agreements.watch.own import OwnPayment, mark_own
from app.agreements.watch.rules import (
    Ban,
    Confidence,
    Debit,
    Expectation,
    Hit,
    Mark,
    Rest,
    Standing,
)
from app.agreements.watch.states import HitState
from app.audit.trail import Event
from app.core.clock import business_date
from app.payments.model import Attempt, Payment
from app.payments.states import AttemptState
from app.storage.numbers import yearly
from app.storage.work import ReadWork, UnitOfWork

# Debits are compared with those of so many last ones.
_REMEMBERED: Final = 12
# A payment may be booked so much later than it was sent.
_LATE: Final = timedelta(days=10)
_SERIES: Final = "YC"
# How the remark of a debit begins that a statement told, not a person.
TOLD: Final = "对账单："


@dataclass(frozen=True, slots=True)
class Line:
    """Money that left an account, as a statement says. key: the line's own; minor: positive."""

    key: int
    account_id: int
    on: date
    minor: int
    currency: str
    name: str
    payee_account: str
    text: str
    reference: str


_NUMBERS: Final = select(Agreement.id, Agreement.number)


def look(act: Act, lines: Sequence[Line]) -> list[WatchHit]:
    """Look at new debits inside the caller's act: keep what is forbidden, note what is allowed.

    Returns the new alarms and look-alikes; the events are the caller's to tell (hit_events).
    """
    found = _seen(act.uow, expectations(act.uow), lines)
    for hit, line in found:
        if not hit.forbidden and hit.confidence is Confidence.SURE:
            _note(act, hit, line)
    return _keep_all(act.uow, found)


def look_only(
    uow: UnitOfWork, expected: Iterable[Expectation], lines: Sequence[Line]
) -> list[WatchHit]:
    """The same for lines that were looked at before: keep what is forbidden by now."""
    return _keep_all(uow, _seen(uow, expected, lines))


def allowed(work: ReadWork, lines: Sequence[Line]) -> list[tuple[Line, str, frozenset[Mark]]]:
    """Which of these lines are debits that an agreement allows: line, agreement's number, why."""
    found = [
        (hit, line)
        for hit, line in _seen(work, expectations(work), lines)
        if not hit.forbidden and hit.confidence is Confidence.SURE
    ]
    numbers = {row[0]: row[1] for row in work.session.execute(_NUMBERS)}
    return [(line, numbers[hit.expectation.key], hit.marks) for hit, line in found]


def earliest_end(expected: Iterable[Expectation]) -> date | None:
    """The first day from which anything is forbidden; None while nothing is."""
    days = (one.watched_from for one in expected)
    return min((day for day in days if day is not None), default=None)


def _seen(
    work: ReadWork, expected: Iterable[Expectation], lines: Sequence[Line]
) -> list[tuple[Hit, Line]]:
    if not lines:
        return []
    found = Watch(expected).look(mark_own(_debits(lines), own_payments(work, lines)))
    by_key = {line.key: line for line in lines}
    return [(hit, by_key[hit.debit.key]) for hit in found]


def _keep_all(uow: UnitOfWork, found: Iterable[tuple[Hit, Line]]) -> list[WatchHit]:
    kept = []
    for hit, line in found:
        ban = hit.expectation.ban(hit.debit.on)
        if ban is not None:
            kept.append(_keep(uow, hit, line, ban))
    uow.session.flush()
    return kept


def hit_events(work: ReadWork, found: Iterable[WatchHit]) -> Iterator[Event]:
    """What the trail tells of each."""
    for hit in found:
        number = work.session.get_one(Agreement, hit.agreement_id).number
        yield Event(
            "watch.hit",
            f"agreement:{number}",
            after={
                "hit": hit.number,
                "on": hit.debited_on.isoformat(),
                "amount": hit.amount_minor,
                "confidence": hit.confidence,
                "ban": hit.ban,
                "marks": list(hit.marks),
            },
        )


def expectations(work: ReadWork) -> list[Expectation]:
    """What is expected of every agreement today."""
    confirmed = work.session.scalars(
        select(CancellationItem).where(CancellationItem.state == ItemState.CONFIRMED)
    )
    ended = {item.agreement_id: item.effective_on for item in confirmed}
    amounts, rests = _last_amounts(work), _rests(work)
    return [
        _expectation(work, row, ended.get(row.id), amounts.get(row.id, ()), rests.get(row.id, ()))
        for row in work.session.scalars(select(Agreement).order_by(Agreement.id))
    ]


def own_payments(work: ReadWork, lines: Sequence[Line]) -> list[OwnPayment]:
    """What we sent around these days and is not known to have failed."""
    first = min(line.on for line in lines) - _LATE
    last = max(line.on for line in lines)
    accounts = {
        number: key
        for key, number in work.session.execute(select(BankAccount.id, BankAccount.number))
    }
    rows = work.session.execute(
        select(Attempt, Payment)
        .join(Payment, Payment.id == Attempt.payment_id)
        .where(
            Attempt.state != AttemptState.FAILED,
            Attempt.written_at >= datetime.combine(first, time(), work.tz),
            Attempt.written_at < datetime.combine(last + timedelta(days=1), time(), work.tz),
        )
    )
    return [
        OwnPayment(
            attempt.id,
            accounts.get(attempt.sent["account_number"], payment.account_id),
            business_date(attempt.written_at, work.tz),
            attempt.amount_minor,
            attempt.sent["payee_name"],
            attempt.sent["payee_account"],
            tuple(filter(None, (payment.number, payment.client_ref, attempt.bank_ref))),
        )
        for attempt, payment in rows
    ]


def _debits(lines: Iterable[Line]) -> list[Debit]:
    return [
        Debit(
            line.key,
            line.account_id,
            line.on,
            line.minor,
            line.name,
            line.payee_account,
            f"{line.text} {line.reference}",
        )
        for line in lines
    ]


def _expectation(
    work: ReadWork,
    row: Agreement,
    effective_on: date | None,
    amounts: Iterable[int],
    rests: Iterable[Rest],
) -> Expectation:
    standing, from_on = _standing(state_of(row, work.today), row.ends_on, effective_on, work.today)
    agreed = [] if row.amount_minor is None else [row.amount_minor]
    return Expectation(
        row.id,
        row.account_id,
        row.payee_name,
        row.payee_account,
        tuple(filter(None, (row.number, row.bank_no, row.pboc_no))),
        row.customer_no,
        frozenset([*agreed, *amounts]),
        Rhythm(row.rhythm),
        row.first_debit_on,
        standing,
        from_on,
        tuple(rests),
    )


def _standing(
    state: AgreementState, ends_on: date | None, effective_on: date | None, today: date
) -> tuple[Standing, date | None]:
    """How it stands, and from which day on nothing may be debited.

    Its own last day ends an agreement whatever becomes of its cancellation meanwhile.
    """
    over = None if ends_on is None else ends_on + timedelta(days=1)
    match state:
        case AgreementState.CANCELLED:
            days = [day for day in (effective_on, over) if day is not None]
            return Standing.ENDED, min(days, default=None)
        case AgreementState.EXPIRED:
            return Standing.ENDED, over
        case AgreementState.CANCELLING if over is not None and over <= today:
            return Standing.ENDED, over
        case AgreementState.CANCELLING:
            return Standing.ENDING, None
        case _:
            return Standing.ACTIVE, None


def _rests(work: ReadWork) -> dict[int, list[Rest]]:
    """When each agreement was suspended; a rest that ended on its first day forbade nothing."""
    found: dict[int, list[Rest]] = {}
    for row in work.session.scalars(select(Suspension).order_by(Suspension.id)):
        if row.until != row.from_on:
            found.setdefault(row.agreement_id, []).append(Rest(row.from_on, row.until))
    return found


def _last_amounts(work: ReadWork) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = work.session.execute(
        select(AgreementDebit.agreement_id, AgreementDebit.amount_minor).order_by(
            AgreementDebit.debited_on.desc(), AgreementDebit.id.desc()
        )
    )
    for agreement_id, minor in rows:
        amounts = found.setdefault(agreement_id, [])
        if len(amounts) < _REMEMBERED:
            amounts.append(minor)
    return found


def _keep(uow: UnitOfWork, hit: Hit, line: Line, ban: tuple[Ban, date]) -> WatchHit:
    row = WatchHit(
        number=yearly(uow, _SERIES),
        agreement_id=hit.expectation.key,
        account_id=line.account_id,
        line_key=line.key,
        debited_on=line.on,
        amount_minor=line.minor,
        currency=line.currency,
        name=line.name,
        payee_account=line.payee_account,
        text=f"{line.text} {line.reference}".strip(),
        marks=sorted(hit.marks),
        confidence=hit.confidence,
        ban=ban[0],
        ended_on=ban[1],
        state=HitState.NEW,
        found_at=uow.now,
    )
    uow.session.add(row)
    return row


def _note(act: Act, hit: Hit, line: Line) -> None:
    """A debit that is allowed stands among the agreement's own, once."""
    known = act.uow.session.scalar(
        select(AgreementDebit.id)
        .where(
            AgreementDebit.agreement_id == hit.expectation.key,
            AgreementDebit.debited_on == line.on,
            AgreementDebit.amount_minor == line.minor,
        )
        .limit(1)
    )
    if known is None:
        act.uow.session.add(
            AgreementDebit(
                agreement_id=hit.expectation.key,
                debited_on=line.on,
                amount_minor=line.minor,
                reference=line.reference[:60],
                remark=f"{TOLD}{line.text}",
                recorded_by=act.person.label,
                recorded_at=act.uow.now,
            )
        )
