"""在途: money that left, or may have left, an account and that its recorded balance still shows."""

from collections import defaultdict

from sqlalchemy import and_, func, select

from app.accounts.model import AccountBalance
from app.payments.model import Payment
from app.payments.states import UNDECIDED
from app.storage.work import ReadWork


def in_transit(work: ReadWork) -> dict[int, int]:
    """Minor units in transit, by account id.

    What was executed after the newest balance was taken counts too, until a newer one is recorded.
    """
    newest = (
        select(AccountBalance.account_id, func.max(AccountBalance.as_of).label("as_of"))
        .group_by(AccountBalance.account_id)
        .subquery()
    )
    # These stages are shown as they are, and the status has an index.
    at_bank = Payment.status.in_(UNDECIDED)
    unseen = and_(Payment.account_id == newest.c.account_id, Payment.executed_at > newest.c.as_of)
    sums: dict[int, int] = defaultdict(int)
    for query in (
        select(Payment.account_id, func.sum(Payment.amount_minor)).where(at_bank),
        select(Payment.account_id, func.sum(Payment.amount_minor)).join(newest, unseen),
    ):
        for account, minor in work.session.execute(query.group_by(Payment.account_id)):
            sums[account] += int(minor)
    return dict(sums)
