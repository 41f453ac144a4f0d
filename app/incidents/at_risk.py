"""What an incident puts at risk: payments, their days, and what being late costs. Pure.

Source: domain.md §4.5 (0.05 % a day unless the contract says otherwise; a setting).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from app.core.money import Money, sum_up
from app.payments.states import Status

_PERMYRIAD: Final = Decimal(10_000)
# What needs nobody's money any more.
_OVER: Final = frozenset({Status.EXECUTED, Status.VOIDED, Status.REJECTED})


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One payment. days_late: calendar days after its day; negative before it.

    fee: what being late has cost by now, by the rate of the setting; a_day: what each further day
    costs. Both are estimates.
    """

    number: str
    payee: str
    amount: Money
    due_on: date
    status: Status
    days_late: int
    fee: Money
    a_day: Money

    @property
    def over(self) -> bool:
        return self.status in _OVER


@dataclass(frozen=True, slots=True)
class Impact:
    """All of an incident's payments. The sums are by currency, over those that are not over."""

    payments: tuple[AtRisk, ...]
    open_count: int
    late_count: int
    amounts: tuple[Money, ...]
    fees: tuple[Money, ...]
    a_day: tuple[Money, ...]
    earliest: date | None


def at_risk(
    number: str,
    payee: str,
    amount: Money,
    due_on: date,
    status: Status,
    today: date,
    permyriad: int,
) -> AtRisk:
    """One payment as it stands today. permyriad: the daily rate in 万分之."""
    days = (today - due_on).days
    rate = Decimal(permyriad) / _PERMYRIAD
    over = status in _OVER
    fee = amount.times(rate * (0 if over else max(days, 0)))
    a_day = amount.times(Decimal(0) if over else rate)
    return AtRisk(number, payee, amount, due_on, status, days, fee, a_day)


def impact_of(payments: Iterable[AtRisk]) -> Impact:
    """The sums over what is not over yet."""
    rows = tuple(payments)
    left = [one for one in rows if not one.over]
    return Impact(
        rows,
        len(left),
        sum(one.days_late > 0 for one in left),
        sum_up(one.amount for one in left),
        sum_up(one.fee for one in left),
        sum_up(one.a_day for one in left),
        min((one.due_on for one in left), default=None),
    )
