"""在途: money that left, or may have left, an account and that its recorded balance still shows."""

from typing import Final

from sqlalchemy import and_, func, or_, select

from app.accounts.model import AccountBalance
from app.payments.model import Payment
from app.payments.states import Stage
from app.storage.work import ReadWork

IN_TRANSIT: Final = (Stage.SUBMITTED, Stage.BANK_PROCESSING, Stage.UNKNOWN)


def in_transit(work: ReadWork) -> dict[int, int]:
    """Minor units in transit, by account id.

    What was executed after the newest balance was taken counts too, until a newer one is recorded.
    """
    newest = (
        select(AccountBalance.account_id, func.max(AccountBalance.as_of).label("as_of"))
        .group_by(AccountBalance.account_id)
        .subquery()
    )
    unseen = and_(Payment.stage == Stage.EXECUTED, Payment.executed_at > newest.c.as_of)
    rows = work.session.execute(
        select(Payment.account_id, func.sum(Payment.amount_minor))
        .outerjoin(newest, newest.c.account_id == Payment.account_id)
        .where(or_(Payment.stage.in_(IN_TRANSIT), unseen))
        .group_by(Payment.account_id)
    )
    return {account: int(minor) for account, minor in rows}
