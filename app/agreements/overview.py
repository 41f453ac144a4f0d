"""What the 工作台 shows of automatic debits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.agreements.letter_view import SlotState, slots
from app.agreements.model import Agreement
from app.agreements.rhythm import Rhythm, next_debit
from app.agreements.states import AgreementState
from app.agreements.takeover_rules import TaskState
from app.agreements.takeover_view import to_pay
from app.agreements.watch.deciding import open_hits
from app.storage.work import Database

_TO_DO = frozenset({SlotState.MISSING, SlotState.READY, SlotState.UNKNOWN, SlotState.LATE})


@dataclass(frozen=True, slots=True)
class DebitCounts:
    """unconfirmed: cancellations that the bank has not confirmed, next_on: the first debit that
    one of them may still make. letters: to be made, sent, asked about. hits: forbidden debits
    that nobody has dealt with to the end. tasks: payments by hand that are late or due in seven
    working days; overdue: the late ones among them.
    """

    unconfirmed: int
    next_on: date | None
    letters: int
    late: int
    hits: int
    tasks: int
    overdue: int


def debit_counts(db: Database, actor: Actor) -> DebitCounts:
    """What of automatic debits wants somebody now. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        cancelling = work.session.scalars(
            select(Agreement).where(Agreement.state == AgreementState.CANCELLING)
        ).all()
        found = slots(work)
        near = [one for one in to_pay(work) if one.is_near]
        return DebitCounts(
            len(cancelling),
            min(_next_days(cancelling, work.today), default=None),
            sum(slot.state in _TO_DO for slot in found),
            sum(slot.state is SlotState.LATE for slot in found),
            len(open_hits(work)),
            len(near),
            sum(one.state is TaskState.OVERDUE for one in near),
        )


def _next_days(rows: Iterable[Agreement], today: date) -> Iterator[date]:
    for row in rows:
        day = next_debit(Rhythm(row.rhythm), row.first_debit_on, today, row.ends_on)
        if day is not None:
            yield day
