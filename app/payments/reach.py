"""What a stop would stop and what its lifting would let go, before anybody does it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.core.errors import NotFound
from app.core.money import Money
from app.payees.model import Payee
from app.payments import holds
from app.payments.cover import COMPANY_ID, under
from app.payments.editing import find_payment
from app.payments.holds import Release
from app.payments.model import Hold, Payment
from app.payments.states import COVERABLE, HoldScope
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class Reach:
    """Open payments under a scope, their sums, and how many of them are stopped already."""

    count: int
    sums: tuple[Money, ...]
    stopped: int


def reach(db: Database, actor: Actor, scope: HoldScope, target: str) -> Reach:
    """What a stop on that scope would lie over. Raises Denied, NotFound for an unknown target."""
    with reading(db, actor, Right.HOLD_PLACE) as work:
        hold = Hold(scope=scope, scope_id=_scope_id(work, scope, target))
        rows = work.session.execute(
            select(
                Payment.currency,
                func.count(),
                func.sum(Payment.amount_minor),
                func.count().filter(Payment.hold_count > 0),
            )
            .where(under(hold), Payment.stage.in_(COVERABLE))
            .group_by(Payment.currency)
            .order_by(Payment.currency)
        ).all()
    return Reach(
        sum(count for _, count, _, _ in rows),
        tuple(Money(int(minor), currency) for currency, _, minor, _ in rows),
        sum(stopped for _, _, _, stopped in rows),
    )


def lift_preview(db: Database, actor: Actor, number: str) -> list[Release]:
    """The payments under a hold and what else keeps each of them stopped. Raises Denied, NotFound."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        return holds.lift_preview(work, number)


def _scope_id(work: ReadWork, scope: HoldScope, target: str) -> int:
    match scope:
        case HoldScope.COMPANY:
            return COMPANY_ID
        case HoldScope.ACCOUNT:
            account = work.session.scalar(
                select(BankAccount.id).where(BankAccount.number == target)
            )
            if account is None:
                raise NotFound(f"没有付款账户“{target}”。")
            return account
        case HoldScope.PAYEE:
            payee = work.session.get(Payee, int(target)) if target.isdecimal() else None
            if payee is None:
                raise NotFound("请先选择收款方。")
            return payee.id
        case HoldScope.PAYMENT:
            return find_payment(work, target).id
