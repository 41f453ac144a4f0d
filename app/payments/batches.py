"""The payments of one import, by the ids that it gave."""

from collections.abc import Sequence

from sqlalchemy import select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.payments.model import Payment
from app.storage.work import Database


def numbers_of(db: Database, actor: Actor, ids: Sequence[int]) -> tuple[str, ...]:
    """The numbers of these payments, in order of their ids. Raises Denied."""
    if not ids:
        return ()
    wanted = set(ids)
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        rows = work.session.execute(
            select(Payment.id, Payment.number)
            .where(Payment.id.between(min(wanted), max(wanted)))
            .order_by(Payment.id)
        )
        return tuple(number for row_id, number in rows if row_id in wanted)
