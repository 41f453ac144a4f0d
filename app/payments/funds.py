"""The funds view: what each account holds, what leaves it soon, and what is missing (A2.3)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.accounts.reading import latest_balances
from app.accounts.rules import AccountStatus, Funds
from app.core.money import Money
from app.payments.model import Payment
from app.payments.states import Status
from app.payments.transit import in_transit
from app.storage.work import Database, ReadWork

DUE_DAYS: Final = 7
# What will leave the account unless somebody stops it; stopped payments need no money now.
_TO_LEAVE: Final = (
    Status.PENDING_REVIEW,
    Status.PENDING_APPROVAL,
    Status.READY,
    Status.RESUME_PENDING,
)


@dataclass(frozen=True, slots=True)
class FundsLine:
    """One account: what it holds, and what leaves it up to and including the DUE_DAYS-th day.

    known: whether any balance was ever recorded; without one, nothing can be said of a gap.
    """

    number: str
    name: str
    bank: str
    status: AccountStatus
    funds: Funds
    known: bool
    reserve: Money
    due_count: int
    due: Money

    @property
    def gap(self) -> Money:
        """What is missing to pay all that is due and keep the reserve; zero where nothing is."""
        return self.funds.gap(self.due + self.reserve)


def funds_view(db: Database, actor: Actor) -> list[FundsLine]:
    """Every account that is not closed, those with a gap first."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        lines = funds_lines(work)
    open_ones = [line for line in lines if line.status is not AccountStatus.CLOSED]
    return sorted(open_ones, key=lambda line: (-line.gap.minor, line.bank, line.number))


def funds_lines(work: ReadWork) -> list[FundsLine]:
    """Every account with its money, by number."""
    balances = latest_balances(work)
    transit = in_transit(work)
    until = work.today + timedelta(days=DUE_DAYS)
    due = sums_by_account(work, Payment.status.in_(_TO_LEAVE) & (Payment.due_on <= until))
    found = []
    for row in work.session.scalars(select(BankAccount).order_by(BankAccount.number)):
        balance = balances.get(row.id)
        funds = Funds(
            book=Money(balance.book_minor if balance else 0, row.currency),
            frozen=Money(balance.frozen_minor if balance else 0, row.currency),
            in_transit=Money(transit.get(row.id, 0), row.currency),
            as_of=balance.as_of if balance else None,
        )
        count, minor = due.get(row.id, (0, 0))
        found.append(
            FundsLine(
                number=row.number,
                name=row.name,
                bank=row.bank,
                status=AccountStatus(row.status),
                funds=funds,
                known=balance is not None,
                reserve=Money(row.reserve_minor, row.currency),
                due_count=count,
                due=Money(minor, row.currency),
            )
        )
    return found


def sums_by_account(work: ReadWork, condition: ColumnElement[bool]) -> dict[int, tuple[int, int]]:
    """How many payments fit and what they come to in minor units, by account id."""
    rows = work.session.execute(
        select(Payment.account_id, func.count(), func.sum(Payment.amount_minor))
        .where(condition)
        .group_by(Payment.account_id)
    )
    return {account: (count, int(minor)) for account, count, minor in rows}
