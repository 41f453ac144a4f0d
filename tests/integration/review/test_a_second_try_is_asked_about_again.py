"""A payment that left twice: what was asked and answered of the first try says nothing of the second."""

from datetime import timedelta

import pytest

from app.agreements.letter_view import SlotState, letter_slots
from app.agreements.sending import record_dispatch
from app.incidents import acting_on
from app.incidents.bank_query import issue_queries
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.states import Severity
from app.letters.dispatching import RecordDispatch
from app.letters.errors import LetterKnown
from app.letters.setup import Setup, save_setup
from app.letters.states import Carrier
from app.payments.answers import CheckResult, RecordCheck
from tests.support.incidents import take_on


@pytest.fixture
def payment(desk, people, make_account, make_payment):
    return make_payment(account=make_account(), made_by=people.clerk)


@pytest.fixture
def asked(founded, desk, people, payment):
    """An incident whose one payment was asked about in writing, and found not debited."""
    save_setup(founded, people.cfo, Setup("华精财函", "王会计", "021-58001234"))
    desk.send(payment)
    number = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P1, "没有回执", payments=(payment.number,))
    )
    take_on(founded, people.clerk, number, "渠道报错")
    [letter] = issue_queries(founded, people.clerk, number, [payment.number])
    today = founded.clock.now().astimezone(founded.tz).date()
    record_dispatch(founded, people.clerk, RecordDispatch(letter, Carrier.COUNTER, today, "柜员"))
    check = RecordCheck(
        payment.number, CheckResult.NOT_DEBITED, "李经理", founded.clock.now(), "书面答复未扣"
    )
    acting_on.bank_said(founded, people.clerk, number, check)
    return number, letter


def test_that_the_second_try_is_asked_about_and_the_first_answer_stays(  # B4.1 B4.2
    founded, desk, people, clock, payment, asked
):
    number, first = asked
    desk.resume(payment)
    clock.move_to(clock.now() + timedelta(hours=1))
    desk.send(payment)

    def states():
        return {one.number: one.state for one in letter_slots(founded, people.clerk)}

    assert states() == {first: SlotState.ANSWERED}
    [second] = issue_queries(founded, people.clerk, number, [payment.number])
    assert states() == {first: SlotState.ANSWERED, second: SlotState.READY}
    with pytest.raises(LetterKnown, match=second[:4]):
        issue_queries(founded, people.clerk, number, [payment.number])
