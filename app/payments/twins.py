"""Other payments that may be for the same debt, for many payments at once (R06)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import BigInteger, and_, column, or_, select, values

from app.core.clock import business_date
from app.core.money import Money
from app.payments.attempts import obligation_of
from app.payments.diagnosis.facts import TwinFacts
from app.payments.model import Attempt, Payment
from app.payments.states import UNDECIDED, AttemptState, Stage
from app.storage.work import ReadWork

_NO_TWIN = (Stage.VOIDED, Stage.REJECTED, Stage.FAILED, Stage.RETURNED)


def twins_of(
    work: ReadWork, payments: Sequence[Payment], window: int
) -> dict[int, list[TwinFacts]]:
    """Other payments to the same payee with the same invoice, order, or amount nearby in time.

    window: days between the days on which money leaves. One whose result is open is always near.
    """
    found: dict[int, list[TwinFacts]] = defaultdict(list)
    candidates = _twin_candidates(work, payments)
    by_payee: dict[int, list[Payment]] = defaultdict(list)
    for candidate in candidates:
        by_payee[candidate.payee_id].append(candidate)
    for payment in payments:
        for other in by_payee[payment.payee_id]:
            same = _sameness(work, payment, other, window)
            if same:
                found[payment.id].append(
                    TwinFacts(
                        other.number,
                        Stage(other.stage),
                        Money(other.amount_minor, other.currency),
                        other.due_on,
                        same,
                    )
                )
    _add_debited(work, payments, window, found)
    return found


def _add_debited(
    work: ReadWork,
    payments: Sequence[Payment],
    window: int,
    found: dict[int, list[TwinFacts]],
) -> None:
    """What an earlier try of another payment was debited for, which has other content by now."""
    owed = {payment.id: obligation_of(payment) for payment in payments}
    rows = work.session.execute(
        select(Attempt, Payment)
        .join(Payment, Payment.id == Attempt.payment_id)
        .where(
            Attempt.state == AttemptState.SUCCEEDED,
            Attempt.payee_id.in_({payment.payee_id for payment in payments}),
            or_(
                Attempt.obligation.in_(set(owed.values())),
                Attempt.amount_minor.in_({payment.amount_minor for payment in payments}),
            ),
            or_(
                Attempt.amount_minor != Payment.amount_minor,
                Attempt.payee_id != Payment.payee_id,
                Payment.executed_at.is_(None),
                Payment.executed_at != Attempt.answered_at,
            ),
        )
    ).all()
    for payment in payments:
        for attempt, other in rows:
            if other.id == payment.id or attempt.payee_id != payment.payee_id:
                continue
            day = business_date(attempt.answered_at or attempt.written_at, work.tz)
            near = abs((_leaves_on(work, payment) - day).days) <= window
            amount = attempt.amount_minor == payment.amount_minor and near
            if attempt.obligation == owed[payment.id] or amount:
                told = {twin.number for twin in found[payment.id] if twin.stage == Stage.EXECUTED}
                if other.number in told:
                    continue
                money = Money(attempt.amount_minor, other.currency)
                same = "发票号、订单号或金额" if amount else "发票号或订单号"
                found[payment.id].append(
                    TwinFacts(other.number, Stage.EXECUTED, money, other.due_on, same)
                )


def _twin_candidates(work: ReadWork, payments: Sequence[Payment]) -> Iterable[Payment]:
    """Each way of being the same has its own index, so each is asked by itself."""
    pairs = sorted({(p.payee_id, p.amount_minor) for p in payments})
    invoices = {p.invoice_no for p in payments if p.invoice_no}
    orders = {p.order_no for p in payments if p.order_no}
    listed = (
        values(column("payee_id", BigInteger), column("amount_minor", BigInteger), name="pair")
        .data(pairs)
        .cte("pairs")
    )
    same_amount = and_(
        Payment.payee_id == listed.c.payee_id, Payment.amount_minor == listed.c.amount_minor
    )
    found: dict[int, Payment] = {}
    for query in (
        select(Payment).join(listed, same_amount),
        select(Payment).where(Payment.invoice_no.in_(invoices)),
        select(Payment).where(Payment.order_no.in_(orders)),
    ):
        rows = work.session.scalars(query.where(Payment.stage.not_in(_NO_TWIN)))
        found.update((row.id, row) for row in rows)
    return found.values()


def _sameness(work: ReadWork, payment: Payment, other: Payment, window: int) -> str:
    if other.id == payment.id:
        return ""
    if payment.invoice_no and payment.invoice_no == other.invoice_no:
        return "发票号"
    if payment.order_no and payment.order_no == other.order_no:
        return "订单号"
    apart = abs((_leaves_on(work, payment) - _leaves_on(work, other)).days)
    near = other.stage in UNDECIDED or apart <= window
    if near and (payment.amount_minor, payment.currency) == (other.amount_minor, other.currency):
        return "收款方和金额"
    return ""


def _leaves_on(work: ReadWork, payment: Payment) -> date:
    """The day on which money left, or on which it leaves at the earliest."""
    if payment.executed_at is not None:
        return business_date(payment.executed_at, work.tz)
    return max(payment.due_on, work.today)
