"""Holds on every scope: who may place them, what they stop, and how they are lifted."""

from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import Denied, SelfApproval
from app.core.codes import HoldCause
from app.core.errors import NotFound
from app.payments import editing, holds
from app.payments.detail import hold_ledger, payment_detail
from app.payments.errors import BadHold, HoldNotOpen, LiftByResume, PaymentHeld
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope, HoldState, Status


def place(db, actor, scope, target, **more):
    return holds.place(
        db, actor, PlaceHold(scope, target, HoldCause.COMMERCIAL_DISPUTE, "质量争议未决", **more)
    )


def status(db, actor, payment):
    return payment_detail(db, actor, payment.number).line.status


@pytest.fixture
def ready(make_payment):
    return make_payment()


def test_that_a_clerk_stops_a_single_payment_at_once(founded, people, ready):  # A5.2
    result = place(founded, people.clerk, HoldScope.PAYMENT, ready.number)
    assert result.stopped == (ready.number,)
    assert status(founded, people.clerk, ready) is Status.STOPPED


def test_that_a_clerk_may_not_pause_a_whole_account(founded, people, ready):  # A5.1
    with pytest.raises(Denied):
        place(founded, people.clerk, HoldScope.COMPANY, "")
    assert status(founded, people.clerk, ready) is Status.READY


@pytest.mark.parametrize("scope", [HoldScope.COMPANY, HoldScope.ACCOUNT, HoldScope.PAYEE])
def test_that_a_wide_hold_pauses_exactly_what_lies_under_it(
    founded, people, make_account, make_payment, scope
):  # A5.1
    account = make_account()
    under = make_payment(account=account)
    aside = make_payment()
    target = {"COMPANY": "", "ACCOUNT": account.number, "PAYEE": str(under.payee_id)}[scope]
    place(founded, people.supervisor, scope, target)
    assert status(founded, people.clerk, under) is Status.PAUSED
    expected = Status.PAUSED if scope is HoldScope.COMPANY else Status.READY
    assert status(founded, people.clerk, aside) is expected


def test_that_nothing_under_an_open_hold_can_be_submitted(founded, people, make_payment):  # A5.4
    draft = make_payment(stage="DRAFT", made_by=people.clerk)
    place(founded, people.supervisor, HoldScope.PAYEE, str(draft.payee_id))
    version = payment_detail(founded, people.clerk, draft.number).line.version
    with pytest.raises(PaymentHeld) as refused:
        editing.submit(founded, people.clerk, draft.number, version)
    assert "王主管" in refused.value.message
    assert "质量争议未决" in refused.value.message


def test_that_lifting_needs_another_person_and_lists_what_it_releases(
    founded, people, make_account, make_payment
):  # A5.5
    account = make_account()
    first, second = make_payment(account=account), make_payment(account=account)
    hold = place(founded, people.supervisor, HoldScope.ACCOUNT, account.number)
    with founded.read() as work:
        preview = holds.lift_preview(work, hold.number)
    assert [row.number for row in preview] == [first.number, second.number]
    [line] = hold_ledger(founded, people.clerk)
    asked = holds.request_lift(founded, people.supervisor, hold.number, "争议已解决", line.version)
    with pytest.raises(SelfApproval):
        holds.decide_lift(founded, people.supervisor, Verdict(asked, Decision.APPROVE, "", 1))
    released = holds.decide_lift(founded, people.cfo, Verdict(asked, Decision.APPROVE, "同意", 1))
    assert released == (first.number, second.number)
    assert status(founded, people.clerk, first) is Status.READY
    [line] = hold_ledger(founded, people.clerk)
    assert (line.state, line.released_by) == (HoldState.RELEASED, "cfo 林总监")


def test_that_a_payment_stays_stopped_while_a_second_hold_lies_over_it(
    founded, people, ready
):  # A5.5
    one = place(founded, people.supervisor, HoldScope.PAYEE, str(ready.payee_id))
    place(founded, people.clerk, HoldScope.PAYMENT, ready.number)
    ledger = {line.number: line for line in hold_ledger(founded, people.clerk)}
    asked = holds.request_lift(
        founded, people.supervisor, one.number, "解除", ledger[one.number].version
    )
    holds.decide_lift(founded, people.cfo, Verdict(asked, Decision.APPROVE, "", 1))
    assert status(founded, people.clerk, ready) is Status.STOPPED


def test_that_a_refused_lifting_leaves_the_hold_open(founded, people, ready):  # A5.5
    hold = place(founded, people.supervisor, HoldScope.PAYEE, str(ready.payee_id))
    [line] = hold_ledger(founded, people.clerk)
    asked = holds.request_lift(founded, people.clerk, hold.number, "请解除", line.version)
    holds.decide_lift(founded, people.cfo, Verdict(asked, Decision.REJECT, "仍有争议", 1))
    [line] = hold_ledger(founded, people.clerk)
    assert line.state is HoldState.OPEN
    assert status(founded, people.clerk, ready) is Status.PAUSED


def test_that_a_single_stop_is_released_by_resuming_only(founded, people, ready):  # C4.1
    hold = place(founded, people.clerk, HoldScope.PAYMENT, ready.number)
    with pytest.raises(LiftByResume):
        holds.request_lift(founded, people.supervisor, hold.number, "解除", 1)


def test_that_the_second_to_ask_for_a_lifting_is_told(founded, people, ready):  # A5.5
    hold = place(founded, people.supervisor, HoldScope.PAYEE, str(ready.payee_id))
    [line] = hold_ledger(founded, people.clerk)
    holds.request_lift(founded, people.clerk, hold.number, "请解除", line.version)
    with pytest.raises(HoldNotOpen):
        holds.request_lift(founded, people.supervisor, hold.number, "解除", line.version)


@pytest.mark.parametrize(
    ("days_later", "expected"), [(0, Status.PAUSED), (1, Status.PAUSED), (2, Status.READY)]
)
def test_that_a_hold_holds_through_its_last_day(
    founded, people, clock, ready, days_later, expected
):  # A5.2
    place(founded, people.supervisor, HoldScope.PAYEE, str(ready.payee_id), until=date(2026, 3, 3))
    clock.move_to(clock.now().replace(day=2 + days_later))
    holds.expire_due(founded)
    assert status(founded, people.clerk, ready) is expected


def test_that_a_hold_needs_a_reason_and_a_last_day_to_come(founded, people, ready):  # A5.2
    with pytest.raises(BadHold):
        holds.place(
            founded,
            people.clerk,
            PlaceHold(HoldScope.PAYMENT, ready.number, HoldCause.OTHER, " "),
        )
    with pytest.raises(BadHold):
        place(founded, people.clerk, HoldScope.PAYMENT, ready.number, until=date(2026, 3, 1))
    assert hold_ledger(founded, people.clerk) == []


def test_that_what_went_to_the_bank_can_no_longer_be_stopped(founded, people, make_payment):  # A5.2
    gone = make_payment(stage="SUBMITTED")
    with pytest.raises(BadHold) as refused:
        place(founded, people.clerk, HoldScope.PAYMENT, gone.number)
    assert "银行" in refused.value.hint


def test_that_a_decision_is_taken_only_on_its_own_kind_of_request(
    founded, people, make_payment
):  # C4.2
    draft = make_payment(stage="DRAFT", made_by=people.clerk)
    asked = editing.submit(founded, people.clerk, draft.number, draft.version)
    with pytest.raises(NotFound):
        holds.decide_lift(founded, people.cfo, Verdict(asked, Decision.APPROVE, "", 1))
    assert status(founded, people.clerk, draft) is Status.PENDING_REVIEW
