"""Who edited a payment is barred from approving it, whichever field and however long ago."""

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import AlreadyDecided, SelfApproval
from app.core.money import Money
from app.payments import editing


@pytest.fixture
def both(add_person, sign_in_as):
    """One person with two posts, as a small firm has."""
    add_person("both", "李兼岗", "MAKER", "SUPERVISOR")
    return sign_in_as("both")


def submit(db, people, desk, payment):
    return editing.submit(db, people.clerk, payment.number, desk.detail(payment).line.version)


def test_that_an_edit_while_the_approval_is_open_bars_its_editor(
    desk, people, founded, both, make_payment
):  # C4.1
    payment = make_payment(stage="DRAFT", made_by=people.clerk)
    asked = submit(founded, people, desk, payment)
    desk.edit(payment, both, purpose="咨询费", channel="EBANK")
    assert desk.detail(payment).edited_by == "李兼岗"
    # The edit is seen as a change of the request, so that it is read again first.
    with pytest.raises(AlreadyDecided):
        editing.decide(founded, both, Verdict(asked, Decision.APPROVE, "", 1))
    with pytest.raises(SelfApproval):
        editing.decide(founded, both, Verdict(asked, Decision.APPROVE, "", 2))


def test_that_a_later_small_edit_does_not_clear_who_set_the_amount(
    desk, people, founded, both, make_payment
):  # C4.1
    payment = make_payment(stage="DRAFT", made_by=people.clerk)
    desk.edit(payment, both, amount=Money.parse("49999"))
    desk.edit(payment, people.clerk, purpose="货款尾款")
    asked = submit(founded, people, desk, payment)
    with pytest.raises(SelfApproval):
        editing.decide(founded, both, Verdict(asked, Decision.APPROVE, "", 1))
