"""Other payments that may be for the same debt, for many payments at once (R06)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import BigInteger, and_, column, select, values

from app.core.money import Money
from app.payments.diagnosis.facts import TwinFacts
from app.payments.model import Payment
from app.payments.states import Stage
from app.storage.work import ReadWork

_NO_TWIN = (Stage.VOIDED, Stage.REJECTED, Stage.FAILED, Stage.RETURNED)


def twins_of(
    work: ReadWork, payments: Sequence[Payment], window: int
) -> dict[int, list[TwinFacts]]:
    """Other payments to the same payee with the same invoice, order, or amount nearby in time."""
    found: dict[int, list[TwinFacts]] = defaultdict(list)
    candidates = _twin_candidates(work, payments)
    by_payee: dict[int, list[Payment]] = defaultdict(list)
    for candidate in candidates:
        by_payee[candidate.payee_id].append(candidate)
    for payment in payments:
        for other in by_payee[payment.payee_id]:
            same = _sameness(payment, other, window)
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
    return found


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


def _sameness(payment: Payment, other: Payment, window: int) -> str:
    if other.id == payment.id:
        return ""
    if payment.invoice_no and payment.invoice_no == other.invoice_no:
        return "发票号"
    if payment.order_no and payment.order_no == other.order_no:
        return "订单号"
    near = abs((payment.due_on - other.due_on).days) <= window
    if near and (payment.amount_minor, payment.currency) == (other.amount_minor, other.currency):
        return "收款方和金额"
    return ""
