"""What the end of an agreement brings: values in, values out (requirement D4.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from app.agreements.rhythm import Rhythm, debits_between
from app.core.money import Money

# So far payments by hand are foreseen.
HORIZON_DAYS: Final = 365
# An overdue payment is reckoned with so many days, to show what being late costs.
_LATE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class BankDays:
    """How many working days a bank takes to end an agreement. own: it was set for this bank."""

    bank: str
    days: int
    own: bool

    @property
    def text(self) -> str:
        """Whose number it is, in words."""
        return f"{self.bank} {self.days} 个工作日（{'按该行设置' if self.own else '默认'}）"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at of an agreement. recent: amounts of its last debits, newest first."""

    number: str
    rhythm: Rhythm
    first_debit_on: date | None
    ends_on: date | None
    amount: Money | None
    recent: tuple[Money, ...]
    single_limit: Money | None
    notice_days: int | None
    late_rate: str
    breach: str


@dataclass(frozen=True, slots=True)
class Impact:
    """in_flight: debits that can't be recalled any more, before the bank has ended it.

    prevented: the debit days after that, each to be paid by hand. each: what one of them is
    likely to be; guessed: from the last debits and not agreed. late_fee: of one that is paid 30
    days late. notice_until: the earliest end that the contract allows. shared: other agreements
    with the same payee or account. Days are empty where nobody knows the rhythm. term: the
    bank's working days by which expected_on was reckoned.
    """

    expected_on: date | None
    in_flight: tuple[date, ...]
    prevented: tuple[date, ...]
    each: Money | None
    guessed: bool
    late_fee: Money | None
    notice_until: date | None
    breach: str
    shared: tuple[str, ...]
    term: BankDays | None = None

    @property
    def bank_days(self) -> int | None:
        return None if self.term is None else self.term.days

    @property
    def own_days(self) -> bool:
        return self.term is not None and self.term.own

    @property
    def total(self) -> Money | None:
        """What has to be paid by hand in a year; None where one payment is not known."""
        return None if self.each is None else self.each.times(Decimal(len(self.prevented)))

    def early_for(self, wished_on: date) -> bool:
        """Whether the wished day breaks the contract's period of notice."""
        return self.notice_until is not None and wished_on < self.notice_until

    def stored(self) -> dict[str, Any]:
        """As the request keeps it."""
        return {
            "expected_on": _text(self.expected_on),
            "in_flight": [day.isoformat() for day in self.in_flight],
            "prevented": [day.isoformat() for day in self.prevented],
            "each": None if self.each is None else self.each.decimal(),
            "guessed": self.guessed,
            "late_fee": None if self.late_fee is None else self.late_fee.decimal(),
            "notice_until": _text(self.notice_until),
            "breach": self.breach,
            "shared": list(self.shared),
        }


def impact_of(
    subject: Subject,
    today: date,
    wished_on: date,
    bank_done_on: date | None,
    shared: Sequence[str],
    term: BankDays | None = None,
) -> Impact:
    """What happens when the agreement is to end on the wished day.

    bank_done_on: when the bank will have ended it, counted in its working days from today; None
    where the calendar does not reach so far.
    """
    expected = None if bank_done_on is None else max(wished_on, bank_done_on)
    ends = expected or wished_on
    last = subject.ends_on or ends + timedelta(days=HORIZON_DAYS)
    last = min(last, ends + timedelta(days=HORIZON_DAYS))
    days = debits_between(subject.rhythm, subject.first_debit_on, today, last)
    each, guessed = _one_debit(subject)
    notice = subject.notice_days
    return Impact(
        expected_on=expected,
        in_flight=tuple(day for day in days if day < ends),
        prevented=tuple(day for day in days if day >= ends),
        each=each,
        guessed=guessed,
        late_fee=_late_fee(each, subject.late_rate),
        notice_until=None if notice is None else today + timedelta(days=notice),
        breach=subject.breach,
        shared=tuple(shared),
        term=term,
    )


def _one_debit(subject: Subject) -> tuple[Money | None, bool]:
    """What one debit is, and whether that is only a guess."""
    if subject.amount is not None:
        return subject.amount, False
    if not subject.recent:
        return None, True
    total = sum(subject.recent[1:], subject.recent[0])
    return total.times(Decimal(1) / Decimal(len(subject.recent))), True


def _late_fee(each: Money | None, rate: str) -> Money | None:
    if each is None or not rate:
        return None
    return each.times(Decimal(rate) * _LATE_DAYS)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
