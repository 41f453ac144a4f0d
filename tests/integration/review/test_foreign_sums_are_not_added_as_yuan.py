"""Whoever lifts a stop over foreign payments has the post that foreign amounts need."""

from app.access.approvals import find_request
from app.access.rights import Role
from app.core.codes import HoldCause
from app.payments import holds
from app.payments.detail import payment_detail
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope


def test_that_lifting_a_stop_over_dollars_needs_the_highest_post(
    founded, people, desk, make_account, make_payment
):  # A5.5
    account = make_account(currency="USD")
    payment = make_payment(
        account=account, currency="USD", amount_minor=100_000, made_by=people.clerk
    )
    stop = PlaceHold(HoldScope.ACCOUNT, account.number, HoldCause.RISK_CONTROL, "外汇核查")
    held = holds.place(founded, people.supervisor, stop)
    [line] = payment_detail(founded, people.clerk, payment.number).holds
    asked = holds.request_lift(founded, people.clerk, held.number, "已核", line.version)
    with founded.read() as work:
        # domain.md §5.3: a foreign amount takes the last tier, whose highest post is 总经理.
        assert find_request(work, asked).levels == [Role.GM]
